"""Classes of one split: shares that jump, sections one letter out, sexes exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ilms_publish.model import Code
from ilms_publish.problems import Severity
from ilms_publish.rules.panel import Lines, Numbers
from ilms_publish.rules.rule import Case, Cell, PackageView, Rule, TableView, named, number, shown
from ilms_publish.rules.years import CELLS, floor

MOVED, USUAL, BLAMED, NEAR = 0.25, 4.0, 0.10, 3
"""Share of all people who changed class, how far beyond the usual movement of the split, the least that a class must
have moved to be blamed, and the years within which two figures are neighbours."""
LARGE_REST = 0.2
"""Share not classified above which the classes no longer show the distribution."""
SHIFT_FIT, SHIFT_MISFIT = 0.5, 0.15
UNEVEN = float(np.log(1.5))
"""Women and men further apart than this can be told from each other when exchanged."""
PLACES = ("cct", "cbr", "cds", "crs", "cpr", "origin")


@dataclass(frozen=True, eq=False)
class Cut:
    """One total split into the classes of one scheme, by years.

    key: the codes it holds for; values, lines: classes x years; total: per year, as printed or else the classes
    added; printed: years in which the total is printed; rest: row of X or -1.
    """

    table: TableView
    column: str
    key: dict[str, str]
    codes: tuple[Code, ...]
    values: Numbers
    lines: Lines
    total: Numbers
    printed: NDArray[np.bool_]
    years: Lines
    rest: int

    def place(self, view: PackageView) -> str:
        """What the cut is of, for a sentence."""
        columns = tuple(c for c in shown(view, self.table.definition.series) if c != self.column)
        return named(self.key, view, columns)

    def cells(self, rows: Any, years: Any) -> tuple[Cell, ...]:
        """The cells of some classes and years that have a line."""
        lines = self.lines[rows, years].ravel()
        return tuple((self.table.definition.id, int(line)) for line in lines[lines > 0])

    @cached_property
    def shares(self) -> Numbers:
        """Each class's share of the total; a class that is not printed counts as 0 in a year with a total."""
        total = np.where(self.total > 0, self.total, np.nan)
        return np.where(np.isfinite(self.values), self.values, 0.0) / total


def cuts(view: PackageView) -> tuple[Cut, ...]:
    """Every cut of every table of counts that has at least two classes."""
    return view.kept("cuts", _cuts)


def _cuts(view: PackageView) -> tuple[Cut, ...]:
    found: list[Cut] = []
    for table in view.tables.values() if view.package.national else ():
        if table.definition.additive:
            for column in ("sex", *table.definition.dimensions):
                found += _of_column(view, table, column)
    return tuple(found)


def _of_column(view: PackageView, table: TableView, column: str) -> Iterator[Cut]:
    it = table.panel
    codes = it.keys[column].astype("str").to_numpy()
    group = it.groups(column)
    known = view.structure.codelist(column).codes
    for total in dict.fromkeys(known[code].parent or code for code in codes if code in known):
        classes = [c for c in known.values() if c.parent == total and not c.overlapping]
        order = {c.code: n for n, c in enumerate(classes)}
        chosen = np.flatnonzero([code == total or code in order for code in codes])
        for rows in np.split(chosen[np.argsort(group[chosen], kind="stable")],
                             np.flatnonzero(np.diff(np.sort(group[chosen]))) + 1):  # fmt: skip
            parts = sorted((order[codes[r]], int(r)) for r in rows if codes[r] in order)
            if len(parts) < 2:
                continue
            at = [r for _, r in parts]
            held = tuple(classes[n] for n, _ in parts)
            added = np.where(np.isfinite(it.values[at]).any(axis=0), np.nansum(it.values[at], axis=0), np.nan)
            top = [it.values[r] for r in rows if codes[r] == total]
            yield Cut(
                table=table,
                column=column,
                key={str(k): str(v) for k, v in it.records[at[0]].items()} | {column: total},
                codes=held,
                values=it.values[at],
                lines=it.lines[at],
                total=np.where(np.isfinite(top[0]), top[0], added) if top else added,
                printed=np.isfinite(top[0]) if top else np.zeros(len(it.years), dtype=bool),
                years=it.years,
                rest=next((n for n, c in enumerate(held) if c.residual), -1),
            )


