"""Data tables: figures as issued laid out by class and year, every cell with its flag, limitation and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ilms_publish.arranging import Figures, Observation
from ilms_publish.model import Source
from ilms_publish.pages import words

Marks = tuple[tuple[int, str], ...]
"""Footnote marks: number and id of a limitation, or number of a note."""
NOTE = ""
NARROW, FEW = 12, 7
"""Years that still stand side by side; series that still do when there are more years."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. kind: `` for a value, withheld, missing (explained by status), absent (no row); marks: footnotes."""

    text: str
    kind: str = ""
    flag: str = ""
    flag_words: str = ""
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a row or column, with the footnote marks of everything under it, and a page it leads to."""

    text: str
    marks: Marks = ()
    target: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its heading; total: whether it is a total."""

    head: Head
    cells: tuple[Cell, ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One table ready for its template.

    marks: of everything in the table; notes: numbered texts; absent: whether any cell has no row; flags: marker and
    meaning of each flag used.
    """

    caption: str
    corner: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    absent: bool = False
    flags: tuple[tuple[str, str], ...] = ()
    marks: Marks = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A series that becomes a row or column of a table. target: address of the page that its heading leads to."""

    head: str
    series: Sequence[Observation]
    total: bool = False
    target: str = ""


def numbering(figures: Figures) -> dict[str, int]:
    """Limitations of a table numbered as they are listed: withholding ones first, then those of single cells."""
    whole = figures.whole
    ordered = sorted(figures.table.limitations, key=lambda one: (not one.withholds, one.id in whole))
    return {limitation.id: number for number, limitation in enumerate(ordered, 1)}


def letters(sources: Sequence[Source]) -> dict[str, str]:
    """A letter for each source of a table."""
    return {source.id: LETTERS[number % 26] for number, source in enumerate(sources)}


@dataclass(frozen=True, slots=True)
class Key:
    """A source beside its letter and the limitations that touch everything resting on it."""

    letter: str
    source: Source
    marks: Marks


def keys(figures: Figures) -> list[Key]:
    """The sources of a table by letter."""
    numbers, named, wide = numbering(figures), letters(figures.table.sources), figures.wide
    return [
        Key(named[s.id], s, tuple(sorted((numbers[n], n) for n in wide.get(s.id, ()) if n in numbers)))
        for s in figures.table.sources
    ]


def grid(figures: Figures, caption: str, corner: str, lines: Sequence[Line]) -> Grid:
    """The table of some series: years across when they are few or the series many, else down.

    A footnote mark that every value of a year or of a series carries stands once, in the heading.
    """
    maker = _Maker(figures)
    columns = _columns(lines)
    cells = [[maker.cell(_find(line.series, column)) for column in columns] for line in lines]
    whole = _shared([[cell for row in cells for cell in row]])[0]
    cells = [[_without(cell, whole) for cell in row] for row in cells]
    years = [str(year) if not source else f"{year} ({maker.letters[source]})" for year, source in columns]
    by_source = [maker.source_of([_find(line.series, column) for line in lines]) for column in columns]
    year_heads = [Head(text, marks) for text, marks in zip(years, _shared(list(zip(*cells, strict=True))), strict=True)]
    cells = [[_without(cell, head.marks) for cell, head in zip(row, year_heads, strict=True)] for row in cells]
    line_heads = [Head(line.head, marks, line.target) for line, marks in zip(lines, _shared(cells), strict=True)]
    cells = [[_without(cell, head.marks) for cell in row] for row, head in zip(cells, line_heads, strict=True)]
    sourced = [Cell(text, "source") for text in by_source] if len(set(by_source)) > 1 else []
    marks = [line.total for line in lines]
    across = len(columns) <= NARROW or len(lines) > FEW
    if across:
        rows = [Row(head, tuple(row), total) for head, row, total in zip(line_heads, cells, marks, strict=True)]
        rows += [Row(Head("Source"), tuple(sourced))] if sourced else []
        heads, corner_text = year_heads, corner
    else:
        down = [[*column] for column in zip(*cells, strict=True)]
        added = [[cell] for cell in sourced] or [[] for _ in columns]
        rows = [Row(head, (*row, *more)) for head, row, more in zip(year_heads, down, added, strict=True)]
        heads, corner_text = line_heads + ([Head("Source")] if sourced else []), "Year"
    absent = any(cell.kind == "absent" for row in cells for cell in row)
    flags = tuple(sorted(maker.flags.items()))
    return Grid(caption, corner_text, tuple(heads), tuple(rows), tuple(maker.notes), absent, flags, whole)


def _shared(groups: Sequence[Sequence[Cell]]) -> list[Marks]:
    """The marks that every value of a group carries."""
    found: list[Marks] = []
    for group in groups:
        held = [cell for cell in group if cell.kind not in ("absent", "source")]
        common = set(held[0].marks).intersection(*(cell.marks for cell in held)) if held else set()
        found.append(tuple(sorted(common)))
    return found


def _without(cell: Cell, marks: Marks) -> Cell:
    return replace(cell, marks=tuple(mark for mark in cell.marks if mark not in marks)) if marks else cell


class _Maker:
    """Makes cells and collects the flags and notes that the table must explain."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.wide = figures.wide
        self.numbers = numbering(figures)
        self.letters = letters(figures.table.sources)
        self.flags: dict[str, str] = {}
        self.notes: list[str] = []

    def cell(self, observation: Observation | None) -> Cell:
        """A cell for an observation, or for its absence."""
        if observation is None:
            return Cell("[x]", "absent")
        status = self.figures.structure.codelists["CL_OBS_STATUS"].codes.get(observation.status)
        marker = status.extra.get("marker", "") if status else ""
        meaning = status.label if status else observation.status
        if marker:
            self.flags[marker] = meaning
        noted = self._noted(observation.note)
        beside = self.wide.get(observation.source, frozenset())
        limits = [(self.numbers[n], n) for n in observation.limitations if n in self.numbers and n not in beside]
        marks = (*limits, *noted)
        if not observation.text:
            return Cell(marker or "[x]", "missing", "", meaning, marks)
        kind = "withheld" if observation.withheld else ""
        return Cell(words.number(observation.text), kind, marker, meaning, marks)

    def _noted(self, text: str) -> Marks:
        if not text:
            return ()
        if text not in self.notes:
            self.notes.append(text)
        return ((self.notes.index(text) + 1, NOTE),)

    def source_of(self, observations: Sequence[Observation | None]) -> str:
        """The letters of the sources of one year."""
        held = {o.source for o in observations if o is not None}
        return ", ".join(sorted(self.letters.get(source, source) for source in held))


def _columns(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """Years; a year with several sources for one series gives one column for each source."""
    twice = {year for line in lines for year, times in Counter(o.year for o in line.series).items() if times > 1}
    found = {(o.year, o.source if o.year in twice else "") for line in lines for o in line.series}
    return sorted(found)


def _find(series: Sequence[Observation], column: tuple[int, str]) -> Observation | None:
    year, source = column
    return next((o for o in series if o.year == year and source in ("", o.source)), None)
