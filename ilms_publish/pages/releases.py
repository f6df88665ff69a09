"""The page of releases: the version of each package, and every published figure that changed, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ilms_publish.model import Package, Structure, TableDefinition
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.reading import records
from ilms_publish.scope import conditions, matches

KINDS = {"scheduled": "Scheduled revision", "correction": "Correction of an error"}


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of a revision history in words."""

    date: str
    package: Package
    tables: tuple[TableDefinition, ...]
    figures: str
    kind: str
    reason: str
    noticed_by: str


def page(edition: Edition) -> Page:
    """Versions of all packages, then every revision, the newest first."""
    packages = [*edition.national, *edition.estimates]
    revisions = sorted(
        (one for package in packages for one in history(edition.structure, package)),
        key=lambda one: (one.date, one.package.id),
        reverse=True,
    )
    about = About(
        "releases", "Releases and revisions", "The version of every data package, and every published figure that "
        "was changed: when, why, and whether the change was announced.", edition.updated,
    )  # fmt: skip
    return compose(
        about,
        "releases.html",
        packages=[(edition.name(package), address(package), package) for package in packages],
        revisions=[(edition.name(one.package), address(one.package), one) for one in revisions],
        kinds=KINDS,
    )


def history(structure: Structure, package: Package, table: str = "") -> Iterator[Revision]:
    """The entries of a package, or of one of its tables, in the order in which they were made."""
    for _, row in records(package.revisions):
        named = [structure.tables[name] for name in structure.tables if matches((row["table"],), name)]
        held = tuple(one for one in named if one.id in package.tables and table in ("", one.id))
        if held or (named and not table):
            figures = ", ".join(filter(None, (_classes(structure, row["where"]), row["years"].replace("-", "–"))))
            kind = KINDS.get(row["kind"], row["kind"])
            yield Revision(row["date"], package, held, figures, kind, row["reason"], row["noticed_by"])


def _classes(structure: Structure, where: str) -> str:
    """A scope as labels: Women; Japan or Malaysia."""
    parts = [
        " or ".join(structure.codelist(column).label(code) for code in codes)
        for column, codes in conditions(where).items()
    ]
    return "; ".join(parts)
