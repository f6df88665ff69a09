"""Atom feeds of the releases and of the figures that changed: one of all packages, and one of each."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ilms_publish.catalogue import Catalogue
from ilms_publish.citing import citation, page_address
from ilms_publish.downloads.described import day
from ilms_publish.formats import CHANGES_FEED, FEED, changes_feed, package_feed
from ilms_publish.history import Gone, Now, Revision, gone, newest_first, now
from ilms_publish.model import Package, Structure

ATOM = "http://www.w3.org/2005/Atom"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ilms-publish")
"""Ids of feeds and entries are made from this and the name of what they stand for, so that they never change."""
SHOWN = 8
"""Changed figures that an entry gives one by one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. name: of what it stands for, never reused; date: of the data; page: its address."""

    name: str
    title: str
    date: str
    summary: str
    page: str


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed. empty: its date when it has no entries."""

    name: str
    path: str
    title: str
    entries: Sequence[Entry]
    empty: str


def feeds(catalogue: Catalogue, site: str = "") -> dict[str, bytes]:
    """Path -> Atom. site: address of the site's root; empty when unknown, then links are relative to the feed."""
    return {one.path: _atom(one, site or "../") for one in _feeds(catalogue)}


def _feeds(catalogue: Catalogue) -> Iterator[Feed]:
    packages = sorted(catalogue.packages.values(), key=lambda package: package.id)
    packages.sort(key=lambda package: package.issued, reverse=True)
    newest = max((package.issued for package in packages), default="")
    changes = list(_changes(catalogue))
    whole = catalogue.structure.collection.title
    yield Feed("all", FEED, f"Releases: {whole}", [_release(catalogue, one) for one in packages], newest)
    yield Feed("changes", CHANGES_FEED, f"Changed figures: {whole}", [entry for _, entry in changes], newest)
    for package in packages:
        title, own = package.title, [entry for one, entry in changes if one.package.id == package.id]
        released = [_release(catalogue, package)]
        yield Feed(package.id, package_feed(package.id), f"Releases: {title}", released, package.issued)
        yield Feed(f"{package.id}/changes", changes_feed(package.id), f"Changed figures: {title}", own, package.issued)


def _release(catalogue: Catalogue, package: Package) -> Entry:
    tables = catalogue.of_package(package.id)
    figures = sum(table.count for table in tables)
    withheld = figures - sum(len(table.frame[table.frame["use"] == "published"]) for table in tables)
    return Entry(
        f"release/{package.id}/{package.version}",
        f"{package.title}, version {package.version}",
        package.issued,
        f"{package.edition}. {figures:,} figures in {len(tables)} tables, {withheld:,} of them withheld from "
        f"use; {len(package.limitations)} limitations. {citation(catalogue, package)}",
        page_address(package),
    )


def _changes(catalogue: Catalogue) -> Iterator[tuple[Revision, Entry]]:
    """Every change of published figures. The name of an entry is its scope, so that better words keep it."""
    seen: Counter[str] = Counter()
    for one in newest_first(catalogue):
        names = "+".join(table.id for table in one.tables)
        name = f"change/{one.package.id}/{one.date}/{names}/{one.where}/{one.years}/{one.code}"
        seen[name] += 1
        what = ", ".join(table.short for table in one.tables) or "a table that is no longer held"
        single = one.tables[0] if len(one.tables) == 1 else None
        title = f"{one.package.title}: {what}" + (f" ({one.figures})" if one.figures else "")
        told = _told(catalogue.structure, list(now(catalogue, one)), list(gone(catalogue, one)))
        summary = f"{one.kind}: {one.reason} Noticed by: {one.noticed_by}. {told}"
        number = f"/{seen[name]}" if seen[name] > 1 else ""
        yield one, Entry(name + number, title, one.date, summary, page_address(one.package, single))


def _told(structure: Structure, found: Sequence[Now], lost: Sequence[Gone]) -> str:
    """The figures of a change as they stand now, and those that stand no longer; a withheld value is never given."""
    told = [_standing(structure, found)] if found else ["No figure stands in its place."]
    return " ".join([*told, *([_removed(structure, lost)] if lost else [])])


def _removed(structure: Structure, lost: Sequence[Gone]) -> str:
    lines = [
        f"{_labels(structure, one.codes)}, {one.year}" + (f" (before: {one.before})" if one.before else "")
        for one in lost[:SHOWN]
    ]
    more = f"; and {len(lost) - SHOWN:,} more" if len(lost) > SHOWN else ""
    return f"No longer published: {'; '.join(lines)}{more}."


def _standing(structure: Structure, found: Sequence[Now]) -> str:
    lines = [_figure(structure, one) for one in found[:SHOWN]]
    more = f"; and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""
    return f"It touches {len(found):,} figures, now: {'; '.join(lines)}{more}."


def _figure(structure: Structure, one: Now) -> str:
    status = structure.codelist("obs_status").label(one.status)
    value = f"{one.value} {one.table.unit}" if one.value else "withheld from use" if one.use != "published" else status
    before = f" (before: {one.before})" if one.before else ""
    return f"{_labels(structure, one.codes)}, {one.year}: {value}{before}"


def _labels(structure: Structure, codes: Mapping[str, str]) -> str:
    return ", ".join(structure.codelist(name).label(code) for name, code in codes.items())


def _atom(one: Feed, root: str) -> bytes:
    ElementTree.register_namespace("", ATOM)
    feed = Element(_tag("feed"))
    newest = max((entry.date for entry in one.entries), default=one.empty)
    _texts(feed, id=_id(f"feed/{one.name}"), title=one.title, updated=_moment(newest))
    SubElement(feed, _tag("link"), rel="self", type="application/atom+xml", href=root + one.path)
    SubElement(feed, _tag("link"), rel="alternate", type="text/html", href=root)
    _texts(SubElement(feed, _tag("author")), name="ILMS Publish contributors")
    _entries(feed, one.entries, root)
    ElementTree.indent(feed, " ")
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entries(feed: Element, entries: Iterable[Entry], root: str) -> None:
    for one in entries:
        entry = SubElement(feed, _tag("entry"))
        _texts(entry, id=_id(one.name), title=one.title, updated=_moment(one.date), summary=one.summary)
        SubElement(entry, _tag("link"), rel="alternate", type="text/html", href=f"{root}{one.page}/")


def _texts(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, _tag(name)).text = text


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _id(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"


def _moment(issued: str) -> str:
    """The date of the data, never of the build."""
    return f"{day(issued)}T00:00:00Z"
