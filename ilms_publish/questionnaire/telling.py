"""What a reply changes, in words for the one who imports it."""

from __future__ import annotations

from collections.abc import Iterator

from ilms_publish.problems import printable
from ilms_publish.questionnaire.changes import ADDED, CHANGED, SAME, WITHDRAWN, Observation
from ilms_publish.questionnaire.layout import FILL
from ilms_publish.questionnaire.run import Outcome

SHOWN = 5
"""Changed figures of a table that are told one by one; the rest are counted."""


def change_lines(outcome: Outcome) -> Iterator[str]:
    """A line for each table, below it the published figures that change; then the files."""
    for change in outcome.changes:
        counts = ", ".join(f"{change.count(kind):,} {kind}" for kind in (ADDED, CHANGED, WITHDRAWN))
        yield f"{change.table}: {counts}, {change.count(SAME):,} the same"
        touched = change.published
        yield from (f"  row {one.row}: {_told(one)}" for one in touched[:SHOWN])
        if len(touched) > SHOWN:
            yield f"  and {len(touched) - SHOWN:,} more published figures"
    yield from (f"changes {name}" for name in outcome.changed)


def _told(one: Observation) -> str:
    key = " ".join(value for column, value in one.after.items() if column not in ("ref_area", *FILL))
    parts = [
        f"{name} {printable(before) or 'blank'} -> {printable(after) or 'blank'}"
        for name, before, after in (
            (name, (one.before or {}).get(column, ""), one.after[column])
            for name, column in (("figure", "obs_value"), ("status", "obs_status"), ("source", "source"))
        )
        if before != after
    ]
    return f"{key}: {', '.join(parts) or 'note only'}"
