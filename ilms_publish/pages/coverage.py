"""The coverage matrix: every country and every table, what is held for which years, and why the rest is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ilms_publish.model import Package, TableDefinition, Term
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.holdings import Held, possible
from ilms_publish.pages.next_round import wishes
from ilms_publish.pages.page import About, Page, compose

SPAN = 25
"""Years drawn as squares in a cell; earlier ones are said in words."""


@dataclass(frozen=True, slots=True)
class Share:
    """Tables held of those that could be filled."""

    held: int
    possible: int

    @property
    def percent(self) -> str:
        """The share in per cent, or a dash where nothing is possible."""
        return f"{100 * self.held / self.possible:.0f} %" if self.possible else "–"


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the matrix. reason: number of the reason listed below the matrix, 0 for none."""

    held: Held
    target: str
    reason: int


def page(edition: Edition) -> Page:
    """The matrix of national tables."""
    packages = edition.national
    held = [edition.held[package.id, table.id] for table in edition.tables() for package in packages]
    years = [year for one in held for year in (*one.years, *one.withheld)]
    last = max(years, default=0)
    reasons = list(dict.fromkeys((one.state, one.reason) for one in held if not one.present and one.reason))
    about = About(
        "coverage",
        "Coverage: what is held and what is missing",
        "Which labour migration tables are held for which country and years, which are missing and why: "
        + words.listed(edition.area(package.area) for package in packages)
        + ".",
        edition.updated,
    )
    return compose(
        about,
        "coverage.html",
        says=_summary(edition, held),
        modules=_modules(edition, reasons),
        places=[(edition.area(package.area), address(package)) for package in packages],
        first=max(min(years, default=0), last - SPAN + 1),
        last=last,
        reasons=list(enumerate(reasons, 1)),
        shares=[_shares(edition, package) for package in packages],
        wishes=[(edition.area(package.area), address(package), wishes(edition, package)) for package in packages],
        states=list(edition.structure.codelists["CL_COLLECTION"].codes.values()),
        rounds=len(edition.structure.rounds),
    )  # fmt: skip


def _modules(
    edition: Edition, reasons: Sequence[tuple[str, str]]
) -> list[tuple[Term, list[tuple[str, str, list[Square]]]]]:
    found = []
    for module in edition.structure.modules.values():
        tables = [table for table in edition.tables() if table.module == module.id]
        rows = [(table.short, f"tables/{table.slug}", _squares(edition, table, reasons)) for table in tables]
        if rows:
            found.append((module, rows))
    return found


def _squares(edition: Edition, table: TableDefinition, reasons: Sequence[tuple[str, str]]) -> list[Square]:
    return [_square(edition.held[package.id, table.id], reasons) for package in edition.national]


def _square(held: Held, reasons: Sequence[tuple[str, str]]) -> Square:
    reason = (held.state, held.reason)
    target = address(held.package, held.table) if held.present else ""
    return Square(held, target, reasons.index(reason) + 1 if reason in reasons else 0)


def _summary(edition: Edition, held: Sequence[Held]) -> list[str]:
    present = sum(one.present for one in held)
    fullest = max(edition.national, key=lambda p: _present(held, p.id), default=None)
    told = [
        f"{present} of {possible(list(held))} country tables that could be filled are held in this edition. "
        f"A table that is not held may still have been published elsewhere."
    ]
    if fullest:
        number = _present(held, fullest.id)
        told.append(f"{words.capital(words.place(edition.area(fullest.area)))} has the most, {number}.")
    empty = [table.short for table in edition.tables() if not edition.of_table(table.id)]
    if empty:
        told.append(
            f"{words.capital(words.count(len(empty), 'table'))} of {len(edition.tables())} are held for no country."
        )
    return told


def _present(held: Sequence[Held], package: str) -> int:
    return sum(one.present for one in held if one.package.id == package)


def _shares(edition: Edition, package: Package) -> list[Share]:
    """What a country fills of each module, and of all at the end."""
    cells = [edition.held[package.id, table.id] for table in edition.tables()]
    groups = [[one for one in cells if one.table.module == module] for module in _held_modules(edition)]
    return [Share(sum(one.present for one in group), possible(group)) for group in (*groups, cells)]


def _held_modules(edition: Edition) -> list[str]:
    return list(dict.fromkeys(table.module for table in edition.tables()))
