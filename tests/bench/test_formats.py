"""How long each format takes to make and how large it is: of the real figures, and of a million invented ones."""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import duckdb
import pandas as pd
import pytest

from ilms_publish import corridors
from ilms_publish.catalogue import Catalogue, PublishedTable, check
from ilms_publish.downloads import api, downloads
from ilms_publish.downloads.dcat import dcat_files
from ilms_publish.downloads.described import described
from ilms_publish.downloads.ilostat_csv import ilostat_csv, ilostat_rows
from ilms_publish.downloads.labelled_csv import table_csv
from ilms_publish.downloads.package_zip import package_zip, shown
from ilms_publish.downloads.parquet import PackedRows, packed_rows
from ilms_publish.downloads.sdmx_csv import sdmx_csv
from ilms_publish.downloads.sdmx_structure import structure_message
from ilms_publish.downloads.series_json import series_files
from ilms_publish.downloads.workbook import workbook_of
from ilms_publish.writing import to_csv
from tests.bench.conftest import Note
from tests.bench.results import keep
from tests.worlds import REPOSITORY, with_rows

Files = list[bytes]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    made = check(REPOSITORY).catalogue
    assert made is not None
    return made


def csv_codes(catalogue: Catalogue) -> Files:
    return [to_csv(shown(table)) for table in catalogue.tables.values()]


def labelled(catalogue: Catalogue) -> Files:
    national = [table for table in catalogue.tables.values() if table.package.national]
    return [table_csv(described(table, catalogue.structure)) for table in national]


def ilostat(catalogue: Catalogue) -> Files:
    national = [table for table in catalogue.tables.values() if table.package.national]
    return [ilostat_csv([ilostat_rows(table, catalogue.structure)]) for table in national]


def sdmx(catalogue: Catalogue) -> Files:
    data = [sdmx_csv(table, catalogue.structure) for table in catalogue.tables.values()]
    return [structure_message(catalogue, "2026-01-01"), *data]


def json_series(catalogue: Catalogue) -> Files:
    tables = catalogue.tables.values()
    return [content for table in tables for content in series_files(table, catalogue.structure).values()]


def xlsx(catalogue: Catalogue) -> Files:
    return [workbook_of(catalogue, package) for package in catalogue.packages.values()]


def zips(catalogue: Catalogue) -> Files:
    return [package_zip(catalogue, package) for package in catalogue.packages.values()]


def parquet(catalogue: Catalogue) -> Files:
    rows = PackedRows(catalogue)
    add_all(rows, catalogue)
    return [rows.file()]


def add_all(rows: PackedRows, catalogue: Catalogue) -> None:
    for name in catalogue.packages:
        rows.add(packed_rows([described(table, catalogue.structure) for table in catalogue.of_package(name)]))


def catalogues(catalogue: Catalogue) -> Files:
    pairs = corridors.rows(catalogue)
    return [*api.lists(catalogue, pairs).values(), *dcat_files(catalogue, {}).values()]


KINDS: list[Callable[[Catalogue], Files]] = [
    csv_codes, labelled, ilostat, sdmx, json_series, xlsx, zips, parquet, catalogues
]  # fmt: skip


def test_formats(catalogue: Catalogue, note: Note) -> None:
    rows = sum(len(table.frame) for table in catalogue.tables.values())
    kept: list[dict[str, object]] = []
    note("formats", f"{rows:,} figures", "processor seconds", "files", "megabytes", "largest file")
    for make in KINDS:
        started = time.process_time()
        files = make(catalogue)
        spent = time.process_time() - started
        sizes = [len(content) / 1e6 for content in files]
        kept.append({"format": make.__name__, "busy": round(spent, 2), "files": len(files), "MB": round(sum(sizes), 2)})
        note("", make.__name__, f"{spent:.2f}", len(files), f"{sum(sizes):.1f}", f"{max(sizes):.2f}")
        assert files
    started = time.process_time()
    everything = downloads(catalogue)
    spent = time.process_time() - started
    total = sum(len(content) for content in everything.values()) / 1e6
    note("", "all downloads", f"{spent:.2f}", len(everything), f"{total:.1f}", "")
    keep("formats", {"observations": rows, "formats": kept, "all": round(spent, 2)})
    assert spent < 60


MILLION, TABLES = 1_000_000, 10


def enlarged(table: PublishedTable, rows: int) -> PublishedTable:
    """The table with its figures repeated under invented years until it has so many rows."""
    frame = table.frame
    times = -(-rows // len(frame))
    copies = [frame.assign(time_period=f"{1000 + number:04d}") for number in range(times)]
    whole = pd.concat(copies, ignore_index=True).iloc[:rows]
    return with_rows(table, whole.set_index(pd.RangeIndex(2, rows + 2)))


def million(catalogue: Catalogue) -> Iterator[Catalogue]:
    """Catalogues of one table each, which together hold a million figures."""
    national = [table for table in catalogue.tables.values() if table.package.national]
    for table in sorted(national, key=lambda one: -len(one.frame))[:TABLES]:
        large = enlarged(table, MILLION // TABLES)
        yield replace(
            catalogue,
            packages={table.package.id: table.package},
            tables={(table.package.id, table.definition.id): large},
        )


def test_a_million_figures(catalogue: Catalogue, note: Note) -> None:
    note("formats", f"{MILLION:,} invented figures", "processor seconds", "files", "megabytes", "largest file")
    for make in [kind for kind in KINDS if kind not in (parquet, catalogues)]:
        spent, sizes = 0.0, []
        for part in million(catalogue):
            started = time.process_time()
            files = make(part)
            spent += time.process_time() - started
            sizes += [len(content) / 1e6 for content in files]
        note("", make.__name__, f"{spent:.1f}", len(sizes), f"{sum(sizes):.1f}", f"{max(sizes):.1f}")
        assert sizes


def test_a_million_figures_in_one_parquet_file(catalogue: Catalogue, note: Note) -> None:
    rows, spent = PackedRows(catalogue), 0.0
    for part in million(catalogue):
        started = time.process_time()
        add_all(rows, part)
        spent += time.process_time() - started
    started = time.process_time()
    content = rows.file()
    spent += time.process_time() - started
    size = f"{len(content) / 1e6:.1f}"
    note("formats", f"{MILLION:,} invented figures", "processor seconds", "files", "megabytes", "largest file")
    note("", "parquet", f"{spent:.1f}", 1, size, size)
    assert duckdb.from_parquet(io.BytesIO(content)).aggregate("count(*)").fetchall() == [(MILLION,)]
