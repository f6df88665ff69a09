"""The pages of key tables, to read and to print: one for each subject, with all footnotes below its tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ilms_publish.citing import Several, bibtex_of_several, citation_of_several
from ilms_publish.formats import XLSX, YEARBOOK
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.page import About, Draft, Page, compose, with_data
from ilms_publish.structured import of_several
from ilms_publish.yearbook.chapters import Chapter, chapters
from ilms_publish.yearbook.key_tables import flags, ordered_notes

HOME = "yearbook"


def pages(edition: Edition) -> Iterator[Draft]:
    """The index of the key tables and a page for each subject."""
    yield Draft(HOME, partial(_index, edition))
    for number, chapter in enumerate(chapters(edition)):
        yield Draft(f"{HOME}/{chapter.slug}", partial(_page, edition, number))


def _index(edition: Edition) -> Page:
    about = About(
        HOME,
        "Key tables for a yearbook",
        "Labour migration in short: key tables ready to print or to take over into a yearbook, each figure with its "
        "year, source and footnotes, as pages and as an Excel workbook.",
        edition.updated,
    )
    size = edition.downloads.get(YEARBOOK, "")
    return compose(about, "yearbook.html", chapters=chapters(edition), home=HOME, workbook=YEARBOOK, size=size)


def _page(edition: Edition, number: int) -> Page:
    chapter = chapters(edition)[number]
    numbers = ordered_notes(chapter.tables)
    together = _together(edition, chapter)
    title = f"Key tables: {chapter.title[:1].lower()}{chapter.title[1:]}"
    made = compose(
        About(f"{HOME}/{chapter.slug}", title, chapter.says, edition.updated),
        "yearbook_chapter.html",
        trail=[("Key tables", HOME)],
        tables=chapter.tables,
        numbers=numbers,
        symbols=flags(edition, chapter.tables),
        workbook=YEARBOOK,
        size=edition.downloads.get(YEARBOOK, ""),
        cite=citation_of_several(together),
        bibtex=bibtex_of_several(together),
    )
    return with_data(made, of_several(edition.catalogue, together, chapter.says, {YEARBOOK: XLSX.media}, edition.site))


def _together(edition: Edition, chapter: Chapter) -> Several:
    """The figures of a subject, to be cited; where they have no source, they tell of every country."""
    used = [one.source for table in chapter.tables for one in table.places if one.source]
    packages = {source.package for source in used} or {package.id for package in edition.national}
    held = [package for package in edition.catalogue.packages.values() if package.id in packages]
    place = f"{HOME}/{chapter.slug}"
    title = f"Key tables: {chapter.title}"
    return Several(place.replace("/", "-"), title, place, held, [source.title for source in used])
