"""A table as series by years: the shape in which rules compare neighbours."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Lines = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Panel:
    """Series down, years across.

    keys: one row per series with its codes; years: every year of the table, ascending; values, lines, held, sources:
    arrays of series x years. `values` is NaN where nothing usable is printed (blank or withheld), `lines` is the
    line of the file or 0, `held` is True where a row exists, `sources` is a number per source or -1.
    Where two sources print the same cell the first one in the file stands.
    """

    keys: pd.DataFrame
    years: Lines
    values: Numbers
    lines: Lines
    held: NDArray[np.bool_]
    sources: Lines
    steps: Numbers

    @cached_property
    def records(self) -> list[dict[Hashable, Any]]:
        """The keys as one mapping for each series."""
        return self.keys.astype("str").to_dict("records")

    def groups(self, column: str) -> Lines:
        """A number for every series, the same for series that differ in one column only."""
        mixed = np.zeros(len(self.keys), dtype="int64")
        for name in self.keys.columns:
            if name != column:
                held = self.keys[name].cat
                mixed = pd.factorize(mixed * len(held.categories) + held.codes.to_numpy("int64"))[0]
        return mixed


def panel(frame: pd.DataFrame, series: tuple[str, ...]) -> Panel:
    """The figures of a table's frame (with value, withheld and half_unit) arranged by series and year."""
    groups = frame.groupby(list(series), sort=False, observed=True)
    row = groups.ngroup().to_numpy(dtype="int64")
    years, column = np.unique(frame["time_period"].astype("str").str[:4].to_numpy(dtype="int64"), return_inverse=True)
    firsts = np.unique(row, return_index=True)[1]
    keys = frame[list(series)].iloc[firsts].reset_index(drop=True)
    shape = (len(keys), len(years))
    values: Numbers = np.full(shape, np.nan)
    half_units: Numbers = np.full(shape, np.nan)
    lines: Lines = np.zeros(shape, dtype="int64")
    sources: Lines = np.full(shape, -1, dtype="int64")
    usable = frame["value"].where(~frame["withheld"]).to_numpy(dtype="float64")
    codes = frame["source"].astype("category").cat.codes.to_numpy(dtype="int64")
    backwards = slice(None, None, -1)  # so that the first row of a cell is written last
    at: Any = (row[backwards], column[backwards])
    values[at] = usable[backwards]
    half_units[at] = frame["half_unit"].to_numpy(dtype="float64")[backwards]
    lines[at] = frame.index.to_numpy(dtype="int64")[backwards]
    sources[at] = codes[backwards]
    return Panel(keys, years, values, lines, lines > 0, sources, half_units)
