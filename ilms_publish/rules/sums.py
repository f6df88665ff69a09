"""Sums and parts: women and men, classes and totals, citizens and non-citizens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ilms_publish.model import Codelist
from ilms_publish.problems import Severity
from ilms_publish.rules.rule import Case, PackageView, Rule, TableView, named, number, shown

CITIZENSHIP_SCHEMES = ("CIT", "BIR")
EPSILON = 1e-9
Groups = NDArray[Any]
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
    printed = set(table.frame[column].unique())
    for total in codelist.codes.values():
        if total.code not in printed or total.parent or not total.code.endswith(("_TOTAL", "SEX_T")):
            continue
        parts = [code for code in codelist.codes.values() if code.parent == total.code and not code.overlapping]
        rest = next((part.code for part in parts if part.residual), "")
        yield Split(table, column, total.code, tuple(part.code for part in parts), rest, total.scheme)


def sums(split: Split, groups: Groups) -> pd.DataFrame:
    """Totals beside their parts: one row per group of the other key columns, index = line of the total.

    groups: the group of every row of the table, as whole numbers. Columns: total, parts (their sum), count,
    complete (X or every part is printed), tolerance. Left out are totals without a part, and those of which
    a part is withheld though the total is not.
    """
    frame = split.table.frame
    value = frame["value"].to_numpy()
    withheld = frame["withheld"].to_numpy()
    codes = frame[split.column].astype("str").to_numpy()
    held = ~np.isnan(value)
    part = held & np.isin(codes, split.parts)
    at = np.flatnonzero(held & (codes == split.total))
    size = int(groups.max(initial=0)) + 1

    def per_group(mask: Marks, weights: NDArray[Any] | None = None) -> NDArray[Any]:
        chosen = None if weights is None else weights[mask]
        return np.bincount(groups[mask], chosen, size)[groups[at]]

    count = per_group(part)
    rest = per_group(part & (codes == split.rest)) > 0
    found = pd.DataFrame(
        {
            "total": value[at],
            "parts": per_group(part, value),
            "count": count,
            "complete": rest | (count == len(split.parts)),
            "tolerance": frame["half_unit"].to_numpy()[at] * count + EPSILON,
        },
        index=frame.index[at],
    )
    context = (per_group(part & withheld) > 0) & ~withheld[at]
    kept: pd.DataFrame = found.loc[(count > 0) & ~context]
    return kept


def _cases(view: PackageView, split: Split, breach: pd.DataFrame, says: str) -> Iterator[Case]:
    name = split.table.definition.id
    columns = tuple(key for key in shown(view, split.table.definition.series) if key != split.column)
    rows = split.table.frame.loc[breach.index].to_dict("records")
    for line, sums_, row in zip(breach.index, breach.to_dict("records"), rows, strict=True):
        place = named(row, view, columns)
        sentence = f"{row['time_period']}{', ' + place if place else ''}: " + says.format(
            parts=number(sums_["parts"]),
            total=number(sums_["total"]),
            gap=number(abs(sums_["parts"] - sums_["total"])),
        )
        yield Case(sentence, ((name, int(line)),), cause=f"{row['time_period']} {split.column}")


@lru_cache(maxsize=1)
def _all_sums(view: PackageView) -> tuple[tuple[Split, pd.DataFrame], ...]:
    """Every split of every table that adds up, with its sums; kept for the rules of this file."""
    found = []
    for table in view.tables.values():
        for column in ("sex", *table.definition.dimensions) if table.definition.additive else ():
            others = [key for key in table.definition.keys if key != column]
            groups = table.frame.groupby(others, sort=False, observed=True).ngroup().to_numpy(dtype="int64")
            found += [(split, sums(split, groups)) for split in splits(table, view.structure.codelist(column), column)]
    return tuple(found)


def _by_sex(view: PackageView) -> Iterator[tuple[Split, pd.DataFrame]]:
    return ((split, found) for split, found in _all_sums(view) if split.column == "sex")


def _by_class(view: PackageView) -> Iterator[tuple[Split, pd.DataFrame]]:
    excluded = (*CITIZENSHIP_SCHEMES, "")
    return ((split, found) for split, found in _all_sums(view) if split.scheme not in excluded)


def _by_citizenship(view: PackageView) -> Iterator[tuple[Split, pd.DataFrame]]:
    return ((split, found) for split, found in _all_sums(view) if split.scheme in CITIZENSHIP_SCHEMES)


def _unequal(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["complete"] & ((found["parts"] - found["total"]).abs() > found["tolerance"])]


def sex_sum(view: PackageView) -> Iterator[Case]:
    """Women + men = total, wherever both are printed."""
    for split, found in _by_sex(view):
        both = found[(found["count"] >= 2) & ((found["parts"] - found["total"]).abs() > found["tolerance"])]
        yield from _cases(view, split, both, "women and men add to {parts}, the total is {total}.")


def class_sum(view: PackageView) -> Iterator[Case]:
    """The classes of one scheme add to its total where the list is complete."""
    for split, found in _by_class(view):
        yield from _cases(view, split, _unequal(found), "the classes add to {parts}, the total is {total}.")


def citizenship_sum(view: PackageView) -> Iterator[Case]:
    """Citizens + non-citizens + not stated = total; likewise native and foreign-born."""
    for split, found in _by_citizenship(view):
        says = (
            "citizens (native-born), non-citizens (foreign-born) and not stated add to {parts}, the total is {total}."
        )
        yield from _cases(view, split, _unequal(found), says)


def rest_not_printed(view: PackageView) -> Iterator[Case]:
    """Every class is printed but the rest, and something of the total is left over."""
    for split, found in _all_sums(view):
        if not split.rest:
            continue
        short = found["total"] - found["parts"] > found["tolerance"]
        gap = found[(found["count"] == len(split.parts) - 1) & ~found["complete"] & short]
        says = "the classes printed add to {parts}, the total is {total}; {gap} are in none of them."
        yield from _cases(view, split, gap, says)


def part_above_total(view: PackageView) -> Iterator[Case]:
    """No part, and no sum of an incomplete list of parts, exceeds its total."""
    for split, found in _all_sums(view):
        above = found[~found["complete"] & (found["parts"] > found["total"] + found["tolerance"])]
        if split.column == "sex":
            above = above[above["count"] == 1]
        yield from _cases(view, split, above, "the parts printed come to {parts}, more than the total of {total}.")


FAMILY = "Sums and parts"
RULES = (
    Rule("sex-sum", Severity.WARNING, 1, FAMILY, sex_sum),
    Rule("class-sum", Severity.WARNING, 1, FAMILY, class_sum),
    Rule("citizenship-sum", Severity.WARNING, 1, FAMILY, citizenship_sum),
    Rule("rest-not-printed", Severity.INFORMATION, 1, FAMILY, rest_not_printed),
    Rule("part-above-total", Severity.WARNING, 1, FAMILY, part_above_total),
)
