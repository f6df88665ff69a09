"""The downloads page: which format is for whom, and every file with rows, size, edition and licence."""

from __future__ import annotations

from dataclasses import dataclass

from ilms_publish import note_codes
from ilms_publish.formats import (
    API,
    CATALOGUES,
    CHANGES_FEED,
    CORRIDORS,
    DATA,
    FEED,
    FORMATS,
    OFFLINE,
    PACKAGE,
    SDMX,
    SDMX_STRUCTURES,
    STRUCTURE,
    SUMS,
    YEARBOOK,
    Format,
    changes_feed,
    package_feed,
    package_formats,
    table_formats,
    whole_formats,
)
from ilms_publish.model import Package
from ilms_publish.pages import snippets
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Page, compose

INTERFACE = (
    (f"{API}/index.json", "every package, table and file, with dates, years, licences, citation, bytes and sums"),
    (f"{API}/tables.json", "what each table counts, of whom, in what unit, and which packages hold it"),
    (f"{API}/sources.json", "the register of sources; each names a file with all its answers to the quality questions"),
    (f"{API}/limitations.json", "every limitation with its scope, words and evidence"),
    (f"{API}/corridors.json", "for every pair of countries with a figure, which tables of which side hold it"),
    (f"{API}/changes.json", "the releases of the packages, and changed figures from the second edition on"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One file. rows: figures in it, 0 when it is not counted in rows."""

    format: Format
    path: str
    size: str
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One table of a package with its files, in the order of the formats."""

    text: str
    target: str
    rows: int
    offers: list[Offer]


@dataclass(frozen=True, slots=True)
class Held:
    """One package with its files and those of its tables."""

    name: str
    target: str
    package: Package
    rows: int
    offers: list[Offer]
    formats: list[Format]
    lines: list[Line]


def page(edition: Edition) -> Page:
    """The page of all files."""
    packages = [_held(edition, package) for package in [*edition.national, *edition.estimates]]
    about = About(
        "downloads", "Downloads", "Figures of labour migration as CSV, Excel workbooks, data packages, Parquet and in "
        "ILOSTAT’s layout, each format with definitions, sources and limitations.", edition.updated,
    )  # fmt: skip
    return compose(
        about,
        "downloads.html",
        formats=FORMATS,
        whole=_whole(edition, packages),
        packages=packages,
        structure=_offer(edition, PACKAGE, f"{DATA}/{STRUCTURE}/{STRUCTURE}.zip"),
        sdmx=_offer(edition, SDMX, SDMX_STRUCTURES),
        sums=f"{DATA}/{SUMS}",
        parquet=snippets.everything(edition),
        yearbook=(YEARBOOK, edition.downloads.get(YEARBOOK, "")),
        corridors=(CORRIDORS, edition.downloads.get(CORRIDORS, "")),
        dated=edition.updated,
        offline=OFFLINE,
        every_sum=SUMS,
        notes=list(note_codes.MEANINGS.items()),
        prefix=note_codes.SOURCE,
        interface=INTERFACE,
        catalogues=[path for path in CATALOGUES if path in edition.downloads],
        feed=FEED,
        changes=CHANGES_FEED,
        feeds=[(held.name, package_feed(held.package.id), changes_feed(held.package.id)) for held in packages],
        sizes=edition.downloads,
    )


def _offer(edition: Edition, kind: Format, path: str, rows: int = 0) -> Offer:
    return Offer(kind, path, edition.downloads.get(path, ""), rows)


def _whole(edition: Edition, packages: list[Held]) -> list[Offer]:
    """The files of the whole database."""
    chosen = [(one, [held.rows for held in packages if held.package.national or not one.national])
              for one in whole_formats()]  # fmt: skip
    return [_offer(edition, one, one.of_all, sum(rows)) for one, rows in chosen]


def _held(edition: Edition, package: Package) -> Held:
    formats = table_formats(package.national)
    lines = []
    for figures in edition.of_package(package):
        rows, slug = figures.count, figures.definition.slug
        offers = [_offer(edition, one, one.of_table(package.id, slug), rows) for one in formats]
        lines.append(Line(figures.definition.short, address(package, figures.definition), rows, offers))
    total = sum(line.rows for line in lines)
    offers = [_offer(edition, one, one.of_package(package.id), total) for one in package_formats(package.national)]
    return Held(edition.name(package), address(package), package, total, offers, formats, lines)
