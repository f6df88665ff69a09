"""Series: unmarked breaks in level, slips of the unit, mixed classification editions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd

from ilms_publish.problems import Severity
from ilms_publish.rules.rule import Case, PackageView, Rule, TableView, named, number, shown

BREAK_FACTOR = 3.0
SMALL = 1000.0
"""Counts below this many persons jump for real; they are not judged."""
SLIPS = {1: 0.1, 3: 0.3, 4: 0.3}
"""Powers of ten that a wrong unit or a lost comma produces, each with its half width on the log10 scale.

A factor near 10 can be real (a pandemic, an amnesty) and is judged narrowly; near 1,000 and 10,000 nothing
real happens, and values cut to three decimals scatter more.
"""


@lru_cache(maxsize=64)
def steps(table: TableView) -> pd.DataFrame:
    """Each value beside the last usable value before it in its series, whatever the source.

    Adds previous (value), previous_year, ratio; withheld values are judged but never serve as `previous`.
    """
    keys = list(table.definition.series)
    frame = table.frame[table.frame["value"] > 0].copy()
    frame["line"] = frame.index
    frame["year"] = frame["time_period"].str[:4].astype("int64")
    frame["series"] = frame.groupby(keys, sort=False, observed=True).ngroup()
    frame = frame.sort_values(["series", "year"], kind="stable")
    frame["source"] = frame["source"].astype("str")
    usable = ~frame["withheld"]
    for column, name in (("value", "previous"), ("year", "previous_year"), ("source", "previous_source")):
        last = frame[column].where(usable).groupby(frame["series"], sort=False, observed=True).ffill()
        frame[name] = last.groupby(frame["series"], sort=False, observed=True).shift()
    frame["ratio"] = frame["value"] / frame["previous"].astype("float64")
    return frame[frame["previous"].notna()]


def _slipped(ratios: pd.Series[float]) -> int:
    """The power of ten by which all figures of a table and year moved together, or 0.

    Median and median absolute deviation of the log10 ratios must both lie within the slip's width: a wrong
    unit moves every figure by the same factor, a real change does not.
    """
    if len(ratios) < 3:
        return 0
    logs = np.log10(ratios.to_numpy(dtype="float64"))
    middle = float(np.median(logs))
    spread = float(np.median(np.abs(logs - middle)))
    for power, width in SLIPS.items():
        if abs(abs(middle) - power) < width and spread < width:
            return power if middle > 0 else -power
    return 0


@lru_cache(maxsize=64)
def slips(table: TableView) -> tuple[tuple[str, int, pd.DataFrame], ...]:
    """Years that slipped: the year, the power of ten, and the figures that moved by it."""
    found = []
    for year, group in steps(table).groupby("time_period", observed=True):
        power = _slipped(group["ratio"])
        if power:
            moved = (np.log10(group["ratio"]) - power).abs() < SLIPS[abs(power)]
            found.append((str(year), power, group[moved]))
    return tuple(found)


def unit_slip(view: PackageView) -> Iterator[Case]:
    """Most cells of a table and year moved by about 10, 1,000 or 10,000 together."""
    for table in view.tables.values():
        for year, power, moved_rows in slips(table):
            cells = moved_rows["line"]
            factor = f"{10 ** abs(power):,}"
            moved = f"{factor} times" if power > 0 else f"1/{factor} of"
            unit = table.definition.unit
            sentence = f"{year}: most figures of the table are about {moved} the level before. Is the unit {unit}?"
            yield Case(sentence, tuple((table.definition.id, int(line)) for line in cells), cause=year)


def level_break(view: PackageView) -> Iterator[Case]:
    """A total moves more than threefold from one figure to the next without a break being marked."""
    for table in view.tables.values():
        definition = table.definition
        slipped = {year for year, _, _ in slips(table)}
        found = steps(table)
        floor = SMALL / 10**definition.unit_mult if definition.additive else 0.0
        for dimension in definition.dimensions:
            if dimension not in ("cct", "cbr", "cur", "origin") or len(definition.dimensions) == 1:
                found = found[found[dimension].str.endswith("_TOTAL")]
            if dimension in ("cct", "cbr"):
                rest = [code.code for code in view.structure.codelist(dimension).codes.values() if code.residual]
                found = found[~found[dimension].isin(rest)]
        moved = found[
            ~found["time_period"].isin(slipped)
            & (found["obs_status"] != "B")
            & (found["ratio"].map(lambda r: abs(math.log(r))) > math.log(BREAK_FACTOR))
            & (found[["value", "previous"]].astype("float64").max(axis=1) >= floor)
        ]
        for row in moved.to_dict("records"):
            place = named(row, view, shown(view, definition.series))
            other = row["source"] != row["previous_source"]
            changed = f" The source changed from {row['previous_source']}." if other else ""
            sentence = (
                f"{place}: {number(row['previous'])} in {int(row['previous_year'])}, "
                f"{number(row['value'])} in {row['time_period']}, and no break is marked.{changed}"
            )
            yield Case(sentence, ((definition.id, int(row["line"])),), cause=row["time_period"])


def one_edition(view: PackageView) -> Iterator[Case]:
    """One source uses one edition of a classification in one table."""
    for table in view.tables.values():
        for dimension in table.definition.dimensions:
            codes = view.structure.codelist(dimension).codes
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
