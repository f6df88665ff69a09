"""Old values: what a published figure was before it changed is kept in changes.csv, for the reader to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from ilms_publish.model import Package
from ilms_publish.packages import CHANGE_COLUMNS
from ilms_publish.reading import records
from ilms_publish.revisions.comparing import Difference
from ilms_publish.writing import to_csv

Row = Mapping[str, str]


def unrecorded(difference: Difference) -> Iterator[Row]:
    """The published figures that changed and whose old value is not yet kept, as rows without a date."""
    if difference.before is None or difference.after is None:
        return
    old, new = difference.before.package, difference.after.package
    kept = [_undated(row) for _, row in records(new.changes)]
    for _, row in records(old.changes):
        if _undated(row) in kept:
            kept.remove(_undated(row))  # what was kept before speaks of an earlier change
    for table in difference.tables:
        for change in table.changes:
            if change.published:
                where = scope_of(change.key, new)
                after = change.after.get("obs_value", "")
                row = {"table": table.table, "where": where, "year": change.key["time_period"],
                       "before": change.before["obs_value"], "after": after}  # fmt: skip
                if row not in kept:
                    yield row


def scope_of(key: Mapping[str, str], package: Package) -> str:
    """A series as a scope: sex=SEX_F; cds=CDS_DES_KOR."""
    known = ("time_period", "ref_area") if package.area else ("time_period",)
    return "; ".join(f"{column}={code}" for column, code in key.items() if column not in known)


def recorded(difference: Difference, today: date) -> dict[Path, bytes]:
    """changes.csv with the old values added at its end; nothing when all are kept."""
    rows = [{"date": today.isoformat(), **row} for row in unrecorded(difference)]
    if not rows or difference.after is None:
        return {}
    package = difference.after.package
    whole = [*(row for _, row in records(package.changes)), *rows]
    return {package.path / "changes.csv": to_csv(pd.DataFrame(whole, columns=list(CHANGE_COLUMNS), dtype="str"))}


def _undated(row: Row) -> dict[str, str]:
    return {column: value for column, value in row.items() if column != "date"}
