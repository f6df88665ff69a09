"""The workbooks keep to the checklist for accessible spreadsheets, and no text in them can act."""

import io
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads.sheets import sheets
from ilms_publish.downloads.workbook import workbook_of
from ilms_publish.formats import XLSX
from tests.worlds import World

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="session")
def books(catalogue: Catalogue, folder: Path) -> dict[str, Any]:
    return {name: openpyxl.load_workbook(folder / XLSX.of_package(name)) for name in catalogue.packages}


def area(page: Any) -> tuple[int, int, int, int]:
    """First row, last row, first and last column of the marked-up table."""
    (table,) = page.tables.values()
    (first, left), (last, right) = (openpyxl.utils.cell.coordinate_from_string(ref) for ref in table.ref.split(":"))
    index = openpyxl.utils.column_index_from_string
    return left, right, index(first), index(last)


def test_cover_first_then_contents_and_every_sheet_is_listed(books: dict[str, Any]) -> None:
    for book in books.values():
        assert book.sheetnames[:2] == ["Cover", "Contents"]
        top, bottom, left, _ = area(book["Contents"])
        listed = [book["Contents"].cell(row, left).value for row in range(top + 1, bottom + 1)]
        assert listed == book.sheetnames[2:]


def test_sheet_names_mean_something(books: dict[str, Any], catalogue: Catalogue) -> None:
    about = {"Cover", "Contents", "Notes", "Symbols", "Definitions", "Sources", "Answers", "Basis"}
    for name, book in books.items():
        tables = {table.definition.id for table in catalogue.of_package(name)}
        assert set(book.sheetnames) - about == tables


def test_workbooks_open_on_the_cover_at_the_first_cell(books: dict[str, Any]) -> None:
    for book in books.values():
        assert book.active.title == "Cover"
        for page in book.worksheets:
            assert {selection.activeCell or "A1" for selection in page.sheet_view.selection} == {"A1"}
            assert page.sheet_view.topLeftCell in (None, "A1")
            assert page.sheet_state == "visible"


def test_one_marked_up_table_a_sheet_with_one_header_row_and_nothing_merged_or_blank(books: dict[str, Any]) -> None:
    for name, book in books.items():
        assert len(book["Cover"].tables) == 0
        for page in book.worksheets:
            assert list(page.merged_cells.ranges) == []
            assert page["A1"].value, "a title stands in the first cell"
            if page.title == "Cover":
                continue
            top, bottom, left, right = area(page)
            (table,) = page.tables.values()
            assert table.headerRowCount in (1, None)
            assert (bottom, right) == (page.max_row, page.max_column), "nothing stands below or beside the table"
            heads = [page.cell(top, column).value for column in range(left, right + 1)]
            assert all(heads)
            assert len(set(heads)) == len(heads)
            for cells in page.iter_rows(top, bottom, left, right):
                assert all(cell.value not in (None, "") for cell in cells), (name, page.title, cells[0].row)


def test_numbers_are_numbers_without_marks(books: dict[str, Any], catalogue: Catalogue) -> None:
    for name, book in books.items():
        for table in catalogue.of_package(name):
            page = book[table.definition.id]
            top, bottom, left, right = area(page)
            heads = [page.cell(top, column).value for column in range(left, right + 1)]
            column = left + heads.index("Value")
            values = [page.cell(row, column).value for row in range(top + 1, bottom + 1)]
            assert sum(isinstance(value, (int, float)) for value in values) == len(table.published)
            assert {value for value in values if isinstance(value, str)} <= symbols(book)


def symbols(book: Any) -> set[str]:
    page = book["Symbols"]
    top, bottom, left, _ = area(page)
    return {page.cell(row, left).value for row in range(top + 1, bottom + 1)}


def test_no_formula_no_macro_and_no_link_but_to_its_own_sheets(folder: Path, books: dict[str, Any]) -> None:
    for name, book in books.items():
        for page in book.worksheets:
            kinds = {cell.data_type for row in page.iter_rows() for cell in row}
            assert kinds <= {"s", "n", "inlineStr"}, (name, page.title, kinds)
        with zipfile.ZipFile(folder / XLSX.of_package(name)) as archive:
            for part in archive.namelist():
                assert "vba" not in part.lower()
                assert "externalLink" not in part
                text = archive.read(part).decode()
                assert 'TargetMode="External"' not in text
                if part.startswith("xl/worksheets/sheet"):
                    assert ElementTree.fromstring(text).findall(f".//{MAIN}f") == []


HOSTILE = ["=1+1", "+1", "-1+1", "@SUM(A1)", "{=1+1}", "=cmd|' /C calc'!A0", "https://evil.example/",
           "internal:Cover!A1", "mailto:a@b.example", "1234", "TRUE", "\t=1", "<b>&amp;</b>"]  # fmt: skip


def test_hostile_text_stays_text(world: World) -> None:
    made = world.check().catalogue
    assert made is not None
    package = made.packages["zza"]
    table = made.tables["zza", "MST_NCTE_SEX_CCT_NB"]
    table.frame["note"] = [HOSTILE[n % len(HOSTILE)] for n in range(len(table.frame))]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(made, package)))
    page = book[table.definition.id]
    *_, right = area(page)
    cells = [row[right - 1] for row in page.iter_rows(5)]
    assert [cell.value for cell in cells if cell.value in HOSTILE] == list(table.frame["note"])
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def test_two_readers_see_the_same_cells(folder: Path, books: dict[str, Any]) -> None:
    for name, book in books.items():
        other = CalamineWorkbook.from_path(str(folder / XLSX.of_package(name)))
        assert other.sheet_names == book.sheetnames
        for page in book.worksheets:
            mine = [["" if cell is None else cell for cell in row] for row in page.iter_rows(values_only=True)]
            assert other.get_sheet_by_name(page.title).to_python() == mine


def test_decimals_are_shown_as_issued(books: dict[str, Any], catalogue: Catalogue) -> None:
    for name, book in books.items():
        for table in catalogue.of_package(name)[:3]:
            page = book[table.definition.id]
            top, _, left, right = area(page)
            heads = [page.cell(top, column).value for column in range(left, right + 1)]
            column = left + heads.index("As issued")
            for row, text in enumerate(table.frame["obs_value"], top + 1):
                if text:
                    shown = page.cell(row, column).number_format.partition(".")[2]
                    assert len(shown) == len(text.partition(".")[2])


def test_notes_stand_in_titles_and_their_own_column_only(catalogue: Catalogue) -> None:
    for package in catalogue.packages.values():
        for sheet in sheets(catalogue, package):
            for row in sheet.rows:
                marked = [h for h, cell in zip(sheet.columns, row, strict=True) if "[note" in str(cell)]
                assert set(marked) <= {"Notes", "Note"}, sheet.name
