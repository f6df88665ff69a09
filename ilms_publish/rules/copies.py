"""Figures that repeat where they should not: two classes, two series, tables of two concepts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ilms_publish.problems import Severity
from ilms_publish.rules.rule import PACKAGE, Case, PackageView, Rule, TableView, named, number, shown
from ilms_publish.rules.years import CELLS, COPIED, floor


def copied_class(view: PackageView) -> Iterator[Case]:
    """Two classes of a thousand persons or more do not carry the same figure."""
    for table in view.tables.values() if view.package.national else ():
        if not table.definition.additive:
            continue
        it = table.panel
        for column in ("sex", *table.definition.dimensions):
            yield from _copies(view, table, column, it.keys[column].astype("str").to_numpy())


def _copies(view: PackageView, table: TableView, column: str, codes: NDArray[Any]) -> Iterator[Case]:
    it = table.panel
    known = view.structure.codelist(column).codes
    part = np.array([code in known and bool(known[code].parent) for code in codes])
    group = it.groups(column)
    for year in range(len(it.years)):
        rows = np.flatnonzero(part & (it.values[:, year] >= floor(table)))
        alike: dict[tuple[int, str, float], list[int]] = {}
        for row in rows:
            scheme = known[codes[row]].scheme
            alike.setdefault((int(group[row]), scheme, float(it.values[row, year])), []).append(int(row))
        for (_, _, value), same in alike.items():
            if len(same) < 2 or not _telling(value, table) or _contained(view, table, same, year, codes):
                continue
            names = " and ".join(known[codes[row]].label for row in same)
            columns = tuple(c for c in shown(view, table.definition.series) if c != column)
            place = named(it.keys.iloc[same[0]].to_dict(), view, columns)
            sentence = f"{it.years[year]}, {place}: {names} are both {number(value)}."
            cells = tuple((table.definition.id, int(it.lines[row, year])) for row in same)
            yield Case(sentence, cells, cause=f"{it.years[year]} {column}")


def _telling(value: float, table: TableView) -> bool:
    """Whether a figure has four digits or more, so that two are hardly alike by chance."""
    persons = round(value * 10**table.definition.unit_mult)
    return len(str(persons).rstrip("0")) >= 4


def _contained(view: PackageView, table: TableView, rows: list[int], year: int, codes: NDArray[Any]) -> bool:
    """Whether one of the classes repeats others by design and the other is all that it repeats (NAG and IND)."""
    return {codes[row] for row in rows} in ({"ECO_SECTOR_NAG", "ECO_SECTOR_SER"}, {"ECO_SECTOR_NAG", "ECO_SECTOR_IND"})


def copied_series(view: PackageView) -> Iterator[Case]:
    """Two series of a table do not run alike for three years and more."""
    for table in view.tables.values() if view.package.national else ():
        it = table.panel
        total = np.zeros(len(it.keys), dtype=bool)
        kind = it.keys["sex"].astype("str").to_numpy(dtype=object)
        for column in table.definition.dimensions:
            known = view.structure.codelist(column).codes
            codes = [known.get(code) for code in it.keys[column].astype("str")]
            total |= np.array([code is not None and not code.parent for code in codes])
            kind = kind + np.array([f" {code.scheme}" if code else "" for code in codes], dtype=object)
        seen: dict[tuple[str, bytes], int] = {}
        for row in np.flatnonzero(~total & ((it.values >= floor(table)).sum(axis=1) >= 3)):
            values = np.where(np.isfinite(it.values[row]), it.values[row], -1.0)
            first = seen.setdefault((kind[row], values.tobytes()), int(row))
            if first == row or len(np.unique(values[values >= floor(table)])) < 3:
                continue
            columns = shown(view, table.definition.series)
            names = [named(it.records[r], view, columns) for r in (first, row)]
            lines = it.lines[row][it.values[row] > 0]
            most = int(np.nanargmax(it.values[row]))
            sentence = (
                f"{names[1]} repeats {names[0]} in all {len(lines)} years, such as {number(it.values[row, most])} in "
                f"{it.years[most]}."
            )
            yield Case(sentence, tuple((table.definition.id, int(line)) for line in lines), cause=names[1])


def copied_table(view: PackageView) -> Iterator[Case]:
    """Tables of two concepts do not hold the same figures."""
    if not view.package.national:
        return
    tables = [table for table in view.tables.values() if table.definition.additive]
    for first, second in combinations(tables, 2):
        one, two = first.definition, second.definition
        if one.keys == two.keys and one.concept != two.concept:
            yield from _alike(first, second)


def _alike(first: TableView, second: TableView) -> Iterator[Case]:
    keys = [key for key in first.definition.keys if key != "source"]
    frames = [t.frame[(t.frame["value"] >= floor(t)) & ~t.frame["withheld"]] for t in (first, second)]
    texts = [f.assign(line=f.index)[[*keys, "value", "line"]].astype(dict.fromkeys(keys, "str")) for f in frames]
    both = texts[0].merge(texts[1], on=keys, suffixes=("", "_there"))
    both["same"] = both["value"] == both["value_there"]
    for year, rows in both.groupby("time_period"):
        if len(rows) >= CELLS and rows["same"].mean() >= COPIED:
            same = rows[rows["same"]]
            sentence = (
                f"{year}: {len(same)} of {len(rows)} figures are those of {second.definition.id}, which counts "
                "something else. Which of the two concepts is it?"
            )
            cells, other = (
                tuple((t.definition.id, int(line)) for line in same[column])
                for t, column in ((first, "line"), (second, "line_there"))
            )
            yield Case(sentence, cells, other, cause=second.definition.id)


FAMILY = "Copied figures"
RULES = (
    Rule("copied-class", Severity.WARNING, 1, FAMILY, copied_class),
    Rule("copied-series", Severity.WARNING, 2, FAMILY, copied_series),
    Rule("copied-table", Severity.WARNING, 2, FAMILY, copied_table, PACKAGE),
)