def shares_jump(view: PackageView) -> Iterator[Case]:
    """The distribution over classes does not change by a quarter of all people between two neighbouring figures."""
    for cut in cuts(view):
        if not _whole(cut):
            continue
        known = np.flatnonzero((cut.total >= floor(cut.table)) & np.isfinite(cut.values).any(axis=0))
        steps = [(a, b) for a, b in pairwise(known.tolist()) if _comparable(cut, a, b)]
        changes = [_change(cut, before, after) for before, after in steps]
        moved = [float(np.abs(change).sum() / 2) for change in changes]
        usual = float(np.median(moved)) if len(moved) >= CELLS else 0.0
        for (before, after), change, share in zip(steps, changes, moved, strict=True):
            if share <= max(MOVED, USUAL * usual):
                continue
            rows = np.flatnonzero(np.abs(change[:-1]) > BLAMED)
            most = rows[np.argmax(np.abs(change[rows]))] if len(rows) else 0
            sentence = (
                f"{cut.years[after]}, {cut.place(view)}: {cut.codes[most].label} is "
                f"{_percent(cut.shares[most, after])} of all after {_percent(cut.shares[most, before])} in "
                f"{cut.years[before]}; {_percent(share)} of all people changed class."
            )
            yield Case(sentence, cut.cells(rows, after), cause=f"{cut.years[after]} {cut.column}")


def _comparable(cut: Cut, before: int, after: int) -> bool:
    """Whether two years are neighbours, and where a total is not printed whether the same classes are."""
    same = bool((np.isfinite(cut.values[:, before]) == np.isfinite(cut.values[:, after])).all())
    near = bool(cut.years[after] - cut.years[before] <= NEAR)
    return near and (same or bool(cut.printed[before] and cut.printed[after]))


def _whole(cut: Cut) -> bool:
    """Whether the cut is of both sexes and all classes of the other dimensions, or of citizens or migrants alone."""
    return all(
        code.endswith(("_TOTAL", "SEX_T", "CIT_CITIZEN", "CIT_NONCIT", "BIR_NATIVE", "BIR_FOREIGN"))
        for column, code in cut.key.items()
        if column not in ("ref_area", cut.column)
    )


def _change(cut: Cut, before: int, after: int) -> Numbers:
    """Change of the shares of classes printed in both years, and last of all others together."""
    both = np.isfinite(cut.values[:, before]) & np.isfinite(cut.values[:, after])
    change = np.where(both, cut.shares[:, after] - cut.shares[:, before], 0.0)
    return np.append(change, -change.sum())


def _percent(share: float) -> str:
    return f"{100 * share:.{0 if share >= 0.0995 or share == 0 else 1}f} %"


def not_classified(view: PackageView) -> Iterator[Case]:
    """No more than a fifth is left without a class."""
    for cut in cuts(view):
        if cut.rest < 0 or cut.column in PLACES:
            continue
        large = cut.values[cut.rest] > LARGE_REST * cut.total
        for year in np.flatnonzero(large & (cut.total >= floor(cut.table))):
            sentence = (
                f"{cut.years[year]}, {cut.place(view)}: {_percent(cut.shares[cut.rest, year])} of all are not "
                "classified. Shares of the other classes are not those of all people."
            )
            yield Case(sentence, cut.cells(cut.rest, year), cause=f"{cut.column} {cut.codes[cut.rest].scheme}")


def rest_is_total(view: PackageView) -> Iterator[Case]:
    """The rest is not the whole."""
    for cut in cuts(view):
        if cut.rest < 0 or cut.codes[cut.rest].scheme in ("CIT", "BIR"):
            continue
        others = np.delete(np.where(np.isfinite(cut.values), cut.values, 0.0), cut.rest, axis=0).sum(axis=0)
        whole = (cut.values[cut.rest] == cut.total) & (others == 0) & (cut.total >= floor(cut.table))
        for year in np.flatnonzero(whole):
            sentence = (
                f"{cut.years[year]}, {cut.place(view)}: '{cut.codes[cut.rest].label}' is the total of "
                f"{number(cut.total[year])}. No breakdown was published; leave the class out and say so."
            )
            yield Case(sentence, cut.cells(cut.rest, year), cause=cut.column)


