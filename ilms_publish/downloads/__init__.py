"""The files that readers take away: each format a pure function of the catalogue, which carries every caveat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.citing import bibtex
from ilms_publish.downloads import api
from ilms_publish.downloads.checksums import with_sums
from ilms_publish.downloads.dcat import dcat_files
from ilms_publish.downloads.described import day, described
from ilms_publish.downloads.feeds import feeds
from ilms_publish.downloads.ilostat_csv import ilostat_csv
from ilms_publish.downloads.labelled_csv import package_csv, table_csv
from ilms_publish.downloads.llms import llms_txt
from ilms_publish.downloads.package_zip import package_zip, shown, structure_zip
from ilms_publish.downloads.parquet import whole_parquet
from ilms_publish.downloads.sdmx_csv import sdmx_csv
from ilms_publish.downloads.sdmx_structure import structure_message
from ilms_publish.downloads.series_json import series_files
from ilms_publish.downloads.workbook import workbook
from ilms_publish.formats import (
    API,
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
from ilms_publish.model import Package
from ilms_publish.writing import to_csv

__all__ = ["downloads", "sizes", "zips"]


def downloads(catalogue: Catalogue, site: str = "") -> dict[str, bytes]:
    """Every file for readers: path below the site's root -> bytes. The same input gives the same bytes.

    site: address of the site's root with a slash at the end, for catalogues and feeds; empty when unknown.
    """
    structure = catalogue.structure
    files: dict[str, bytes] = {f"{DATA}/{STRUCTURE}/{STRUCTURE}.zip": structure_zip(structure)}
    national: list[PublishedTable] = []
    rows: list[pd.DataFrame] = []
    packages = catalogue.packages.values()
    for package in packages:
        tables = catalogue.of_package(package.id)
        texts = [described(table, structure) for table in tables]
        rows += texts
        national += tables if package.national else []
        for table, text in zip(tables, texts, strict=True):
            files |= _table(catalogue, table, text)
        files |= _package(catalogue, package, tables, texts)
    files[SDMX_STRUCTURES] = structure_message(catalogue, day(max((p.issued for p in packages), default="")))
    if national:
        files[ILOSTAT.of_all] = ilostat_csv(national, structure)
    if rows:
        files[PARQUET.of_all] = whole_parquet(rows)
    files |= api.lists(catalogue)
    files |= {bibliography(package.id): references(catalogue, package) for package in packages}
    files |= dcat_files(catalogue, files, site)
    files |= api.index(catalogue, files)
    files = with_sums(files, (DATA, API.partition("/")[0]))
    return files | feeds(catalogue, site) | {"llms.txt": llms_txt(catalogue, site)}


def references(catalogue: Catalogue, package: Package) -> bytes:
    """BibTeX entries of a package and of each of its tables."""
    entries = [bibtex(catalogue, package), *(bibtex(catalogue, package, t) for t in catalogue.of_package(package.id))]
    return "\n".join(entries).encode()


def _table(catalogue: Catalogue, table: PublishedTable, texts: pd.DataFrame) -> dict[str, bytes]:
    package, slug = table.package, table.definition.slug
    files = {
        CSV.of_table(package.id, slug): to_csv(shown(table)),
        SDMX.of_table(package.id, slug): sdmx_csv(table, catalogue.structure),
    }
    files |= series_files(table, catalogue.structure)
    if package.national:
        files[LABELLED.of_table(package.id, slug)] = table_csv(texts)
        files[ILOSTAT.of_table(package.id, slug)] = ilostat_csv([table], catalogue.structure)
    return files


def _package(
    catalogue: Catalogue, package: Package, tables: Sequence[PublishedTable], texts: Sequence[pd.DataFrame]
) -> dict[str, bytes]:
    files = {
        PACKAGE.of_package(package.id): package_zip(catalogue, package),
        XLSX.of_package(package.id): workbook(catalogue, package),
    }
    if package.national:
        files[LABELLED.of_package(package.id)] = package_csv(texts)
        files[ILOSTAT.of_package(package.id)] = ilostat_csv(tables, catalogue.structure)
    return files


def zips(catalogue: Catalogue) -> dict[str, bytes]:
    """The stand-alone packages and the structure alone: file name -> bytes."""
    made = {f"{package.id}{PACKAGE.suffix}": package_zip(catalogue, package) for package in catalogue.packages.values()}
    return made | {f"{STRUCTURE}{PACKAGE.suffix}": structure_zip(catalogue.structure)}


def sizes(files: Mapping[str, bytes]) -> dict[str, str]:
    """Path -> size in words, such as `12 kB` or `3.4 MB`."""
    return {path: _size(len(content)) for path, content in files.items()}


def _size(count: int) -> str:
    return f"{count / 1e6:.1f}\u00a0MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))}\u00a0kB"
