"""LibreOffice opens every real workbook and sees the same cells; needs LibreOffice Calc on this machine."""

import csv
import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from ilms_publish import yearbook
from ilms_publish.catalogue import Catalogue, check
from ilms_publish.downloads.sheets import Issued, Sheet, sheets
from ilms_publish.downloads.workbook import workbook_of
from ilms_publish.pages.edition import Edition
from ilms_publish.yearbook import book
from ilms_publish.yearbook.chapters import chapters
from tests.worlds import REPOSITORY

SAMPLE = ("tha", "lao")
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
"""Comma, quotes, UTF-8, cells as they are and not as they look, all worksheets."""


@pytest.fixture(scope="module")
def office() -> str:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.fail("No LibreOffice found: install Calc, on Debian `apt-get install libreoffice-calc-nogui`.")
    return program


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    made = check(REPOSITORY, SAMPLE).catalogue
    assert made is not None
    return made


@pytest.mark.parametrize("name", SAMPLE)
def test_libreoffice_sees_the_same_cells(catalogue: Catalogue, tmp_path: Path, office: str, name: str) -> None:
    package = catalogue.packages[name]
    compare(office, tmp_path, workbook_of(catalogue, package), sheets(catalogue, package))


def test_libreoffice_reads_the_key_tables(catalogue: Catalogue, tmp_path: Path, office: str) -> None:
    edition = Edition(catalogue, {})
    compare(office, tmp_path, yearbook.workbook(edition), book.sheets(edition, chapters(edition), book.terms(edition)))


def compare(office: str, folder: Path, content: bytes, held: Sequence[Sheet]) -> None:
    """Every worksheet as LibreOffice writes it out again holds the cells that were to be written."""
    path = folder / "book.xlsx"
    path.write_bytes(content)
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", EVERY_SHEET,
         "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for sheet in held:
        text = (folder / f"book-{sheet.name}.csv").read_text("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        body = [row[: len(sheet.columns)] for row in rows[len(sheet.lines) + 2 :]]
        assert rows[0][0] == sheet.title
        if sheet.rows:
            assert rows[len(sheet.lines) + 1] == list(sheet.columns)
            wanted = [[cell.text if isinstance(cell, Issued) else cell for cell in row] for row in sheet.rows]
            assert len(body) == len(wanted)
            for told, row in zip(body, wanted, strict=True):
                assert [plain(cell) for cell in told] == [plain(cell) for cell in row], sheet.name


def plain(text: str) -> object:
    """A cell for comparison: numbers by value, since a spreadsheet drops the zeros at the end."""
    try:
        return float(text)
    except ValueError:
        return text
