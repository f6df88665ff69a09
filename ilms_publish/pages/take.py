"""What a reader takes away: files with their sizes, the licence, and a citation."""

from __future__ import annotations

from ilms_publish import citing
from ilms_publish.arranging import Figures
from ilms_publish.citing import licence
from ilms_publish.formats import across_formats, bibliography, package_formats, table_formats
from ilms_publish.model import Package, TableDefinition
from ilms_publish.pages.edition import Edition

__all__ = ["File", "citation", "countries_files", "licence", "package_files", "table_files"]

File = tuple[str, str, str]


def table_files(edition: Edition, figures: Figures) -> list[File]:
    """The files of a table and of the package it belongs to: text, path, size."""
    package, slug = figures.table.package, figures.definition.slug
    paths = [(one, one.of_table(package.id, slug)) for one in table_formats(package.national)]
    return [
        *[(f"{one.title}: this table", path, edition.downloads.get(path, "")) for one, path in paths],
        *package_files(edition, package),
    ]


def countries_files(edition: Edition, table: TableDefinition) -> list[File]:
    """The files of a table with every country in it; none for a table that no country holds."""
    paths = [(one, one.of_countries(table.slug)) for one in across_formats()]
    return [(f"{one.title}: every country that has the table", path, edition.downloads.get(path, ""))
            for one, path in paths]  # fmt: skip


def package_files(edition: Edition, package: Package) -> list[File]:
    """The files that hold a whole package."""
    paths = [(one, one.of_package(package.id)) for one in package_formats(package.national)]
    whose = "this country" if package.national else "this package"
    files = [(f"{one.title}: all tables of {whose}", path, edition.downloads.get(path, "")) for one, path in paths]
    path = bibliography(package.id)
    return [*files, (f"BibTeX: how to cite {whose} and its tables", path, edition.downloads.get(path, ""))]


def citation(edition: Edition, figures: Figures | None = None, package: Package | None = None) -> str:
    """How to cite a table or a package."""
    held = figures.table.package if figures else package
    return citing.citation(edition.catalogue, held, figures.table if figures else None) if held else ""
