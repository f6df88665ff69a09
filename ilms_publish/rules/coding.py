"""Structure and coding: codes that cannot be, units that cannot be, schemes that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ilms_publish.problems import Severity
from ilms_publish.rules.rule import Case, PackageView, Rule, TableView, named, number, shown

WHOLE = 1e-4
"""Part of a person that is left by arithmetic on decimals, not by the figure."""
PLACES = ("cct", "cbr", "cds", "crs", "cpr", "origin")


def _letters(scheme: str, letters: str) -> tuple[str, ...]:
    return tuple(f"{scheme}_{letter}" for letter in letters)


BRIDGES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ECO_ISIC4": {
        "ECO_SECTOR_AGR": _letters("ECO_ISIC4", "A"),
        "ECO_SECTOR_IND": _letters("ECO_ISIC4", "BCDEF"),
        "ECO_SECTOR_SER": _letters("ECO_ISIC4", "GHIJKLMNOPQRSTU"),
        "ECO_AGGREGATE_AGR": _letters("ECO_ISIC4", "A"),
        "ECO_AGGREGATE_MAN": _letters("ECO_ISIC4", "C"),
        "ECO_AGGREGATE_CON": _letters("ECO_ISIC4", "F"),
        "ECO_AGGREGATE_MEL": _letters("ECO_ISIC4", "BDE"),
        "ECO_AGGREGATE_MKT": _letters("ECO_ISIC4", "GHIJKLMN"),
        "ECO_AGGREGATE_PUB": _letters("ECO_ISIC4", "OPQRSTU"),
    },
    "ECO_ISIC3": {
        "ECO_SECTOR_AGR": _letters("ECO_ISIC3", "AB"),
        "ECO_SECTOR_IND": _letters("ECO_ISIC3", "CDEF"),
        "ECO_SECTOR_SER": _letters("ECO_ISIC3", "GHIJKLMNOPQ"),
    },
    "OCU_ISCO08": {
        "OCU_SKILL_L1": _letters("OCU_ISCO08", "9"),
        "OCU_SKILL_L2": _letters("OCU_ISCO08", "45678"),
        "OCU_SKILL_L3-4": _letters("OCU_ISCO08", "123"),
    },
    "OCU_ISCO88": {
        "OCU_SKILL_L1": _letters("OCU_ISCO88", "9"),
        "OCU_SKILL_L2": _letters("OCU_ISCO88", "45678"),
        "OCU_SKILL_L3-4": _letters("OCU_ISCO88", "123"),
    },
    "STE_ICSE93": {
        "STE_AGGREGATE_EES": _letters("STE_ICSE93", "1"),
        "STE_AGGREGATE_SLF": _letters("STE_ICSE93", "2345"),
    },
}
"""Coarse classes that are sums of fine ones by definition (ILO); sections of two editions are never bridged."""


def own_country(view: PackageView) -> Iterator[Case]:
    """No figure counts a country's own people as foreigners, or its own territory as abroad."""
    for table in view.tables.values():
        for dimension in set(table.definition.dimensions) & set(PLACES):
            areas = {c.code: c.extra.get("area", c.code) for c in view.structure.codelist(dimension).codes.values()}
            at_home = np.zeros(len(table.frame), dtype=bool)
            for area in table.codes("ref_area")[0]:
                own = [code for code in table.codes(dimension)[0] if areas.get(code) == area]
                if own:
                    at_home |= table.covered(f"ref_area={area}; {dimension}={'|'.join(own)}", "")
            if not at_home.any():
                continue
            home = table.frame[at_home & (table.frame["value"] > 0).to_numpy()]
            for line, row in zip(home.index, home.to_dict("records"), strict=True):
                label = named(row, view, (dimension,))
                sentence = f"{row['time_period']}: {row['obs_value']} are listed under {label}, the country itself."
                yield Case(sentence, ((table.definition.id, int(line)),), field=dimension, cause=label)


def future_year(view: PackageView) -> Iterator[Case]:
    """No figure is for a year later than the edition."""
    issued = int(view.package.issued[:4])
    for name, table in view.tables.items():
        for year, rows in table.frame[table.years > issued].groupby("time_period", observed=True):
            sentence = f"Figures of {year} stand in an edition of {issued}. Correct the year, or `issued`."
            yield Case(sentence, _cells(name, rows), field="time_period", cause=str(year))


def whole_persons(view: PackageView) -> Iterator[Case]:
    """Persons come whole: a count has no more decimals than its unit has digits."""
    for name, table in view.tables.items():
        if not table.definition.additive or table.definition.unit_measure != "PS":
            continue
        persons = table.frame["value"] * 10**table.definition.unit_mult
        broken = table.frame[(persons - persons.round()).abs() > WHOLE]
        for year, rows in broken.groupby("time_period", observed=True):
            shortest = rows["obs_value"].iloc[0]
            sentence = f"{year}: {len(rows)} figures such as {shortest} are no whole number of persons."
            yield Case(sentence, _cells(name, rows), cause=str(year))


def total_missing(view: PackageView) -> Iterator[Case]:
    """Where a table usually prints a total, it does not leave it out beside its classes."""
    for name, table in view.tables.items():
        if not table.definition.additive:
            continue
        for column in ("sex", *(d for d in table.definition.dimensions if d not in ("cct", "cbr"))):
            lacking = _without_total(view, table, column)
            for (year, total), rows in lacking.groupby(["time_period", "total"], observed=True):
                label = view.structure.codelist(column).label(str(total))
                sentence = f"{year}: {len(rows)} figures stand without '{label}', which other figures have."
                yield Case(sentence, _cells(name, rows), field=column, cause=f"{year} {total}")


