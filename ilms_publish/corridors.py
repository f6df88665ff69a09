"""Corridors: what the country of origin and the country of destination each report on the movement between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ilms_publish import derive
from ilms_publish.arranging import BOTH, Figures, Observation
from ilms_publish.aspects import OUTWARD, Report
from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.comparability import Comparison, compare, report
from ilms_publish.derive import DOUBTFUL
from ilms_publish.model import Code, Package, Structure, TableDefinition

RETURNS = "returned_nationals"
PLACES = frozenset({"country", "area"})
"""Kinds of areas that can be an end of a corridor; groups and countries of the past cannot."""
ORIGIN = "origin"
Pair = tuple[str, str]
"""Origin and destination, codes of areas."""
RANK = (
    "outflow_employment", "nationals_abroad", "outflow_nationals", RETURNS, "employment", "working_age", "labour_force",
)  # fmt: skip
"""Concepts in the order in which the reports of one country stand."""


@dataclass(frozen=True)
class Record:
    """One table's figures on one corridor. area: who reports; code: the item that names the other country, if any.

    series: sex -> observations by year, what is withheld left out; withheld: years left out for that.
    """

    figures: Figures
    area: str
    code: Code | None
    series: Mapping[str, tuple[Observation, ...]]
    withheld: tuple[int, ...] = ()

    @property
    def concept(self) -> str:
        """What the table counts."""
        return self.figures.definition.concept

    @property
    def main(self) -> tuple[Observation, ...]:
        """The usable figures of both sexes, one a year: of the source that supplies most years where it has several."""
        usable = [o for o in self.series.get(BOTH, ()) if o.usable]
        return derive.one_a_year(usable)

    @property
    def observations(self) -> list[Observation]:
        """Everything shown, missing values with their status included."""
        return [o for found in self.series.values() for o in found]

    @property
    def years(self) -> list[int]:
        """Years with a usable figure of any sex."""
        return sorted({o.year for o in self.observations if o.usable})


@dataclass(frozen=True)
class Corridor:
    """Everything held on one pair of countries, national reports and international estimates apart."""

    origin: str
    destination: str
    sent: list[Record] = field(default_factory=list)
    received: list[Record] = field(default_factory=list)
    estimates: list[Record] = field(default_factory=list)

    @property
    def national(self) -> bool:
        """Whether either country reports on it."""
        return bool(self.sent or self.received)


@dataclass(frozen=True)
class Meeting:
    """A report of the origin beside one of the destination. rows: the years both have; empty when they have none.

    like: whether both are stocks or both are flows. The third part of a row is what the origin reports for every 100
    that the destination reports, None where the two may not be compared or a level is in doubt.
    """

    sent: Record
    received: Record
    first: Observation
    second: Observation
    reports: tuple[Report, Report]
    comparison: Comparison
    like: bool
    rows: tuple[tuple[Observation, Observation, float | None], ...]

    @property
    def comparable(self) -> bool:
        """Whether a ratio of the two means anything: the same kind of figure, and a verdict that lets them meet."""
        return self.like and self.comparison.usable


def place_dimension(definition: TableDefinition, structure: Structure) -> str:
    """The dimension by which a table names countries; empty when it names none or has other dimensions too."""
    if len(definition.dimensions) != 1:
        return ""
    name = definition.dimensions[0]
    codes = structure.codelist(name).codes.values()
    return name if name == ORIGIN or any(code.extra.get("area") for code in codes) else ""


def named_years(figures: Figures) -> frozenset[int]:
    """The years in which a table names at least one country with a usable figure."""
    dimension = place_dimension(figures.definition, figures.structure)
    if not dimension:
        return frozenset()
    codes = figures.structure.codelist(dimension).codes
    return frozenset(o.year for o in figures.observations if o.usable and codes[o.codes[dimension]].extra.get("area"))


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a record of a corridor is found: in the table `key`, as series of an area and an item, one for each sex."""

    key: tuple[str, str]
    area: str
    item: str
    sexes: tuple[str, ...]


