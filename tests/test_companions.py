"""Each figure as a file, as a page to embed, and as data that answers: the caveats stay, withheld figures stay out."""

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ilms_publish.arranging import Figures
from ilms_publish.pages import country_table
from ilms_publish.pages.edition import Edition
from ilms_publish.svg import PAPER
from tests.worlds import REPOSITORY, World, fictitious

TOKEN = re.compile(r"--chart-([a-z0-9]+): (#[0-9a-f]{6});")


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    world: World = fictitious(tmp_path_factory.mktemp("world"))
    catalogue = world.check().catalogue
    assert catalogue is not None
    return Edition(catalogue, {})


@pytest.fixture(scope="module")
def made(edition: Edition) -> dict[str, tuple[Figures, dict[str, bytes]]]:
    """Each national table with the files beside its page."""
    return {
        f"{figures.table.package.id}/{figures.definition.slug}": (
            figures,
            dict(country_table.page(edition, figures.table.package, figures.definition).files),
        )
        for figures in edition.figures.values()
        if figures.table.package.national
    }


def test_every_drawn_table_answers_with_its_usable_figures_only(
    made: dict[str, tuple[Figures, dict[str, bytes]]],
) -> None:
    answered = 0
    for place, (figures, files) in made.items():
        if f"charts/{place}.rows.json" not in files:
            continue
        data = json.loads(files[f"charts/{place}.rows.json"])
        usable = [o for o in figures.observations if o.usable]
        assert sorted(row[-3] for row in data["rows"]) == sorted(o.text for o in usable), place
        for row in data["rows"]:
            assert all(0 <= at < len(one["codes"]) for at, one in zip(row, data["choices"], strict=False))
            assert row[-1] < len(data["sources"])
        answered += 1
    assert answered


def test_a_withheld_figure_is_in_no_answer_file_or_picture(made: dict[str, tuple[Figures, dict[str, bytes]]]) -> None:
    kept = [(place, o) for place, (figures, _) in made.items() for o in figures.observations if o.withheld]
    assert kept
    for place, observation in kept:
        for path, content in made[place][1].items():
            if path.endswith((".csv", ".json")):
                assert f",{observation.text}," not in content.decode(), path
                assert f'"{observation.text}"' not in content.decode(), path


def test_a_figure_as_a_file_has_colours_caveats_and_its_table(
    made: dict[str, tuple[Figures, dict[str, bytes]]],
) -> None:
    drawn = [(figures, content) for figures, files in made.values() for path, content in files.items()
             if path.endswith(".svg")]  # fmt: skip
    assert drawn
    for figures, content in drawn:
        text = content.decode()
        words = " ".join(
            "".join(one.itertext()) for one in ElementTree.fromstring(text).iter() if one.tag.endswith("text")
        )
        assert "var(" not in text
        assert "Who is counted:" in words
        assert any(source.title.split()[0] in words for source in figures.table.sources)
        assert figures.definition.slug in words


def test_a_figure_as_json_has_the_rows_of_its_csv_with_definition_sources_and_limitations(
    made: dict[str, tuple[Figures, dict[str, bytes]]],
) -> None:
    told = 0
    for figures, files in made.values():
        for path in [path for path in files if path.startswith("charts/") and path.endswith(".csv")]:
            header, *rows = csv.reader(io.StringIO(files[path].decode()))
            data = json.loads(files[path.replace(".csv", ".json")])
            assert (data["columns"], data["rows"]) == (header, rows), path
            assert data["table"]["definition"] == figures.definition.definition
            assert data["table"]["unit"] == figures.definition.unit
            assert {row[header.index("source")] for row in rows} == {one["id"] for one in data["sources"]}
            touching = {name for row in rows for name in row[header.index("limitations")].split()}
            assert {one["id"] for one in data["limitations"]} == touching
            assert all(one["text"] for one in data["limitations"])
            told += 1
    assert told


def test_the_numbers_of_a_figure_are_rows_of_its_table(made: dict[str, tuple[Figures, dict[str, bytes]]]) -> None:
    for place, (figures, files) in made.items():
        whole = {tuple(row) for row in figures.table.frame[list(figures.definition.columns)].itertuples(index=False)}
        for path, content in files.items():
            if path.startswith(f"charts/{place}-") and path.endswith(".csv"):
                header, *rows = csv.reader(io.StringIO(content.decode()))
                assert header == [*figures.definition.columns, "use", "limitations"]
                assert rows, path
                assert {tuple(row[:-2]) for row in rows} <= whole
                assert {row[-2] for row in rows} == {"published"}


def test_every_figure_has_a_page_to_embed_with_its_strip_and_way_back(
    made: dict[str, tuple[Figures, dict[str, bytes]]],
) -> None:
    for place, (_, files) in made.items():
        drawings = {path for path in files if path.endswith(".svg")}
        pages = {path: content.decode() for path, content in files.items() if path.startswith(f"embed/{place}/")}
        assert len(pages) == len(drawings)
        for path, text in pages.items():
            assert 'class="ilms-strip"' in text, path
            assert f'href="../../../../countries/{place}/"' in text, path
            assert "<header" not in text, path


def test_colours_of_files_are_those_of_paper(repository: Path) -> None:
    light = (repository / "site_src/docs/assets/css/tokens.css").read_text().partition("/* dark */")[0]
    assert dict(TOKEN.findall(light)) == PAPER


def test_no_script_of_ours_reaches_for_another_place() -> None:
    for path in (REPOSITORY / "site_src/docs/assets/js").glob("*.js"):
        text = path.read_text()
        assert "http" not in text, path
        assert not re.search(r"\b(eval|Function|innerHTML|document\.write)\b", text), path
