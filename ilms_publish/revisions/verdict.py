"""Whether what changed is declared: the step of the version, and a reason for every published figure that changed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ilms_publish.model import Package
from ilms_publish.problems import Problem, Severity
from ilms_publish.reading import records
from ilms_publish.revisions.comparing import ADDED, Change, Difference, TableDifference
from ilms_publish.revisions.recording import unrecorded
from ilms_publish.scope import covered, matches
from ilms_publish.versions import MAJOR, MINOR, NONE, PATCH, STEPS, next_version


def required(difference: Difference) -> int:
    """The smallest step that the changes call for.

    Major: a table or source that others rely on is gone, or its shape changed. Minor: figures were added.
    Patch: figures were corrected or taken back. Descriptions and caveats alone call for none.
    """
    if difference.before is None or difference.after is None:
        return NONE
    if difference.lost or any(table.dropped or table.shape for table in difference.tables):
        return MAJOR
    if any(table.new or table.of(ADDED) for table in difference.tables):
        return MINOR
    return PATCH if any(table.changes for table in difference.tables) else NONE


def declared(difference: Difference) -> int:
    """The step that package.yaml takes; backwards is none."""
    if difference.before is None or difference.after is None:
        return NONE
    old, new = (_numbers(side.package) for side in (difference.before, difference.after))
    if new <= old:
        return NONE
    return next(step for step, (a, b) in zip((MAJOR, MINOR, PATCH), zip(old, new, strict=True), strict=True) if a != b)


def _numbers(package: Package) -> tuple[int, ...]:
    return tuple(int(part) for part in package.version.split("."))


def problems(difference: Difference) -> Iterator[Problem]:
    """What keeps the changes from being published."""
    if difference.before is None or difference.after is None:
        return
    package, old = difference.after.package, difference.before.package
    home = f"datapackages/{package.id}"
    step = required(difference)
    if _numbers(package) < _numbers(old):
        sentence = f"The version went back from {old.version} to {package.version}. Versions only rise."
        yield Problem(f"{home}/package.yaml", 0, "version", "version-step", Severity.ERROR, sentence)
    elif declared(difference) < step:
        sentence = (
            f"These changes need {STEPS[step]}, from {old.version} to {next_version(old.version, step)}; package.yaml "
            f"says {package.version}. Write the new version and run `ilms package`."
        )
        yield Problem(f"{home}/package.yaml", 0, "version", "version-step", Severity.ERROR, sentence)
    entries = _new_entries(old, package)
    for row in _lost_entries(old, package):
        sentence = (
            f"The entry of {row['date']} about '{row['table']}' is gone or changed. Put it back; add new ones below."
        )
        yield Problem(f"{home}/revisions.csv", 0, "", "revision-entry", Severity.ERROR, sentence)
    for table in difference.tables:
        yield from _silent(table, package, entries)
    lost = list(unrecorded(difference))
    if lost:
        more = f" and {len(lost) - 1:,} others" if len(lost) > 1 else ""
        sentence = (
            f"{lost[0]['table']}, {lost[0]['where']}, {lost[0]['year']}: that the figure was {lost[0]['before']}{more} "
            "is not kept in changes.csv, where the reader can see it. Run `ilms diff --record` and commit the file."
        )
        yield Problem(f"{home}/changes.csv", 0, lost[0]["table"], "old-value", Severity.ERROR, sentence)


def _silent(table: TableDifference, package: Package, entries: list[dict[str, str]]) -> Iterator[Problem]:
    """Published figures of a table that changed without an entry, told as one problem."""
    changed = [change for change in table.changes if change.published]
    if table.dropped:
        if not any(entry["table"] == table.table for entry in entries):
            sentence = f"{table.table} is gone. Say why in a row of revisions.csv (date,table,…), or put it back."
            file = f"datapackages/{package.id}/revisions.csv"
            yield Problem(file, 0, table.table, "revision-entry", Severity.ERROR, sentence)
        return
    silent = _uncovered(
        changed, [entry for entry in entries if entry["table"] and matches((entry["table"],), table.table)]
    )
    if silent:
        first = silent[0]
        more = f", and {len(silent) - 1:,} more published figures of this table," if len(silent) > 1 else ""
        sentence = (
            f"{words(first)}: {first.before['obs_value']} became {first.after.get('obs_value') or 'blank'}{more} "
            "without a word to the reader. Add a row to revisions.csv that covers it (date,table,where,years,kind,"
            "reason,noticed_by), or restore the figure."
        )
        file, line = package.file(table.table), first.line
        yield Problem(file, line, "obs_value", "revision-entry", Severity.ERROR, sentence)


def words(change: Change) -> str:
    """The key of an observation, year first."""
    codes = [code for column, code in change.key.items() if column not in ("ref_area", "time_period")]
    return " ".join([change.key["time_period"], *codes])


def _uncovered(changes: list[Change], entries: list[dict[str, str]]) -> list[Change]:
    """The changes that lie in the scope of no entry."""
    if not changes:
        return []
    rows = pd.DataFrame([dict(change.key) for change in changes], dtype="str")
    mask = pd.Series(False, index=rows.index)
    for entry in entries:
        mask |= covered(rows, entry["where"], entry["years"])
    return [change for change, known in zip(changes, mask, strict=True) if not known]


def _new_entries(old: Package, new: Package) -> list[dict[str, str]]:
    """Rows that the past had not: an old reason does not cover a new change."""
    known = [row for _, row in records(old.revisions)]
    return [row for _, row in records(new.revisions) if row not in known]


def _lost_entries(old: Package, new: Package) -> list[dict[str, str]]:
    present = [row for _, row in records(new.revisions)]
    return [row for _, row in records(old.revisions) if row not in present]
