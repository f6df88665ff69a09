"""Compares two states of one package: observation by observation, finding by finding, and in shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd

from ilms_publish.findings import Finding
from ilms_publish.model import Package, Structure, TableDefinition

ADDED, CHANGED, WITHDRAWN = "added", "changed", "withdrawn"
TOLD = ("obs_value", "obs_status", "source", "note")
Row = dict[str, Any]
SHAPE = ("dimensions", "unit", "unit_measure", "unit_mult", "measure")
"""What of a definition a program that reads the table relies on."""


@dataclass(frozen=True, slots=True)
class Side:
    """A package at one time. findings is None when errors kept the rules from looking."""

    structure: Structure
    package: Package
    findings: Sequence[Finding] | None


@dataclass(frozen=True, slots=True)
class Change:
    """One observation that differs. key: series and year; line: of the present file, 0 when it is gone."""

    kind: str
    key: Mapping[str, str]
    before: Mapping[str, str]
    after: Mapping[str, str]
    line: int
    total: bool

    @property
    def published(self) -> bool:
        """Whether a figure that readers had is another number now, or none."""
        old = self.before.get("obs_value", "")
        return bool(old) and number(old) != number(self.after.get("obs_value", ""))


@dataclass(frozen=True, slots=True)
class TableDifference:
    """One table. shape: the parts of its definition that differ."""

    table: str
    changes: tuple[Change, ...] = ()
    new: bool = False
    dropped: bool = False
    shape: tuple[str, ...] = ()
    years_added: tuple[str, ...] = ()
    years_dropped: tuple[str, ...] = ()

    def of(self, kind: str) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]


@dataclass(frozen=True, slots=True)
class Difference:
    """One package. before or after is None when it is new or gone; lost: sources that readers could link to."""

    id: str
    before: Side | None
    after: Side | None
    tables: tuple[TableDifference, ...] = ()
    lost: tuple[str, ...] = ()
    new_findings: tuple[Finding, ...] = ()
    resolved: tuple[Finding, ...] = ()


def compare(name: str, before: Side | None, after: Side | None) -> Difference:
    """Everything that differs between two states of a package."""
    if before is None or after is None:
        return Difference(name, before, after)
    names = [*before.structure.tables, *(one for one in after.structure.tables if one not in before.structure.tables)]
    tables = [_table(one, before, after) for one in names]
    new, resolved = _findings(before.findings, after.findings)
    lost = tuple(source for source in before.package.sources if source not in after.package.sources)
    return Difference(name, before, after, tuple(table for table in tables if table), lost, new, resolved)


def _table(name: str, before: Side, after: Side) -> TableDifference | None:
    old, new = before.package.tables.get(name), after.package.tables.get(name)
    if old is None and new is None:
        return None
    definition = (after if new is not None else before).structure.tables.get(name)
    earlier = before.structure.tables.get(name)
    if old is None or new is None or definition is None or earlier is None:
        return TableDifference(name, new=old is None, dropped=new is None)
    shape = tuple(part for part in SHAPE if getattr(earlier, part) != getattr(definition, part))
    if earlier.columns != definition.columns:
        return TableDifference(name, shape=shape)
    changes = tuple(_changes(old, new, definition, after.structure))
    years = (set(old["time_period"]), set(new["time_period"]))
    added, gone = tuple(sorted(years[1] - years[0])), tuple(sorted(years[0] - years[1]))
    if not (changes or shape):
        return None
    return TableDifference(name, changes, shape=shape, years_added=added, years_dropped=gone)


def _changes(old: pd.DataFrame, new: pd.DataFrame, table: TableDefinition, structure: Structure) -> list[Change]:
    """The observations that differ; one that only moves to another source is one change, not two."""
    key = [column for column in table.columns if column not in TOLD]
    sides = []
    for frame, other in ((old, new), (new, old)):
        columns = list(table.columns)
        rows = frame.reset_index(names="line")
        merged = rows.merge(other[columns].drop_duplicates(), on=columns, how="left", indicator=True)
        sides.append(merged[merged["_merge"] == "left_only"].drop(columns="_merge"))
    gone, come = (_by_key(side, key) for side in sides)
    totals = [_totals(structure, one) for one in table.dimensions if one != "cur"] if table.additive else []
    changes = []
    for one in sorted({*gone, *come}):
        named = dict(zip(key, one, strict=True))
        total = table.additive and named["sex"] == "SEX_T" and all(set(one) & codes for codes in totals)
        for before, after in _paired(gone.get(one, []), come.get(one, [])):
            changes.append(_change(named, before, after, total))
    return changes


def _by_key(frame: pd.DataFrame, key: list[str]) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in frame.to_dict("records"):
        found.setdefault(tuple(str(row[column]) for column in key), []).append({str(k): v for k, v in row.items()})
    return found


def _totals(structure: Structure, dimension: str) -> set[str]:
    """The items of a codelist of which others are part and which are part of none."""
    codes = structure.codelist(dimension).codes.values()
    return {code.parent for code in codes if code.parent} - {code.code for code in codes if code.parent}


def _paired(gone: list[Row], come: list[Row]) -> list[tuple[Row, Row]]:
    """Rows of one series and year, before and after: first those of the same source, then in order."""
    left, pairs = list(come), []
    rest = []
    for before in gone:
        mate = next((after for after in left if after["source"] == before["source"]), None)
        if mate:
            left.remove(mate)
            pairs.append((before, mate))
        else:
            rest.append(before)
    for number, before in enumerate(rest):
        pairs.append((before, left[number] if number < len(left) else {}))
    return pairs + [({}, after) for after in left[len(rest) :]]


def _change(key: dict[str, str], before: Row, after: Row, total: bool) -> Change:
    had, has = bool(before.get("obs_value")), bool(after.get("obs_value"))
    kind = WITHDRAWN if not after or (had and not has) else ADDED if not before or (has and not had) else CHANGED
    line = int(after.get("line", 0))
    sides = [{column: row[column] for column in TOLD} if row else {} for row in (before, after)]
    return Change(kind, key, sides[0], sides[1], line, total)


def _findings(
    before: Sequence[Finding] | None, after: Sequence[Finding] | None
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Open findings of the present that the past had not, and the other way round; told apart by their words."""
    if before is None or after is None:
        return (), ()
    sides = [
        {(one.rule, one.table, one.sentence): one for one in side if not one.acknowledged_by}
        for side in (before, after)
    ]
    new = tuple(one for name, one in sides[1].items() if name not in sides[0])
    return new, tuple(one for name, one in sides[0].items() if name not in sides[1])


def number(text: str) -> Decimal | None:
    """The number in a text, None for a blank; 5.50 equals 5.5."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
