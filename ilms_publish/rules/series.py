"""Series: unmarked breaks in level, slips of the unit, mixed classification editions."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ilms_publish.model import TableDefinition
from ilms_publish.problems import Severity
from ilms_publish.rules.panel import Numbers
from ilms_publish.rules.rule import Case, PackageView, Rule, TableView, named, number, shown

Places = NDArray[np.int64]
BREAK_FACTOR = 3.0
SMALL = 1000.0
"""Counts below this many persons jump for real; they are not judged."""
SLIPS = {1: 0.1, 3: 0.3, 4: 0.3}
"""Powers of ten that a wrong unit or a lost comma produces, each with its half width on the log10 scale.

A factor near 10 can be real (a pandemic, an amnesty) and is judged narrowly; near 1,000 and 10,000 nothing
real happens, and values cut to three decimals scatter more.
"""


BACK = 0.5
"""Powers of ten within which a year lies at the level of the year before last: then the year between slipped."""


@dataclass(frozen=True, eq=False)
class Steps:
    """The figures above 0 of a table by series and year, each with the usable one before it, whatever the source.

    rows, previous, before: places in the table of the figure, of the usable one before it and of the one before
    that, or -1; ratio: the figure to the one before it. Withheld figures are judged but never serve as `previous`.
    """

    rows: Places
    previous: Places
    before: Places
    ratio: Numbers


@lru_cache(maxsize=64)
def steps(table: TableView) -> Steps:
    """Every figure that has one before it."""
    value = table.frame["value"].to_numpy()
    positive = np.flatnonzero(value > 0)
    series, years = table.groups("time_period", "source")[positive], table.years.to_numpy()[positive]
    order = np.lexsort((years, series))
    rows, series = positive[order], series[order]
    usable = ~table.frame["withheld"].to_numpy()[rows]
    places = np.arange(len(rows))
    last = np.maximum.accumulate(np.where(usable, places, -1)) if len(rows) else places

    def earlier(place: Places) -> Places:
        """The usable figure before a place in the same series, or -1."""
        found = np.where(place > 0, last[place - 1], -1)
        return np.where((found >= 0) & (series[found] == series[place]), found, -1)

    previous = earlier(places)
    before = np.where(previous >= 0, earlier(np.maximum(previous, 0)), -1)
    known = previous >= 0
    at = rows[previous[known]]
    return Steps(
        rows[known],
        at,
        np.where(before[known] >= 0, rows[np.maximum(before[known], 0)], -1),
        value[rows[known]] / value[at],
    )


def _slipped(ratios: Numbers) -> int:
    """The power of ten by which all figures of a table and year moved together, or 0.

    Median and median absolute deviation of the log10 ratios must both lie within the slip's width: a wrong
    unit moves every figure by the same factor, a real change does not.
    """
    if len(ratios) < 3:
        return 0
    logs = np.log10(ratios)
    middle = float(np.median(logs))
    spread = float(np.median(np.abs(logs - middle)))
    for power, width in SLIPS.items():
        if abs(abs(middle) - power) < width and spread < width:
            return power if middle > 0 else -power
    return 0


@dataclass(frozen=True, eq=False)
class Slip:
    """A year that slipped, and by which power of ten.

    rows: the places of its figures that did; against: those of the figures they were compared with; shown_by: the
    year in which it was seen, the one after where that returned to the level before.
    """

    year: str
    power: int
    rows: Places
    against: Places
    shown_by: str


@lru_cache(maxsize=64)
def slips(table: TableView) -> tuple[Slip, ...]:
    """Years whose figures moved together by a power of ten, in order.

    Where a year only returns to the level of the year before last, it is the year between that slipped.
    """
    found = steps(table)
    printed, codes = table.codes("time_period")
    of_year = codes[found.rows]
    slipped: dict[str, Slip] = {}
    for number_, year in enumerate(printed):
        chosen = np.flatnonzero(of_year == number_)
        power = _slipped(found.ratio[chosen])
        if power:
            moved = chosen[np.abs(np.log10(found.ratio[chosen]) - power) < SLIPS[abs(power)]]
            slip = Slip(year, power, found.rows[moved], found.previous[moved], year)
            slip = _of_year_between(table, found, moved, slip) or slip
            slipped.setdefault(slip.year, slip)
    return tuple(slipped[year] for year in sorted(slipped))


def _of_year_between(table: TableView, found: Steps, moved: Places, slip: Slip) -> Slip | None:
    """The slip of the year before, when the figures of this year are at the level of those two years back."""
    back = moved[found.before[moved] >= 0]
    if 2 * len(back) < max(len(moved), 1):
        return None
    value = table.frame["value"].to_numpy()
    level = np.log10(value[found.rows[back]] / value[found.before[back]])
    if abs(float(np.median(level))) >= BACK:
        return None
    between = str(table.frame["time_period"].iloc[found.previous[back[0]]])
    return Slip(between, -slip.power, found.previous[back], found.rows[back], slip.year)


def slip_years(table: TableView) -> frozenset[str]:
    """Years that slipped, and those that showed it: a jump into or out of them is told once."""
    return frozenset(year for slip in slips(table) for year in (slip.year, slip.shown_by))


def unit_slip(view: PackageView) -> Iterator[Case]:
    """Most cells of a table and year moved by about 10, 1,000 or 10,000 together."""
    for table in view.tables.values():
        value = table.frame["value"].to_numpy()
        for slip in slips(table):
            factor = f"{10 ** abs(slip.power):,}"
            moved = f"{factor} times" if slip.power > 0 else f"1/{factor} of"
            most = int(np.argmax(np.maximum(value[slip.rows], value[slip.against])))
            row, other = int(slip.rows[most]), int(slip.against[most])
            then = table.frame["time_period"].iloc[other]
            level = (
                "the level before"
                if slip.year == slip.shown_by
                else f"those of {then}, which are near the level before"
            )
            sentence = (
                f"{slip.year}: most figures of the table are about {moved} {level} (for instance {number(value[row])}, "
                f"but {number(value[other])} in {then}). Is the unit {table.definition.unit}?"
            )
            lines = sorted(table.frame.index[slip.rows].tolist())
            yield Case(sentence, tuple((table.definition.id, line) for line in lines), cause=slip.year)


def level_break(view: PackageView) -> Iterator[Case]:
    """A total moves more than threefold from one figure to the next without a break being marked."""
    for table in view.tables.values():
        definition = table.definition
        found = steps(table)
        value = table.frame["value"].to_numpy()
        floor = SMALL / 10**definition.unit_mult if definition.additive else 0.0
        moved = np.abs(np.log(found.ratio)) > math.log(BREAK_FACTOR)
        moved &= np.maximum(value[found.rows], value[found.previous]) >= floor
        if not moved.any():
            continue
        frame = table.frame.iloc[found.rows[moved]].assign(
            previous=value[found.previous[moved]],
            previous_year=table.years.to_numpy()[found.previous[moved]],
            previous_source=table.frame["source"].iloc[found.previous[moved]].astype("str").to_numpy(),
        )
        frame = frame[~frame["time_period"].isin(slip_years(table)) & (frame["obs_status"] != "B")]
        for line, row in zip(frame.index, frame.to_dict("records"), strict=True):
            if not is_total(view, definition, row):
                continue
            place = named(row, view, shown(view, definition.series))
            gap = int(row["time_period"][:4]) - int(row["previous_year"])
            other = row["source"] != row["previous_source"]
            changed = f" The source changed from {row['previous_source']}." if other else ""
            sentence = (
                f"{place}: {number(row['previous'])} in {int(row['previous_year'])}, "
                f"{number(row['value'])} in {row['time_period']}{later(gap)}, and no break is marked.{changed}"
            )
            yield Case(sentence, ((definition.id, int(line)),), cause=row["time_period"])


def later(gap: int) -> str:
    """How far two figures are apart, where that is more than a year: a long gap explains much of a change."""
    return f", {gap} years later" if gap > 1 else ""


def is_total(view: PackageView, definition: TableDefinition, row: Mapping[Hashable, Any]) -> bool:
    """Whether a figure is a total of its table, of all, of citizens or of migrants, but not of a rest."""
    for dimension in definition.dimensions:
        code = str(row[dimension])
        whole = dimension not in ("cct", "cbr", "cur", "origin") or len(definition.dimensions) == 1
        if whole and not code.endswith("_TOTAL"):
            return False
        if dimension in ("cct", "cbr"):
            known = view.structure.codelist(dimension).codes.get(code)
            if known is not None and known.residual:
                return False
    return True


def one_edition(view: PackageView) -> Iterator[Case]:
    """One source uses one edition of a classification in one table."""
    for table in view.tables.values():
        for dimension in table.definition.dimensions:
            codes = view.structure.codelist(dimension).codes
            printed = {codes[code].extra.get("edition", "") for code in table.codes(dimension)[0] if code in codes}
            if len(printed - {""}) < 2:
                continue
            edition = table.frame[dimension].map({c.code: c.extra.get("edition", "") for c in codes.values()})
            dated = table.frame.assign(edition=edition)[edition.fillna("") != ""]
            for source, group in dated.groupby("source", sort=False, observed=True):
                first = group["time_period"].astype("str").groupby(group["edition"]).min().sort_values(kind="stable")
                families = first.index.to_series().str.partition(" ")[0].str.partition("-")[0]
                for _, members in first.groupby(families, sort=False, observed=True):
                    for later in members.index[1:]:
                        lines = group.index[(group["edition"] == later) & (group["time_period"] == members[later])]
                        sentence = (
                            f"{source} is coded in {members.index[0]} and from {members[later]} in {later}. "
                            "Classes of two editions are not the same; keep them in separate sources or mark the break."
                        )
                        yield Case(
                            sentence,
                            tuple((table.definition.id, int(line)) for line in lines),
                            field=dimension,
                            cause=later,
                        )


FAMILY = "Series"
RULES = (
    Rule("level-break", Severity.WARNING, 2, FAMILY, level_break),
    Rule("unit-slip", Severity.WARNING, 2, FAMILY, unit_slip),
    Rule("one-edition", Severity.WARNING, 2, FAMILY, one_edition),
)