def shifted_classes(view: PackageView) -> Iterator[Case]:
    """The classes of a year are not those of the year before moved on by one."""
    for cut in cuts(view):
        if cut.column in ("sex", *PLACES):
            continue
        known = np.flatnonzero(np.isfinite(cut.total) & (cut.total >= floor(cut.table)))
        plain = np.array([not code.residual for code in cut.codes])
        if plain.sum() < CELLS:
            continue
        shares = np.where(np.isfinite(cut.shares), cut.shares, 0.0)[plain]
        for before, after in pairwise(known):
            same = np.abs(shares[:, after] - shares[:, before]).sum() / 2
            if same < SHIFT_MISFIT:
                continue
            for step, words in ((1, "one class further"), (-1, "one class back")):
                moved = np.abs(shares[:, after] - np.roll(shares[:, before], step)).sum() / 2
                if moved < SHIFT_FIT * same and moved < SHIFT_MISFIT:
                    sentence = (
                        f"{cut.years[after]}, {cut.place(view)}: the figures fit those of {cut.years[before]} if each "
                        f"stood {words}. Was a row lost?"
                    )
                    yield Case(sentence, cut.cells(slice(None), after), cause=f"{cut.years[after]} {cut.column}")


def swapped_sexes(view: PackageView) -> Iterator[Case]:
    """Women and men are not exchanged in a single year."""
    for name, table in view.tables.items():
        if not table.definition.additive or not view.package.national:
            continue
        it = table.panel
        sex = it.keys["sex"].astype("str").to_numpy()
        group = it.groups("sex")
        row_of = np.full((group.max() + 1, 2), -1, dtype="int64")
        for at, code in enumerate(("SEX_F", "SEX_M")):
            row_of[group[sex == code], at] = np.flatnonzero(sex == code)
        rows = row_of[(row_of >= 0).all(axis=1)]
        if not len(rows):
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log(it.values[rows[:, 0]]) - np.log(it.values[rows[:, 1]])
        large = (it.values[rows[:, 0]] + it.values[rows[:, 1]]) >= floor(table)
        ratio = np.where(np.isfinite(ratio) & large, ratio, np.nan)
        yield from _swaps(name, table, rows, ratio)


def _swaps(name: str, table: TableView, rows: NDArray[np.int64], ratio: Numbers) -> Iterator[Case]:
    it = table.panel
    known = np.flatnonzero(np.isfinite(ratio).any(axis=0))
    for before, now, after in zip(known[:-2], known[1:-1], known[2:], strict=True):
        near = (ratio[:, before] + ratio[:, after]) / 2
        told = np.isfinite(near) & np.isfinite(ratio[:, now]) & (np.abs(near) > UNEVEN)
        if told.sum() < 2:
            continue
        straight = np.median(np.abs(ratio[told, now] - near[told]))
        exchanged = np.median(np.abs(ratio[told, now] + near[told]))
        if exchanged < straight / 3:
            sentence = (
                f"{it.years[now]}: in {told.sum()} classes women stand as men do in {it.years[before]} and "
                f"{it.years[after]}, and men as women. Were the columns exchanged?"
            )
            lines = it.lines[rows[told].ravel(), now]
            yield Case(sentence, tuple((name, int(line)) for line in lines if line), cause=str(it.years[now]))


FAMILY = "Classes and shares"
RULES = (
    Rule("shares-jump", Severity.WARNING, 2, FAMILY, shares_jump),
    Rule("not-classified", Severity.WARNING, 1, FAMILY, not_classified),
    Rule("rest-is-total", Severity.WARNING, 1, FAMILY, rest_is_total),
    Rule("shifted-classes", Severity.WARNING, 2, FAMILY, shifted_classes),
    Rule("swapped-sexes", Severity.WARNING, 2, FAMILY, swapped_sexes),
)
