"""The whole database as one Parquet file, sources and limitations joined in."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ilms_publish.catalogue import PUBLISHED
from ilms_publish.downloads.described import COLUMNS

USABLE = "The figure where it may be used: empty when it is missing or withheld, so that sums and means are safe"
ISSUED = "The figure as issued, as text, with the decimals as printed"
COMPRESSION = "zstd"


def whole_parquet(tables: Sequence[pd.DataFrame]) -> bytes:
    """All tables, one row a figure; the same input gives the same bytes.

    tables: as `described` gives them. Dimensions that a table lacks are null. `obs_value` is the figure as issued,
    withheld or not; `usable_value` is null for a withheld one.
    """
    dimensions = dict.fromkeys(column for rows in tables for column in rows.columns if column not in COLUMNS)
    rows = pd.concat(tables, ignore_index=True)
    columns = {name: _texts(rows[name]) for name in dimensions}
    columns["time_period"] = _years(rows["time_period"])
    columns["obs_value"] = _numbers(rows["obs_value"])
    columns["obs_value_issued"] = _plain(rows["obs_value"])
    columns["usable_value"] = _numbers(rows["obs_value"].where(rows["use"] == PUBLISHED, ""))
    columns |= {name: _texts(rows[name]) for name in COLUMNS if name not in columns}
    table = pa.table(columns).replace_schema_metadata(_meanings(columns))
    out = io.BytesIO()
    pq.write_table(table, out, compression=COMPRESSION, store_schema=False)
    return out.getvalue()


def _texts(cells: pd.Series[str]) -> pa.Array:
    return pa.array(cells.where(cells.notna() & (cells != ""), None), pa.string()).dictionary_encode()


def _plain(cells: pd.Series[str]) -> pa.Array:
    return pa.array(cells.where(cells != "", None), pa.string())


def _numbers(cells: pd.Series[str]) -> pa.Array:
    return pa.array(cells.where(cells != "", None), pa.string()).cast(pa.float64())


def _years(cells: pd.Series[str]) -> pa.Array:
    return pa.array(cells.str[:4], pa.string()).cast(pa.int16())


def _meanings(columns: dict[str, pa.Array]) -> dict[str, str]:
    """What each column holds, for readers that show a file's own metadata."""
    told = COLUMNS | {"usable_value": USABLE, "obs_value_issued": ISSUED}
    return {f"column:{name}": told[name] for name in columns if name in told}
