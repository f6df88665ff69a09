"""What a reader takes away: files with their sizes, the licence, and a citation."""

from __future__ import annotations

from ilms_publish.arranging import Figures
from ilms_publish.formats import package_formats, table_formats
from ilms_publish.model import Package
from ilms_publish.pages.edition import Edition, address

File = tuple[str, str, str]


def table_files(edition: Edition, figures: Figures) -> list[File]:
    """The files of a table and of the package it belongs to: text, path, size."""
    package, slug = figures.table.package, figures.definition.slug
    paths = [(one, one.of_table(package.id, slug)) for one in table_formats(package.national)]
    return [
        *[(f"{one.title}: this table", path, edition.downloads.get(path, "")) for one, path in paths],
        *package_files(edition, package),
    ]


def package_files(edition: Edition, package: Package) -> list[File]:
    """The files that hold a whole package."""
    paths = [(one, one.of_package(package.id)) for one in package_formats(package.national)]
    whose = "this country" if package.national else "this package"
    return [(f"{one.title}: all tables of {whose}", path, edition.downloads.get(path, "")) for one, path in paths]


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
