"""Reads a sheet of figures row by row: each is placed with certainty, or refused at its cell."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ilms_publish.model import EITHER_STATUSES, NO_VALUE_STATUSES, Codelist, Structure, TableDefinition
from ilms_publish.questionnaire import layout
from ilms_publish.questionnaire.filled import Filled, Value
from ilms_publish.reading import text_fault

YEAR = re.compile(r"[12][0-9]{3}")
GROUPED = re.compile(r"-?[0-9]{1,3}(?:[ ,.'\u00a0\u202f\u2009][0-9]{3})+(?:[.,][0-9]+)?")
COMMA = re.compile(r"-?[0-9]+,[0-9]+")
POINT = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
PRECISION = 15
"""Digits that a spreadsheet keeps; more are noise of the binary fraction."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One filled row: the columns of the table but ref_area, and the row of the sheet."""

    key: tuple[str, ...]
    value: str
    status: str
    source: str
    note: str
    row: int


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a sheet of figures."""

    source: str = ""
    kind: str = ""
    reason: str = ""


def read_head(filled: Filled, table: TableDefinition, sources: Mapping[str, str]) -> Head:
    """The source, kind of change and reason above the figures. sources: what can be chosen -> id."""
    columns = len(table.dimensions) + 2
    for row, words in layout.HEAD_CELLS.values():
        same(filled, table.id, row, 1, words)
    found = {name: filled.text(table.id, row, columns) for name, (row, _) in layout.HEAD_CELLS.items()}
    row, _ = layout.HEAD_CELLS["source"]
    source = _source(filled, table.id, row, columns, sources)
    row, _ = layout.HEAD_CELLS["kind"]
    kind = layout.untagged(found["kind"])
    if kind and kind not in layout.KINDS:
        filled.fault(table.id, row, columns, "known-code", f"Choose one of the list; '{kind}' is not in it.")
    row, _ = layout.HEAD_CELLS["reason"]
    return Head(source, kind, prose(filled, table.id, row, columns))


def read_figures(
    filled: Filled, table: TableDefinition, structure: Structure, head: Head, sources: Mapping[str, str]
) -> list[Figure]:
    """Every row in which something was filled in; a sheet whose headings moved gives none."""
    columns = layout.columns(table, structure)
    before = len(filled.problems)
    for number, words in enumerate(columns.headings, 1):
        same(filled, table.id, layout.HEADER_ROW, number, words)
    for number in range(len(columns.headings) + 1, len((filled.sheets[table.id] or [[]])[0]) + 1):
        _nothing_beside(filled, table.id, number)
    if len(filled.problems) > before:
        return []
    seen: dict[tuple[str, ...], int] = {}
    figures = []
    for row in range(layout.HEADER_ROW + 1, filled.height(table.id) + 1):
        figure = _row(filled, table, structure, columns, row, head, sources)
        if figure is None:
            continue
        first = seen.setdefault(figure.key, row)
        if first != row:
            sentence = f"Row {first} already gives this figure (same classes and year). Keep one of them."
            filled.fault(table.id, row, 1, "primary-key", sentence)
        figures.append(figure)
    return figures


def same(filled: Filled, sheet: str, row: int, column: int, wanted: str) -> None:
    """A cell of ours still says what it said."""
    found = filled.text(sheet, row, column)
    if found != wanted:
        sentence = (
            f"Here should stand '{wanted}'"
            + (f", not '{found[:60]}'" if found else "")
            + ". Rows or columns were moved, or the workbook is not of this template: paste the figures into a new "
            "questionnaire."
        )
        filled.fault(sheet, row, column, "moved-cells", sentence)


def _nothing_beside(filled: Filled, sheet: str, column: int) -> None:
    for row in range(1, filled.height(sheet) + 1):
        if filled.text(sheet, row, column):
            sentence = "Nothing is asked for in this column. Put remarks into the column 'Note' and delete it."
            filled.fault(sheet, row, column, "moved-cells", sentence)
            return


def _row(
    filled: Filled,
    table: TableDefinition,
    structure: Structure,
    columns: layout.Columns,
    row: int,
    head: Head,
    sources: Mapping[str, str],
) -> Figure | None:
    at = {name: columns.of(name) for name in layout.FILL}
    if not any(filled.text(table.id, row, column) for column in at.values()):
        return None
    before = len(filled.problems)
    lists = {name: structure.codelist(name) for name in columns.keys[:-1]}
    key = tuple(_code(filled, table.id, row, columns.of(name), codes) for name, codes in lists.items())
    year = _year(filled, table.id, row, columns.of("time_period"))
    value = _number(filled, table.id, row, at["obs_value"])
    status = _status(filled, table.id, row, at, value, structure)
    source = _source(filled, table.id, row, at["source"], sources) or head.source
    if not source and len(filled.problems) == before:
        top = layout.cell(layout.HEAD_CELLS["source"][0], len(columns.keys))
        sentence = f"No source is named. Choose it here, or in cell {top} for the whole sheet."
        filled.fault(table.id, row, at["source"], "series-source", sentence)
    note = prose(filled, table.id, row, at["note"])
    if len(filled.problems) > before:
        return None
    return Figure((*key, year), value, status, source, note, row)


def _code(filled: Filled, sheet: str, row: int, column: int, codes: Codelist) -> str:
    text = filled.text(sheet, row, column)
    code = layout.untagged(text)
    if code not in codes.codes:
        found = f"'{text[:60]}' is not in the list" if text else "The cell is empty"
        filled.fault(sheet, row, column, "known-code", f"{found}. Choose the class of this figure ({codes.title}).")
    return code


def _year(filled: Filled, sheet: str, row: int, column: int) -> str:
    value = filled.value(sheet, row, column)
    text = filled.text(sheet, row, column)
    if isinstance(value, (date, datetime)) or not YEAR.fullmatch(text):
        filled.fault(sheet, row, column, "plain-number", "Give the year as four digits, such as 2025.")
    return text


def _number(filled: Filled, sheet: str, row: int, column: int) -> str:
    value = filled.value(sheet, row, column)
    if value == "" or (isinstance(value, str) and not value.strip()):
        return ""
    fault = number_fault(value)
    if fault:
        filled.fault(sheet, row, column, "plain-number", fault)
        return ""
    return plain(float(str(value)))


def number_fault(value: Value) -> str:
    """Why the content of a cell is no figure, and what to do; blank when it is one."""
    if isinstance(value, bool):
        return "The cell says true or false. Type the figure."
    if isinstance(value, (date, datetime, time, timedelta)):
        return "The cell is a date or a time. Type the figure and set the format of the cell to General."
    if isinstance(value, (int, float)):
        return "" if math.isfinite(value) and abs(value) < 1e15 else "The figure is too large to be true."
    text = str(value).strip()
    shown = f"'{text[:40]}'"
    if POINT.fullmatch(text) and text.isascii():
        return f"The number {shown} is stored as text. Type it again as a number."
    if GROUPED.fullmatch(text):
        return f"{shown} has separators of thousands, or a decimal sign that is not the computer's. Type digits only."
    if COMMA.fullmatch(text):
        return f"{shown} has a decimal comma, which this spreadsheet took for text. Type it with its decimal sign."
    if any(character.isdigit() and not character.isascii() for character in text):
        return f"{shown} is written in digits of another script. Type it in the digits 0 to 9."
    if text.startswith("<") or text.endswith("*") or text.startswith("("):
        return f"{shown} holds a mark. Type the figure alone, and put what the mark means into 'Status' or 'Note'."
    return f"{shown} is no number. Type the figure, or leave the cell empty and choose a status that says why."


def plain(number: float) -> str:
    """The digits of a number as a person would type them: no exponent, no binary noise."""
    text = format(number, f".{PRECISION}g")
    return format(Decimal(text), "f") if "e" in text else text


def _status(filled: Filled, sheet: str, row: int, at: Mapping[str, int], value: str, structure: Structure) -> str:
    column = at["obs_status"]
    text = filled.text(sheet, row, column)
    codes = structure.codelists["CL_OBS_STATUS"]
    status = layout.untagged(text)
    has_value = filled.text(sheet, row, at["obs_value"]) != ""
    if not text:
        if not has_value:
            sentence = "Give the figure, or choose the status that says why there is none."
            filled.fault(sheet, row, at["obs_value"], "value-or-status", sentence)
        return "A"
    if status not in codes.codes:
        filled.fault(sheet, row, column, "known-status", f"'{text[:60]}' is not in the list. Choose a status.")
    elif has_value and status in NO_VALUE_STATUSES:
        sentence = f"'{codes.label(status)}' says that there is no figure, but there is one. Change one of the two."
        filled.fault(sheet, row, column, "value-or-status", sentence)
    elif not has_value and status not in NO_VALUE_STATUSES | EITHER_STATUSES:
        sentence = f"'{codes.label(status)}' says that there is a figure, but the cell is empty. Change one of the two."
        filled.fault(sheet, row, column, "value-or-status", sentence)
    return status


def _source(filled: Filled, sheet: str, row: int, column: int, sources: Mapping[str, str]) -> str:
    text = filled.text(sheet, row, column)
    if not text:
        return ""
    source = sources.get(layout.untagged(text), "")
    if not source:
        sentence = f"'{text[:60]}' is not in the list of sources, or its line on '{layout.NEW_SOURCES}' is empty."
        filled.fault(sheet, row, column, "series-source", sentence)
    return source


def prose(filled: Filled, sheet: str, row: int, column: int) -> str:
    """A text that will be published, refused when it could harm a reader's screen or spreadsheet."""
    text = filled.text(sheet, row, column)
    fault = "Write the text in one line, without line breaks." if "\n" in text or "\r" in text else text_fault(text)
    if fault:
        filled.fault(sheet, row, column, "safe-text", fault)
        return ""
    return text
