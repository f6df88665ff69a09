"""The files of one package, made from that package alone and remembered by what they were made from."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace

import pandas as pd

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

    No more than one package is held: what holds several is joined out of the files of each.
    """
    rows = PackedRows(catalogue)
    for name in catalogue.packages:
        made = files_of_one(catalogue, name)
        rows.add(made.pop(ROWS))
        files.update(made)
    if catalogue.tables:
        files[PARQUET.of_all] = rows.file()
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


def files_of_one(catalogue: Catalogue, name: str) -> dict[str, bytes]:
    """One package in every format, and under `ROWS` its part of the file that holds everything."""
    one = _alone(catalogue, name)
    return memory.files(_made_from(one), lambda: _of_package(one, name))


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


@dataclass(frozen=True, slots=True)
class Ready:
    """A table as several formats need it. texts: all that is said of each row; bulk: ILOSTAT's columns, if national."""

    table: PublishedTable
    texts: pd.DataFrame
    bulk: pd.DataFrame | None


def _ready(table: PublishedTable, structure: Structure) -> Ready:
    bulk = ilostat_rows(table, structure) if table.package.national else None
    return Ready(table, described(table, structure), bulk)


def _table(one: Ready, structure: Structure) -> dict[str, bytes]:
    package, slug = one.table.package.id, one.table.definition.slug
    files = {
        CSV.of_table(package, slug): to_csv(shown(one.table)),
        SDMX.of_table(package, slug): sdmx_csv(one.table, structure),
    }
    files |= series_files(one.table, structure)
    if one.bulk is not None:
        files[LABELLED.of_table(package, slug)] = table_csv(one.texts)
        files[ILOSTAT.of_table(package, slug)] = ilostat_csv([one.bulk])
    return files


def _of_package(alone: Catalogue, name: str) -> dict[str, bytes]:
    package, tables = alone.packages[name], [_ready(table, alone.structure) for table in alone.of_package(name)]
    files = {
        ROWS: packed_rows([one.texts for one in tables]),
        PACKAGE.of_package(package.id): package_zip(alone, package),
        XLSX.of_package(package.id): workbook_of(alone, package),
        bibliography(package.id): references(alone, package),
    }
    for one in tables:
        files |= _table(one, alone.structure)
    if package.national:
        files[LABELLED.of_package(package.id)] = package_csv([one.texts for one in tables])
        files[ILOSTAT.of_package(package.id)] = ilostat_csv([one.bulk for one in tables if one.bulk is not None])
    return files


def references(catalogue: Catalogue, package: Package) -> bytes:
    """BibTeX entries of a package and of each of its tables."""
    entries = [bibtex(catalogue, package), *(bibtex(catalogue, package, t) for t in catalogue.of_package(package.id))]
    return "\n".join(entries).encode()
