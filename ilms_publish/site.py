"""Everything the reader is given as pages: the whole site, page by page, from one catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
from typing import TypeVar

from ilms_publish import yearbook
from ilms_publish.catalogue import Catalogue
from ilms_publish.citing import page_address
from ilms_publish.downloads import downloads as made_downloads
from ilms_publish.fingerprints import program
from ilms_publish.formats import YEARBOOK
from ilms_publish.marking import marks
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
from ilms_publish.pages.page import Draft, Page, with_data
from ilms_publish.pages.recalling import recalled
from ilms_publish.pages.sharing import with_picture
from ilms_publish.remembering import Memory
from ilms_publish.structured import descriptions

Files = TypeVar("Files", bound=MutableMapping[str, bytes])
__all__ = ["Page", "files", "pages"]


def files(catalogue: Catalogue, into: Files, site: str = "", memory: Memory | None = None) -> Files:
    """Puts every file that stands beside the pages into a mapping or a folder, with the sums of all of them.

    site: address of the root, empty when unknown; memory: what earlier builds made of the same.
    """
    into[YEARBOOK] = _yearbook(catalogue, memory or Memory())
    return made_downloads(catalogue, site, into)


def _yearbook(catalogue: Catalogue, memory: Memory) -> bytes:
    made_from = f"{YEARBOOK} {program()} {marks(catalogue).whole}"
    return memory.files(made_from, lambda: {YEARBOOK: yearbook.workbook(Edition(catalogue, {}))})[YEARBOOK]


def pages(
    catalogue: Catalogue, files: Mapping[str, str], site: str = "", memory: Memory | None = None
) -> Iterator[Page]:
    """Every computed page of the site, those of figures with a description for machines.

    files: path of each file of the site -> its size in words; site: address of the root, empty when unknown; memory:
    pages of earlier builds, used again where nothing that they read has changed.
    """
    data = descriptions(catalogue, site)
    edition = Edition(catalogue, files, site)
    for draft in drafts(edition):
        page = recalled(edition, draft, memory or Memory())
        yield with_data(page, data[page.address]) if page.address in data else page


def drafts(edition: Edition) -> Iterator[Draft]:
    """Every computed page of the site, still to be made, with the picture that is shown where it is shared."""
    for draft in _drafts(edition):
        yield Draft(draft.address, partial(_pictured, draft))


def _pictured(draft: Draft) -> Page:
    return with_picture(draft.make())


def _drafts(edition: Edition) -> Iterator[Draft]:
    for address, make in SINGLE.items():
        yield Draft(address, partial(make, edition))
    for package in edition.national:
        yield Draft(page_address(package), partial(country.page, edition, package))
        for held in edition.held_by(package):
            yield Draft(page_address(package, held), partial(country_table.page, edition, package, held))
    for several in (estimates, table, source, corridors, reference, yearbook, released, report):
        yield from several.pages(edition)


SINGLE: Mapping[str, Callable[[Edition], Page]] = {
    "": home.page,
    "countries": countries.page,
    "estimates": countries.estimates,
    "coverage": coverage.page,
    "comparability": comparability.page,
    "why-sources-differ": differing.page,
    "downloads": downloads.page,
    "releases": releases.page,
    "rounds": rounds.page,
}
"""The pages of which there is one, by address."""
