"""CSV with codes and names: every row can be read, and stays true, when it stands alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from ilms_publish.downloads.described import COLUMNS
from ilms_publish.model import TableDefinition
from ilms_publish.writing import to_csv


def table_csv(rows: pd.DataFrame) -> bytes:
    """One table. rows: as `described` gives them."""
    return to_csv(rows)


def package_csv(tables: Iterable[pd.DataFrame], definitions: Sequence[TableDefinition]) -> bytes:
    """All tables of a package under one header; a dimension that a table lacks is blank in its rows.

    tables: as `described` gives them, one after the other; definitions: of all of them.
    """
    series = dict.fromkeys(name for definition in definitions for name in definition.series)
    columns = [*(part for name in series for part in (name, f"{name}_label")), *COLUMNS]
    out = [to_csv(pd.DataFrame(columns=columns))]
    for rows in tables:
        out.append(to_csv(rows.reindex(columns=columns, fill_value="")).partition(b"\n")[2])
    return b"".join(out)
