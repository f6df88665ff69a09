"""Where everything stands in a questionnaire: the one description that both the writer and the reader follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ilms_publish.model import Source, Structure, TableDefinition

TEMPLATE = "1"
"""Raised whenever a sheet, a heading or a cell of the questionnaire moves."""

COVER, GUIDE, TABLES, QUALITY, NEW_SOURCES, LIMITATIONS, LISTS = (
    "Cover", "Guide", "Tables", "Sources", "New sources", "Limitations", "Lists"
)  # fmt: skip
FIXED = (COVER, GUIDE, TABLES, QUALITY, NEW_SOURCES, LIMITATIONS, LISTS)

COVER_CELLS = {
    "country": (2, "Country"),
    "package": (3, "Package"),
    "round": (4, "Round of collection"),
    "template": (5, "Version of this template"),
    "version": (6, "Published version of the package"),
    "agency": (7, "Agency that fills in this questionnaire (no names of persons)"),
    "date": (8, "Date of this reply, for example 2026-11-30"),
}
"""Name -> row of the cover and the words in column A; the answer stands in column B."""
FILLED_COVER = ("agency", "date")

HEAD_CELLS = {
    "source": (4, "Source of the figures entered below (a source in a row of its own goes before it)"),
    "kind": (5, "If published figures change: scheduled revision or correction?"),
    "reason": (6, "If published figures change: why, in a sentence for the reader"),
}
"""The same for a sheet of figures."""
HEADER_ROW = 8
FREE_ROWS = 60
"""Rows at the end of a sheet of figures for years and classes that are not listed."""

TABLES_HEADINGS = ("Table", "Title", "Years published", "State now", "Reason now", "New state", "Reason")
QUALITY_HEADINGS = ("Source", "Concept", "Question", "Answer now", "Choice", "In words")
NEW_HEADINGS = ("Slot", "Short name", "Title", "Type", "Address (https://…)", "Agency that produces the figures")
LIMITATION_HEADINGS = ("Limitation", "What it says", "How the figures are treated")
SLOTS = ("new-1", "new-2", "new-3")
CHOICES_PER_CODES = 6
"""Lines for a question with several answers."""
KINDS = {"scheduled": "Scheduled revision", "correction": "Correction of an error"}
ASKED_STATES = ("not_supplied", "not_possible")
TAGGED = re.compile(r".*\[([A-Za-z0-9_.-]+)\]")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a sheet of figures, 1 = A."""

    keys: tuple[str, ...]
    headings: tuple[str, ...]

    def of(self, name: str) -> int:
        """Position of a key or of one of the cells to fill in."""
        if name in self.keys:
            return self.keys.index(name) + 1
        return len(self.headings) - len(FILL) + FILL.index(name) + 1


REFERENCE = ("Published figure", "Published for", "Its source", "Its limitations")
FILL = ("obs_value", "obs_status", "source", "note")


def columns(table: TableDefinition, structure: Structure) -> Columns:
    """Keys, what is published, then the cells to fill in; the unit stands in the heading of the figure."""
    keys = ("sex", *table.dimensions, "time_period")
    titles = [structure.dimensions["sex"].title, *(structure.dimensions[one].title for one in table.dimensions), "Year"]
    fill = (f"Figure ({table.unit})", "Status", "Source, if another", "Note")
    return Columns(keys, (*titles, *REFERENCE, *fill))


def tagged(label: str, code: str) -> str:
    """A label with its code, as drop-downs show it."""
    return f"{label} [{code}]"


def untagged(text: str) -> str:
    """The code in a text of a drop-down, or the text itself."""
    match = TAGGED.fullmatch(text)
    return match[1] if match else text


def cell(row: int, column: int) -> str:
    """The name of a cell as a spreadsheet shows it; both count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def lists(structure: Structure, sources: Mapping[str, Source]) -> dict[str, list[str]]:
    """Every drop-down by name: the columns, the concepts of quality, sources, kinds of change, states."""
    made = {
        column: [tagged(code.label, code.code) for code in structure.codelist(column).codes.values()]
        for column in ("sex", "obs_status", *(one for one in structure.dimensions if one not in ("ref_area", "sex")))
        if column != "origin"
    }
    gaps = [tagged(gap.title, gap.id) for gap in structure.gap_codes.values()]
    for concept in structure.quality.values():
        if not concept.computed:
            made[concept.id] = [tagged(label, code) for code, label in concept.values.items()] + gaps
    made["source"] = [tagged(source.title, source.id) for source in sources.values()]
    made["source"] += [tagged(f"New source {number}", slot) for number, slot in enumerate(SLOTS, 1)]
    made["kind"] = [tagged(label, code) for code, label in KINDS.items()]
    states = structure.codelists["CL_COLLECTION"]
    made["state"] = [tagged(states.label(state), state) for state in ASKED_STATES]
    types = structure.codelists["CL_SOURCE_TYPE"].codes.values()
    made["type"] = [tagged(one.label, one.code) for one in types]
    return made
