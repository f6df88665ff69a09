"""The report of the checks: an overview, and of each package what was found and which limitation answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ilms_publish.findings import Finding
from ilms_publish.model import Package
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Draft, Page, compose

OPEN, ACKNOWLEDGED, INFORMATION = "To be mended or acknowledged", "Acknowledged by a limitation", "For information"


def pages(edition: Edition) -> Iterator[Draft]:
    """The overview, then a page of each package in which something was found."""
    yield Draft("report", partial(_overview, edition))
    found = {finding.package for finding in edition.findings}
    for package in [*edition.national, *edition.estimates]:
        if package.id in found:
            yield Draft(f"report/{package.id}", partial(_of_package, edition, package))


def _overview(edition: Edition) -> Page:
    everyone = [*edition.national, *edition.estimates]
    counts = {p.id: {kind: len(found) for kind, found in _by_kind(edition, p).items()} for p in everyone}
    total = {kind: sum(count[kind] for count in counts.values()) for kind in (OPEN, ACKNOWLEDGED, INFORMATION)}
    number = sum(total.values())
    about = About(
        "report", "What the checks found", f"{number} findings of the checks by country: which limitation "
        "acknowledges each, and what is shown for information.", edition.updated,
    )  # fmt: skip
    return compose(
        about,
        "report.html",
        number=number,
        total=total,
        rows=[
            (edition.name(p), f"report/{p.id}", counts[p.id], sum(counts[p.id].values()))
            for p in everyone
            if any(counts[p.id].values())
        ],
        clean=words.listed([edition.name(p) for p in everyone if not any(counts[p.id].values())]),
        kinds=(OPEN, ACKNOWLEDGED, INFORMATION),
    )


def _of_package(edition: Edition, package: Package) -> Page:
    by_kind = _by_kind(edition, package)
    number = sum(map(len, by_kind.values()))
    name = edition.name(package)
    about = About(
        f"report/{package.id}", f"What the checks found: {name}", f"{words.count(number, 'finding')} on the figures of "
        f"{name}: what was found, what usually lies behind it, and which limitation says so.", edition.updated,
    )  # fmt: skip
    return compose(
        about,
        "report_package.html",
        name=name,
        home=address(package),
        by_kind=[(kind, found) for kind, found in by_kind.items() if found],
        first=next((kind for kind, found in by_kind.items() if found), ""),
        tables={name: table.short for name, table in edition.structure.tables.items()},
        slugs={name: table.slug for name, table in edition.structure.tables.items()},
        rules=edition.catalogue.rules,
    )


def _by_kind(edition: Edition, package: Package) -> dict[str, list[Finding]]:
    kinds: dict[str, list[Finding]] = {OPEN: [], ACKNOWLEDGED: [], INFORMATION: []}
    for one in edition.findings:
        if one.package != package.id:
            continue
        kind = ACKNOWLEDGED if one.acknowledged_by else INFORMATION if one.severity == "information" else OPEN
        kinds[kind].append(one)
    return kinds
