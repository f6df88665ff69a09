"""Which tables a country is asked for, which rows each lists, and what is published for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import pandas as pd

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.model import Code, Package, Structure, TableDefinition
from ilms_publish.problems import IlmsError
from ilms_publish.questionnaire.layout import ASKED_STATES
from ilms_publish.reading import records

NOT_ASKED = ASKED_STATES[1]
NATIONAL_CURRENCY = "CUR_TYPE_LCU"
RECENT = 3
"""Years of data, counted back from the last, whose series are listed."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is published for a series: the figure as issued, the year it is of, its source and limitations."""

    value: str = ""
    year: str = ""
    source: str = ""
    limitations: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure asked for: the codes of its key, the year last."""

    key: tuple[str, ...]
    reference: Reference


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it is asked for."""

    table: TableDefinition
    state: str
    reason: str
    held: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a questionnaire shows."""

    structure: Structure
    package: Package
    round: str
    sheets: tuple[Sheet, ...]


def plan(catalogue: Catalogue, package: Package, round_: str, years: Sequence[str] = ()) -> Plan:
    """The questionnaire of a country for a round; years default to the two before it.

    Raises IlmsError for a round that rounds.csv lacks and for a package that is no country's.
    """
    structure = catalogue.structure
    known = list(structure.rounds["round"])
    if round_ not in known:
        raise IlmsError(f"there is no round '{round_}' in rounds.csv; there are {', '.join(known)}")
    if not package.national:
        raise IlmsError(f"'{package.id}' holds international estimates; only countries are asked")
    asked = tuple(years) or _two_before(round_, str(structure.rounds["opened"].iloc[known.index(round_)]))
    states = asked_tables(package, structure)
    sheets = []
    for name, (state, reason) in states.items():
        held = catalogue.tables.get((package.id, name))
        sheets.append(_sheet(structure, structure.tables[name], held, (state, reason), asked))
    return Plan(structure, package, round_, tuple(sheets))


def _two_before(round_: str, opened: str) -> tuple[str, str]:
    """The two years before a round, by its name or the date on which it opened."""
    named = re.search(r"[12][0-9]{3}", f"{round_} {opened}")
    if named is None:
        raise IlmsError(f"neither the name of the round '{round_}' nor its opening gives a year; use --years 2029-2030")
    return str(int(named[0]) - 2), str(int(named[0]) - 1)


def asked_tables(package: Package, structure: Structure) -> dict[str, tuple[str, str]]:
    """Table -> its latest state and reason, in the order of tables.yaml, without those that are not possible."""
    order = {name: number for number, name in enumerate(structure.rounds["round"])}
    latest: dict[str, tuple[int, str, str]] = {}
    for _, row in records(package.collection):
        entry = (order.get(row["round"], -1), row["state"], row["reason"])
        if row["table"] not in latest or latest[row["table"]][0] <= entry[0]:
            latest[row["table"]] = entry
    return {name: latest[name][1:] for name in structure.tables if name in latest and latest[name][1] != NOT_ASKED}


def _sheet(
    structure: Structure,
    table: TableDefinition,
    held: PublishedTable | None,
    state: tuple[str, str],
    asked: Sequence[str],
) -> Sheet:
    if held is None or held.frame.empty:
        series = list(_usual(table, structure))
        return Sheet(table, *state, (), tuple(Row((*one, year), Reference()) for year in asked for one in series))
    frame = held.frame.sort_values("time_period", kind="stable")
    years = sorted(set(frame["time_period"]))
    columns = ["sex", *table.dimensions]
    recent = _own(frame[frame["time_period"].isin(years[-RECENT:])])
    order = [{code: n for n, code in enumerate(structure.codelist(column).codes)} for column in columns]
    series = sorted(
        set(recent[columns].itertuples(index=False, name=None)),
        key=lambda one: (*(place[code] for place, code in zip(order[1:], one[1:], strict=True)), order[0][one[0]]),
    )
    published = _published(frame, columns)
    rows = (Row((*one, year), _reference(published.get(one, []), year)) for year in asked for one in series)
    return Sheet(table, *state, tuple(years), tuple(rows))


def _published(frame: pd.DataFrame, columns: list[str]) -> dict[tuple[str, ...], list[Reference]]:
    """Series -> its figures in the order of years."""
    found: dict[tuple[str, ...], list[Reference]] = {}
    for row in frame.to_dict("records"):
        year = f"{row['time_period']}, withheld" if row["use"] == "withheld" else row["time_period"]
        reference = Reference(row["obs_value"], year, row["source"], row["limitations"])
        if row["obs_value"]:
            found.setdefault(tuple(row[column] for column in columns), []).append(reference)
    return found


def _reference(published: list[Reference], year: str) -> Reference:
    """The figure of the year itself, else the last one before it."""
    return next((one for one in reversed(published) if one.year[:4] <= year), Reference())


def _usual(table: TableDefinition, structure: Structure) -> Iterator[tuple[str, ...]]:
    """The series of a table of which nothing is held: both sexes by the usual classes of each dimension."""
    classes = [_classes(table, dimension, structure) for dimension in table.dimensions]
    for one in product(*classes):
        for sex in ("SEX_T", "SEX_F", "SEX_M"):
            yield (sex, *one)


def _classes(table: TableDefinition, dimension: str, structure: Structure) -> list[str]:
    """The first scheme of a codelist; of places the total, the states of the region and the rest."""
    codes = list(structure.codelist(dimension).codes.values())
    schemes = {code.scheme: any(one.extra.get("area") for one in codes if one.scheme == code.scheme) for code in codes}
    by_place = [scheme for scheme, places in schemes.items() if places]
    broad = [scheme for scheme, places in schemes.items() if not places]
    wanted = by_place[0] if by_place and (table.covers or not broad) else broad[0]
    return [code.code for code in codes if code.scheme == wanted and _usual_class(code, structure)]


def _own(frame: pd.DataFrame) -> pd.DataFrame:
    """Without amounts converted from the national currency, which are not the country's to report."""
    return frame[frame["cur"] == NATIONAL_CURRENCY] if "cur" in frame.columns else frame


def _usual_class(code: Code, structure: Structure) -> bool:
    area = structure.codelists["CL_AREA"].codes.get(code.extra.get("area", ""))
    if code.scheme == "TYPE":
        return code.code == NATIONAL_CURRENCY
    return not code.extra.get("area") or (area is not None and area.extra.get(structure.collection.members) == "member")
