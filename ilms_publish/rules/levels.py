"""Levels: series that step up or down and stay there, with another source or without a word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ilms_publish.problems import Severity
from ilms_publish.rules.panel import Numbers
from ilms_publish.rules.rule import Case, PackageView, Rule, TableView, named, number, shown
from ilms_publish.rules.series import BREAK_FACTOR, is_total, later, slip_years
from ilms_publish.rules.years import SPREAD, TO_DEVIATION, floor

STEP = 1.5
"""Half as much again: below it, totals of migrants move in ordinary years."""
FIGURES = 7
"""Figures a series needs so that its usual movement can be told from a step."""
SIDE = 3
"""Figures on either side whose median is the level there."""
NEAR = 3
"""Years within which two figures are neighbours."""


def source_change(view: PackageView) -> Iterator[Case]:
    """A total that moves by half and more with its source has the break marked."""
    for table, row, before, after in _steps(view):
        it = table.panel
        if it.sources[row, before] == it.sources[row, after]:
            continue
        old, new = (str(table.frame.at[it.lines[row, at], "source"]) for at in (before, after))
        yield _case(view, table, row, before, after, f"the source changes from {old} to {new}")


def level_shift(view: PackageView) -> Iterator[Case]:
    """A total does not step to another level, far beyond its usual movement, unless a break is marked."""
    for table, row, before, after in _steps(view):
        it = table.panel
        known = np.flatnonzero(it.values[row] > 0)
        if it.sources[row, before] != it.sources[row, after] or len(known) < FIGURES:
            continue
        if it.years[after] - it.years[before] <= NEAR and _stays(
            np.log(it.values[row, known]), int(np.sum(known < after))
        ):
            yield _case(view, table, row, before, after, "the figures stay at the new level")


def _steps(view: PackageView) -> Iterator[tuple[TableView, int, int, int]]:
    """Neighbouring figures of totals that are by half apart and more, but by less than `level-break` tells."""
    for table in view.tables.values() if view.package.national else ():
        it = table.panel
        slipped = {int(year[:4]) for year in slip_years(table)}
        whole = np.array([is_total(view, table.definition, key) for key in it.records], dtype=bool)
        for row in np.flatnonzero(whole):
            known = np.flatnonzero(it.values[row] > 0)
            values = it.values[row, known]
            size = np.abs(np.diff(np.log(values)))
            large = np.maximum(values[:-1], values[1:]) >= floor(table)
            told = (size >= np.log(STEP)) & (size <= np.log(BREAK_FACTOR)) & large
            for (before, after), step in zip(pairwise(known.tolist()), told, strict=True):
                marked = step and table.frame.at[it.lines[row, after], "obs_status"] == "B"
                if step and not marked and it.years[after] not in slipped:
                    yield table, int(row), before, after


def _stays(logs: Numbers, at: int) -> bool:
    """Whether the step to the figure at a place is far beyond the usual change and is not taken back."""
    change = np.diff(logs)
    usual = TO_DEVIATION * float(np.median(np.abs(np.delete(change, at - 1))))
    before, after = logs[max(0, at - SIDE) : at], logs[at : at + SIDE]
    if min(len(before), len(after)) < 2 or abs(change[at - 1]) < SPREAD * usual:
        return False
    return bool(abs(np.median(after) - np.median(before)) >= np.log(STEP))


def _case(view: PackageView, table: TableView, row: int, before: int, after: int, why: str) -> Case:
    it = table.panel
    place = named(it.records[row], view, shown(view, table.definition.series))
    sentence = (
        f"{place}: {number(it.values[row, before])} in {it.years[before]}, {number(it.values[row, after])} in "
        f"{it.years[after]}{later(int(it.years[after] - it.years[before]))}; {why}, and no break is marked."
    )
    return Case(sentence, ((table.definition.id, int(it.lines[row, after])),), cause=f"{it.years[after]}")


FAMILY = "Series"
RULES = (
    Rule("source-change", Severity.WARNING, 2, FAMILY, source_change),
    Rule("level-shift", Severity.WARNING, 2, FAMILY, level_shift),
)
