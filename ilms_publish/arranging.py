"""The figures of a published table arranged as series of observations, each with its flags, source and limitations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Outline:
    """What is told of a table as a whole, in a single look at its observations.

    areas: in the order of the file; occurring: the codes in each column of the key of a series; years: with a usable
    value, with any row, and with nothing but withheld values; sexes: of the usable values of each year; wide: for each
    source the ids of the limitations that touch every observation resting on it.
    """

    areas: tuple[str, ...]
    occurring: Mapping[str, frozenset[str]]
    years: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
    sexes: Mapping[int, frozenset[str]]
    withheld: int
    wide: Mapping[str, frozenset[str]]
    side: str
    classes: str


@dataclass(frozen=True)
class Figures:
    """One table of one package. arranged: its observations on loan; what is told of them as a whole stays.

    kept: the same of what others work out of them.
    """

    table: PublishedTable
    structure: Structure
    arranged: Loan[Arranged]
    limitations: Mapping[str, Limitation]
    kept: dict[Any, Any] = field(default_factory=dict, compare=False)

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Every figure, in the order of the file."""
        return self._read().observations

    @property
    def series(self) -> Mapping[tuple[str, ...], tuple[Observation, ...]]:
        """The same by series."""
        return self._read().series

    def _read(self) -> Arranged:
        """The observations. Whoever asks for them first leaves the outline behind for all who come after."""
        found = self.arranged()
        if Outline not in self.kept:
            self.kept[Outline] = _outline(found, self.definition)
        return found

    @property
    def outline(self) -> Outline:
        """What is told of the table as a whole."""
        if Outline not in self.kept:
            self._read()
        found: Outline = self.kept[Outline]
        return found

    @property
    def side(self) -> str:
        """The dimension that tells migrants from others; empty when there is none."""
        return self.outline.side

    @property
    def classes(self) -> str:
        """The dimension that tells kinds apart; empty when there is none."""
        return self.outline.classes

    @property
    def count(self) -> int:
        """How many figures there are."""
        return self.table.count

    @property
    def withheld(self) -> int:
        """How many of them are withheld."""
        return self.outline.withheld

    @property
    def definition(self) -> TableDefinition:
        """The definition of the table."""
        return self.table.definition

    @property
    def areas(self) -> list[str]:
        """The areas whose figures the table holds, in the order of the file."""
        return list(self.outline.areas)

    @property
    def area(self) -> str:
        """The package's own area, or the only one of the table."""
        return self.table.package.area or (self.areas[0] if self.areas else "")

    def present(self, dimension: str) -> list[Code]:
        """The codes of a dimension that occur, in the order of the codelist."""
        if not dimension:
            return []
        held = self.outline.occurring[dimension]
        return [code for name, code in self.structure.codelist(dimension).codes.items() if name in held]

    def pick(self, area: str, sex: str, chosen: Mapping[str, str]) -> tuple[Observation, ...]:
        """The series of one combination of codes, by year; empty when there is none."""
        return self.series.get((area, sex, *(chosen.get(d, "") for d in self.definition.dimensions)), ())

    @cached_property
    def whole(self) -> frozenset[str]:
        """Ids of the limitations that touch every observation: caveats of the table rather than of a cell."""
        return frozenset.intersection(*self.wide.values()) if self.wide else frozenset()

    @property
    def wide(self) -> Mapping[str, frozenset[str]]:
        """For each source the ids of the limitations that touch every observation resting on it."""
        return self.outline.wide

    def years(self, usable: bool = True) -> list[int]:
        """Years with a usable value; or, on request, years with any row."""
        return list(self.outline.years[0 if usable else 1])

    def withheld_years(self) -> list[int]:
        """Years whose every value is withheld."""
        return list(self.outline.years[2])


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


def _outline(arranged: Arranged, definition: TableDefinition) -> Outline:
    names = definition.series
    columns = zip(*arranged.series, strict=True) if arranged.series else ((),) * len(names)
    occurring = {name: frozenset(found) for name, found in zip(names, columns, strict=True)}
    areas = tuple(dict.fromkeys(area for area, *_ in arranged.series))
    sexes: defaultdict[int, set[str]] = defaultdict(set)
    rows, withheld_in, withheld = set(), set(), 0
    told: set[tuple[str, tuple[str, ...]]] = set()
    for o in arranged.observations:
        rows.add(o.year)
        told.add((o.source, o.limitations))
        if o.withheld:
            withheld += 1
            withheld_in.add(o.year)
        elif o.value is not None:
            sexes[o.year].add(o.codes["sex"])
    wide: dict[str, frozenset[str]] = {}
    for source, ids in sorted(told):
        wide[source] = wide.get(source, frozenset(ids)) & frozenset(ids)
    years = tuple(sorted(sexes)), tuple(sorted(rows)), tuple(sorted(withheld_in - sexes.keys()))
    used = {year: frozenset(found) for year, found in sexes.items()}
    return Outline(areas, occurring, years, used, withheld, wide, arranged.side, arranged.classes)


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
