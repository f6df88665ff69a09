"""R reads every table with the lines that its page offers to copy; needs R on this machine."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ilms_publish.catalogue import Catalogue, check
from ilms_publish.downloads import downloads
from ilms_publish.pages import snippets
from ilms_publish.pages.edition import Edition
from tests.worlds import REPOSITORY

SITE = "https://ilms.example/base/"
SAMPLE = ("tha", "lao")
TOLD = 'cat(nrow(figures), nrow(usable), sprintf("%.17g", usable$obs_value), sep = " ", fill = FALSE)\ncat("\\n")\n'
WHOLE = "R, arrow"


@pytest.fixture(scope="module")
def program() -> str:
    found = shutil.which("Rscript")
    if found is None:
        pytest.fail("No R found: install it, on Debian `apt-get install r-base-core`.")
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    made = check(REPOSITORY, SAMPLE).catalogue
    assert made is not None
    return made


@pytest.fixture(scope="module")
def edition(catalogue: Catalogue) -> Edition:
    return Edition(catalogue, {}, site=SITE)


@pytest.fixture(scope="module")
def folder(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the site that the lines ask for."""
    home = tmp_path_factory.mktemp("site")
    for name, content in downloads(catalogue, SITE).items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def run(program: str, code: str, folder: Path) -> list[str]:
    script = folder / "run.R"
    script.write_text(code.replace(SITE, f"{folder}/"), "utf-8")
    made = subprocess.run([program, "--vanilla", str(script)], capture_output=True, text=True, timeout=600)
    assert made.returncode == 0, made.stderr
    return made.stdout.splitlines()


def test_r_reads_the_usable_figures_of_every_table(
    program: str, catalogue: Catalogue, edition: Edition, folder: Path
) -> None:
    tables = list(catalogue.tables.values())
    lines = [{one.name: one.code for one in snippets.of_table(edition, t.package, t.definition)} for t in tables]
    told = run(program, "".join(f"{code['R']}\n{TOLD}" for code in lines), folder)
    assert len(told) == len(tables) > 20
    for table, line in zip(tables, told, strict=True):
        whole, usable, *values = line.split()
        wanted = table.published.loc[table.published["obs_value"] != "", "obs_value"].astype(float)
        assert (int(whole), int(usable)) == (len(table.frame), len(wanted)), table.definition.id
        assert [float(value) for value in values] == wanted.tolist(), table.definition.id


def test_r_reads_all_tables_of_a_country(program: str, catalogue: Catalogue, edition: Edition, folder: Path) -> None:
    for package in catalogue.packages.values():
        (code,) = [one.code for one in snippets.of_package(edition, package) if one.name == "R"]
        ((whole, usable, *_),) = [line.split() for line in run(program, f"{code}\n{TOLD}", folder)]
        tables = catalogue.of_package(package.id)
        assert int(whole) == sum(len(table.frame) for table in tables)
        assert int(usable) == sum(int((table.published["obs_value"] != "").sum()) for table in tables)


def test_every_line_for_r_is_r(program: str, edition: Edition, folder: Path) -> None:
    """The line for the package arrow, which not every R has, is read by R's own parser."""
    (code,) = [one.code for one in snippets.everything(edition) if one.name == WHOLE]
    path = folder / "line.R"
    path.write_text(code, "utf-8")
    assert run(program, 'cat(length(parse("' + str(path) + '")))\n', folder) == ["1"]
