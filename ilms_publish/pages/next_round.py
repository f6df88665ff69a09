"""What the next round should ask each country for, worked out from what is held, withheld and not identified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ilms_publish.arranging import BOTH, MEN, WOMEN, Figures
from ilms_publish.derive import UNKNOWN_SOURCE
from ilms_publish.model import Package, TableDefinition
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.holdings import NOT_POSSIBLE

COMMON = 0.5
"""A table is asked for when at least this share of the countries already holds it."""
BEHIND = 5
"""A table is asked for anew when its last year is at least this many years before the newest of any country."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing to ask a country for. table: what it concerns; asks: the request in words."""

    table: TableDefinition
    asks: str


def wishes(edition: Edition, package: Package) -> list[Wish]:
    """The requests to one country, in the order of the tables."""
    return [wish for table in edition.tables() for wish in _about(edition, package, table)]


def _about(edition: Edition, package: Package, table: TableDefinition) -> Iterator[Wish]:
    held = edition.held[package.id, table.id]
    others = edition.of_table(table.id)
    if held.state == NOT_POSSIBLE:
        return
    if not held.present:
        if len(others) >= COMMON * len(edition.national):
            yield Wish(table, f"the table itself, held by {words.count(len(others), 'country', 'countries')}")
        return
    figures = edition.figures[package.id, table.id]
    newest = max((max(other.years()) for other in others if other.years()), default=0)
    if held.years and newest - max(held.years) >= BEHIND:
        yield Wish(table, f"years after {max(held.years)}; other countries reach {newest}")
    if held.withheld:
        yield Wish(table, f"corrected figures of {words.span(list(held.withheld))}, which are withheld from use")
    if any(source.type == UNKNOWN_SOURCE for source in figures.table.sources):
        yield Wish(table, "the source of the figures, which is not identified in this edition")
    if held.years and _without_sex(figures, max(held.years)):
        yield Wish(table, f"women and men; the figures of {max(held.years)} are for both sexes only")


def _without_sex(figures: Figures, year: int) -> bool:
    printed = figures.outline.sexes[year]
    return BOTH in printed and not {WOMEN, MEN} & printed
