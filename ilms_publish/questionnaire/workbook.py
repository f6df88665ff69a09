"""Writes a questionnaire as a workbook: the same bytes every time, locked but for the cells to fill in."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ilms_publish.model import Answer, Concept, Source, Structure
from ilms_publish.questionnaire import layout
from ilms_publish.questionnaire.guide import GUIDE
from ilms_publish.questionnaire.plan import Plan, Sheet

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CREATED = datetime(2026, 1, 1)
"""A workbook that holds the hour of its making would differ each time."""
LOOKS = {
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EDE8DC"},
    "text": {},
    "wrap": {"text_wrap": True, "valign": "top"},
    "known": {"font_color": "#595959"},
    "fill": {"locked": False, "bg_color": "#FFFBE6", "border": 1, "border_color": "#BFB8A5"},
}
WIDTHS = {
    layout.TABLES: (28, 60, 18, 26, 50, 26, 60),
    layout.QUALITY: (44, 34, 60, 50, 40, 60),
    layout.NEW_SOURCES: (18, 26, 50, 40, 40, 50),
    layout.LIMITATIONS: (40, 110, 34),
}
KEY_WIDTH, OTHER_WIDTH, LONG_WIDTH = 34, 22, 70
"""A long text would run on into the cells to fill in, which are empty."""
NUMBER_LIMIT = 1e15


class _Book:
    """A workbook under construction: its formats and where its lists stand."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self.bytes = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.bytes, OPTIONS)
        self.book.set_properties({"created": CREATED, "title": "ILMS questionnaire"})
        self.looks: dict[str, Format] = {name: self.book.add_format(look) for name, look in LOOKS.items()}
        self.ranges = {
            name: f"={layout.LISTS}!${column}$2:${column}${len(items) + 1}"
            for (name, items), column in zip(lists.items(), map(_letters, range(1, len(lists) + 1)), strict=True)
        }

    def sheet(self, name: str, widths: Sequence[int], *, frozen: int = 0) -> Worksheet:
        """A new locked sheet; no password, since the lock only saves from slips."""
        sheet: Worksheet = self.book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if frozen:
            sheet.freeze_panes(frozen, 0)
            sheet.repeat_rows(frozen - 1)
        return sheet

    def put(self, sheet: Worksheet, row: int, cells: Sequence[str], look: str = "text", column: int = 1) -> None:
        """A row of texts; whatever they hold, they stay texts."""
        for number, text in enumerate(cells, column):
            if text or look == "fill":
                sheet.write_string(row - 1, number - 1, text, self.looks[look])

    def choose(self, sheet: Worksheet, name: str, column: int, first: int, last: int = 0) -> None:
        """A drop-down in some rows of a column."""
        rule = {
            "validate": "list",
            "source": self.ranges[name],
            "error_title": "Not in the list",
            "error_message": "Choose one of the list, or leave the cell empty.",
        }
        sheet.data_validation(first - 1, column - 1, (last or first) - 1, column - 1, rule)


def _letters(column: int) -> str:
    return layout.cell(1, column)[:-1]


def workbook(plan: Plan) -> bytes:
    """The bytes of the questionnaire."""
    lists = layout.lists(plan.structure, plan.package.sources)
    book = _Book(lists)
    _cover(book, plan)
    _guide(book)
    _tables(book, plan)
    for sheet in plan.sheets:
        _figures(book, sheet, plan.structure)
    _quality(book, plan)
    _new_sources(book)
    _limitations(book, plan)
    _lists(book, lists)
    book.book.close()
    return book.bytes.getvalue()


def _cover(book: _Book, plan: Plan) -> None:
    sheet = book.sheet(layout.COVER, (64, 60))
    area = plan.structure.codelists["CL_AREA"].label(plan.package.area)
    known = {
        "country": layout.tagged(area, plan.package.area),
        "package": plan.package.id,
        "round": plan.round,
        "template": layout.TEMPLATE,
        "version": plan.package.version,
    }
    book.put(sheet, 1, ["International labour migration statistics: questionnaire"], "title")
    for name, (row, words) in layout.COVER_CELLS.items():
        book.put(sheet, row, [words])
        book.put(sheet, row, [known.get(name, "")], "fill" if name in layout.FILLED_COVER else "text", 2)


def _guide(book: _Book) -> None:
    sheet = book.sheet(layout.GUIDE, (110,))
    book.put(sheet, 1, ["How to fill in this questionnaire"], "title")
    for row, text in enumerate(GUIDE, 2):
        book.put(sheet, row, [text], "wrap")


def _tables(book: _Book, plan: Plan) -> None:
    sheet = book.sheet(layout.TABLES, WIDTHS[layout.TABLES], frozen=1)
    states = plan.structure.codelists["CL_COLLECTION"]
    book.put(sheet, 1, layout.TABLES_HEADINGS, "heading")
    for row, one in enumerate(plan.sheets, 2):
        held = f"{one.held[0]}-{one.held[-1]}" if len(one.held) > 1 else "".join(one.held)
        book.put(sheet, row, [one.table.id, one.table.title, held, states.label(one.state), one.reason])
        book.put(sheet, row, ["", ""], "fill", 6)
    book.choose(sheet, "state", 6, 2, max(len(plan.sheets), 1) + 1)


