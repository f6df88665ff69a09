"""ILOSTAT's bulk layout: the same twelve columns, and what they have no place for as note codes of our own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from ilms_publish import note_codes
from ilms_publish.catalogue import PublishedTable
from ilms_publish.downloads.described import withholding
from ilms_publish.model import Package, Structure
from ilms_publish.writing import to_csv

COLUMNS = (
    "ref_area", "source", "indicator", "sex", "classif1", "classif2", "time", "obs_value", "obs_status",
    *note_codes.COLUMNS,
)  # fmt: skip
ANNUAL = "_A"


def ilostat_csv(pieces: Sequence[pd.DataFrame]) -> bytes:
    """Tables in the bulk layout, one after the other. pieces: as `ilostat_rows` gives them."""
    return to_csv(pd.concat(pieces) if pieces else pd.DataFrame(columns=list(COLUMNS)))


def status_letters(structure: Structure) -> dict[str, str]:
    """SDMX status -> ILOSTAT's letter, where one alone maps to it. A normal value bears none, as in ILOSTAT's files."""
    codes = structure.codelists["CL_ILOSTAT_STATUS"].codes.values()
    count = Counter(code.extra["sdmx"] for code in codes)
    return {code.extra["sdmx"]: code.code for code in codes if count[code.extra["sdmx"]] == 1} | {"A": ""}


def ilostat_rows(table: PublishedTable, structure: Structure) -> pd.DataFrame:
    """The rows of one national table in the twelve columns.

    obs_status is ILOSTAT's letter only where exactly one letter stands for the SDMX status.
    """
    frame, letters = table.frame, status_letters(structure)
    classes = [frame[dimension] for dimension in table.definition.dimensions] + [""] * 2
    made = {
        "ref_area": frame["ref_area"],
        "source": frame["source"].map(source_labels(table.package)),
        "indicator": table.definition.id + ANNUAL,
        "sex": frame["sex"],
        "classif1": classes[0],
        "classif2": classes[1],
        "time": frame["time_period"],
        "obs_value": frame["obs_value"],
        "obs_status": frame["obs_status"].map(lambda status: letters.get(status, "")),
    }
    return pd.DataFrame(made, index=frame.index).join(_notes(table, letters))[list(COLUMNS)]


def source_labels(package: Package) -> dict[str, str]:
    """Source id -> ILOSTAT's label for it, where one is known and no other source bears it; else our own id."""
    count = Counter(label for source in package.sources.values() for label in source.ilostat)
    return {
        source.id: source.ilostat[0]
        if len(source.ilostat) == 1 and count[source.ilostat[0]] == 1
        else note_codes.SOURCE + source.id
        for source in package.sources.values()
    }


def _notes(table: PublishedTable, letters: Mapping[str, str]) -> pd.DataFrame:
    """The note columns; each distinct combination is put together once."""
    cause = withholding(table.limitations)
    made: dict[tuple[str, ...], dict[str, str]] = {}
    cells = (table.frame[column].tolist() for column in ("note", "limitations", "obs_status", "obs_value"))
    rows = []
    for note, limitations, status, value in zip(*cells, strict=True):
        told = "" if _understood(status, value, letters) else status
        key = (note, limitations, told)
        if key not in made:
            names = limitations.split()
            withheld = [name for name in names if name in cause]
            made[key] = note_codes.write(note, withheld, [name for name in names if name not in cause], told)
        rows.append(made[key])
    return pd.DataFrame(rows, index=table.frame.index, columns=list(note_codes.COLUMNS))


def _understood(status: str, value: str, letters: Mapping[str, str]) -> bool:
    """Whether a reader gets the status back from obs_status and obs_value alone."""
    if not value:
        return status == "O" or bool(letters.get(status))
    return status in letters
