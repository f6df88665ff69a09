"""Years of one series: repeated, carried forward, missing, spiked, rounded anew, zero."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np

from ilms_publish.problems import Severity
from ilms_publish.rules.panel import Numbers, Panel
from ilms_publish.rules.rule import Case, Cell, PackageView, Rule, TableView, named, number, shown
from ilms_publish.rules.series import slip_years

COPIED = 0.9
"""Share of a year's cells that equal another year's before the year is called a copy."""
CELLS = 5
"""Non-zero cells needed to judge a year; of fewer, chance makes several equal."""
CARRIED = 4
"""Equal figures in a row before a series is called carried forward."""
SPIKE, SPREAD = 2.0, 5.0
"""A spike leaves both neighbours by this factor, and by this many robust standard deviations of the series."""
LARGE = 1000.0
"""Persons below which single figures are too small to be judged."""
TO_DEVIATION = 1.4826
"""Turns a median absolute deviation into a standard deviation of a normal distribution."""
DECIMALS = 0.99


def floor(table: TableView) -> float:
    """The figure below which a count is too small to be judged, in the unit of the table."""
    return LARGE / 10**table.definition.unit_mult if table.definition.additive else 0.0


def counted(view: PackageView) -> Iterator[tuple[str, TableView, Panel]]:
    """Tables of counts that run yearly: estimates for rounds of years are left out."""
    for name, table in view.tables.items():
        if table.definition.additive and view.package.national:
            yield name, table, table.panel


def _cells(name: str, lines: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> tuple[Cell, ...]:
    return tuple((name, int(line)) for line in lines[lines > 0])


def repeated_year(view: PackageView) -> Iterator[Case]:
    """No year repeats another year cell by cell."""
    for name, _, it in counted(view):
        held = it.values > 0
        for later in range(1, len(it.years)):
            both = held[:, :later] & held[:, [later]]
            number_ = both.sum(axis=0)
            same = (both & (it.values[:, :later] == it.values[:, [later]])).sum(axis=0)
            for earlier in np.flatnonzero((number_ >= CELLS) & (same >= COPIED * number_)):
                chosen = held[:, later] & (it.values[:, later] == it.values[:, earlier])
                sentence = (
                    f"{it.years[later]}: {same[earlier]} of {number_[earlier]} figures are those of "
                    f"{it.years[earlier]}. Was a year copied?"
                )
                yield Case(sentence, _cells(name, it.lines[chosen, later]), cause=str(it.years[later]))


def carried_forward(view: PackageView) -> Iterator[Case]:
    """No figure of a thousand or more stands unchanged for four years in a row."""
    for name, table, it in counted(view):
        for row in range(len(it.keys)):
            known = np.flatnonzero(it.values[row] >= floor(table))
            if len(known) < CARRIED:
                continue
            values = it.values[row, known]
            ends = np.append(np.flatnonzero(np.diff(values)) + 1, len(values))
            for start, end in zip(np.append(0, ends[:-1]), ends, strict=True):
                if end - start >= CARRIED:
                    years = it.years[known[start:end]]
                    place = named(it.records[row], view, shown(view, table.definition.series))
                    sentence = f"{place}: {number(values[start])} in every year from {years[0]} to {years[-1]}."
                    yield Case(sentence, _cells(name, it.lines[row, known[start + 1 : end]]), cause=str(years[0]))


def year_missing(view: PackageView) -> Iterator[Case]:
    """A table that runs yearly leaves out no year."""
    for name, _, it in counted(view):
        held = np.isfinite(it.values).any(axis=0) | it.held.any(axis=0)
        years = it.years[held]
        for before, after in itertools.pairwise(years):
            gap = after - before - 1
            run = {int(before), int(before) - 1, int(after), int(after) + 1} <= {int(year) for year in years}
            if 1 <= gap <= 2 and run:
                missing = " and ".join(str(year) for year in range(before + 1, after))
                lines = it.lines[:, np.searchsorted(it.years, after)]
                sentence = (
                    f"{missing}: no figure, though the table runs yearly before and after. If the year exists, "
                    "supply it; if not, give its rows with status O, L or M."
                )
                yield Case(sentence, _cells(name, lines), field="time_period", cause=f"{before} {after}")


def spike(view: PackageView) -> Iterator[Case]:
    """No single year leaves the years on both its sides in the same direction."""
    for name, table, it in counted(view):
        logs = np.log(np.where(it.values > 0, it.values, np.nan))
        slipped = {int(year[:4]) for year in slip_years(table)}
        for row in np.flatnonzero(np.isfinite(logs).sum(axis=1) >= CELLS):
            known = np.flatnonzero(np.isfinite(logs[row]))
            change = np.diff(logs[row, known])
            there, back = change[:-1], change[1:]
            near = it.years[known[2:]] - it.years[known[:-2]] <= CARRIED
            least = np.minimum(np.abs(there), np.abs(back))
            off = (there * back < 0) & (least > np.log(SPIKE)) & near
            for at in np.flatnonzero(off):
                off[at] = least[at] > SPREAD * _usual(change, int(at))
            for at in known[1:-1][off]:
                step = int(np.searchsorted(known, at))
                if it.years[at] in slipped:
                    continue
                before, after = known[step - 1], known[step + 1]
                if np.nanmax(it.values[row, [before, at, after]]) < floor(table):
                    continue
                place = named(it.records[row], view, shown(view, table.definition.series))
                sentence = (
                    f"{place}: {number(it.values[row, before])} in {it.years[before]}, "
                    f"{number(it.values[row, at])} in {it.years[at]}, {number(it.values[row, after])} in "
                    f"{it.years[after]}."
                )
                yield Case(sentence, _cells(name, it.lines[[row], [at]]), cause=str(it.years[at]))


def _usual(change: Numbers, step: int) -> float:
    """Robust standard deviation of a series' changes but the two at a figure: it is no measure of itself."""
    others = np.delete(change, [step, step + 1])
    return TO_DEVIATION * float(np.median(np.abs(others)))


