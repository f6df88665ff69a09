"""Atom feeds of the releases: one of all packages, and one of each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ilms_publish.catalogue import Catalogue
from ilms_publish.citing import citation, page_address
from ilms_publish.downloads.described import day
from ilms_publish.formats import FEED, package_feed
from ilms_publish.model import Package
from ilms_publish.structured import CATALOGUE

ATOM = "http://www.w3.org/2005/Atom"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ilms-publish")
"""Ids of feeds and entries are made from this and the name of what they stand for, so that they never change."""


def feeds(catalogue: Catalogue, site: str = "") -> dict[str, bytes]:
    """Path -> Atom. site: address of the site's root; empty when unknown, then links are relative to the feed."""
    packages = sorted(catalogue.packages.values(), key=lambda package: package.id)
    packages.sort(key=lambda package: package.issued, reverse=True)
    made = {FEED: _feed(catalogue, "all", f"Releases: {CATALOGUE}", packages, site or "../")}
    for package in packages:
        made[package_feed(package.id)] = _feed(
            catalogue, package.id, f"Releases: {package.title}", [package], site or "../"
        )
    return made


def _feed(catalogue: Catalogue, name: str, title: str, packages: Sequence[Package], root: str) -> bytes:
    ElementTree.register_namespace("", ATOM)
    feed = Element(_tag("feed"))
    newest = max((package.issued for package in packages), default="")
    _texts(feed, id=_id(f"feed/{name}"), title=title, updated=_moment(newest))
    path = FEED if name == "all" else package_feed(name)
    SubElement(feed, _tag("link"), rel="self", type="application/atom+xml", href=root + path)
    SubElement(feed, _tag("link"), rel="alternate", type="text/html", href=root)
    _texts(SubElement(feed, _tag("author")), name="ILMS Publish contributors")
    for package in packages:
        _entry(catalogue, feed, package, root)
    ElementTree.indent(feed, " ")
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(catalogue: Catalogue, feed: Element, package: Package, root: str) -> None:
    tables = catalogue.of_package(package.id)
    figures = sum(len(table.frame) for table in tables)
    withheld = figures - sum(len(table.frame[table.frame["use"] == "published"]) for table in tables)
    entry = SubElement(feed, _tag("entry"))
    _texts(
        entry,
        id=_id(f"release/{package.id}/{package.version}"),
        title=f"{package.title}, version {package.version}",
        updated=_moment(package.issued),
        summary=f"{package.edition}. {figures:,} figures in {len(tables)} tables, {withheld:,} of them withheld from "
        f"use; {len(package.limitations)} limitations. {citation(catalogue, package)}",
    )
    SubElement(entry, _tag("link"), rel="alternate", type="text/html", href=f"{root}{page_address(package)}/")


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
