"""Across tables: the same total in every table that counts the same people."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ilms_publish.problems import Severity
from ilms_publish.rules.rule import PACKAGE, Case, PackageView, Rule, TableView, named, number, shown

DISAGREEMENT = 0.05
"""Share by which two sources may differ before the reader is told: below it, rounding and dates explain it."""


def grand_totals(view: PackageView) -> pd.DataFrame:
    """The grand totals of a package, made once for all rules."""
    return view.kept("grand totals", _grand_totals)


def _grand_totals(view: PackageView) -> pd.DataFrame:
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
        printed, codes = table.codes(dimension)
        mask &= np.array([code.endswith("_TOTAL") for code in printed], dtype=bool)[codes]
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
            told = {**dict(row), "cur": row["currency"]}
            columns = ("ref_area", "sex", "cur") if row["currency"] else ("ref_area", "sex")
            place = named(told, view, shown(view, columns))
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


NESTED = (("employment", "labour_force"), ("employment", "working_age"), ("labour_force", "working_age"),
          ("unemployment", "labour_force"), ("outside_labour_force", "working_age"))  # fmt: skip
"""Each group lies within the second one of its pair."""


def nested_groups(view: PackageView) -> Iterator[Case]:
    """The employed are in the labour force and the labour force in the population of working age."""
    totals = grand_totals(view)
    if totals.empty:
        return
    same = ["ref_area", "covers", "sex", "time_period", "source"]
    for inner, outer in NESTED:
        within, around = totals[totals["concept"] == inner], totals[totals["concept"] == outer]
        if within.empty or around.empty:
            continue
        least = within.loc[within.groupby(same, sort=False, observed=True)["value"].idxmin()]
        both = around.merge(least, on=same, suffixes=("", "_within"))
        short = both[both["value"] + both[["tolerance", "tolerance_within"]].max(axis=1) < both["value_within"]]
        for row in short.to_dict("records"):
            titles = [view.structure.concepts[concept].title.lower() for concept in (outer, inner)]
            covers = [row["covers"][:3].lower()] if row["covers"] else []
            place = named(row | dict.fromkeys(covers, row["covers"]), view, shown(view, ("ref_area", "sex", *covers)))
            sentence = (
                f"{row['time_period']}, {place}: {titles[0]} is {number(row['value'])}, less than {titles[1]}, "
                f"{number(row['value_within'])} in {row['table_within']}."
            )
            cells = ((str(row["table"]), int(row["line"])),)
            yield Case(sentence, cells, ((row["table_within"], int(row["line_within"])),), cause=row["time_period"])


def nested_classes(view: PackageView) -> Iterator[Case]:
    """The same holds class by class: the employed of a citizenship or level of education are among its people."""
    for inner, outer in NESTED:
        for first in view.tables.values():
            for second in view.tables.values():
                one, two = first.definition, second.definition
                if (one.concept, two.concept) == (inner, outer) and one.keys == two.keys and one.covers == two.covers:
                    yield from _within(view, first, second)


def _within(view: PackageView, first: TableView, second: TableView) -> Iterator[Case]:
    keys = list(first.definition.keys)
    columns = [*keys, "value", "half_unit", "line"]
    frames = [t.frame[~t.frame["withheld"] & (t.frame["value"] > 0)].assign(line=lambda f: f.index)[columns]
              for t in (first, second)]  # fmt: skip
    texts = [frame.astype(dict.fromkeys(keys, "str")) for frame in frames]
    both = texts[0].merge(texts[1], on=keys, suffixes=("", "_all"))
    total = pd.Series(True, index=both.index)
    for dimension in (d for d in first.definition.dimensions if d not in ("cct", "cbr") or len(keys) == 5):
        total &= both[dimension].str.endswith("_TOTAL")
    more = both[~total & (both["value"] > both["value_all"] + 2 * both[["half_unit", "half_unit_all"]].max(axis=1))]
    for row in more.to_dict("records"):
        place = named(row, view, shown(view, first.definition.series))
        sentence = (
            f"{row['time_period']}, {place}: {number(row['value'])}, more than the {number(row['value_all'])} in "
            f"{second.definition.id}, which should contain them."
        )
        other = ((second.definition.id, int(row["line_all"])),)
        yield Case(sentence, ((first.definition.id, int(row["line"])),), other, cause=row["time_period"])


FAMILY = "Across tables"
RULES = (
    Rule("same-total", Severity.WARNING, 2, FAMILY, same_total, PACKAGE),
    Rule("sources-disagree", Severity.INFORMATION, 2, FAMILY, sources_disagree, PACKAGE),
    Rule("nested-groups", Severity.WARNING, 2, FAMILY, nested_groups, PACKAGE),
    Rule("nested-classes", Severity.WARNING, 2, FAMILY, nested_classes, PACKAGE),
)
