"""The report of the checks: an overview, and of each package what was found and which limitation answers for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ilms_publish.findings import Finding
from ilms_publish.model import Package
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Page, compose

OPEN, ACKNOWLEDGED, INFORMATION = "To be mended or acknowledged", "Acknowledged by a limitation", "For information"


def pages(edition: Edition) -> Iterator[Page]:
    """The overview, then a page of each package in which something was found."""
    by_package: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in edition.catalogue.findings:
        by_package[finding.package].append(finding)
    everyone = [*edition.national, *edition.estimates]
    kinds = {package.id: _by_kind(by_package[package.id]) for package in everyone}
    yield _overview(edition, everyone, kinds)
    for package in everyone:
        if by_package[package.id]:
            yield _of_package(edition, package, kinds[package.id])


def _overview(edition: Edition, everyone: list[Package], kinds: dict[str, dict[str, list[Finding]]]) -> Page:
    counts = {name: {kind: len(found) for kind, found in by_kind.items()} for name, by_kind in kinds.items()}
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


def _of_package(edition: Edition, package: Package, by_kind: dict[str, list[Finding]]) -> Page:
    number = sum(map(len, by_kind.values()))
    name = edition.name(package)
    about = About(
        f"report/{package.id}", f"What the checks found: {name}", f"{words.count(number, 'finding')} on the figures of "
        f"{name}: the figures, what usually lies behind it, and which limitation says so.", edition.updated,
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


def _by_kind(findings: list[Finding]) -> dict[str, list[Finding]]:
    kinds: dict[str, list[Finding]] = {OPEN: [], ACKNOWLEDGED: [], INFORMATION: []}
    for one in findings:
        kind = ACKNOWLEDGED if one.acknowledged_by else INFORMATION if one.severity == "information" else OPEN
        kinds[kind].append(one)
    return kinds
