"""The key tables as plain rows and columns: every cell with its notes, every country with year, source and group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ilms_publish.arranging import Figures, Observation
from ilms_publish.comparability import compare, groups, report
from ilms_publish.model import Source
from ilms_publish.pages import sentences, words
from ilms_publish.pages.comparing import common, tell
from ilms_publish.pages.edition import Edition, address

ABSENT, SELF, HELD = "[x]", "[z]", "[withheld]"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MEANINGS = {
    ABSENT: "no value is printed or held; the people may stand in another class, and it is not zero",
    SELF: "not applicable: nationals in their own country",
    HELD: "the value issued must not be used; the note says why",
}
"""Symbols that stand in place of a value, beside those of the status of a figure."""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote. title: the kind of caveat; told apart by their words, so that one text has one number."""

    title: str
    text: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. text: the value as issued, or a symbol; issued: whether it is a value; flag: mark of its status."""

    text: str
    issued: bool = False
    flag: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One country's figures: where they come from, and a cell for each class of the table.

    counts: who is counted, in words; notes: those that every cell carries, which then stand here alone.
    """

    name: str
    target: str
    year: str
    source: Source | None
    type: str
    basis: str
    counts: str
    cells: tuple[Cell, ...]
    group: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Countries that may be compared. within: what still differs inside; apart: why it is not the first group."""

    letter: str
    places: str
    within: str
    apart: str


@dataclass(frozen=True, slots=True)
class KeyTable:
    """One table. name: of its worksheet; target: page of its definition; down: whether countries are the rows.

    first: how many of the classes, from the top, are totals; left_out: countries without a column, with the reason;
    numbers: whether the values are numbers; notes: those that every country carries, which then stand here alone.
    """

    name: str
    title: str
    target: str
    unit: str
    definition: str
    corner: str
    classes: tuple[str, ...]
    places: tuple[Place, ...]
    first: int = 1
    down: bool = False
    numbers: bool = True
    groups: tuple[Group, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    reading: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def source(self) -> str:
        """The one source of all its figures; empty when there are several."""
        titles = {f"{one.source.title} ({one.basis}): {one.counts}" for one in self.places if one.source}
        return titles.pop() if len(titles) == 1 else ""


def place(edition: Edition, figures: Figures, latest: Observation, cells: Iterable[Cell]) -> Place:
    """The figures of one country. latest: the observation that speaks for their year and source."""
    package = figures.table.package
    source = package.sources[latest.source]
    told = tuple(cells)
    shared = [set(cell.notes) for cell in told if cell.issued or cell.text not in (ABSENT, SELF)]
    common_notes = set.intersection(*shared) if shared else set()
    first = next((cell.notes for cell in told if cell.notes), ())
    return Place(
        edition.area(latest.codes["ref_area"]), address(package, figures.definition), str(latest.year), source,
        edition.source_type(source), edition.basis(figures.table, source, latest.year),
        sentences.noun(figures, latest),
        tuple(replace(cell, notes=tuple(n for n in cell.notes if n not in common_notes)) for cell in told),
        notes=tuple(note for note in first if note in common_notes),
    )  # fmt: skip


def hoisted(table: KeyTable) -> KeyTable:
    """The table with the notes that every country carries beside its title; empty columns are not asked."""
    held = [one for one in table.places if any(cell.issued for cell in one.cells)]
    shared = tuple(note for note in held[0].notes if all(note in one.notes for one in held)) if held else ()
    places = tuple(replace(one, notes=tuple(note for note in one.notes if note not in shared)) for one in table.places)
    return replace(table, notes=shared, places=places)


def cell(edition: Edition, figures: Figures, found: Observation | None) -> Cell:
    """An observation as a cell; a withheld value is not shown."""
    if found is None:
        return Cell(ABSENT)
    notes = notes_of(edition, figures, found)
    status = edition.structure.codelist("obs_status").codes[found.status]
    marker = status.extra.get("marker", "")
    if found.withheld:
        return Cell(HELD, notes=notes)
    if not found.text:
        return Cell(marker or ABSENT, notes=notes)
    return Cell(found.text, True, marker, notes)


def notes_of(edition: Edition, figures: Figures, found: Observation) -> tuple[Note, ...]:
    """The limitations that touch an observation, and the note that came with it."""
    types = edition.structure.limitation_types
    told = []
    for name in found.limitations:
        one = figures.limitations[name]
        title = types[one.type].title if one.type in types else one.type
        told.append(Note(title, one.text, one.evidence))
    return (*told, *([Note("Note as issued", found.note)] if found.note else []))


def grouped(edition: Edition, rows: Sequence[tuple[Place, Figures, Observation]]) -> tuple[
    tuple[Place, ...], tuple[Group, ...]
]:  # fmt: skip
    """The places with the letter of the group in which they may be compared, groups in order; why they are apart."""
    reports = [report(figures, latest, dated=True) for _, figures, latest in rows]
    found = groups(reports)
    places, told = [], []
    for letter, members in zip(LETTERS, found, strict=False):
        inside = [
            compare(reports[one], reports[other]) for place, one in enumerate(members) for other in members[:place]
        ]
        names = words.listed(rows[one][0].name for one in members)
        sides = words.place(rows[found[0][0]][0].name), words.place(rows[members[0]][0].name)
        apart = ""
        if members is not found[0]:
            verdict = tell(edition.structure, compare(reports[found[0][0]], reports[members[0]]), sides)
            kin = verdict.modifier in ("same", "care")
            apart = f"{'another kind of source' if kin else verdict.verdict}; {verdict.because}".rstrip("; ")
        told.append(Group(letter, names, "; ".join(common(inside, edition.structure)), apart))
        places += [replace(rows[one][0], group=letter) for one in members]
    return tuple(places), tuple(told)


def ordered_notes(tables: Iterable[KeyTable]) -> Mapping[Note, int]:
    """Every note of some tables with its number, in the order in which a reader meets them."""
    found: dict[Note, int] = {}
    for table in tables:
        for note in table.notes:
            found.setdefault(note, len(found) + 1)
        for one in table.places:
            for note in (*one.notes, *(note for cell in one.cells for note in cell.notes)):
                found.setdefault(note, len(found) + 1)
    return found


def flags(edition: Edition, tables: Iterable[KeyTable]) -> list[tuple[str, str]]:
    """The symbols that occur in some tables, each with its meaning."""
    statuses = edition.structure.codelist("obs_status").codes.values()
    known = MEANINGS | {one.extra["marker"]: words.small(one.label) for one in statuses
                        if one.extra.get("marker") and one.extra["marker"] not in MEANINGS}  # fmt: skip
    cells = [cell for table in tables for one in table.places for cell in one.cells]
    used = {cell.flag for cell in cells} | {cell.text for cell in cells if not cell.issued}
    return [(mark, meaning) for mark, meaning in known.items() if mark in used]
