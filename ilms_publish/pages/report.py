"""The report of the checks: what was found in each country, and which limitation answers for it."""

from __future__ import annotations

from collections import defaultdict

from ilms_publish.findings import Finding
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Page, compose

SHOWN = 40
"""Findings of one country and kind that stand open; the rest are folded."""


def page(edition: Edition) -> Page:
    """Every finding by country, open ones first."""
    by_package: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in edition.catalogue.findings:
        by_package[finding.package].append(finding)
    packages = [package for package in [*edition.national, *edition.estimates] if by_package[package.id]]
    listed = [
        (edition.name(package), address(package), package.id, _groups(by_package[package.id])) for package in packages
    ]
    findings = edition.catalogue.findings
    answered = sum(bool(finding.acknowledged_by) for finding in findings)
    about = About(
        "report", "What the checks found", f"{len(findings)} findings of the checks by country: which limitation "
        "acknowledges each, and what is shown for information.", edition.updated,
    )  # fmt: skip
    clean = [edition.name(p) for p in [*edition.national, *edition.estimates] if not by_package[p.id]]
    return compose(
        about,
        "report.html",
        number=len(findings),
        answered=answered,
        information=sum(f.severity == "information" and not f.acknowledged_by for f in findings),
        unanswered=sum(f.severity == "warning" and not f.acknowledged_by for f in findings),
        listed=listed,
        clean=words.listed(clean),
        tables={name: table.short for name, table in edition.structure.tables.items()},
        slugs={name: table.slug for name, table in edition.structure.tables.items()},
        shown=SHOWN,
        rules=edition.catalogue.rules,
    )


def _groups(findings: list[Finding]) -> list[tuple[str, list[Finding]]]:
    groups = (
        (
            "To be mended or acknowledged",
            [f for f in findings if f.severity != "information" and not f.acknowledged_by],
        ),
        ("Acknowledged by a limitation", [f for f in findings if f.acknowledged_by]),
        ("For information", [f for f in findings if f.severity == "information" and not f.acknowledged_by]),
    )
    return [group for group in groups if group[1]]
