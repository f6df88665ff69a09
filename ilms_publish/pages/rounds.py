"""The calendar of rounds: when each opened, closes and is published, who answered, and how far each table has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ilms_publish.model import Package, TableDefinition
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.reading import records

UNKNOWN = "not on record"
"""Stands for a date that rounds.csv does not give."""
REPLY = "questionnaire"
"""The layout of an import that is a country's own reply."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a country's package says of one round. by: institutions; states: table -> state; told: number of tables."""

    name: str
    target: str
    by: tuple[str, ...]
    replied: str
    states: dict[str, str]
    reasons: dict[str, str]

    def count(self, state: str) -> int:
        """How many tables are in a state."""
        return sum(one == state for one in self.states.values())


@dataclass(frozen=True, slots=True)
class Round:
    """A round of collection. answers: of the countries that say anything of it; tables: those they speak of."""

    id: str
    title: str
    dates: tuple[tuple[str, str], ...]
    evidence: str
    answers: tuple[Answer, ...]
    tables: tuple[TableDefinition, ...]


def page(edition: Edition) -> Page:
    """The calendar, the newest round first."""
    rounds = [_round(edition, row) for _, row in records(edition.structure.rounds)][::-1]
    about = About(
        "rounds", "Rounds of collection", "When each round of collection opened, closes and is published, which "
        "institutions answered, and how far each table of each country has come.", edition.updated,
    )  # fmt: skip
    states = [one for one in edition.structure.codelists["CL_COLLECTION"].codes.values() if one.code != "withheld"]
    return compose(
        about,
        "rounds.html",
        says=_says(rounds),
        rounds=rounds,
        answered=[one for one in rounds if one.answers],
        states=states,
        short={state.code: state.label for state in states},
        awaited=list(_awaited(edition)),
    )


def _says(rounds: list[Round]) -> list[str]:
    answered = [one for one in rounds if one.answers]
    told = [f"{words.capital(words.count(len(rounds), 'round'))} of collection are on record."]
    dates = [date for one in rounds for _, date in one.dates]
    if UNKNOWN in dates:
        told.append(f"Of their dates {dates.count(UNKNOWN)} are not on record; none is guessed.")
    if answered:
        told.append(f"The packages tell of {words.listed(one.title for one in answered)}.")
    return told


def _round(edition: Edition, row: dict[str, str]) -> Round:
    answers = tuple(one for one in (_answer(edition, package, row["round"]) for package in edition.national) if one)
    named = {table for one in answers for table in one.states}
    tables = tuple(table for table in edition.tables() if table.id in named)
    dates = tuple((name, row[key] or UNKNOWN) for name, key in
                  (("Opened", "opened"), ("Closes", "closed"), ("Published", "published")))  # fmt: skip
    return Round(row["round"], row["title"], dates, row["evidence"], answers, tables)


def _answer(edition: Edition, package: Package, name: str) -> Answer | None:
    rows = [row for _, row in records(package.collection) if row["round"] == name]
    if not rows:
        return None
    tables = {row["table"] for row in rows}
    replies = [row for _, row in records(package.imports)
               if row["layout"] == REPLY and row["edition"].startswith(f"Round {name}, ")]  # fmt: skip
    carried = [row for _, row in records(package.imports) if row["table"] in tables and row["layout"] != REPLY]
    used = replies or carried
    return Answer(
        edition.name(package),
        address(package),
        tuple(dict.fromkeys(row["publisher"] for row in used)),
        max((row["edition"].rpartition(" ")[2] for row in replies), default=""),
        {row["table"]: row["state"] for row in rows},
        {row["table"]: row["reason"] for row in rows},
    )


def _awaited(edition: Edition) -> Iterator[tuple[str, str, str, str]]:
    """Country, table, round and day of figures that will be published with a round."""
    for one in edition.catalogue.awaited:
        package = edition.catalogue.packages[one.package]
        yield edition.name(package), edition.structure.tables[one.table].short, one.round, one.day or UNKNOWN
