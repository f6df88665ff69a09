"""The files that readers take away: each format a pure function of the catalogue, which carries every caveat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ilms_publish import corridors
from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.citing import bibtex
from ilms_publish.downloads import api
from ilms_publish.downloads.checksums import with_sums
from ilms_publish.downloads.dcat import dcat_files
from ilms_publish.downloads.described import day, described
from ilms_publish.downloads.feeds import feeds
from ilms_publish.downloads.ilostat_csv import ilostat_csv, ilostat_rows
from ilms_publish.downloads.labelled_csv import package_csv, table_csv
from ilms_publish.downloads.llms import llms_txt
from ilms_publish.downloads.package_zip import package_zip, shown, structure_zip
from ilms_publish.downloads.parquet import whole_parquet
from ilms_publish.downloads.sdmx_csv import sdmx_csv
from ilms_publish.downloads.sdmx_structure import structure_message
from ilms_publish.downloads.series_json import series_files
from ilms_publish.downloads.workbook import workbook_of
from ilms_publish.formats import (
    API,
    CORRIDORS,
    CSV,
    DATA,
    ILOSTAT,
    LABELLED,
    PACKAGE,
    PARQUET,
    SDMX,
    SDMX_STRUCTURES,
    STRUCTURE,
    XLSX,
    bibliography,
)
from ilms_publish.model import Package, Structure
from ilms_publish.writing import to_csv

__all__ = ["downloads", "sizes", "zips"]


def downloads(catalogue: Catalogue, site: str = "", beside: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Every file for readers: path below the site's root -> bytes. The same input gives the same bytes.

    site: address of the site's root with a slash at the end, for catalogues and feeds; empty when unknown.
    beside: files made elsewhere that the lists of sums are to hold.
    """
    structure, packages = catalogue.structure, catalogue.packages.values()
    files: dict[str, bytes] = {**(beside or {}), f"{DATA}/{STRUCTURE}/{STRUCTURE}.zip": structure_zip(structure)}
    everything: list[Ready] = []
    for package in packages:
        tables = [_ready(table, structure) for table in catalogue.of_package(package.id)]
        for one in tables:
            files |= _table(one, structure)
        files |= _package(catalogue, package, tables)
        everything += tables
    files[CORRIDORS] = to_csv(corridors.rows(catalogue))
    files[SDMX_STRUCTURES] = structure_message(catalogue, day(max((p.issued for p in packages), default="")))
    if bulk := [one.bulk for one in everything if one.bulk is not None]:
        files[ILOSTAT.of_all] = ilostat_csv(bulk)
    if everything:
        files[PARQUET.of_all] = whole_parquet([one.texts for one in everything])
    files |= api.lists(catalogue)
    files |= dcat_files(catalogue, files, site)
    files |= api.index(catalogue, files)
    files = with_sums(files, (DATA, API.partition("/")[0]))
    return files | feeds(catalogue, site) | {"llms.txt": llms_txt(catalogue, site)}


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


def _package(catalogue: Catalogue, package: Package, tables: Sequence[Ready]) -> dict[str, bytes]:
    files = {
        PACKAGE.of_package(package.id): package_zip(catalogue, package),
        XLSX.of_package(package.id): workbook_of(catalogue, package),
        bibliography(package.id): references(catalogue, package),
    }
    if package.national:
        files[LABELLED.of_package(package.id)] = package_csv([one.texts for one in tables])
        files[ILOSTAT.of_package(package.id)] = ilostat_csv([one.bulk for one in tables if one.bulk is not None])
    return files


def references(catalogue: Catalogue, package: Package) -> bytes:
    """BibTeX entries of a package and of each of its tables."""
    entries = [bibtex(catalogue, package), *(bibtex(catalogue, package, t) for t in catalogue.of_package(package.id))]
    return "\n".join(entries).encode()


def zips(catalogue: Catalogue) -> dict[str, bytes]:
    """The stand-alone packages and the structure alone: file name -> bytes."""
    made = {f"{package.id}{PACKAGE.suffix}": package_zip(catalogue, package) for package in catalogue.packages.values()}
    return made | {f"{STRUCTURE}{PACKAGE.suffix}": structure_zip(catalogue.structure)}


def sizes(files: Mapping[str, bytes]) -> dict[str, str]:
    """Path -> size in words, such as `12 kB` or `3.4 MB`."""
    return {path: _size(len(content)) for path, content in files.items()}


def _size(count: int) -> str:
    return f"{count / 1e6:.1f}\u00a0MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))}\u00a0kB"