def decimals_change(view: PackageView) -> Iterator[Case]:
    """A source prints its figures to the same number of decimals from year to year."""
    for name, _, it in counted(view):
        sizes = np.array([np.nanmin(it.steps[:, y]) if np.isfinite(it.steps[:, y]).any() else np.nan
                          for y in range(len(it.years))])  # fmt: skip
        sources = np.array([it.sources[:, y].max() for y in range(len(it.years))])
        cells = np.isfinite(it.values).sum(axis=0)
        known = np.flatnonzero(np.isfinite(sizes) & (cells >= CELLS))
        for before, after in itertools.pairwise(known):
            if sources[before] == sources[after] and abs(np.log10(sizes[after] / sizes[before])) > DECIMALS:
                unit = "coarser" if sizes[after] > sizes[before] else "finer"
                sentence = (
                    f"{it.years[after]}: figures are printed to {number(2 * sizes[after])} after "
                    f"{number(2 * sizes[before])} in {it.years[before]}, {unit} by the same source."
                )
                yield Case(sentence, _cells(name, it.lines[:, after]), cause=str(it.years[after]))


def zero_after_large(view: PackageView) -> Iterator[Case]:
    """A series that usually counts a thousand persons and more is not suddenly 0."""
    for name, table, it in counted(view):
        rest = np.array([_residual(view, key) for key in it.records])
        for row in np.flatnonzero((it.values == 0).any(axis=1) & ~rest):
            known = np.flatnonzero(np.isfinite(it.values[row]))
            values = it.values[row, known]
            if np.median(values) < floor(table):
                continue
            before = np.append(0.0, values[:-1])
            after = np.append(values[1:], 0.0)
            for at in np.flatnonzero((values == 0) & (np.maximum(before, after) >= floor(table))):
                place = named(it.records[row], view, shown(view, table.definition.series))
                side = f"{number(before[at])} before" if before[at] >= after[at] else f"{number(after[at])} after"
                sentence = f"{place}: 0 in {it.years[known[at]]}, {side}. Is it a true zero, or a missing figure?"
                yield Case(sentence, _cells(name, it.lines[[row], [known[at]]]), cause=str(it.years[known[at]]))


def _residual(view: PackageView, key: dict[Hashable, Any]) -> bool:
    """Whether a series is of a rest: nobody may be left over in a year."""
    return any(code.endswith("_X") or code == "STE_ICSE93_6" for code in map(str, key.values()))


def all_zero(view: PackageView) -> Iterator[Case]:
    """A year does not consist of zeros alone."""
    for name, _, it in counted(view):
        known = np.isfinite(it.values)
        for column in np.flatnonzero((known.sum(axis=0) >= 2) & ~(it.values > 0).any(axis=0)):
            sentence = f"{it.years[column]}: all {known[:, column].sum()} figures are 0. Not collected is not zero."
            yield Case(sentence, _cells(name, it.lines[:, column]), cause=str(it.years[column]))


def sex_zero(view: PackageView) -> Iterator[Case]:
    """Neither women nor men are 0 throughout a year in which the other sex counts a thousand or more."""
    for name, table, it in counted(view):
        sex = it.keys["sex"].astype("str").to_numpy()
        for one, other in (("SEX_F", "SEX_M"), ("SEX_M", "SEX_F")):
            mine, theirs = it.values[sex == one], it.values[sex == other]
            if not len(mine) or not len(theirs):
                continue
            nobody = np.isfinite(mine).any(axis=0) & ~(mine > 0).any(axis=0)
            many = np.where(np.isfinite(theirs), theirs, 0).max(axis=0) >= floor(table)
            for column in np.flatnonzero(nobody & many):
                label = view.structure.codelist("sex").label(one)
                sentence = f"{it.years[column]}: {label.lower()} are 0 in every class. Not recorded is not zero."
                yield Case(sentence, _cells(name, it.lines[sex == one, column]), cause=one)


FAMILY = "Years of a series"
RULES = (
    Rule("repeated-year", Severity.WARNING, 2, FAMILY, repeated_year),
    Rule("carried-forward", Severity.WARNING, 2, FAMILY, carried_forward),
    Rule("year-missing", Severity.WARNING, 2, FAMILY, year_missing),
    Rule("spike", Severity.WARNING, 2, FAMILY, spike),
    Rule("decimals-change", Severity.INFORMATION, 2, FAMILY, decimals_change),
    Rule("zero-after-large", Severity.WARNING, 2, FAMILY, zero_after_large),
    Rule("all-zero", Severity.WARNING, 1, FAMILY, all_zero),
    Rule("sex-zero", Severity.WARNING, 1, FAMILY, sex_zero),
)
