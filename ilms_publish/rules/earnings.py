"""Earnings: a mean lies between its parts, and three currencies tell one story."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ilms_publish.problems import Severity
from ilms_publish.rules.coding import crossed
from ilms_publish.rules.rule import Case, PackageView, Rule, TableView, named, number, shown

UNSTATED = 0.005
"""Those whose citizenship or birthplace is not stated are in the mean of all; they are too few to move it by more."""
RATE_WIDTH = 0.005
"""Half a per cent: rounding moves the implied rate of one cell by less wherever pay is printed to 1/100."""


def mean_between(view: PackageView) -> Iterator[Case]:
    """The mean of all lies between the means of its parts."""
    for table in view.tables.values():
        if table.definition.measure not in ("earnings", "rate"):
            continue
        for column in ("sex", *(d for d in table.definition.dimensions if d != "cur")):
            yield from _outside(view, table, column)


def _outside(view: PackageView, table: TableView, column: str) -> Iterator[Case]:
    values, lines = crossed(table, column)
    for total in view.structure.codelist(column).codes.values():
        parts = [c.code for c in view.structure.codelist(column).codes.values() if c.parent == total.code]
        held = [code for code in parts if code in values and not code.endswith("_X")]
        if total.code not in values or len(held) < 2:
            continue
        both = values[values[total.code].notna() & values[held].notna().all(axis=1)]
        low, high = both[held].min(axis=1), both[held].max(axis=1)
        outside = (both[total.code] < low * (1 - UNSTATED)) | (both[total.code] > high * (1 + UNSTATED))
        for key in both.index[outside]:
            row = dict(zip(both.index.names, key, strict=True))
            columns = tuple(c for c in shown(view, table.definition.series) if c != column)
            sentence = (
                f"{row['time_period']}, {named(row, view, columns)}: the mean of all is "
                f"{number(both.loc[key, total.code])}, outside its parts, {number(low[key])} to {number(high[key])}."
            )
            cells = ((table.definition.id, int(lines.loc[key, total.code])),)
            yield Case(sentence, cells, cause=f"{row['time_period']} {column}")


def one_exchange_rate(view: PackageView) -> Iterator[Case]:
    """All means of one year are converted at one rate."""
    for table in view.tables.values():
        if "cur" not in table.definition.dimensions:
            continue
        values, lines = crossed(table, "cur")
        for currency in ("CUR_TYPE_USD", "CUR_TYPE_PPP"):
            if currency not in values or "CUR_TYPE_LCU" not in values:
                continue
            yield from _off_rate(view, table, currency, values["CUR_TYPE_LCU"] / values[currency], lines)


def _off_rate(
    view: PackageView, table: TableView, currency: str, rate: pd.Series[float], lines: pd.DataFrame
) -> Iterator[Case]:
    rate = rate[rate > 0]
    usual = rate.groupby(level=["ref_area", "time_period"], observed=True).transform("median")
    for key in rate.index[(rate / usual - 1).abs() > RATE_WIDTH]:
        row = dict(zip(rate.index.names, key, strict=True)) | {"cur": currency}
        sentence = (
            f"{row['time_period']}, {named(row, view, shown(view, table.definition.series))}: converted at "
            f"{number(rate[key])}, the other means of the year at {number(usual[key])}."
        )
        yield Case(sentence, ((table.definition.id, int(lines.loc[key, currency])),), cause=row["time_period"])


FAMILY = "Earnings"
RULES = (
    Rule("mean-between", Severity.WARNING, 1, FAMILY, mean_between),
    Rule("one-exchange-rate", Severity.WARNING, 1, FAMILY, one_exchange_rate),
)