def _figures(book: _Book, one: Sheet, structure: Structure) -> None:
    columns = layout.columns(one.table, structure)
    keys = len(columns.keys)
    head = layout.HEADER_ROW
    widths = [KEY_WIDTH] * keys + [OTHER_WIDTH] * (len(columns.headings) - keys)
    widths[keys + layout.REFERENCE.index("Its limitations")] = LONG_WIDTH
    sheet = book.sheet(one.table.id, widths, frozen=head)
    book.put(sheet, 1, [f"{one.table.id}: {one.table.title}"], "title")
    book.put(sheet, 2, [one.table.definition])
    book.put(sheet, 3, [f"Unit: {one.table.unit}. Population: {one.table.population}."])
    for name, (row, words) in layout.HEAD_CELLS.items():
        book.put(sheet, row, [words])
        book.put(sheet, row, [""], "fill", keys)
        if name != "reason":
            book.choose(sheet, name, keys, row)
    book.put(sheet, head, columns.headings, "heading")
    lists = [structure.codelist(column) for column in columns.keys[:-1]]
    for number, asked in enumerate(one.rows, head + 1):
        labels = [layout.tagged(codes.label(code), code) for codes, code in zip(lists, asked.key, strict=False)]
        book.put(sheet, number, [*labels, asked.key[-1]])
        known = asked.reference
        book.put(sheet, number, [known.value, known.year, known.source, known.limitations], "known", keys + 1)
        book.put(sheet, number, [""] * len(layout.FILL), "fill", keys + len(layout.REFERENCE) + 1)
    first, last = head + 1, head + len(one.rows) + layout.FREE_ROWS
    for number in range(head + len(one.rows) + 1, last + 1):
        book.put(sheet, number, [""] * keys, "fill")
        book.put(sheet, number, [""] * len(layout.FILL), "fill", keys + len(layout.REFERENCE) + 1)
    for column in columns.keys[:-1]:
        book.choose(sheet, column, columns.of(column), head + len(one.rows) + 1, last)
    _rules(book, sheet, columns, first, last)


def _rules(book: _Book, sheet: Worksheet, columns: layout.Columns, first: int, last: int) -> None:
    """What the cells to fill in accept; a paste can get past it, so the import checks again."""
    for name in ("obs_status", "source"):
        book.choose(sheet, name, columns.of(name), first, last)
    figure = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": -NUMBER_LIMIT,
        "maximum": NUMBER_LIMIT,
        "error_title": "Not a number",
        "error_message": "Type the figure as a number, without spaces or separators of thousands.",
    }
    at = columns.of("obs_value") - 1
    sheet.data_validation(first - 1, at, last - 1, at, figure)


def _quality(book: _Book, plan: Plan) -> None:
    sheet = book.sheet(layout.QUALITY, WIDTHS[layout.QUALITY], frozen=1)
    book.put(sheet, 1, layout.QUALITY_HEADINGS, "heading")
    row = 2
    for source in plan.package.sources.values():
        for concept in plan.structure.quality.values():
            if concept.computed:
                continue
            lines = layout.CHOICES_PER_CODES if concept.form == "codes" else 1
            for line in range(lines):
                named = [layout.tagged(source.title, source.id), layout.tagged(concept.title, concept.id)]
                asked = [concept.question, _answer(source, concept, plan.structure)] if not line else []
                book.put(sheet, row, [*named, *asked], "wrap")
                book.put(sheet, row, ["", ""] if not line else [""], "fill", 5)
                book.choose(sheet, concept.id, 5, row)
                row += 1


def _answer(source: Source, concept: Concept, structure: Structure) -> str:
    answer = source.answers.get(concept.id) or source.answers.get("*") or Answer()
    if answer.gap:
        return structure.gap_codes[answer.gap].title
    labels = "; ".join(concept.values.get(code, code) for code in answer.codes)
    return ": ".join(part for part in (labels, answer.text) if part)


def _new_sources(book: _Book) -> None:
    sheet = book.sheet(layout.NEW_SOURCES, WIDTHS[layout.NEW_SOURCES], frozen=1)
    book.put(sheet, 1, layout.NEW_HEADINGS, "heading")
    for row, (number, slot) in enumerate(enumerate(layout.SLOTS, 1), 2):
        book.put(sheet, row, [layout.tagged(f"New source {number}", slot)])
        book.put(sheet, row, [""] * (len(layout.NEW_HEADINGS) - 1), "fill", 2)
    book.choose(sheet, "type", 4, 2, len(layout.SLOTS) + 1)


def _limitations(book: _Book, plan: Plan) -> None:
    """What must be known of the published figures that stand beside the empty cells."""
    sheet = book.sheet(layout.LIMITATIONS, WIDTHS[layout.LIMITATIONS], frozen=1)
    actions = plan.structure.codelists["CL_LIMITATION_ACTION"]
    book.put(sheet, 1, layout.LIMITATION_HEADINGS, "heading")
    for row, one in enumerate(plan.package.limitations, 2):
        book.put(sheet, row, [one.id, one.text, actions.label(one.action)], "wrap")


def _lists(book: _Book, lists: Mapping[str, Sequence[str]]) -> None:
    sheet = book.sheet(layout.LISTS, ())
    sheet.hide()
    for column, (name, items) in enumerate(lists.items(), 1):
        for row, text in enumerate((name, *items), 1):
            book.put(sheet, row, [text], column=column)
