"""What a reply changes in a package: observations added, changed and withdrawn, and the files that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ilms_publish.model import Package, Structure, TableDefinition
from ilms_publish.packages import CHANGE_COLUMNS, COLLECTION_COLUMNS, IMPORT_COLUMNS, REVISION_COLUMNS
from ilms_publish.problems import IlmsError
from ilms_publish.questionnaire import layout
from ilms_publish.questionnaire.figures import Figure
from ilms_publish.questionnaire.filled import Filled
from ilms_publish.questionnaire.register import amended
from ilms_publish.questionnaire.reply import Reply
from ilms_publish.reading import records
from ilms_publish.scope import covered, matches, spelled
from ilms_publish.writing import to_csv

ADDED, CHANGED, WITHDRAWN, SAME = "added", "changed", "withdrawn", "same"
LAYOUT = "questionnaire"


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of a table before and after; before is None when it is new."""

    kind: str
    before: Mapping[str, str] | None
    after: Mapping[str, str]
    row: int


@dataclass(frozen=True, slots=True)
class TableChange:
    """What happens to one table."""

    table: str
    observations: tuple[Observation, ...]

    def count(self, kind: str) -> int:
        """How many observations are of a kind."""
        return sum(one.kind == kind for one in self.observations)

    @property
    def news(self) -> list[Observation]:
        """The observations that differ from what is held."""
        return [one for one in self.observations if one.kind != SAME]

    @property
    def published(self) -> list[Observation]:
        """Those of them that change or take back a published figure."""
        return [one for one in self.news if one.before is not None and one.before["obs_value"]]


def compare(reply: Reply, package: Package, structure: Structure) -> list[TableChange]:
    """Every figure of the reply against what the package holds; tables without a figure are left out."""
    found = []
    for name, figures in reply.figures.items():
        if figures:
            table = structure.tables[name]
            held = _held(package, table)
            found.append(TableChange(name, tuple(_observe(figure, table, package, held) for figure in figures)))
    return found


def _held(package: Package, table: TableDefinition) -> dict[tuple[str, ...], list[Mapping[str, str]]]:
    """The observations of a table by series and year: several where several sources give one."""
    held: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for _, row in records(package.tables.get(table.id, pd.DataFrame(columns=list(table.columns), dtype="str"))):
        held.setdefault(tuple(row[column] for column in ("sex", *table.dimensions, "time_period")), []).append(row)
    return held


def _observe(
    figure: Figure, table: TableDefinition, package: Package, held: Mapping[tuple[str, ...], list[Mapping[str, str]]]
) -> Observation:
    key = dict(zip(("sex", *table.dimensions, "time_period"), figure.key, strict=True))
    told = {"obs_value": figure.value, "obs_status": figure.status, "source": figure.source, "note": figure.note}
    after = {"ref_area": package.area, **key, **told}
    rivals = held.get(figure.key, [])
    before = next((row for row in rivals if row["source"] == figure.source), rivals[0] if rivals else None)
    if before is None:
        return Observation(ADDED, None, after, figure.row)
    if _number(before["obs_value"]) == _number(figure.value):
        after["obs_value"] = before["obs_value"]  # 7.10 stays 7.10 though the sheet says 7.1
        unchanged = all(before[column] == after[column] for column in ("obs_status", "source"))
        if unchanged and figure.note in ("", before["note"]):
            return Observation(SAME, before, before, figure.row)
    if before["obs_value"] and not figure.value:
        return Observation(WITHDRAWN, before, after, figure.row)
    fresh = figure.value and not before["obs_value"]
    return Observation(ADDED if fresh else CHANGED, before, after, figure.row)


def _number(text: str) -> float | None:
    return float(text) if text else None


def need_reasons(filled: Filled, reply: Reply, changes: Iterable[TableChange], structure: Structure) -> None:
    """A published figure is never changed in silence: the sheet must say of what kind the change is, and why."""
    for change in changes:
        touched = change.published
        head = reply.heads[change.table]
        column = len(structure.tables[change.table].dimensions) + 2
        for name, given in (("kind", head.kind), ("reason", head.reason)):
            row, _ = layout.HEAD_CELLS[name]
            if touched and not given and not filled.text(change.table, row, column):
                more = f", as do {len(touched) - 1} others" if len(touched) > 1 else ""
                ask = "Say here whether it is a scheduled revision or a correction." if name == "kind" else "Say why."
                sentence = f"Row {touched[0].row} changes a published figure{more}. {ask}"
                filled.fault(change.table, row, column, "revision-entry", sentence)


def files(
    filled: Filled, reply: Reply, changes: list[TableChange], package: Package, structure: Structure
) -> dict[Path, bytes]:
    """Every authored file that the reply changes, whole. Raises IlmsError when sources.yaml cannot be amended."""
    made: dict[Path, bytes] = {}
    for change in changes:
        if change.news:
            table = structure.tables[change.table]
            made[package.path / "data" / f"{table.slug}.csv"] = to_csv(_merged(change, table, package))
    if any(change.news for change in changes):
        made[package.path / "imports.csv"] = to_csv(_imports(filled, reply, changes, package))
    revisions = _revisions(reply, changes, package)
    if len(revisions) > len(package.revisions):
        made[package.path / "revisions.csv"] = to_csv(revisions)
    old = _old_values(reply, changes, package)
    if len(old) > len(package.changes):
        made[package.path / "changes.csv"] = to_csv(old)
    collection = _collection(reply, changes, package)
    if not collection.equals(package.collection.reset_index(drop=True)):
        made[package.path / "collection.csv"] = to_csv(collection)
    register = amended(package, reply, _unclaimed(reply, changes, package))
    if register is not None:
        made[package.path / "sources.yaml"] = register
    return made