def directory(figures: Iterable[Figures], members: Sequence[str], structure: Structure) -> dict[Pair, list[Entry]]:
    """Where the figures on every pair of countries stand, and every pair of members, in the order of their codes."""
    found: dict[Pair, list[Entry]] = {(o, d): [] for o in members for d in members if o != d}
    kinds = {code.code: code.extra.get("kind", "country") for code in structure.codelists["CL_AREA"].codes.values()}
    for one in figures:
        for pair, entry in _entries(one):
            if pair[0] != pair[1] and all(kinds.get(area) in PLACES for area in pair):
                found.setdefault(pair, []).append(entry)
    return dict(sorted(found.items()))


def corridor(pair: Pair, entries: Iterable[Entry], of: Callable[[tuple[str, str]], Figures]) -> Corridor:
    """Everything held on a pair. entries: as the directory names them; of: gives the figures of a key."""
    made = Corridor(*pair)
    for entry in entries:
        record = _record(entry, of(entry.key))
        side = made.sent if record.concept in OUTWARD else made.received
        (side if record.figures.table.package.national else made.estimates).append(record)
    made.sent.sort(key=_rank)
    made.received.sort(key=_rank)
    return made


def _rank(record: Record) -> int:
    return RANK.index(record.concept) if record.concept in RANK else len(RANK)


def _entries(figures: Figures) -> Iterator[tuple[Pair, Entry]]:
    dimension = place_dimension(figures.definition, figures.structure)
    if not dimension:
        return
    codes, key = figures.structure.codelist(dimension).codes, (figures.table.package.id, figures.definition.id)
    series: defaultdict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for (area, sex, item), observations in figures.series.items():
        series[area, item][sex] = any(o.usable for o in observations)
    for (area, item), usable in series.items():
        other = item if dimension == ORIGIN else codes[item].extra.get("area", "") if item in codes else ""
        if other and any(usable.values()):
            pair = (area, other) if figures.definition.concept in OUTWARD else (other, area)
            yield pair, Entry(key, area, item, tuple(usable))


def _record(entry: Entry, figures: Figures) -> Record:
    dimension = place_dimension(figures.definition, figures.structure)
    by_sex = {sex: figures.series[entry.area, sex, entry.item] for sex in entry.sexes}
    kept = {sex: tuple(o for o in found if not o.withheld) for sex, found in by_sex.items()}
    usable = {o.year for found in kept.values() for o in found if o.usable}
    left_out = {o.year for found in by_sex.values() for o in found if o.withheld} - usable
    code = figures.structure.codelist(dimension).codes.get(entry.item)
    return Record(figures, entry.area, code, kept, tuple(sorted(left_out)))


def meetings(corridor: Corridor) -> list[Meeting]:
    """Every report of the origin beside every one of the destination, apart by the sources that meet.

    Returns meet no report of the destination, since it does not report on those who left it; people abroad are not set
    against the arrivals of one year.
    """
    found: list[Meeting] = []
    for sent in corridor.sent:
        for received in corridor.received:
            kinds = sent.figures.definition.measure, received.figures.definition.measure
            if sent.concept != RETURNS and kinds != ("stock", "flow") and sent.main and received.main:
                found += _meet(sent, received)
    return sorted(found, key=lambda one: (not one.rows, not one.like, -len(one.rows)))


def _meet(sent: Record, received: Record) -> Iterator[Meeting]:
    ours = {o.year: o for o in sent.main}
    theirs = {o.year: o for o in received.main}
    by_source: defaultdict[Pair, list[int]] = defaultdict(list)
    for year in sorted(ours.keys() & theirs.keys()):
        by_source[ours[year].source, theirs[year].source].append(year)
    like = sent.figures.definition.measure == received.figures.definition.measure
    for years in by_source.values() or [[]]:
        first = ours[years[-1]] if years else sent.main[-1]
        second = theirs[years[-1]] if years else received.main[-1]
        reports = report(sent.figures, first, not years), report(received.figures, second, not years)
        comparison = compare(*reports, corridor=True)
        fit = like and comparison.usable
        rows = [(ours[y], theirs[y], _per_hundred(sent, ours[y], received, theirs[y]) if fit else None) for y in years]
        yield Meeting(sent, received, first, second, reports, comparison, like, tuple(rows))


