"""Every format of every table says the same: figures, status, definition, unit, source, limitations."""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import downloads
from ilms_publish.formats import (
    CSV,
    FORMATS,
    ILOSTAT,
    LABELLED,
    PACKAGE,
    PARQUET,
    SERIES,
    XLSX,
    across_formats,
    by_suffix,
    package_formats,
    table_formats,
)
from tests.formats import facts
from tests.worlds import REPOSITORY, World


def test_every_format_that_is_named_is_offered(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    for table in catalogue.tables.values():
        for one in table_formats(table.package.national):
            assert one.of_table(table.package.id, table.definition.slug) in files
    for package in catalogue.packages.values():
        for one in package_formats(package.national):
            assert one.of_package(package.id) in files
    assert {known.id for path in files if (known := by_suffix(path))} == {one.id for one in FORMATS}


def test_csv_and_package_name_all_and_the_package_explains_it(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    """Ids on each row; what they stand for is in the tables beside them in the zip."""
    for package in catalogue.packages.values():
        with zipfile.ZipFile(io.BytesIO(files[PACKAGE.of_package(package.id)])) as archive:
            inside = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
        texts = {row["id"]: row["text"] for row in facts.rows(inside["limitations.csv"])} if package.limitations else {}
        assert texts == {one.id: one.text for one in package.limitations}
        sources = {row["id"] for row in facts.rows(inside["sources.csv"])}
        definitions = {row["id"]: (row["definition"], row["unit"]) for row in facts.rows(inside["tables.csv"])}
        for table in catalogue.of_package(package.id):
            slug, known = table.definition.slug, table.definition
            content = files[CSV.of_table(package.id, slug)]
            assert inside[f"data/{slug}.csv"] == content
            assert definitions[known.id] == (known.definition, known.unit)
            wanted = facts.wanted(catalogue, [table])
            found = facts.rows(content)
            assert len(found) == len(wanted)
            for row in found:
                key = (package.id, known.id, *(row[c] for c in known.series), row["time_period"], row["source"])
                fact = wanted[key]
                named = frozenset(row["limitations"].split())
                assert (facts.number(row["obs_value"]), row["obs_status"]) == (fact.value, fact.status)
                assert (row["use"] == "withheld", named) == (fact.withheld, fact.limitations)
                assert named <= set(texts)
                assert row["source"] in sources


def test_labelled_csv_says_all(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    for package in catalogue.packages.values():
        if not package.national:
            assert LABELLED.of_package(package.id) not in files
            continue
        tables = catalogue.of_package(package.id)
        wanted = facts.wanted(catalogue, tables)
        single = facts.Facts()
        for table in tables:
            single |= facts.labelled(files[LABELLED.of_table(package.id, table.definition.slug)], catalogue)
        assert single == wanted
        assert facts.labelled(files[LABELLED.of_package(package.id)], catalogue) == wanted


def test_a_table_of_every_country_holds_those_of_each(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    for name, definition in catalogue.structure.tables.items():
        held = [table for table in catalogue.of_table(name) if table.package.national]
        paths = {one.of_countries(definition.slug) for one in across_formats()}
        assert paths & set(files) == (paths if held else set())
        if held:
            content = files[LABELLED.of_countries(definition.slug)]
            assert facts.labelled(content, catalogue) == facts.wanted(catalogue, held)
            single = [facts.rows(files[CSV.of_table(table.package.id, definition.slug)]) for table in held]
            assert facts.rows(files[CSV.of_countries(definition.slug)]) == [row for rows in single for row in rows]
            bulk = [facts.rows(files[ILOSTAT.of_table(table.package.id, definition.slug)]) for table in held]
            assert facts.rows(files[ILOSTAT.of_countries(definition.slug)]) == [row for rows in bulk for row in rows]


def test_workbook_says_all(catalogue: Catalogue, folder: Path) -> None:
    for package in catalogue.packages.values():
        found = facts.workbook(folder / XLSX.of_package(package.id), package.id)
        assert found == facts.wanted(catalogue, catalogue.of_package(package.id))


def test_json_says_all(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    for table in catalogue.tables.values():
        path = SERIES.of_table(table.package.id, table.definition.slug)
        assert facts.series(files, path, table.definition) == facts.wanted(catalogue, [table])


def test_parquet_says_all(catalogue: Catalogue, folder: Path) -> None:
    found = facts.parquet(folder / PARQUET.of_all, catalogue)
    assert found == facts.wanted(catalogue, catalogue.tables.values())


def test_parquet_in_one_line_of_pandas(catalogue: Catalogue, folder: Path) -> None:
    frame = pd.read_parquet(folder / PARQUET.of_all)
    usable = sum(len(table.published) for table in catalogue.tables.values())
    assert int(frame["usable_value"].notna().sum()) == usable


def test_a_missing_caveat_would_be_noticed(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    package = next(iter(catalogue.packages))
    path = LABELLED.of_package(package)
    spoiled = files[path].replace(b",withheld,", b",published,").replace(b",inferred,", b",documented,")
    if spoiled == files[path]:
        spoiled = files[path].replace(b",A,Normal value,", b",E,Estimated,", 1)
    try:
        found = facts.labelled(spoiled, catalogue)
    except AssertionError:
        return
    assert found != facts.wanted(catalogue, catalogue.of_package(package))


@pytest.mark.parametrize("home", ["data", "api"])
def test_sums_are_those_of_all_files_below_a_folder(files: dict[str, bytes], folder: Path, home: str) -> None:
    lines = files[f"{home}/SHA256SUMS"].decode().splitlines()
    told = {f"{home}/{path}": digest for digest, path in (line.split("  ", 1) for line in lines)}
    below = {path for path in files if path.startswith(f"{home}/")} - {f"{home}/SHA256SUMS"}
    assert told == {path: hashlib.sha256(files[path]).hexdigest() for path in below}
    assert list(told) == sorted(told)
    program = shutil.which("sha256sum")
    if program:  # a second opinion where the system has one
        subprocess.run([program, "--check", "--quiet", "SHA256SUMS"], cwd=folder / home, check=True)


MAKE = """
import hashlib, sys
from pathlib import Path
from ilms_publish.catalogue import check
from ilms_publish.downloads import downloads
for path, content in sorted(downloads(check(Path(sys.argv[1])).catalogue).items()):
    print(hashlib.sha256(content).hexdigest(), path)
"""


@pytest.mark.parametrize("settings", [{"TZ": "Asia/Bangkok", "PYTHONHASHSEED": "7", "LC_ALL": "C"}])
def test_same_bytes_in_another_process_time_zone_and_order(strange: World, settings: dict[str, str]) -> None:
    made = strange.check().catalogue
    assert made is not None
    here = "".join(f"{hashlib.sha256(c).hexdigest()} {path}\n" for path, c in sorted(downloads(made).items()))
    run = subprocess.run(
        [sys.executable, "-c", MAKE, str(strange.root)], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **settings},
    )  # fmt: skip
    assert run.stdout == here
