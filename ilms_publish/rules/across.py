"""Across tables: the same total in every table that counts the same people."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ilms_publish.problems import Severity
from ilms_publish.rules.rule import Case, PackageView, Rule, TableView, named, number, shown

DISAGREEMENT = 0.05
"""Share by which two sources may differ before the reader is told: below it, rounding and dates explain it."""


def grand_totals(view: PackageView) -> pd.DataFrame:
    """Every cell that is a total of its table, with what it is the total of.

    Columns: ref_area, concept, covers (citizenship or birth class, blank for all), currency, sex, time_period, source,
    table, scheme, line, value, tolerance. One row per table and scheme.
    """
    pieces = [piece for table in view.tables.values() for piece in _totals(view, table)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()


def _totals(view: PackageView, table: TableView) -> Iterator[pd.DataFrame]:
    definition, frame = table.definition, table.frame
    groups = [d for d in definition.dimensions if d in ("cct", "cbr") and len(definition.dimensions) > 1]
    classes = [d for d in definition.dimensions if d not in groups and d != "cur"]
    mask = frame["value"].notna() & ~frame["withheld"]
    for dimension in classes:
        mask &= frame[dimension].str.endswith("_TOTAL")
    chosen = frame[mask]
    if chosen.empty:
        return
    covers = chosen[groups[0]].astype("str") if groups else pd.Series(definition.covers, index=chosen.index)
    yield pd.DataFrame(
        {
            "concept": definition.concept,
            "covers": covers.where(~covers.str.endswith("_TOTAL"), ""),
            "currency": chosen["cur"] if "cur" in definition.dimensions else "",
            "ref_area": chosen["ref_area"],
            "sex": chosen["sex"],
            "time_period": chosen["time_period"],
            "source": chosen["source"],
            "table": definition.id,
            "scheme": chosen[classes[0]] if classes else "",
            "line": chosen.index,
            "value": chosen["value"],
            "tolerance": chosen["half_unit"] * 2 + 1e-9,
        }
    )


COUNTED = ["ref_area", "concept", "covers", "currency", "sex", "time_period"]


def same_total(view: PackageView) -> Iterator[Case]:
    """Tables of one concept print the same total for one year, sex, group and source."""
    totals = grand_totals(view)
    if totals.empty:
        return
    groups = totals.groupby([*COUNTED, "source"], sort=False, observed=True)
    spread = groups["value"].transform("max") - groups["value"].transform("min")
    apart = totals[spread > groups["tolerance"].transform("max")]
    for key, group in apart.groupby([*COUNTED, "source"], sort=False, observed=True):
        first = group.iloc[0]
        differing = group[(group["value"] - first["value"]).abs() > group["tolerance"].clip(lower=first["tolerance"])]
        for _, row in differing.iterrows():
            place = named(dict(row), view, shown(view, ("ref_area", "sex")))
            sentence = (
                f"{row['time_period']}, {place}: the total is {number(row['value'])} here"
                f"{_scheme(view, row)} and {number(first['value'])} in {first['table']}{_scheme(view, first)}, "
                f"from the same source ({key[-1]})."
            )
            cells = ((str(row["table"]), int(row["line"])),)
            other = ((str(first["table"]), int(first["line"])),)
            yield Case(sentence, cells, other, cause=str(first["table"]))


def _scheme(view: PackageView, row: pd.Series) -> str:
    dimension = str(row["scheme"]).partition("_")[0].lower()
    known = view.structure.dimensions.get(dimension)
    code = view.structure.codelists[known.codelist].codes.get(row["scheme"]) if known else None
    return f" ({code.scheme})" if code and code.scheme else ""


def sources_disagree(view: PackageView) -> Iterator[Case]:
    """Two sources count the same people in one year and differ by more than a twentieth."""
    totals = grand_totals(view)
    if totals.empty:
        return
    both = totals[totals["sex"] == "SEX_T"]
    several = both.groupby(COUNTED, sort=False)["source"].transform("nunique") > 1
    for _, group in both[several].groupby(COUNTED, sort=False):
        one_each = group.drop_duplicates("source")
        first = one_each.iloc[0]
        for _, row in one_each.iloc[1:].iterrows():
            if abs(row["value"] - first["value"]) > DISAGREEMENT * max(abs(row["value"]), abs(first["value"])):
                sentence = (
                    f"{row['time_period']}: {number(row['value'])} by {row['source']}, but "
                    f"{number(first['value'])} by "
                    f"{first['source']} in {first['table']}. The sources count different people."
                )
                cells = ((str(row["table"]), int(row["line"])),)
                other = ((str(first["table"]), int(first["line"])),)
                yield Case(sentence, cells, other, cause=f"{row['source']} {first['source']}")


RULES = (
    Rule(
        id="same-total",
        severity=Severity.WARNING,
        level=2,
        family="Across tables",
        sentence="Tables that count the same people in one year by one source print the same total.",
        why="Two totals for one thing make readers doubt both. Usually one table was extracted at a later date, or "
        "counts only the cases for which the class is known.",
        example="Outflow for employment 2016: 236.025 by destination, 234.451 by occupation, same register.",
        mend="Supply both tables from one extraction; or add a limitation on either table that says what it "
        "leaves out.",
        check=same_total,
    ),
    Rule(
        id="sources-disagree",
        severity=Severity.INFORMATION,
        level=2,
        family="Across tables",
        sentence="Two sources of one country count the same thing and differ by more than 5 per cent.",
        why="Not a fault: a survey, a register and a census reach different people. A numerator of one must "
        "never meet a "
        "denominator of the other, so the reader is told. Differences below 5 per cent come from rounding and dates.",
        example="Employed non-citizens 2024: 3,350.7 thousand by permits, 1,835.5 thousand by survey.",
        mend="Nothing to mend; a limitation that says who each source leaves out helps the reader.",
        check=sources_disagree,
    ),
)
