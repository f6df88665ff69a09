"""Opens a filled questionnaire without running anything in it, and refuses what cannot be read with certainty."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.questionnaire.layout import cell

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 20_000, 200
CELL = re.compile(
    rb'<(?:\w+:)?c\b(?P<about>[^>]*?\br="(?P<column>[A-Z]{1,3})(?P<row>[0-9]{1,7})"[^>]*)>(?P<formula>\s*<(?:\w+:)?f[\s/>])?'
)
ERROR = re.compile(rb'\bt="e"')
FORMULA_SAYS = "The cell holds a formula. Replace it by its result (copy, then paste as values)."
ERROR_SAYS = "The cell holds the error of a formula. Type the figure, or leave the cell empty."
TOO_LARGE = "The sheet reaches far beyond the questionnaire, to this cell. Delete the rows or columns that were added."
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Value = str | float | int | bool | date | datetime | time | timedelta


@dataclass(slots=True)
class Filled:
    """The cells of a workbook, and everything that is wrong with it.

    sheets: name -> rows of cells, both counted from 0, as text, number, truth value or date.
    """

    name: str
    sheets: dict[str, list[list[Value]]] = field(default_factory=dict)
    sha256: str = ""
    problems: list[Problem] = field(default_factory=list)

    def fault(self, sheet: str, row: int, column: int, rule: str, sentence: str) -> None:
        """A problem at a cell; row and column count from 1, row 0 is the whole sheet."""
        place = f"{self.name}:{sheet}" + (f"!{cell(row, column)}" if row else "")
        self.problems.append(Problem(place, 0, "", rule, Severity.ERROR, sentence))

    def value(self, sheet: str, row: int, column: int) -> Value:
        """The content of a cell, blank when there is none; row and column count from 1."""
        rows = self.sheets.get(sheet, [])
        return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""

    def text(self, sheet: str, row: int, column: int) -> str:
        """The content of a cell as text; a date as 2026-11-30, a whole number without decimals."""
        value = self.value(sheet, row, column)
        if isinstance(value, (datetime, date)):
            return value.isoformat()[:10]
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value).strip()

    def height(self, sheet: str) -> int:
        """Number of rows of a sheet."""
        return len(self.sheets.get(sheet, []))


def open_filled(path: Path) -> Filled:
    """The workbook's cells with problems for formulas, merged cells and oversized sheets.

    Raises IlmsError when the file is no readable .xlsx workbook at all.
    """
    name = path.name
    if not path.is_file():
        raise IlmsError("there is no such file", file=name)
    if path.stat().st_size > MAX_BYTES:
        raise IlmsError(f"has more than {MAX_BYTES:,} bytes; a questionnaire never has", file=name)
    content = path.read_bytes()
    filled = Filled(name, sha256=hashlib.sha256(content).hexdigest())
    try:
        sound = [sheet for sheet, data in _parts(content, name) if _scan(filled, sheet, data)]
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for sheet in sound:
                _read(filled, book.get_sheet_by_name(sheet))
    except (CalamineError, zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, OSError):
        raise IlmsError(
            "cannot be read as a workbook; open it in Excel or LibreOffice and save it as .xlsx, without password",
            file=name,
        ) from None
    return filled


def _parts(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Each sheet with its XML, in the order of the workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise IlmsError("unpacks to far more than a questionnaire holds", file=name)
        targets = {part.get("Id"): part.get("Target", "") for part in _xml(archive, "xl/_rels/workbook.xml.rels")}
        for sheet in _xml(archive, "xl/workbook.xml").iter():
            if sheet.tag.endswith("}sheet"):
                target = targets.get(sheet.get(RELATION), "")
                yield sheet.get("name", ""), archive.read(target[1:] if target.startswith("/") else f"xl/{target}")


def _scan(filled: Filled, sheet: str, data: bytes) -> bool:
    """Notes formulas and errors, of which the reader gives only results; False when the sheet is too large to read."""
    for found in CELL.finditer(data):
        row, column = int(found["row"]), _column(found["column"].decode())
        if row > MAX_ROWS or column > MAX_COLUMNS:
            filled.fault(sheet, row, column, "sheet-size", TOO_LARGE)
            return False
        if found["formula"]:
            filled.fault(sheet, row, column, "formula", FORMULA_SAYS)
        elif ERROR.search(found["about"]):
            filled.fault(sheet, row, column, "formula", ERROR_SAYS)
    return True


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _read(filled: Filled, sheet: CalamineSheet) -> None:
    for (row, column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        sentence = (
            f"Cells are merged down to {cell(last_row + 1, last_column + 1)}. Unmerge them: one figure, one cell."
        )
        filled.fault(sheet.name, row + 1, column + 1, "merged-cells", sentence)
    filled.sheets[sheet.name] = [list(row) for row in sheet.to_python(skip_empty_area=False)]


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    data = archive.read(part)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("declares entities")
    return ElementTree.fromstring(data)
