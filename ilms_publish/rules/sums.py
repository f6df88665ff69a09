"""Sums and parts: women and men, classes and totals, citizens and non-citizens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ilms_publish.model import Codelist
from ilms_publish.problems import Severity
from ilms_publish.rules.rule import Case, PackageView, Rule, TableView, named, number, shown

CITIZENSHIP_SCHEMES = ("CIT", "BIR")
EPSILON = 1e-9
PLACES = ("cct", "cbr", "cds", "crs", "cpr")
"""Columns whose lists are cut to the largest countries, so that an absent one says nothing."""
ABSENT = "not printed here are {absent} of the classes that the table prints elsewhere"
Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Split:
    """One way in which a table's totals are cut into parts along a column."""

    table: TableView
    column: str
    total: str
    parts: tuple[str, ...]
    rest: str
    scheme: str


def splits(table: TableView, codelist: Codelist, column: str) -> Iterator[Split]:
    """Every scheme of a column that has a total in the table, with the parts that add to it."""
    printed = set(table.codes(column)[0])
    for total in codelist.codes.values():
        if total.code not in printed or total.parent or not total.code.endswith(("_TOTAL", "SEX_T")):
            continue
        parts = [code for code in codelist.codes.values() if code.parent == total.code and not code.overlapping]
        rest = next((part.code for part in parts if part.residual), "")
        yield Split(table, column, total.code, tuple(part.code for part in parts), rest, total.scheme)


@dataclass(frozen=True, slots=True)
class Sums:
    """Totals beside their parts, one of each for every total that has a part.

    rows: their places in the table; parts: the sum of the parts and count: how many; complete: X or every part is
    printed; printed: how many parts the table prints anywhere.
    """

    rows: NDArray[np.int64]
    total: Numbers
    parts: Numbers
    count: NDArray[np.int64]
    complete: Marks
    tolerance: Numbers
    printed: int

    @property
    def apart(self) -> Marks:
        """Where the parts do not make the total."""
        marks: Marks = np.abs(self.parts - self.total) > self.tolerance
        return marks


def sums(split: Split) -> Sums:
    """The totals of one split beside their parts.

    Left out are totals of which a part is withheld though the total is not.
    """
    table = split.table
    value = table.frame["value"].to_numpy()
    withheld = table.frame["withheld"].to_numpy()
    printed, codes = table.codes(split.column)
    held = ~np.isnan(value)
    part = held & np.array([code in split.parts for code in printed], dtype=bool)[codes]
    at = np.flatnonzero(held & (codes == printed.index(split.total)))
    groups = table.groups(split.column)
    size = int(groups.max(initial=0)) + 1

    def per_group(mask: Marks, weights: NDArray[Any] | None = None) -> NDArray[Any]:
        chosen = None if weights is None else weights[mask]
        return np.bincount(groups[mask], chosen, size)[groups[at]]

    count = per_group(part)
    hidden = per_group(part & withheld) > 0 if withheld.any() else np.zeros(len(at), dtype=bool)
    kept = (count > 0) & ~(hidden & ~withheld[at])
    rest = per_group(part & (codes == printed.index(split.rest)))[kept] if split.rest in printed else 0
    at, count, parts = at[kept], count[kept], per_group(part, value)[kept]
    complete = (rest > 0) | (count == len(split.parts))
    tolerance = table.frame["half_unit"].to_numpy()[at] * count + EPSILON
    return Sums(at, value[at], parts, count, complete, tolerance, len(set(split.parts) & set(printed)))


def _cases(view: PackageView, split: Split, found: Sums, breach: Marks, says: str) -> Iterator[Case]:
    if not breach.any():
        return
    name = split.table.definition.id
    columns = tuple(key for key in shown(view, split.table.definition.series) if key != split.column)
    rows = split.table.frame.iloc[found.rows[breach]]
    sums_ = zip(found.parts[breach].tolist(), found.total[breach].tolist(), found.count[breach].tolist(), strict=True)
    for line, row, (parts, total, count) in zip(rows.index, rows.to_dict("records"), sums_, strict=True):
        place = named(row, view, columns)
        sentence = f"{row['time_period']}{', ' + place if place else ''}: " + says.format(
            parts=number(parts), total=number(total), gap=number(abs(parts - total)), absent=found.printed - count
        )
        yield Case(sentence, ((name, int(line)),), cause=f"{row['time_period']} {split.column}")


