"""The figures of a published table arranged as series of observations, each with its flags, source and limitations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from ilms_publish.catalogue import PublishedTable
from ilms_publish.lending import ROW, Loan
from ilms_publish.model import Code, Limitation, Structure, TableDefinition

BOTH, WOMEN, MEN = "SEX_T", "SEX_F", "SEX_M"
SIDE_SCHEMES = frozenset({"CIT", "BIR"})
CURRENCY = "cur"


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure as issued, with its codes, year, flags, source and the limitations that touch it."""

    line: int
    codes: Mapping[str, str]
    year: int
    text: str
    value: float | None
    status: str
    source: str
    note: str
    withheld: bool
    limitations: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether charts, totals and sentences may rest on it."""
        return self.value is not None and not self.withheld


@dataclass(frozen=True, slots=True)
class Arranged:
    """The observations of a table in the order of the file, and by series: key -> observations by year.

    The key is (ref_area, sex, dimensions...). side: the dimension that tells migrants from others, if any; classes: the
    dimension that tells kinds apart (activity, destination, ...), if any.
    """

    observations: tuple[Observation, ...]
    series: Mapping[tuple[str, ...], tuple[Observation, ...]]
    side: str
    classes: str


@dataclass(frozen=True)
class Figures:
    """One table of one package. arranged: its observations on loan; what is told of them as a whole is kept here."""

    table: PublishedTable
    structure: Structure
    arranged: Loan[Arranged]
    limitations: Mapping[str, Limitation]

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Every figure, in the order of the file."""
        return self.arranged().observations

    @property
    def series(self) -> Mapping[tuple[str, ...], tuple[Observation, ...]]:
        """The same by series."""
        return self.arranged().series

    @cached_property
    def side(self) -> str:
        """The dimension that tells migrants from others; empty when there is none."""
        return self.arranged().side

    @cached_property
    def classes(self) -> str:
        """The dimension that tells kinds apart; empty when there is none."""
        return self.arranged().classes

    @property
    def definition(self) -> TableDefinition:
        """The definition of the table."""
        return self.table.definition

    @cached_property
    def areas(self) -> list[str]:
        """The areas whose figures the table holds, in the order of the file."""
        return list(dict.fromkeys(o.codes["ref_area"] for o in self.observations))

    @property
    def area(self) -> str:
        """The package's own area, or the only one of the table."""
        return self.table.package.area or (self.areas[0] if self.areas else "")

    def present(self, dimension: str) -> list[Code]:
        """The codes of a dimension that occur, in the order of the codelist."""
        if not dimension:
            return []
        held = {o.codes[dimension] for o in self.observations}
        return [code for name, code in self.structure.codelist(dimension).codes.items() if name in held]

    def pick(self, area: str, sex: str, chosen: Mapping[str, str]) -> tuple[Observation, ...]:
        """The series of one combination of codes, by year; empty when there is none."""
        return self.series.get((area, sex, *(chosen.get(d, "") for d in self.definition.dimensions)), ())

    @cached_property
    def whole(self) -> frozenset[str]:
        """Ids of the limitations that touch every observation: caveats of the table rather than of a cell."""
        return frozenset.intersection(*self.wide.values()) if self.wide else frozenset()

    @cached_property
    def wide(self) -> dict[str, frozenset[str]]:
        """For each source the ids of the limitations that touch every observation resting on it."""
        sets = {(o.source, o.limitations) for o in self.observations}
        found: dict[str, frozenset[str]] = {}
        for source, names in sets:
            found[source] = found.get(source, frozenset(names)) & frozenset(names)
        return found

    def years(self, usable: bool = True) -> list[int]:
        """Years with a usable value; or, on request, years with any row."""
        return list(self._years[0 if usable else 1])

    def withheld_years(self) -> list[int]:
        """Years whose every value is withheld."""
        return list(self._years[2])

    @cached_property
    def _years(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """Years with a usable value, with any row, and with nothing but withheld values."""
        usable = {o.year for o in self.observations if o.usable}
        withheld = {o.year for o in self.observations if o.withheld} - usable
        return tuple(sorted(usable)), tuple(sorted({o.year for o in self.observations})), tuple(sorted(withheld))


def arrange(table: PublishedTable, structure: Structure) -> Figures:
    """The figures of a table, whose observations are arranged by series when they are asked for."""
    limitations = {limitation.id: limitation for limitation in table.limitations}
    return Figures(table, structure, Loan(partial(_arranged, table, structure), 3 * ROW * table.count), limitations)


def _arranged(table: PublishedTable, structure: Structure) -> Arranged:
    definition = table.definition
    names = definition.series
    observations = tuple(_observations(table.frame, names))
    side = next((d for d in definition.dimensions if _schemes(observations, d, structure) & SIDE_SCHEMES), "")
    kinds = [d for d in definition.dimensions if d not in (side, CURRENCY)]
    series: defaultdict[tuple[str, ...], list[Observation]] = defaultdict(list)
    for observation in observations:
        series[tuple(observation.codes[name] for name in names)].append(observation)
    ordered = {key: tuple(sorted(found, key=lambda o: (o.year, o.source))) for key, found in series.items()}
    return Arranged(observations, ordered, side, kinds[0] if kinds else "")


CELLS = ("time_period", "obs_value", "value", "obs_status", "source", "note", "use", "limitations")


def _observations(frame: pd.DataFrame, names: Sequence[str]) -> Iterator[Observation]:
    """What the rows of a series have in common, and what many rows say, is held once for all of them."""
    codes: dict[tuple[str, ...], Mapping[str, str]] = {}
    split = {cell: tuple(cell.split()) for cell in frame["limitations"].unique()}
    years = {cell: int(cell[:4]) for cell in frame["time_period"].unique()}
    keys = zip(*(_texts(frame[name]) for name in names), strict=True)
    cells = zip(frame.index.tolist(), *(_texts(frame[name]) for name in CELLS), strict=True)
    for key, (line, when, text, value, status, source, note, use, touched) in zip(keys, cells, strict=True):
        if key not in codes:
            codes[key] = dict(zip(names, key, strict=True))
        number = None if value != value else float(value)
        withheld, limitations = use == "withheld", split[touched]
        yield Observation(line, codes[key], years[when], text, number, status, source, note, withheld, limitations)


def _texts(cells: pd.Series[Any]) -> list[Any]:
    """The cells of a column; equal texts are one text."""
    listed = cells.tolist()
    return [*map({cell: cell for cell in listed}.__getitem__, listed)] if cells.dtype == "str" else listed


def _schemes(observations: Iterable[Observation], dimension: str, structure: Structure) -> set[str]:
    codes = structure.codelist(dimension).codes
    held = {o.codes[dimension] for o in observations}
    return {codes[code].scheme for code in held if code in codes}
