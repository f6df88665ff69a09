"""What a reader takes away: files with their sizes, the licence, and a citation."""

from __future__ import annotations

from ilms_publish.arranging import Figures
from ilms_publish.model import Package
from ilms_publish.pages.edition import Edition, address

File = tuple[str, str, str]


def table_files(edition: Edition, figures: Figures) -> list[File]:
    """The CSV of a table and the package it belongs to: text, path, size."""
    package, table = figures.table.package, figures.definition
    return [
        _file(edition, f"{table.slug}.csv: this table", f"data/{package.id}/{table.slug}.csv"),
        *package_files(edition, package),
    ]


def package_files(edition: Edition, package: Package) -> list[File]:
    """The stand-alone package."""
    text = f"{package.id}.zip: the whole package with sources, limitations and codelists"
    return [_file(edition, text, f"data/{package.id}/{package.id}.zip")]


def _file(edition: Edition, text: str, path: str) -> File:
    return text, path, edition.downloads.get(path, "")


def licence(package: Package) -> str:
    """The licences of a package in words."""
    return "; ".join(str(one.get("title") or one.get("name") or one.get("path")) for one in package.licences)


def publisher(package: Package) -> str:
    """The first contributor, who published the edition."""
    return str(package.contributors[0].get("title", "")) if package.contributors else ""


def citation(edition: Edition, figures: Figures | None = None, package: Package | None = None) -> str:
    """How to cite a table or a package: publisher, title, edition, version, address on this site."""
    held = figures.table.package if figures else package
    if held is None:
        return ""
    title = f"{figures.definition.title}, {edition.name(held)}" if figures else held.title
    place = address(held, figures.definition if figures else None)
    sources = ""
    if figures:
        sources = " Original sources: " + "; ".join(source.title for source in figures.table.sources) + "."
    return (
        f"{publisher(held)}. {title}. {held.edition}. ILMS Publish, package {held.id}, version {held.version}, "
        f"/{place}/.{sources} Licence: {licence(held)}."
    )
