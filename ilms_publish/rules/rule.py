"""What a rule is, what it looks at, and what it says: a Case names the cells it blames."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ilms_publish.lending import ROW, Lent, Loan
from ilms_publish.model import Package, Structure, TableDefinition
from ilms_publish.problems import Severity
from ilms_publish.rules.explained import Example, Explained, explained
from ilms_publish.rules.panel import Panel, panel
from ilms_publish.scope import conditions, covered, matches, years

Cell = tuple[str, int]
Kept = TypeVar("Kept")
TABLE, PACKAGE, BESIDE = "table", "package", "beside"
"""What a rule looks at: one table after the other, all tables of a package, or those of other packages too."""


@dataclass(frozen=True, eq=False)
class TableView:
    """One table as the rules see it.

    frame: the authored columns, the key as categories, the rest as text; + value (float64, NaN when blank),
    half_unit (half a unit of the most decimals printed for that area, year and currency) and withheld (bool);
    index = line of the file. kept: what rules work out of it, made once.
    """

    definition: TableDefinition
    frame: pd.DataFrame
    kept: dict[Any, Any] = field(default_factory=dict)

    def codes(self, column: str) -> tuple[list[str], NDArray[np.int64]]:
        """The codes of a key column that the table prints, and the position among them of every row."""
        name = ("codes", column)
        if name not in self.kept:
            held = self.frame[column].cat
            self.kept[name] = list(held.categories), held.codes.to_numpy("int64")
        found: tuple[list[str], NDArray[np.int64]] = self.kept[name]
        return found

    def groups(self, *left_out: str) -> NDArray[np.int64]:
        """A number for every row, the same for rows whose keys are the same but for the columns left out."""
        if left_out not in self.kept:
            mixed = np.zeros(len(self.frame), dtype="int64")
            for column in self.definition.keys:
                if column not in left_out:
                    printed, codes = self.codes(column)
                    mixed = pd.factorize(mixed * len(printed) + codes)[0]
            self.kept[left_out] = mixed
        found: NDArray[np.int64] = self.kept[left_out]
        return found

    def covered(self, where: str, when: str, sources: tuple[str, ...] = ()) -> NDArray[np.bool_]:
        """Which rows a scope covers, found once for all who ask."""
        name = (where, when, sources)
        if name not in self.kept:
            self.kept[name] = self._covered(where, when, sources)
        found: NDArray[np.bool_] = self.kept[name]
        return found

    def _covered(self, where: str, when: str, sources: tuple[str, ...]) -> NDArray[np.bool_]:
        wanted: list[tuple[str, Collection[str]]] = list(conditions(where).items())
        if not {column for column, _ in wanted} <= set(self.definition.keys):
            return covered(self.frame, where, when, sources).to_numpy()
        chosen = years(when)
        wanted += [("time_period", {str(year) for year in chosen})] if chosen is not None else []
        wanted += [("source", sources)] if sources else []
        mask = np.ones(len(self.frame), dtype=bool)
        for column, accepted in wanted:
            printed, codes = self.codes(column)
            mask &= np.array([code in accepted for code in printed], dtype=bool)[codes]
        return mask

    @cached_property
    def years(self) -> pd.Series[int]:
        """The year of every row, as a number."""
        texts = self.frame["time_period"].cat
        numbers = np.array([int(text[:4]) for text in texts.categories] or [0], dtype="int64")
        return pd.Series(numbers[texts.codes.to_numpy()], index=self.frame.index)

    @cached_property
    def panel(self) -> Panel:
        """The same figures as series by years, made once for all rules."""
        return panel(self.frame, self.definition.series)


@dataclass(frozen=True, eq=False)
class PackageView:
    """One package with everything a rule may look at.

    beside: all packages by id, for mirror rules; none when only some are checked; weight: roughly the bytes of what a
    family of rules works out of all its tables.
    """

    structure: Structure
    package: Package
    tables: Mapping[str, TableView]
    beside: Mapping[str, PackageView] = field(default_factory=dict)
    weight: int = 0
    _kept: dict[str, Loan[Any]] = field(default_factory=dict)
    _apart: dict[str, PackageView] = field(default_factory=dict, init=False)

    def apart(self, name: str) -> PackageView:
        """The same package with one table only."""
        if name not in self._apart:
            weight = ROW * len(self.package.tables[name])
            alone = _Only(self.tables, name)
            self._apart[name] = replace(self, tables=alone, beside={}, weight=weight, _kept={})
        return self._apart[name]

    def kept(self, name: str, make: Callable[[PackageView], Kept], weight: int = 0) -> Kept:
        """What a family of rules works out of the package. weight: its bytes, roughly, when it is less than usual."""
        if name not in self._kept:
            self._kept[name] = Loan(partial(make, self), weight or self.weight)
        found: Kept = self._kept[name]()
        return found


class _Only(Mapping[str, TableView]):
    """One of several tables, taken from them when it is asked for."""

    def __init__(self, tables: Mapping[str, TableView], name: str) -> None:
        self._tables, self._name = tables, name

    def __getitem__(self, key: str) -> TableView:
        if key != self._name:
            raise KeyError(key)
        return self._tables[key]

    def __iter__(self) -> Iterator[str]:
        yield self._name

    def __len__(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Case:
    """One thing a rule noticed.

    cells: the cells blamed, (table, line); other: the cells of the second table in a cross-table case,
    either side may be acknowledged; file: for findings about files instead of cells; cause: cases with
    the same table and cause are reported together.
    """

    sentence: str
    cells: tuple[Cell, ...] = ()
    other: tuple[Cell, ...] = ()
    field: str = "obs_value"
    file: str = ""
    row: int = 0
    cause: str = ""


@dataclass(frozen=True)
class Rule:
    """A check that a statistician can read: what must hold, why, an example, and how to mend a breach.

    level: 0 file, 1 within a table, 2 across tables and years, 3 across providers (ESS validation levels);
    check: what it notices in a view; sees: how much is in that view, TABLE, PACKAGE or BESIDE.
    The words and the example cases stand in `cases/<id>.yaml`.
    """

    id: str
    severity: Severity
    level: int
    family: str
    check: Callable[[PackageView], Iterator[Case]] = field(repr=False)
    sees: str = TABLE

    def cases(self, view: PackageView) -> Iterator[Case]:
        """What it notices in a package."""
        for one in (view.apart(name) for name in view.tables) if self.sees == TABLE else (view,):
            yield from self.check(one)

    @property
    def words(self) -> Explained:
        """The words of the rule's file."""
        return explained(self.id)

    @property
    def sentence(self) -> str:
        """What must hold."""
        return self.words.sentence

    @property
    def why(self) -> str:
        """Why it must hold, and where the threshold comes from."""
        return self.words.why

    @property
    def example(self) -> str:
        """A breach as it was seen or may be seen."""
        return self.words.example

    @property
    def likely(self) -> str:
        """What is behind most breaches, so that the reader knows where to look first."""
        return self.words.likely

    @property
    def mend(self) -> str:
        """What to do about a breach."""
        return self.words.mend

    @property
    def fails(self) -> tuple[Example, ...]:
        """Small tables in which the rule finds something."""
        return self.words.fails

    @property
    def passes(self) -> tuple[Example, ...]:
        """Small tables, close to a breach, in which it finds nothing."""
        return self.words.passes

    def able(self, view: PackageView) -> bool:
        """Whether everything that the rule looks at is at hand."""
        return self.sees != BESIDE or bool(view.beside)


