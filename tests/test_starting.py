"""A new country begins with a package that says what it must and passes the check."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from ilms_publish.catalogue import check
from ilms_publish.problems import IlmsError
from ilms_publish.questionnaire.run import import_questionnaire, make_questionnaire
from ilms_publish.starting import start_package
from tests.test_cli import run, tree
from tests.worlds import World, pages_at

AGENCY = "Statistics Zetia (fictitious)"


def start(root: Path, area: str = "ZZC") -> None:
    start_package(root, area, [AGENCY], "CC-BY-4.0", "2026-11-30")


def test_a_new_package_passes_the_check_and_has_its_page(world: World) -> None:
    result = run("new", "package", "zzc", "--agency", AGENCY, "--licence", "CC-BY-4.0", "--root", str(world.root))
    assert result.exit_code == 0, result.output
    checked = check(world.root)
    assert checked.clean
    assert checked.catalogue
    assert "countries/zzc" in pages_at(checked.catalogue, "countries/zzc")
    collection = checked.catalogue.packages["zzc"].collection
    assert set(collection["state"]) == {"not_held"}
    assert not any(name.startswith("undesa") for name in collection["table"])


@pytest.mark.parametrize("area", ["QQQ", "ZZA", "zzc", "../ZZC", ""])
def test_unknown_and_taken_areas_are_refused(world: World, area: str) -> None:
    before = tree(world.root)
    with pytest.raises(IlmsError):
        start(world.root, area)
    assert tree(world.root) == before


def test_from_nothing_to_published_figures_by_questionnaire(world: World) -> None:
    start(world.root)
    content, _ = make_questionnaire(world.root, "zzc", "2026-02", ["2025"])
    path = world.root / "zzc.xlsx"
    path.write_bytes(content or b"")
    book = load_workbook(path)
    book["Cover"]["B7"], book["Cover"]["B8"] = AGENCY, "2026-11-30"
    source = book["New sources"]
    cells = {"B2": "register", "C2": "Departure register", "D2": "Deployment [AR_DEPLOYMENT]", "F2": AGENCY}
    for cell, text in cells.items():
        source[cell] = text
    sheet = book["MNA_OEMP_SEX_CDS_NB"]
    sheet["C4"] = "New source 1 [new-1]"
    for row, value in ((9, 10), (10, 4), (11, 6)):
        sheet.cell(row, 8).value = value
    book.save(path)
    outcome = import_questionnaire(world.root, path)
    assert not outcome.refused, outcome.refused
    checked = check(world.root)
    assert checked.clean
    assert checked.catalogue
    held = checked.catalogue.tables["zzc", "MNA_OEMP_SEX_CDS_NB"].frame
    assert list(held["obs_value"]) == ["4", "6", "10"]
    assert set(held["source"]) == {"zzc-register"}
