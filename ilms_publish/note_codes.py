"""Our own note codes in ILOSTAT's layout: they carry what its twelve columns have no place for, there and back.

A note column holds codes joined by `_`; ILOSTAT's own have the form `TYPE:ID`, ours start with `ILMS-`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

COLUMNS = {"note_classif": "classif", "note_indicator": "indicator", "note_source": "source"}
"""Note columns of the layout -> the word before their content in our `note` column."""
WITHHELD, LIMITATION, STATUS, REMARK = "ILMS-W", "ILMS-L", "ILMS-O", "ILMS-N"
MEANINGS = {
    WITHHELD: "the figure is withheld from use for the reason that the named limitation gives",
    LIMITATION: "the named limitation touches the figure",
    STATUS: "observation status of the SDMX list, where ILOSTAT’s own list has no letter for it alone",
    REMARK: "a remark on the figure that is no code, percent-encoded",
}
SOURCE = "ILMS:"
"""Starts a source label made of an id of our register, where ILOSTAT's own label is not known."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the note columns of one row say. note: our `note` column; status: SDMX letter, empty when not told."""

    note: str
    status: str


def write(note: str, withheld: Iterable[str], limitations: Iterable[str], status: str) -> dict[str, str]:
    """The three note columns of one row.

    withheld: ids of the limitations that withhold the figure; limitations: ids of the others; status: SDMX
    letter, empty when obs_status says it.
    """
    columns = _issued(note)
    ours = [f"{WITHHELD}:{name}" for name in withheld] + [f"{LIMITATION}:{name}" for name in limitations]
    ours += [f"{STATUS}:{status}"] if status else []
    if columns is None:
        columns = dict.fromkeys(COLUMNS, "")
        ours.append(f"{REMARK}:{quote(note, safe='').replace('_', '%5F')}")
    columns["note_indicator"] = "_".join(filter(None, [columns["note_indicator"], *ours]))
    return columns


def _issued(note: str) -> dict[str, str] | None:
    """Our `note` as ILOSTAT's three columns; None when it is a remark in words."""
    columns = dict.fromkeys(COLUMNS, "")
    words = {word: column for column, word in COLUMNS.items()}
    for part in filter(None, note.split("; ")):
        word, space, codes = part.partition(" ")
        if word not in words or not space or ":" not in codes or " " in codes or columns[words[word]]:
            return None
        columns[words[word]] = codes
    return columns if "; ".join(_told(columns)) == note else None


def read(columns: Mapping[str, str]) -> Told:
    """What the note columns of one row say, our own codes taken out and understood."""
    left: dict[str, str] = {}
    status, remark = "", ""
    for column in COLUMNS:
        kept = []
        for code in columns[column].split("_"):
            kind, _, value = code.partition(":")
            if kind == STATUS:
                status = value
            elif kind == REMARK:
                remark = unquote(value)
            elif kind not in (WITHHELD, LIMITATION):
                kept.append(code)
        left[column] = "_".join(kept)
    return Told("; ".join(filter(None, [*_told(left), remark])), status)


def _told(columns: Mapping[str, str]) -> list[str]:
    return [f"{word} {columns[column]}" for column, word in COLUMNS.items() if columns[column]]