def view(package: Package, structure: Structure) -> PackageView:
    """The package with numbers beside the texts and the withheld cells marked."""
    rows = {name: len(frame) for name, frame in package.tables.items()}
    loans = ((name, Loan(partial(_seen, package, structure.tables[name]), 3 * ROW * rows[name])) for name in rows)
    return PackageView(structure, package, Lent(loans), weight=ROW * sum(rows.values()))


def _seen(package: Package, definition: TableDefinition) -> TableView:
    frame = package.tables[definition.id]
    numbers = frame.copy()
    keys = list(definition.keys)
    numbers[keys] = numbers[keys].astype("category")
    numbers["value"] = pd.to_numeric(frame["obs_value"], errors="coerce").astype("float64")
    decimals = frame["obs_value"].str.partition(".")[2].str.len().astype("float64")
    alike = [frame[column] for column in ("ref_area", "time_period", "cur") if column in frame.columns]
    numbers["half_unit"] = 0.5 * 10.0 ** -decimals.groupby(alike).transform("max")
    withheld = np.zeros(len(frame), dtype=bool)
    for limitation in package.limitations:
        if limitation.withholds and matches(limitation.tables, definition.id):
            withheld |= covered(frame, limitation.where, limitation.years, limitation.sources).to_numpy()
    numbers["withheld"] = withheld
    return TableView(definition, numbers)


def named(row: Mapping[Any, Any], view: PackageView, columns: tuple[str, ...]) -> str:
    """The labels of a row's codes in the given columns, for a sentence."""
    return ", ".join(view.structure.codelist(column).label(row[column]) for column in columns)


def shown(view: PackageView, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns worth naming in a sentence: the area only where a package holds several."""
    return tuple(column for column in columns if column != "ref_area" or not view.package.national)


def number(value: float) -> str:
    """A number for a sentence: grouped thousands, as many decimals as it needs, at most three."""
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"
