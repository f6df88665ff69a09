"""ILOSTAT's layout: readable by what reads ILOSTAT's files, and back into the same observations."""

import csv
import io
import re
from pathlib import Path

import pytest

from ilms_publish import note_codes
from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import downloads
from ilms_publish.downloads.ilostat_csv import ilostat_csv, source_labels, status_letters
from ilms_publish.formats import ILOSTAT
from ilms_publish.importing.run import run_import
from tests.formats import facts
from tests.worlds import World

HEADER = (
    "ref_area,source,indicator,sex,classif1,classif2,time,obs_value,obs_status,note_classif,note_indicator,note_source"
)
NOTE = re.compile(r"(?:[A-Z]+[0-9]*:[^_ ]+|ILMS-[WLON]:[^_ ]+)(?:_(?:[A-Z]+[0-9]*:[^_ ]+|ILMS-[WLON]:[^_ ]+))*")


def test_columns_and_cells_are_those_of_the_layout(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    letters = {code.code for code in catalogue.structure.codelists["CL_ILOSTAT_STATUS"].codes.values()}
    content = files[ILOSTAT.of_all]
    assert content.decode().splitlines()[0] == HEADER
    for row in facts.rows(content):
        assert row["indicator"].endswith("_NB_A") or row["indicator"].endswith("_RT_A"), row["indicator"]
        assert row["obs_status"] in letters | {""}
        for column in note_codes.COLUMNS:
            assert not row[column] or NOTE.fullmatch(row[column]), row[column]


def test_every_figure_is_there_with_its_caveats(catalogue: Catalogue, files: dict[str, bytes]) -> None:
    national = [table for table in catalogue.tables.values() if table.package.national]
    wanted = facts.wanted(catalogue, national)
    seen = set()
    for row in facts.rows(files[ILOSTAT.of_all]):
        package = next(one for one in catalogue.packages.values() if one.area == row["ref_area"])
        sources = {label: name for name, label in source_labels(package).items()}
        codes = [row[column] for column in ("ref_area", "sex", "classif1", "classif2") if row[column]]
        key = (package.id, row["indicator"].removesuffix("_A"), *codes, row["time"], sources[row["source"]])
        seen.add(key)
        notes = [code.partition(":") for code in row["note_indicator"].split("_")]
        withheld = {value for kind, _, value in notes if kind == note_codes.WITHHELD}
        touching = {value for kind, _, value in notes if kind == note_codes.LIMITATION}
        assert bool(withheld) == wanted[key].withheld
        assert withheld | touching == wanted[key].limitations
        assert facts.number(row["obs_value"]) == wanted[key].value
    assert seen == set(wanted)


@pytest.mark.parametrize("name", ["zza", "zzb"])
def test_importing_it_changes_nothing(strange: World, tmp_path: Path, name: str) -> None:
    made = strange.check().catalogue
    assert made is not None
    path = tmp_path / f"{name}.csv"
    path.write_bytes(downloads(made)[ILOSTAT.of_package(name)])
    outcome = run_import(strange.root, "ilostat", [path], "our own", ())
    assert outcome.refused == []
    assert sum(change.same for change in outcome.changes) == sum(len(t.frame) for t in made.of_package(name))
    assert [(change.added, change.changed) for change in outcome.changes] == [(0, 0)] * len(outcome.changes)


def test_a_status_travels_as_a_letter_only_where_one_letter_means_it(strange: World) -> None:
    made = strange.check().catalogue
    assert made is not None
    letters = status_letters(made.structure)
    assert letters == {"B": "B", "I": "I", "U": "U", "A": ""}, "A and M of ILOSTAT both mean an estimate"


def test_an_empty_package_has_the_header_alone() -> None:
    assert next(csv.reader(io.StringIO(ilostat_csv([]).decode()))) == HEADER.split(",")
