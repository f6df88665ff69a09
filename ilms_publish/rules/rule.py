"""What a rule is, what it looks at, and what it says: a Case names the cells it blames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ilms_publish.model import Package, Structure, TableDefinition
from ilms_publish.problems import Severity
from ilms_publish.scope import covered, matches

Cell = tuple[str, int]


@dataclass(frozen=True, eq=False)
class TableView:
    """One table as the rules see it.

    frame: the authored columns, the key as categories, the rest as text; + value (float64, NaN when blank),
    half_unit (half a unit of the most decimals printed for that area, year and currency) and withheld (bool);
    index = line of the file.
    """

    definition: TableDefinition
    frame: pd.DataFrame


@dataclass(frozen=True, eq=False)
class PackageView:
    """One package with everything a rule may look at."""

    structure: Structure
    package: Package
    tables: Mapping[str, TableView]


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


@dataclass(frozen=True, slots=True)
class Rule:
    """A check that a statistician can read: what must hold, why, an example, and how to mend a breach.

    level: 0 file, 1 within a table, 2 across tables and years, 3 across providers (ESS validation levels).
    """

    id: str
    severity: Severity
    level: int
    family: str
    sentence: str
    why: str
    example: str
    mend: str
    check: Callable[[PackageView], Iterator[Case]] = field(repr=False)


def view(package: Package, structure: Structure) -> PackageView:
    """The package with numbers beside the texts and the withheld cells marked."""
    tables = {}
    for name, frame in package.tables.items():
        numbers = frame.copy()
        keys = list(structure.tables[name].keys)
        numbers[keys] = numbers[keys].astype("category")
        numbers["value"] = pd.to_numeric(frame["obs_value"], errors="coerce").astype("float64")
        decimals = frame["obs_value"].str.partition(".")[2].str.len().astype("float64")
        alike = [frame[column] for column in ("ref_area", "time_period", "cur") if column in frame.columns]
        numbers["half_unit"] = 0.5 * 10.0 ** -decimals.groupby(alike).transform("max")
        withheld = np.zeros(len(frame), dtype=bool)
        for limitation in package.limitations:
            if limitation.withholds and matches(limitation.tables, name):
                withheld |= covered(frame, limitation.where, limitation.years, limitation.sources).to_numpy()
        numbers["withheld"] = withheld
        tables[name] = TableView(structure.tables[name], numbers)
    return PackageView(structure, package, tables)


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
