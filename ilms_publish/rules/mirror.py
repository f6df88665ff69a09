"""Mirror: what a country says of its people abroad beside what others say of the same people."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ilms_publish.problems import Severity
from ilms_publish.rules.rule import BESIDE, Case, PackageView, Rule, TableView, number

APART = 2.0
"""Pairs within half and double are usual for two records of one flow; outside, the reader is told."""
NEAR = 2
"""Years between a national count and the nearest round of estimates."""
LEAST = 10_000.0
"""Persons that the larger figure must count; smaller groups differ by sampling and by age alone."""
PAIRS = 100_000
"""Bytes of the pairs of one table, roughly."""
DEPARTURES = ("MNA_OEMP_SEX_CDS_NB", "MNA_OPOP_SEX_CDS_NB")
ARRIVALS = "MFL_NCIT_SEX_CCT_NB"
ABROAD = "MNA_TPOP_SEX_CRS_NB"
FOREIGN = "MST_NCTP_SEX_CCT_NB"
ESTIMATE = "undesa_stock_by_origin"


def pairs(table: TableView, view: PackageView, column: str) -> pd.DataFrame:
    """Both sexes by pair of countries: reporter, partner, year, persons, line; withheld figures left out."""
    name = ("pairs", column)
    if name not in table.kept:
        table.kept[name] = _pairs(table, view, column)
    found: pd.DataFrame = table.kept[name]
    return found


def _pairs(table: TableView, view: PackageView, column: str) -> pd.DataFrame:
    areas = {c.code: c.extra.get("area", c.code) for c in view.structure.codelist(column).codes.values()}
    frame = table.frame
    partner = frame[column].map(areas).astype("str")
    chosen = frame[(frame["sex"] == "SEX_T") & (frame["value"] > 0) & ~frame["withheld"] & (partner != "")]
    return pd.DataFrame(
        {
            "reporter": chosen["ref_area"].astype("str"),
            "partner": partner[chosen.index],
            "year": chosen["time_period"].astype("str"),
            "persons": chosen["value"] * 10**table.definition.unit_mult,
            "line": chosen.index.to_numpy(),
        }
    )


def _others(view: PackageView, table: str, column: str, end: str = "partner") -> pd.DataFrame:
    """The pairs of a table as all other packages report it that have this package's area at one end.

    Only those can stand beside its own; to look through all pairs for every package would grow with their square.
    """
    areas = {area for held in view.tables.values() for area in held.codes("ref_area")[0]}
    found = [
        mine.assign(package=name)
        for name, other in view.beside.items()
        if name != view.package.id and table in other.tables
        for area, mine in _by_end(other, table, column, end).items()
        if area in areas
    ]
    return pd.concat(found) if found else pd.DataFrame()


def _by_end(view: PackageView, table: str, column: str, end: str) -> dict[str, pd.DataFrame]:
    """The pairs of a table by the area at one end, made once for all packages that look at them."""

    def made(view: PackageView) -> dict[str, pd.DataFrame]:
        return {str(area): rows for area, rows in pairs(view.tables[table], view, column).groupby(end, sort=False)}

    return view.kept(f"pairs {table} {end}", made, PAIRS)


def _apart(mine: pd.DataFrame, theirs: pd.DataFrame, years: int = 0) -> pd.DataFrame:
    """Pairs that both report for one year, or the nearest within some years, with a ratio outside half and double."""
    if mine.empty or theirs.empty:
        return pd.DataFrame()
    both = mine.merge(theirs, on=["reporter", "partner"], suffixes=("", "_there"))
    both = both.assign(
        ratio=both["persons_there"] / both["persons"],
        large=both[["persons", "persons_there"]].max(axis=1) >= LEAST,
        distance=(both["year"].astype("int64") - both["year_there"].astype("int64")).abs(),
    )
    near = both[both["distance"] <= years].sort_values("distance", kind="stable").drop_duplicates("line")
    return near[near["large"] & ((near["ratio"] > APART) | (near["ratio"] < 1 / APART))].sort_values("line")


def _turned(theirs: pd.DataFrame) -> pd.DataFrame:
    """The other side's pairs with the two countries exchanged, so that they stand beside ours."""
    return theirs.rename(columns={"reporter": "partner", "partner": "reporter"})


def mirror_flow(view: PackageView) -> Iterator[Case]:
    """Departures to a country and its arrivals from here are within half and double of each other."""
    theirs = _turned(_others(view, ARRIVALS, "cct"))
    for name in DEPARTURES:
        if name in view.tables:
            yield from _cases(view, name, _apart(pairs(view.tables[name], view, "cds"), theirs), "arrivals")


def mirror_stock(view: PackageView) -> Iterator[Case]:
    """Nationals abroad and the foreign people counted there are within half and double of each other."""
    if ABROAD in view.tables:
        mine = pairs(view.tables[ABROAD], view, "crs")
        for table, column in ((ESTIMATE, "origin"), (FOREIGN, "cct")):
            source = (
                "the United Nations' stock of all ages" if table == ESTIMATE else "people of working age by citizenship"
            )
            yield from _cases(view, ABROAD, _apart(mine, _turned(_others(view, table, column)), NEAR), source)


def departures_above_stock(view: PackageView) -> Iterator[Case]:
    """No more people leave for a country in one year than are estimated to live there."""
    theirs = _turned(_others(view, ESTIMATE, "origin"))
    if DEPARTURES[0] in view.tables and not theirs.empty:
        apart = _apart(pairs(view.tables[DEPARTURES[0]], view, "cds"), theirs, NEAR)
        if not apart.empty:
            above = apart[apart["ratio"] < 1]
            yield from _cases(view, DEPARTURES[0], above, "the United Nations' stock of all who live there")


def estimate_differs(view: PackageView) -> Iterator[Case]:
    """The country's own count of a foreign group and the international estimate are within half and double."""
    theirs = _others(view, ESTIMATE, "origin", "reporter")
    if theirs.empty or not view.package.national:
        return
    name = FOREIGN
    if name in view.tables:
        mine = pairs(view.tables[name], view, "cct")
        yield from _cases(view, name, _apart(mine, theirs, NEAR), "the United Nations' stock of all ages")


def _cases(view: PackageView, name: str, apart: pd.DataFrame, source: str) -> Iterator[Case]:
    label = view.structure.codelists["CL_AREA"].label
    unit = 10 ** view.tables[name].definition.unit_mult
    for row in apart.to_dict("records"):
        here, there = label(row["reporter"]), label(row["partner"])
        sentence = (
            f"{row['year']}, {here} and {there}: {number(row['persons'] / unit)} here, "
            f"{number(row['persons_there'] / unit)} in {source} ({row['package']}, {row['ratio']:.2g} times)."
        )
        yield Case(sentence, ((name, int(row["line"])),), cause=source)


FAMILY = "Mirror"
RULES = (
    Rule("mirror-flow", Severity.INFORMATION, 3, FAMILY, mirror_flow, BESIDE),
    Rule("mirror-stock", Severity.INFORMATION, 3, FAMILY, mirror_stock, BESIDE),
    Rule("departures-above-stock", Severity.INFORMATION, 3, FAMILY, departures_above_stock, BESIDE),
    Rule("estimate-differs", Severity.INFORMATION, 3, FAMILY, estimate_differs, BESIDE),
)
