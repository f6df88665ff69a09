"""The published figures that changed: each entry in words, and what stands in their place now."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ilms_publish.catalogue import WITHHELD, Catalogue
from ilms_publish.model import Package, Structure, TableDefinition
from ilms_publish.reading import records
from ilms_publish.scope import conditions, covered, matches

KINDS = {"scheduled": "Scheduled revision", "correction": "Correction of an error"}


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of a history. figures: its cells in words; where, years, pattern: the same, and the tables, as written;
    code: its kind.
    """

    date: str
    package: Package
    tables: tuple[TableDefinition, ...]
    figures: str
    kind: str
    reason: str
    noticed_by: str
    where: str = ""
    years: str = ""
    code: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Now:
    """A figure that an entry touches, as it stands now. value, before: as issued; empty when withheld or not known."""

    table: TableDefinition
    codes: dict[str, str]
    year: str
    value: str
    before: str
    status: str
    use: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A figure that is no longer published. before: its last value as issued; empty where it may not be told."""

    table: str
    codes: dict[str, str]
    year: str
    before: str


def history(structure: Structure, package: Package, table: str = "") -> Iterator[Revision]:
    """The entries of a package, or of one of its tables, in the order in which they were made."""
    for _, row in records(package.revisions):
        named = [structure.tables[name] for name in structure.tables if matches((row["table"],), name)]
        held = tuple(one for one in named if one.id in package.held and table in ("", one.id))
        if held or (named and not table):
            figures = ", ".join(filter(None, (_classes(structure, row["where"]), row["years"].replace("-", "–"))))
            yield Revision(
                row["date"], package, held, figures, KINDS.get(row["kind"], row["kind"]), row["reason"],
                row["noticed_by"], row["where"], row["years"], row["kind"], row["table"],
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Altered:
    """A published figure that is another now. before, after: as issued; after is blank when it was taken back."""

    date: str
    figures: str
    year: str
    before: str
    after: str


def altered(structure: Structure, package: Package, table: str) -> Iterator[Altered]:
    """The old values of a table, the newest change first."""
    rows = [row for _, row in records(package.changes) if row["table"] == table]
    for row in sorted(rows, key=lambda one: one["date"], reverse=True):
        yield Altered(row["date"], _classes(structure, row["where"]), row["year"], row["before"], row["after"])


def newest_first(catalogue: Catalogue) -> list[Revision]:
    """The entries of all packages, the newest first, those of one day by package and order."""
    entries = [one for name in sorted(catalogue.packages) for one in
               history(catalogue.structure, catalogue.packages[name])]  # fmt: skip
    return sorted(entries, key=lambda one: one.date, reverse=True)


def now(catalogue: Catalogue, one: Revision) -> Iterator[Now]:
    """The figures in the scope of an entry as they stand in this edition; a withheld one shows no value."""
    for table in one.tables:
        frame = catalogue.tables[one.package.id, table.id].frame
        old = _before(one.package, table, frame)
        for line, row in frame[covered(frame, one.where, one.years)].iterrows():
            codes = {name: str(row[name]) for name in table.series}
            value, before = ("", "") if row["use"] == WITHHELD else (str(row["obs_value"]), old.get(line, ""))
            yield Now(table, codes, str(row["time_period"]), value, before, str(row["obs_status"]), str(row["use"]))


def gone(catalogue: Catalogue, one: Revision) -> Iterator[Gone]:
    """The figures in the scope of an entry that were published once and are no longer, as far as they were kept."""
    found: dict[tuple[str, str, str], Gone] = {}
    for row in sorted((row for _, row in records(one.package.changes)), key=_date):
        codes = {column: code for column, (code, *_) in conditions(row["where"]).items()}
        codes |= {"ref_area": one.package.area} if one.package.area else {}
        cell = pd.DataFrame([codes | {"time_period": row["year"]}], dtype="str")
        if matches((one.pattern,), row["table"]) and covered(cell, one.where, one.years).all():
            table = catalogue.tables.get((one.package.id, row["table"]))
            if table is None or not covered(table.frame, row["where"], row["year"]).any():
                before = "" if _withheld(one.package, row["table"], cell) else row["before"]
                found[row["table"], row["where"], row["year"]] = Gone(row["table"], codes, row["year"], before)
    yield from found.values()


def _withheld(package: Package, table: str, cell: pd.DataFrame) -> bool:
    """Whether a limitation withholds the cell from use, and with it what stood there before."""
    return any(
        one.withholds and matches(one.tables, table) and covered(cell, one.where, one.years).all()
        for one in package.limitations
    )


def _before(package: Package, table: TableDefinition, frame: pd.DataFrame) -> dict[Hashable, str]:
    """The value that stood on a line before its latest change, where it was kept."""
    found: dict[Hashable, str] = {}
    for row in sorted((row for _, row in records(package.changes) if row["table"] == table.id), key=_date):
        found |= dict.fromkeys(frame.index[covered(frame, row["where"], row["year"])], row["before"])
    return found


def _date(row: Mapping[str, str]) -> str:
    return row["date"]


def _classes(structure: Structure, where: str) -> str:
    """A scope as labels: Women; Japan or Malaysia."""
    parts = [
        " or ".join(structure.codelist(column).label(code) for code in codes)
        for column, codes in conditions(where).items()
    ]
    return "; ".join(parts)
