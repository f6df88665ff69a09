"""The interface for programs: an index from which everything is found, small files, stable order."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import series_json
from ilms_publish.formats import SERIES
from ilms_publish.pages.page import Page
from tests.formats import facts
from tests.worlds import REPOSITORY


@pytest.fixture(scope="module")
def index(files: dict[str, bytes]) -> Any:
    return json.loads(files["api/v1/index.json"])


def named(content: Any) -> list[dict[str, Any]]:
    """Every file that an index names."""
    if isinstance(content, dict):
        own = [content] if "sha256" in content else []
        return own + [one for part in content.values() for one in named(part)]
    return [one for part in content for one in named(part)] if isinstance(content, list) else []


def test_every_file_of_the_index_is_there_with_its_bytes_and_sum(index: Any, files: dict[str, bytes]) -> None:
    told = named(index)
    assert told
    for one in told:
        content = files[one["path"]]
        assert (one["bytes"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_every_table_is_in_the_index_with_years_pages_and_caveats(
    index: Any, catalogue: Catalogue, made: dict[str, Page]
) -> None:
    told = {(package["id"], table["id"]): table for package in index["packages"] for table in package["tables"]}
    assert set(told) == set(catalogue.tables)
    for key, table in catalogue.tables.items():
        years = sorted(int(year) for year in table.frame["time_period"].unique())
        assert told[key]["years"] == [years[0], years[-1]]
        assert told[key]["figures"] == len(table.frame)
        assert told[key]["limitations"] == [one.id for one in table.limitations]
        assert told[key]["page"].rstrip("/") in made
    assert index["updated"] == max(package.issued for package in catalogue.packages.values())


def test_tables_sources_limitations_and_changes_are_complete(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    read = {name: json.loads(files[f"api/v1/{name}.json"]) for name in ("tables", "sources", "limitations", "changes")}
    assert [one["id"] for one in read["tables"]["tables"]] == list(catalogue.structure.tables)
    texts = {one["id"]: one["text"] for one in read["limitations"]["limitations"]}
    assert texts == {one.id: one.text for package in catalogue.packages.values() for one in package.limitations}
    assert [one["id"] for one in read["sources"]["sources"]] == [source.id for source in catalogue.sources]
    asked = [concept.id for concept in catalogue.structure.quality.values() if not concept.computed]
    for one in read["sources"]["sources"]:
        assert [answer["id"] for answer in json.loads(files[one["path"]])["answers"]] == asked
    assert {one["package"] for one in read["changes"]["releases"]} == set(catalogue.packages)


def test_a_large_table_has_a_file_for_each_area(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    table = next(iter(catalogue.tables.values()))
    path = SERIES.of_table(table.package.id, table.definition.slug)
    monkeypatch.setattr(series_json, "MANY", 10)
    split = series_json.series_files(table, catalogue.structure)
    assert len(split) == 1 + table.frame["ref_area"].nunique()
    assert facts.series(split, path, table.definition) == facts.wanted(catalogue, [table])


DOCUMENTATION = REPOSITORY / "site_src" / "docs" / "about" / "api.md"


FREE = frozenset({"files", "whole", "lists", "codes", "statuses", "sources", "limitations", "areas"})
"""Below these the names are those of formats, codes and ids, not of fields."""


def fields(content: Any) -> set[str]:
    """The names of fields in a file."""
    if isinstance(content, list):
        return {name for part in content for name in fields(part)}
    if not isinstance(content, dict):
        return set()
    below = [list(part.values()) if key in FREE and isinstance(part, dict) else part for key, part in content.items()]
    return set(content) | fields(below)


def test_every_field_is_documented(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    told = set(re.findall(r"`([a-z_0-9]+)`", DOCUMENTATION.read_text("utf-8")))
    table = next(iter(catalogue.tables.values()))
    names = ["index", "tables", "sources", "limitations", "changes", f"sources/{next(iter(table.package.sources))}"]
    paths = [SERIES.of_table(table.package.id, table.definition.slug), *(f"api/v1/{name}.json" for name in names)]
    used = set().union(*(fields(json.loads(files[path])) for path in paths))
    assert len(used) > 40
    assert used - told - {"api", "about", "name", "codelist"} == set()


def test_the_example_runs(files: dict[str, bytes], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    exec(code.replace("https://ADDRESS-OF-THIS-SITE/", f"file://{folder}/"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed
    assert all(line.split()[-1] in files for line in printed)
