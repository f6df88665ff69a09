"""A workbook of a whole package in which every text stays text, with the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads.described import day, licence
from ilms_publish.downloads.sheets import Cell, Issued, Sheet, sheets
from ilms_publish.model import Package

TEXT_ONLY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
STYLE = "Table Style Light 1"


def workbook_of(catalogue: Catalogue, package: Package) -> bytes:
    """The workbook of a package: cover, contents, notes, symbols, definitions, sources, and a worksheet a table."""
    author = str(package.contributors[0].get("title", "")) if package.contributors else ""
    terms = f"Licence: {licence(package.licences)}"
    return written(About(package.title, package.edition, author, terms, package.issued), sheets(catalogue, package))


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself. issued: date of the data."""

    title: str
    subject: str
    author: str
    comments: str
    issued: str


def written(about: About, held: Sequence[Sheet]) -> bytes:
    """A workbook of some worksheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, TEXT_ONLY) as book:
        told = {key: getattr(about, key) for key in ("title", "subject", "author", "comments")}
        book.set_properties(told | {"created": created(about.issued)})
        formats = Formats(book)
        for sheet in held:
            _write(book.add_worksheet(sheet.name), sheet, formats)
    return out.getvalue()


def created(issued: str) -> datetime:
    """The date of the data, never of the build; a year or month stands for its first day."""
    return datetime.fromisoformat(day(issued))


class Formats:
    """The few formats of a workbook; numbers have one for each count of decimals."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.line: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.numbers: dict[int, Format] = {}

    def number(self, text: str) -> Format:
        """Shows as many decimals as the text has."""
        decimals = len(text.partition(".")[2])
        if decimals not in self.numbers:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            self.numbers[decimals] = self.book.add_format({"num_format": pattern, "valign": "top"})
        return self.numbers[decimals]


def _write(page: Worksheet, sheet: Sheet, formats: Formats) -> None:
    page.write_string(0, 0, sheet.title, formats.title)
    for number, line in enumerate(sheet.lines, 1):
        page.write_string(number, 0, line, None if sheet.columns else formats.line)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    if not sheet.rows:
        return
    top = len(sheet.lines) + 1
    _rows(page, sheet, formats, top + 1)
    page.add_table(
        top, 0, top + len(sheet.rows), len(sheet.columns) - 1,
        {"name": f"table_{sheet.name.lower()}", "style": STYLE, "columns": [{"header": h} for h in sheet.columns]},
    )  # fmt: skip


def _rows(page: Worksheet, sheet: Sheet, formats: Formats, first: int) -> None:
    for number, row in enumerate(sheet.rows, first):
        _row(page, number, row, formats)
        if sheet.linked and isinstance(row[0], str):
            page.write_url(number, 0, f"internal:'{row[0]}'!A1", string=row[0])


def _row(page: Worksheet, number: int, row: Sequence[Cell], formats: Formats) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, Issued):
            page.write_number(number, column, float(cell.text), formats.number(cell.text))
        else:
            page.write_string(number, column, cell, formats.text)
