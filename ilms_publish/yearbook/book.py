"""The key tables as one workbook: numbers in cells, notes in a column beside them, symbols and sources explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ilms_publish.downloads.described import licence
from ilms_publish.downloads.sheets import NONE, Cell, Issued, Sheet
from ilms_publish.downloads.workbook import About, written
from ilms_publish.pages.edition import Edition
from ilms_publish.yearbook import key_tables
from ilms_publish.yearbook.chapters import Chapter, chapters
from ilms_publish.yearbook.key_tables import KeyTable, Note, Place, flags, ordered_notes

TITLE = "Key tables of labour migration for a yearbook"
Numbers = Mapping[Note, int]


def workbook(edition: Edition) -> bytes:
    """The workbook; the same figures and notes as the pages to print."""
    told = terms(edition)
    about = About(
        TITLE, edition.structure.collection.title, "ILMS Publish contributors", f"Licence: {told}", edition.updated
    )
    return written(about, sheets(edition, chapters(edition), told))


def terms(edition: Edition) -> str:
    """The licences of all editions that figures were taken from."""
    return "; ".join(dict.fromkeys(licence(package.licences) for package in edition.catalogue.packages.values()))


def sheets(edition: Edition, found: Sequence[Chapter], told: str) -> list[Sheet]:
    """Every worksheet: cover, contents, notes, symbols, definitions, countries, groups, then the tables."""
    tables = [table for chapter in found for table in chapter.tables]
    numbers = ordered_notes(tables)
    about = [_notes(numbers), _symbols(edition, tables), _definitions(tables), _countries(tables, numbers),
             _groups(tables)]  # fmt: skip
    figures = [_table(table, numbers) for table in tables]
    held = [sheet for sheet in about if sheet.rows]
    return [_cover(edition, found, told), _contents([*held, *figures]), *held, *figures]


def _cover(edition: Edition, found: Sequence[Chapter], told: str) -> Sheet:
    lines = (
        "Subjects: " + "; ".join(chapter.title for chapter in found) + ".",
        f"Last updated: {edition.updated}. Each figure is the newest usable one of its country: years differ.",
        "Figures stand as issued. Nothing is added up, averaged or ranked: countries count different people.",
        "Countries that may be compared stand in one group; Groups says why the others stand apart.",
        "Notes in square brackets are explained in Notes, symbols in Symbols, sources in Countries.",
        f"Licence of the editions: {told}. National sources keep their own terms.",
    )
    return Sheet("Cover", f"{TITLE}: {edition.structure.collection.title}", lines, widths=(110,))


def _contents(held: Sequence[Sheet]) -> Sheet:
    rows: list[list[Cell]] = [[sheet.name, sheet.title.partition(" [note")[0]] for sheet in held]
    lines = ("This worksheet contains one table.",)
    return Sheet("Contents", "Contents", lines, ("Worksheet", "Title"), (30, 100), rows, True)


def _notes(numbers: Numbers) -> Sheet:
    rows: list[list[Cell]] = [[f"[note {number}]", note.text, note.title, note.evidence or NONE]
                              for note, number in numbers.items()]  # fmt: skip
    lines = ("This worksheet contains one table. Notes say what limits the figures they stand beside.",)
    return Sheet("Notes", "Notes: limitations of the figures", lines, ("Note", "Text", "Kind", "Evidence"),
                 (10, 90, 34, 70), rows)  # fmt: skip


def _symbols(edition: Edition, tables: Sequence[KeyTable]) -> Sheet:
    rows: list[list[Cell]] = [[mark, meaning] for mark, meaning in flags(edition, tables)]
    lines = ("This worksheet contains one table. A symbol in place of a value says why there is none; one in the "
             "column Notes says more of a value.",)  # fmt: skip
    return Sheet("Symbols", "Symbols", lines, ("Symbol", "Meaning"), (14, 90), rows)


def _definitions(tables: Sequence[KeyTable]) -> Sheet:
    rows: list[list[Cell]] = [[one.name, one.title, one.definition, one.unit, one.reading or NONE] for one in tables]
    lines = ("This worksheet contains one table.",)
    return Sheet("Definitions", "Definitions: what each table shows", lines,
                 ("Table", "Title", "Definition", "Unit", "How to read it"), (28, 60, 90, 20, 60), rows)  # fmt: skip


def _countries(tables: Sequence[KeyTable], numbers: Numbers) -> Sheet:
    rows: list[list[Cell]] = []
    for table in tables:
        for one in table.places:
            if one.source:
                rows.append([table.name, one.name, one.year, one.group or NONE, one.counts, one.source.title, one.type,
                             one.basis, _marks((*table.notes, *one.notes), numbers) or NONE])  # fmt: skip
        rows += [[table.name, name, NONE, NONE, f"left out: {why}", NONE, NONE, NONE, NONE]
                 for name, why in table.left_out]  # fmt: skip
    lines = ("This worksheet contains one table. Notes here hold for every figure of the country in that table.",)
    columns = ("Table", "Country", "Year", "Group", "Who is counted", "Source", "Kind of source", "Basis of the source",
               "Notes")  # fmt: skip
    return Sheet("Countries", "Countries in each table: year, source and notes of all their figures", lines, columns,
                 (28, 30, 8, 8, 60, 60, 30, 18, 40), rows)  # fmt: skip


def _groups(tables: Sequence[KeyTable]) -> Sheet:
    rows: list[list[Cell]] = [
        [table.name, one.letter, one.places, one.within or NONE, one.apart or NONE]
        for table in tables for one in table.groups
    ]  # fmt: skip
    lines = ("This worksheet contains one table. Figures may be compared, with care, inside a group only.",)
    columns = ("Table", "Group", "Countries", "What still differs inside", "Why it is not group A")
    return Sheet("Groups", "Groups of countries whose figures may be compared", lines, columns,
                 (28, 8, 60, 70, 90), rows)  # fmt: skip


def _table(table: KeyTable, numbers: Numbers) -> Sheet:
    lines = (
        f"Unit: {table.unit}. {table.definition}",
        "This worksheet contains one table. Notes, symbols, sources and groups are explained in the worksheets Notes, "
        "Symbols, Countries and Groups. Notes beside the title hold for every figure."
        + (f" {table.reading}" if table.reading else ""),
    )
    columns, widths, rows = _down(table, numbers) if table.down else _across(table, numbers)
    title = f"{table.title} ({table.unit}) {_marks(table.notes, numbers)}".rstrip()
    return Sheet(table.name, title, lines, columns, widths, rows)


Laid = tuple[list[str], list[int], list[list[Cell]]]


def _down(table: KeyTable, numbers: Numbers) -> Laid:
    """A row for each country."""
    rows: list[list[Cell]] = []
    for one in table.places:
        marks = [_marks(one.notes, numbers), *_told(list(zip(table.classes, one.cells, strict=True)), numbers)]
        source = one.source.title if one.source else NONE
        rows.append([one.name, one.group or NONE, one.year, *[_value(table, cell) for cell in one.cells],
                     "; ".join(filter(None, marks)) or NONE, source, one.basis])  # fmt: skip
    columns = [table.corner, "Group", "Year", *table.classes, "Notes", "Source", "Basis of the source"]
    return columns, [32, 8, 8, *[16] * len(table.classes), 50, 60, 18], rows


def _across(table: KeyTable, numbers: Numbers) -> Laid:
    """A row for each class; a heading says year and group of its country, with the notes of all its figures."""
    rows: list[list[Cell]] = []
    for place, head in enumerate(table.classes):
        cells = [(one.name, one.cells[place]) for one in table.places]
        notes = "; ".join(_told(cells, numbers)) or NONE
        rows.append([head, *[_value(table, cell) for _, cell in cells], notes])
    heads = [_head(one, numbers) for one in table.places]
    return [table.corner, *heads, "Notes"], [44, *[18] * len(heads), 50], rows


def _head(one: Place, numbers: Numbers) -> str:
    parts = [one.name, one.year, f"group {one.group}" if one.group else ""]
    return f"{', '.join(filter(None, parts))} {_marks(one.notes, numbers)}".rstrip()


def _told(cells: Sequence[tuple[str, key_tables.Cell]], numbers: Numbers) -> list[str]:
    """`Women: [b] [note 2]` for each cell that has a mark of its own."""
    marked = [(head, f"{cell.flag} {_marks(cell.notes, numbers)}".strip()) for head, cell in cells]
    return [f"{head}: {marks}" for head, marks in marked if marks]


def _marks(notes: Sequence[Note], numbers: Numbers) -> str:
    return " ".join(f"[note {number}]" for number in sorted(numbers[note] for note in notes))


def _value(table: KeyTable, cell: key_tables.Cell) -> Cell:
    return Issued(cell.text) if cell.issued and table.numbers else cell.text