def _per_hundred(sent: Record, ours: Observation, received: Record, theirs: Observation) -> float | None:
    """What the origin reports for every 100 that the destination reports; None where a level is in doubt."""
    doubt = derive.touched(sent.figures, [ours], DOUBTFUL) or derive.touched(received.figures, [theirs], DOUBTFUL)
    if doubt or ours.value is None or not theirs.value:
        return None
    scale = 10.0 ** (sent.figures.definition.unit_mult - received.figures.definition.unit_mult)
    return 100 * scale * ours.value / theirs.value


DESTINATIONS, ORIGINS = ("destination", "residence"), ("citizenship", "birth", "origin")
"""Words by which the quoted figures say that their category is the other end of a corridor."""


def quoted(packages: Iterable[Package], structure: Structure) -> dict[Pair, list[dict[str, str]]]:
    """The single quoted figures that name another country, as rows of reported.csv by corridor."""
    areas = structure.codelists["CL_AREA"].codes
    found: defaultdict[Pair, list[dict[str, str]]] = defaultdict(list)
    for package in packages:
        for record in package.reported.to_dict("records"):
            row = {str(key): str(value) for key, value in record.items()}
            said = row["dimension"].lower()
            if row["category"] not in areas or row["category"] == row["ref_area"]:
                continue
            if any(name in said for name in DESTINATIONS):
                found[row["ref_area"], row["category"]].append(row)
            elif any(name in said for name in ORIGINS):
                found[row["category"], row["ref_area"]].append(row)
    return dict(found)


ENDS = ["origin", "destination"]
COLUMNS = [*ENDS, "reporter", "table", "sex", "time_period", "obs_value", "obs_status", "unit_measure", "unit_mult",
           "source", "limitations"]  # fmt: skip


def rows(catalogue: Catalogue) -> pd.DataFrame:
    """Every usable figure on the pairs that have a page: reported or quoted by a country, or of two members; as text.

    reporter: the package that holds it; women and men stand apart only where no figure for both is issued.
    """
    parts = [(table, _rows(table, catalogue.structure)) for table in catalogue.tables.values()]
    held = [(table, part) for table, part in parts if len(part)]
    if not held:
        return pd.DataFrame(columns=COLUMNS)
    national = [package for package in catalogue.packages.values() if package.national]
    wanted = {(one.area, other.area) for one in national for other in national} | set(
        quoted(national, catalogue.structure)
    )
    for table, part in held:
        if table.package.national:
            wanted |= set(zip(part["origin"], part["destination"], strict=True))
    whole = pd.concat([part for _, part in held])
    kept = whole[[pair in wanted for pair in zip(whole["origin"], whole["destination"], strict=True)]]
    return kept.sort_values(COLUMNS[:6], kind="stable").reset_index(drop=True)


def _rows(table: PublishedTable, structure: Structure) -> pd.DataFrame:
    definition = table.definition
    dimension = place_dimension(definition, structure)
    if not dimension:
        return pd.DataFrame(columns=COLUMNS)
    kinds = structure.codelists["CL_AREA"].codes
    frame = table.published
    codes = structure.codelist(dimension).codes
    other = frame[dimension].map({name: name if dimension == ORIGIN else code.extra.get("area", "")
                                  for name, code in codes.items()})  # fmt: skip
    keys = list(zip(frame["ref_area"], frame[dimension], frame["time_period"], strict=True))
    whole = {key for key, sex in zip(keys, frame["sex"], strict=True) if sex == BOTH}
    apart = [key not in whole for key in keys]
    ends = ("ref_area", "other") if definition.concept in OUTWARD else ("other", "ref_area")
    frame = frame.assign(other=other, apart=apart)
    places = {name for name, code in kinds.items() if code.extra.get("kind", "country") in PLACES}
    kept = frame[frame["other"].isin(places) & frame["ref_area"].isin(places) & (frame["other"] != frame["ref_area"])]
    kept = kept[(kept["sex"] == BOTH) | kept["apart"]]
    made = kept.assign(
        origin=kept[ends[0]], destination=kept[ends[1]], reporter=table.package.id, table=definition.id,
        unit_measure=definition.unit_measure, unit_mult=str(definition.unit_mult),
    )  # fmt: skip
    return made[COLUMNS]
