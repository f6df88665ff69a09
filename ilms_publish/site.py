"""Everything the reader is given as pages: the whole site, page by page, from one catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ilms_publish import yearbook
from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import downloads as made_downloads
from ilms_publish.formats import YEARBOOK
from ilms_publish.pages import (
    comparability,
    corridors,
    countries,
    country,
    country_table,
    coverage,
    differing,
    downloads,
    estimates,
    home,
    reference,
    released,
    releases,
    report,
    rounds,
    source,
    table,
)
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.page import Page, with_data
from ilms_publish.pages.sharing import with_picture
from ilms_publish.structured import descriptions

__all__ = ["Page", "files", "pages"]


def files(catalogue: Catalogue, site: str = "") -> dict[str, bytes]:
    """Every file that stands beside the pages, with the sums of all of them.

    site: address of the root, empty when unknown.
    """
    return made_downloads(catalogue, site, {YEARBOOK: yearbook.workbook(Edition(catalogue, {}))})


def pages(catalogue: Catalogue, files: Mapping[str, str], site: str = "") -> Iterator[Page]:
    """Every computed page of the site, those of figures with a description for machines.

    files: path of each file of the site -> its size in words; site: address of the root, empty when unknown.
    """
    data = descriptions(catalogue, site)
    for page in _pages(Edition(catalogue, files, site=site)):
        shown = with_picture(page)
        yield with_data(shown, data[page.address]) if page.address in data else shown


def _pages(edition: Edition) -> Iterator[Page]:
    yield home.page(edition)
    yield countries.page(edition)
    for package in edition.national:
        yield country.page(edition, package)
        for figures in edition.of_package(package):
            yield country_table.page(edition, figures)
    yield countries.estimates(edition)
    yield from estimates.pages(edition)
    yield from table.pages(edition)
    yield from source.pages(edition)
    yield coverage.page(edition)
    yield comparability.page(edition)
    yield from corridors.pages(edition)
    yield differing.page(edition)
    yield from reference.pages(edition)
    yield from yearbook.pages(edition)
    yield downloads.page(edition)
    yield releases.page(edition)
    yield from released.pages(edition)
    yield rounds.page(edition)
    yield from report.pages(edition)
