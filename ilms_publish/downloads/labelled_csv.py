"""CSV with codes and names: every row can be read, and stays true, when it stands alone."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ilms_publish.downloads.described import COLUMNS
from ilms_publish.writing import to_csv


def table_csv(rows: pd.DataFrame) -> bytes:
    """One table. rows: as `described` gives them."""
    return to_csv(rows)


def package_csv(tables: Sequence[pd.DataFrame]) -> bytes:
    """All tables of a package under one header; a dimension that a table lacks is blank in its rows."""
    columns = dict.fromkeys(column for rows in tables for column in rows.columns if column not in COLUMNS)
    joined = pd.concat(tables) if tables else pd.DataFrame()
    return to_csv(joined.reindex(columns=[*columns, *COLUMNS]).fillna(""))
