"""Another region: its own states, tables, classifications, rounds and name, from files alone."""

import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ilms_publish.questionnaire.run import import_questionnaire
from tests.test_cli import run
from tests.worlds import HERE, REPOSITORY, World

SHARED = ("quality.yaml", "limitation_types.csv")
SHARED_LISTS = (
    "SEX",
    "OBS_STATUS",
    "SOURCE_TYPE",
    "COLLECTION",
    "BASIS",
    "LIMITATION_ACTION",
    "UNIT",
    "ILOSTAT_STATUS",
)
NAMES = {
    "site_name": "Work across the borders of the Boreal Union",
    "site_description": "Invented figures of a region that does not exist.",
    "long_name": "Work across borders, Boreal Union",
    "short_name": "WAB",
}
HOME = re.compile(r"ASEAN|Cambodia|Thailand|Malaysia|Myanmar|Viet ?Nam|\bKHM\b|\bTHA\b")


@pytest.fixture
def boreal(tmp_path: Path) -> World:
    """A region that shares no state, table or classification of its own with the one that the program was made for."""
    home, here, ours = tmp_path / "datapackages", HERE / "elsewhere", REPOSITORY / "datapackages" / "structure"
    shutil.copytree(here, home)
    for name in SHARED:
        shutil.copy(ours / name, home / "structure")
    for name in SHARED_LISTS:
        shutil.copy(ours / "codelists" / f"CL_{name}.csv", home / "structure" / "codelists")
    known = (ours / "codelists.yaml").read_text("utf-8")
    entries = re.split(r"(?m)^  - ", known)[1:]
    shared = [entry for entry in entries if any(f"id: CL_{name}\n" in entry for name in SHARED_LISTS)]
    with (home / "structure" / "codelists.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"  - {entry}" for entry in shared)
    shutil.copytree(REPOSITORY / "site_src", tmp_path / "site_src")
    for page in (tmp_path / "site_src" / "docs").rglob("*.md"):
        page.write_text(f"# {page.stem}\n\nText of the region.\n", "utf-8")
    config = (REPOSITORY / "mkdocs.yml").read_text("utf-8")
    for key, words in NAMES.items():
        config, count = re.subn(rf"(?m)^(\s*){key}: .*$", rf"\g<1>{key}: {words}", config)
        assert count == 1, key
    (tmp_path / "mkdocs.yml").write_text(config, "utf-8")
    world = World(tmp_path)
    world.package()
    return world


def test_a_region_elsewhere_is_a_folder_of_files(boreal: World) -> None:
    checked = run("check", "--root", str(boreal.root))
    assert checked.exit_code == 0, checked.output
    built = run("build", "--root", str(boreal.root), "--out", "site", "--date", "2031-06-01")
    assert built.exit_code == 0, built.output
    site = boreal.root / "site"
    page = site / "countries" / "bor" / "sea_crew_sex_rank_nb" / "index.html"
    assert "Crew signed on by sex and rank" in page.read_text("utf-8")
    assert NAMES["site_name"] in (site / "index.html").read_text("utf-8")
    told = (path for path in site.rglob("*") if path.suffix in (".html", ".json", ".xml", ".txt", ".csv", ".ttl"))
    written = [path for path in told if "rules" not in path.parts]  # whose examples are told from where they were seen
    strange = {path.relative_to(site).as_posix(): found[0] for path in written
               if (found := HOME.findall(path.read_text("utf-8")))}  # fmt: skip
    assert strange == {}, "what the program says of itself names no region"
    zips = run("package", "--zips", str(boreal.root / "zips"), "--date", "2031-06-01", "--root", str(boreal.root))
    assert zips.exit_code == 0, zips.output


def test_its_questionnaire_goes_out_and_comes_back(boreal: World) -> None:
    path = boreal.root / "bor.xlsx"
    words = ("questionnaire", "BOR", "--round", "spring-2030", "--out", str(path), "--root", str(boreal.root))
    made = run(*words)
    assert made.exit_code == 0, made.output
    book = load_workbook(path)
    sheet = book["SEA_CREW_SEX_RANK_NB"]
    assert [cell.value for cell in sheet[8]][:3] == ["Sex", "Rank", "Year"]
    assert {str(row[1].value) for row in book["OUT_WORK_SEX_CDS_NB"].iter_rows(min_row=9, max_row=20)} >= {
        "Austraria (fictitious) [CDS_AUS2]"
    }
    book["Cover"]["B7"], book["Cover"]["B8"] = "Statistics Borealand (fictitious)", "2030-04-01"
    sheet["C4"] = "Register of ships [bor-ships]"
    for row in range(18, 27):
        sheet.cell(row, 8).value = int(str(sheet.cell(row, 4).value))
    book.save(path)
    outcome = import_questionnaire(boreal.root, path)
    assert not outcome.refused, outcome.refused
    assert outcome.changes[0].count("added") == 9