def _without_total(view: PackageView, table: TableView, column: str) -> pd.DataFrame:
    """The figures whose total along a column the table prints, but not beside them; + total, its code."""
    known = view.structure.codelist(column).codes
    printed, codes = table.codes(column)
    total_of = [known[code].parent or code if code in known and not known[code].overlapping else "" for code in printed]
    place = {code: number for number, code in enumerate(printed)}
    total = np.array([place.get(code, -1) for code in total_of], dtype="int64")[codes]
    held = (total >= 0) & table.frame["value"].notna().to_numpy()
    beside = table.groups(column) * len(printed) + total
    lacking = held & (table.frame["value"] > 0).to_numpy() & ~np.isin(beside, beside[held & (codes == total)])
    found = table.frame[lacking]
    return found.assign(total=[printed[number] for number in total[lacking]])


def crossed(table: TableView, column: str, judged: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values and lines with the codes of one column as columns, one row per rest of the key.

    A withheld value is NaN, so that it accuses no other, but not under the code that is judged itself.
    """
    name = ("crossed", column, judged)
    if name not in table.kept:
        table.kept[name] = _crossed(table, column, judged)
    found: tuple[pd.DataFrame, pd.DataFrame] = table.kept[name]
    return found


def _crossed(table: TableView, column: str, judged: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    usable = ~table.frame["withheld"] | (table.frame[column] == judged)
    frame = table.frame[usable & table.frame["value"].notna()]
    others = [key for key in table.definition.keys if key != column]
    indexed = frame.assign(line=frame.index).set_index([*others, column])
    return indexed["value"].unstack(column), indexed["line"].unstack(column)


def scheme_bridge(view: PackageView) -> Iterator[Case]:
    """Sectors, skill levels and broad statuses are the sums of their sections, groups and statuses."""
    for table in view.tables.values():
        for dimension in set(table.definition.dimensions) & {"eco", "ocu", "ste"} if table.definition.additive else ():
            held = set(table.frame[dimension].unique())
            for fine, bridge in BRIDGES.items():
                if any(code in held for code in bridge) and any(code.startswith(f"{fine}_") for code in held):
                    yield from _bridge(view, table, dimension, bridge)


def _bridge(
    view: PackageView, table: TableView, dimension: str, bridge: Mapping[str, tuple[str, ...]]
) -> Iterator[Case]:
    values, lines = crossed(table, dimension)
    half_unit = table.frame["half_unit"]
    for coarse, parts in bridge.items():
        members = [code for code in parts if code in values]
        if coarse not in values or not members:
            continue
        both = values[values[coarse].notna() & values[members].notna().any(axis=1)]
        total = both[members].sum(axis=1)
        tolerance = lines.loc[both.index, coarse].map(half_unit) * len(parts) + 1e-9
        complete = both[members].notna().all(axis=1) & (len(members) == len(parts))
        wrong = (total - both[coarse] > tolerance) | (complete & ((total - both[coarse]).abs() > tolerance))
        for key in both.index[wrong]:
            row = dict(zip(both.index.names, key, strict=True)) | {dimension: coarse}
            place = named(row, view, shown(view, table.definition.series))
            sentence = (
                f"{row['time_period']}, {place}: {number(both.loc[key, coarse])}, "
                f"but the classes it is made of add to {number(total[key])}."
            )
            cells = ((table.definition.id, int(lines.loc[key, coarse])),)
            yield Case(sentence, cells, cause=f"{row['time_period']} {dimension}")


def non_agriculture(view: PackageView) -> Iterator[Case]:
    """Non-agriculture is industry and services together, or the total without agriculture."""
    nag, agr, ind, ser, total = (f"ECO_SECTOR_{code}" for code in ("NAG", "AGR", "IND", "SER", "TOTAL"))
    for table in view.tables.values():
        if "eco" not in table.definition.dimensions or nag not in set(table.frame["eco"].unique()):
            continue
        values, lines = crossed(table, "eco", nag)
        values = values.reindex(columns=[nag, agr, ind, ser, total])
        values = values[values[nag].notna()]
        tolerance = lines.loc[values.index, nag].map(table.frame["half_unit"]) * 3 + 1e-9
        parts, rest = values[ind] + values[ser], values[total] - values[agr]
        off_parts, off_rest = (values[nag] - parts).abs() > tolerance, (values[nag] - rest).abs() > tolerance
        wrong = (off_parts & (off_rest | rest.isna())) | (off_rest & parts.isna() & (values[nag] > rest))
        for key in values.index[wrong.to_numpy(dtype=bool)]:
            row = dict(zip(values.index.names, key, strict=True))
            columns = tuple(c for c in shown(view, table.definition.series) if c != "eco")
            against = (
                f"industry and services are {number(parts[key])}"
                if np.isfinite(parts[key])
                else f"the total without agriculture is {number(rest[key])}"
            )
            sentence = (
                f"{row['time_period']}, {named(row, view, columns)}: non-agriculture is "
                f"{number(values.loc[key, nag])}, but {against}."
            )
            cells = ((table.definition.id, int(lines.loc[key, nag])),)
            yield Case(sentence, cells, cause=row["time_period"])


def _cells(table: str, rows: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    return tuple((table, int(line)) for line in rows.index)


FAMILY = "Structure and coding"
RULES = (
    Rule("own-country", Severity.WARNING, 1, FAMILY, own_country),
    Rule("future-year", Severity.WARNING, 1, FAMILY, future_year),
    Rule("whole-persons", Severity.WARNING, 1, FAMILY, whole_persons),
    Rule("total-missing", Severity.WARNING, 1, FAMILY, total_missing),
    Rule("scheme-bridge", Severity.WARNING, 1, FAMILY, scheme_bridge),
    Rule("non-agriculture", Severity.WARNING, 1, FAMILY, non_agriculture),
)
