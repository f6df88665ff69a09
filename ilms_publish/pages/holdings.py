"""What is held and what is missing: the state of every table in every package, with its years and reasons."""

from __future__ import annotations

from dataclasses import dataclass

from ilms_publish.arranging import Figures
from ilms_publish.catalogue import Catalogue
from ilms_publish.model import Package, TableDefinition

HELD, WITHHELD, NOT_HELD, NOT_POSSIBLE = "published", "withheld", "not_held", "not_possible"


@dataclass(frozen=True, slots=True)
class Held:
    """One table of one package. years: with usable values; withheld: years of which every value is withheld."""

    package: Package
    table: TableDefinition
    state: str
    reason: str
    years: tuple[int, ...]
    withheld: tuple[int, ...]

    @property
    def present(self) -> bool:
        """Whether there is a page with figures."""
        return self.state in (HELD, WITHHELD)


def is_estimate(table: TableDefinition) -> bool:
    """Whether a table belongs to the international estimates: their ids are in lower case."""
    return table.id == table.slug


def possible_tables(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Package and table, for every table that a package could hold."""
    return [
        (package.id, table.id)
        for package in catalogue.packages.values()
        for table in catalogue.structure.tables.values()
        if package.national != is_estimate(table)
    ]


def held(package: Package, table: TableDefinition, figures: Figures | None) -> Held:
    """The state of one table in one package. figures: None when there are none."""
    if figures is not None:
        years, withheld = tuple(figures.years()), tuple(figures.withheld_years())
        return Held(package, table, HELD if years else WITHHELD, "", years, withheld)
    state, reason = _reported(package, table.id)
    if state in (HELD, WITHHELD):
        return Held(package, table, NOT_HELD, "", (), ())
    return Held(package, table, state, reason, (), ())


def _reported(package: Package, table: str) -> tuple[str, str]:
    """State and reason in the latest round that the package's collection names."""
    rows = package.collection[package.collection["table"] == table].sort_values("round", kind="stable")
    if rows.empty:
        return NOT_HELD, ""
    last = rows.iloc[-1]
    return str(last["state"]), str(last["reason"])


def possible(held: list[Held]) -> int:
    """How many of the tables could be filled: all but those for which the country has no source."""
    return sum(one.state != NOT_POSSIBLE for one in held)
