"""The whole database as one Parquet file, sources and limitations joined in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ilms_publish.catalogue import PUBLISHED, Catalogue
from ilms_publish.downloads.described import COLUMNS

USABLE = "The figure where it may be used: empty when it is missing or withheld, so that sums and means are safe"
ISSUED = "The figure as issued, as text, with the decimals as printed"
COMPRESSION = "zstd"
TEXTS = pa.dictionary(pa.int32(), pa.string())
TYPES = {
    "time_period": pa.int16(), "obs_value": pa.float64(), "obs_value_issued": pa.string(), "usable_value": pa.float64()
}  # fmt: skip
AFTER = (*TYPES, *(name for name in COLUMNS if name not in TYPES))
"""The columns after the dimensions."""


class PackedRows:
    """The file of all packages, filled package by package: one row a figure, a group of rows for each package.

    Dimensions that a table lacks are null. `obs_value` is the figure as issued, withheld or not; `usable_value` is null
    for a withheld one. The same input gives the same bytes.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        tables = [table for package in catalogue.packages for table in catalogue.of_package(package)]
        series = dict.fromkeys(name for table in tables for name in table.definition.series)
        names = [*(part for name in series for part in (name, f"{name}_label")), *AFTER]
        self._schema = pa.schema([(name, TYPES.get(name, TEXTS)) for name in names], metadata=_meanings(names))
        self._out = io.BytesIO()
        self._writer = pq.ParquetWriter(self._out, self._schema, compression=COMPRESSION, store_schema=False)

    def add(self, rows: bytes) -> None:
        """The rows of one more package, as `packed_rows` gives them; none when it has none."""
        if not rows:
            return
        texts = [field.name for field in self._schema if field.type == TEXTS]
        part = pq.read_table(io.BytesIO(rows), read_dictionary=texts)
        lacking = pa.nulls(len(part), TEXTS)
        columns = [part[one.name].cast(one.type) if one.name in part.column_names else lacking for one in self._schema]
        self._writer.write_table(pa.table(columns, schema=self._schema))

    def file(self) -> bytes:
        """All of them."""
        self._writer.close()
        return self._out.getvalue()


def packed_rows(tables: Iterable[pd.DataFrame]) -> bytes:
    """The rows of one package; empty when there are none. tables: as `described` gives them, one after the other."""
    parts = [_packed(rows) for rows in tables]
    out = io.BytesIO()
    if parts:
        whole = pa.concat_tables(parts, promote_options="default").unify_dictionaries()
        pq.write_table(whole, out, compression=COMPRESSION, store_schema=False)
    return out.getvalue()


def _packed(rows: pd.DataFrame) -> pa.Table:
    columns = {name: _texts(rows[name]) for name in rows.columns if name not in COLUMNS}
    columns["time_period"] = _years(rows["time_period"])
    columns["obs_value"] = _numbers(rows["obs_value"])
    columns["obs_value_issued"] = _plain(rows["obs_value"])
    columns["usable_value"] = _numbers(rows["obs_value"].where(rows["use"] == PUBLISHED, ""))
    return pa.table(columns | {name: _texts(rows[name]) for name in COLUMNS if name not in columns})


def _texts(cells: pd.Series[str]) -> pa.Array:
    return pa.array(cells.where(cells.notna() & (cells != ""), None), pa.string()).dictionary_encode()


def _plain(cells: pd.Series[str]) -> pa.Array:
    return pa.array(cells.where(cells != "", None), pa.string())


def _numbers(cells: pd.Series[str]) -> pa.Array:
    return pa.array(cells.where(cells != "", None), pa.string()).cast(pa.float64())


def _years(cells: pd.Series[str]) -> pa.Array:
    return pa.array(cells.str[:4], pa.string()).cast(pa.int16())


def _meanings(columns: Sequence[str]) -> dict[str, str]:
    """What each column holds, for readers that show a file's own metadata."""
    told = COLUMNS | {"usable_value": USABLE, "obs_value_issued": ISSUED}
    return {f"column:{name}": told[name] for name in columns if name in told}
