"""The indexes of countries and of international estimates."""

from __future__ import annotations

from ilms_publish.model import Package
from ilms_publish.pages import words
from ilms_publish.pages.country import kinds
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Page, compose


def page(edition: Edition) -> Page:
    """The index of countries."""
    about = About(
        "countries",
        "Countries",
        "Labour migration statistics by country: "
        + words.listed(edition.area(package.area) for package in edition.national)
        + "; tables, years and sources held for each.",
        edition.updated,
    )
    lines = [_line(edition, package) for package in edition.national]
    return compose(about, "countries.html", lines=lines, estimates=[_line(edition, p) for p in edition.estimates])


def estimates(edition: Edition) -> Page:
    """The index of international estimates."""
    about = About(
        "estimates",
        "International estimates",
        "Estimates of migrants by country and origin made by international organisations: "
        + words.listed(package.title for package in edition.estimates)
        + ".",
        edition.updated,
    )
    return compose(about, "estimates.html", lines=[_line(edition, package) for package in edition.estimates])


def _line(edition: Edition, package: Package) -> dict[str, object]:
    figures = edition.of_package(package)
    years = [year for one in figures for year in one.years()]
    return {
        "name": edition.name(package),
        "target": address(package),
        "description": package.description,
        "tables": len(figures),
        "figures": words.number(str(sum(one.count for one in figures))),
        "years": words.span(years) or "none",
        "kinds": kinds(edition, (source for one in figures for source in one.table.sources)) or "none",
        "sources": len(package.sources),
        "limitations": len(package.limitations),
    }
