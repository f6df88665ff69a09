"""The files of one package, made from that package alone and remembered by what they were made from."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from dataclasses import replace

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.citing import bibtex
from ilms_publish.downloads.described import described
from ilms_publish.downloads.ilostat_csv import ilostat_csv, ilostat_rows
from ilms_publish.downloads.labelled_csv import package_csv, table_csv
from ilms_publish.downloads.package_zip import package_zip, shown
from ilms_publish.downloads.parquet import PackedRows, packed_rows
from ilms_publish.downloads.sdmx_csv import sdmx_csv
from ilms_publish.downloads.series_json import series_files
from ilms_publish.downloads.workbook import workbook_of
from ilms_publish.filling import joined, put
from ilms_publish.fingerprints import fingerprint, program
from ilms_publish.formats import CSV, ILOSTAT, LABELLED, PACKAGE, PARQUET, SDMX, XLSX, across_formats, bibliography
from ilms_publish.marking import marks
from ilms_publish.model import Package, Structure
from ilms_publish.remembering import Memory
from ilms_publish.writing import to_csv

memory = Memory()
"""Files already made; the builder of the site gives it a folder."""
ROWS = "rows.parquet"
"""Stands among the files of a package for its rows of the file that holds everything; it is no file of the site."""


def put_files_of_packages(catalogue: Catalogue, files: MutableMapping[str, bytes]) -> None:
    """Puts each package in every format, then all of them together where a format has one file for all.

    One file is held at a time, and the packed rows of all: what else holds several is joined out of the files of each.
    """
    everything = PackedRows(catalogue)
    for name in catalogue.packages:
        rows = b""
        for path, content in files_of_one(catalogue, name):
            if path == ROWS:
                rows = content
            else:
                files[path] = content
        everything.add(rows)
    if catalogue.tables:
        files[PARQUET.of_all] = everything.file()
    _join(catalogue, files)


def _join(catalogue: Catalogue, files: MutableMapping[str, bytes]) -> None:
    """The states' own figures in one file, and each of their tables: what stands in the files of each, joined."""
    held = [(package, table.definition.slug) for (package, _), table in catalogue.tables.items()
            if table.package.national]  # fmt: skip
    put(files, ILOSTAT.of_all, joined(files, [ILOSTAT.of_package(package) for package in dict(held)]))
    for slug in dict.fromkeys(slug for _, slug in held):
        for one in across_formats():
            parts = [one.of_table(package, of_table) for package, of_table in held if of_table == slug]
            put(files, one.of_countries(slug), joined(files, parts))


def files_of_one(catalogue: Catalogue, name: str) -> Iterator[tuple[str, bytes]]:
    """One package in every format, and as `ROWS` its part of the file that holds everything."""
    one = _alone(catalogue, name)
    return memory.each(_made_from(one), lambda: _of_package(one, name))


def _alone(catalogue: Catalogue, name: str) -> Catalogue:
    """The catalogue as if there were no other package, so that a file of this one can rest on no other."""
    return replace(
        catalogue,
        packages={name: catalogue.packages[name]},
        tables={key: table for key, table in catalogue.tables.items() if key[0] == name},
        findings=(),
        awaited=(),
        releases=(),
    )


def _made_from(alone: Catalogue) -> str:
    return fingerprint(program(), marks(alone).whole)


def _of_package(alone: Catalogue, name: str) -> Iterator[tuple[str, bytes]]:
    package, tables, structure = alone.packages[name], alone.of_package(name), alone.structure
    yield PACKAGE.of_package(name), package_zip(alone, package)
    yield XLSX.of_package(name), workbook_of(alone, package)
    yield bibliography(name), references(alone, package)
    for table in tables:
        yield from _table(table, structure)
    yield ROWS, packed_rows(described(table, structure) for table in tables)
    if package.national:
        every_row = (described(table, structure) for table in tables)
        yield LABELLED.of_package(name), package_csv(every_row, [table.definition for table in tables])
        yield ILOSTAT.of_package(name), ilostat_csv([ilostat_rows(table, structure) for table in tables])


def _table(table: PublishedTable, structure: Structure) -> Iterator[tuple[str, bytes]]:
    package, slug = table.package.id, table.definition.slug
    yield CSV.of_table(package, slug), to_csv(shown(table))
    yield SDMX.of_table(package, slug), sdmx_csv(table, structure)
    yield from series_files(table, structure).items()
    if table.package.national:
        yield LABELLED.of_table(package, slug), table_csv(described(table, structure))
        yield ILOSTAT.of_table(package, slug), ilostat_csv([ilostat_rows(table, structure)])


def references(catalogue: Catalogue, package: Package) -> bytes:
    """BibTeX entries of a package and of each of its tables."""
    entries = [bibtex(catalogue, package), *(bibtex(catalogue, package, t) for t in catalogue.of_package(package.id))]
    return "\n".join(entries).encode()