def _all_sums(view: PackageView) -> tuple[tuple[Split, Sums], ...]:
    """Every split of every table that adds up, with its sums; kept for the rules of this file."""
    return view.kept("sums", _every_sum)


def _every_sum(view: PackageView) -> tuple[tuple[Split, Sums], ...]:
    return tuple(
        (split, sums(split))
        for table in view.tables.values()
        for column in (("sex", *table.definition.dimensions) if table.definition.additive else ())
        for split in splits(table, view.structure.codelist(column), column)
    )


def _by_sex(view: PackageView) -> Iterator[tuple[Split, Sums]]:
    return ((split, found) for split, found in _all_sums(view) if split.column == "sex")


def _by_class(view: PackageView) -> Iterator[tuple[Split, Sums]]:
    excluded = (*CITIZENSHIP_SCHEMES, "")
    return ((split, found) for split, found in _all_sums(view) if split.scheme not in excluded)


def _by_citizenship(view: PackageView) -> Iterator[tuple[Split, Sums]]:
    return ((split, found) for split, found in _all_sums(view) if split.scheme in CITIZENSHIP_SCHEMES)


def sex_sum(view: PackageView) -> Iterator[Case]:
    """Women + men = total, wherever both are printed."""
    for split, found in _by_sex(view):
        says = "women and men add to {parts}, the total is {total}."
        yield from _cases(view, split, found, (found.count >= 2) & found.apart, says)


def class_sum(view: PackageView) -> Iterator[Case]:
    """The classes of one scheme add to its total where the list is complete."""
    for split, found in _by_class(view):
        wrong = found.complete & found.apart
        absent = (found.count < found.printed) & (found.parts < found.total) & (split.column not in PLACES)
        says = "the classes add to {parts}, the total is {total}"
        yield from _cases(view, split, found, wrong & ~absent, f"{says}.")
        yield from _cases(view, split, found, wrong & absent, f"{says}; {ABSENT}.")


def citizenship_sum(view: PackageView) -> Iterator[Case]:
    """Citizens + non-citizens + not stated = total; likewise native and foreign-born."""
    for split, found in _by_citizenship(view):
        says = (
            "citizens (native-born), non-citizens (foreign-born) and not stated add to {parts}, the total is {total}."
        )
        yield from _cases(view, split, found, found.complete & found.apart, says)


def rest_not_printed(view: PackageView) -> Iterator[Case]:
    """Every class is printed but the rest, and something of the total is left over."""
    for split, found in _all_sums(view):
        if not split.rest:
            continue
        short = found.total - found.parts > found.tolerance
        gap = (found.count == len(split.parts) - 1) & ~found.complete & short
        says = "the classes printed add to {parts}, the total is {total}; {gap} are in none of them."
        yield from _cases(view, split, found, gap, says)


def part_above_total(view: PackageView) -> Iterator[Case]:
    """No part, and no sum of an incomplete list of parts, exceeds its total."""
    for split, found in _all_sums(view):
        above = ~found.complete & (found.parts > found.total + found.tolerance)
        if split.column == "sex":
            above &= found.count == 1
        says = "the parts printed come to {parts}, more than the total of {total}."
        yield from _cases(view, split, found, above, says)


FAMILY = "Sums and parts"
RULES = (
    Rule("sex-sum", Severity.WARNING, 1, FAMILY, sex_sum),
    Rule("class-sum", Severity.WARNING, 1, FAMILY, class_sum),
    Rule("citizenship-sum", Severity.WARNING, 1, FAMILY, citizenship_sum),
    Rule("rest-not-printed", Severity.INFORMATION, 1, FAMILY, rest_not_printed),
    Rule("part-above-total", Severity.WARNING, 1, FAMILY, part_above_total),
)