def _merged(change: TableChange, table: TableDefinition, package: Package) -> pd.DataFrame:
    """The table with the reply in it; an observation replaced by one of another source goes."""
    key = ("ref_area", "sex", *table.dimensions, "time_period", "source")
    rows = {tuple(row[column] for column in key): row for _, row in records(_table(package, table))}
    for one in change.news:
        if one.before is not None:
            rows.pop(tuple(one.before[column] for column in key), None)
        rows[tuple(one.after[column] for column in key)] = dict(one.after)
    return pd.DataFrame([rows[name] for name in sorted(rows)], columns=list(table.columns), dtype="str")


def _table(package: Package, table: TableDefinition) -> pd.DataFrame:
    if table.id in package.held and table.id not in package.tables:
        raise IlmsError("cannot be read; run `ilms check` and mend it first", file=package.file(table.id))
    return package.tables.get(table.id, pd.DataFrame(columns=list(table.columns), dtype="str"))


def _imports(filled: Filled, reply: Reply, changes: Iterable[TableChange], package: Package) -> pd.DataFrame:
    rows = {(row["file"], row["table"]): row for _, row in records(package.imports)}
    edition = f"Round {reply.round}, reply of {reply.date}"
    for change in changes:
        about = (filled.name, LAYOUT, reply.agency, edition, filled.sha256, change.table, str(len(change.observations)))
        rows[filled.name, change.table] = dict(zip(IMPORT_COLUMNS, about, strict=True))
    return pd.DataFrame([rows[key] for key in sorted(rows)], columns=list(IMPORT_COLUMNS), dtype="str")


def _revisions(reply: Reply, changes: Iterable[TableChange], package: Package) -> pd.DataFrame:
    rows = [row for _, row in records(package.revisions)]
    for change in changes:
        touched = change.published
        if touched:
            head = reply.heads[change.table]
            years = spelled(int(one.after["time_period"]) for one in touched)
            entry = (reply.date, change.table, _where(touched), years, head.kind, head.reason, reply.agency)
            rows.append(dict(zip(REVISION_COLUMNS, entry, strict=True)))
    return pd.DataFrame(rows, columns=list(REVISION_COLUMNS), dtype="str")


def _old_values(reply: Reply, changes: Iterable[TableChange], package: Package) -> pd.DataFrame:
    """changes.csv with what each published figure was before this reply."""
    rows = [row for _, row in records(package.changes)]
    for change in changes:
        for one in change.published:
            before = (one.before or {})["obs_value"]
            if _number(before) != _number(one.after["obs_value"]):
                keys = [c for c in one.after if c not in ("ref_area", "time_period", *layout.FILL)]
                where = "; ".join(f"{column}={one.after[column]}" for column in keys)
                entry = (reply.date, change.table, where, one.after["time_period"], before, one.after["obs_value"])
                rows.append(dict(zip(CHANGE_COLUMNS, entry, strict=True)))
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS), dtype="str")


def _where(touched: list[Observation]) -> str:
    """The classes that every changed figure shares, as a scope."""
    columns = [c for c in touched[0].after if c not in ("ref_area", "time_period", *layout.FILL)]
    alike = [(c, {one.after[c] for one in touched}) for c in columns]
    return "; ".join(f"{column}={'|'.join(sorted(codes))}" for column, codes in alike if len(codes) < 4)


def _collection(reply: Reply, changes: Iterable[TableChange], package: Package) -> pd.DataFrame:
    """The list with the tables that now hold figures, and the states that the country gave, in this round."""
    rows = [row for _, row in records(package.collection)]
    news = dict(reply.states)
    for change in changes:
        held = package.tables.get(change.table)
        years = set() if held is None else set(held["time_period"])
        years |= {one.after["time_period"] for one in change.observations}
        news[change.table] = ("published", f"Held for {spelled(int(year) for year in years).replace(',', ', ')}.")
    for table, (state, reason) in news.items():
        entry = dict(zip(COLLECTION_COLUMNS, (table, reply.round, state, reason), strict=True))
        same = [number for number, row in enumerate(rows) if row["table"] == table and row["round"] == reply.round]
        earlier = [number for number, row in enumerate(rows) if row["table"] == table]
        if same:
            rows[same[0]] = entry
        else:
            rows.insert(earlier[-1] + 1, entry)
    return pd.DataFrame(rows, columns=list(COLLECTION_COLUMNS), dtype="str")


def _unclaimed(reply: Reply, changes: Iterable[TableChange], package: Package) -> dict[str, dict[str, set[int]]]:
    """Source -> table -> years that the source does not yet say that it supplies."""
    missing: dict[str, dict[str, set[int]]] = {}
    for change in changes:
        rows = pd.DataFrame([one.after for one in change.observations], dtype="str")
        claimed = pd.Series(False, index=rows.index)
        for source in package.sources.values():
            for supply in source.supplies:
                if matches(supply.tables, change.table):
                    claimed |= covered(rows, supply.where, supply.years, (source.id,))
        for _, row in rows[~claimed].iterrows():
            missing.setdefault(row["source"], {}).setdefault(change.table, set()).add(int(row["time_period"]))
    return missing
