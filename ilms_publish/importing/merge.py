"""Merges incoming rows into the packages: the same import twice changes nothing, a refused row stops all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ilms_publish.importing.incoming import Incoming
from ilms_publish.model import Package, Structure, TableDefinition
from ilms_publish.packages import IMPORT_COLUMNS
from ilms_publish.problems import Problem, Severity
from ilms_publish.reading import records
from ilms_publish.writing import to_csv


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does to one table of one package."""

    package: str
    table: str
    added: int
    changed: int
    same: int


def merge(
    incoming: Sequence[Incoming], structure: Structure, packages: Mapping[str, Package]
) -> tuple[dict[Path, bytes], list[Change]]:
    """The files to write and what they change. Nothing is written here.

    A row that comes twice with two values in one import is refused on its carrier.
    """
    files: dict[Path, bytes] = {}
    changes: list[Change] = []
    for package_id, table_id in sorted({key for one in incoming for key in one.frames}):
        table, package = structure.tables[table_id], packages[package_id]
        fresh = _fresh(incoming, package_id, table)
        old = package.tables.get(table_id, pd.DataFrame(columns=list(table.columns), dtype="str"))
        merged, change = _merged(package_id, table, old, fresh)
        files[package.path / "data" / f"{table.slug}.csv"] = to_csv(merged)
        changes.append(change)
    for package_id in sorted({package for one in incoming for package, _ in one.frames}):
        package = packages[package_id]
        files[package.path / "imports.csv"] = to_csv(_imports(incoming, package))
    return files, changes


def _fresh(incoming: Sequence[Incoming], package: str, table: TableDefinition) -> pd.DataFrame:
    """All incoming rows of one table; a key that occurs twice keeps one and refuses the other."""
    pieces = []
    seen: dict[tuple[str, ...], str] = {}
    for one in incoming:
        for frame in one.frames.get((package, table.id), []):
            double = []
            for line, key in zip(frame.index, frame[list(table.keys)].itertuples(index=False, name=None), strict=True):
                place = f"{one.carrier.name}:{line}"
                if seen.setdefault(key, place) != place:
                    double.append(line)
                    sentence = f"The same key is given at {seen[key]}. Keep one of them."
                    one.refused.append(
                        Problem(one.carrier.name, int(line), "", "primary-key", Severity.ERROR, sentence)
                    )
            pieces.append(frame.drop(index=double))
    return pd.concat(pieces)


def _merged(
    package: str, table: TableDefinition, old: pd.DataFrame, fresh: pd.DataFrame
) -> tuple[pd.DataFrame, Change]:
    keys = list(table.keys)
    before = old.set_index(keys)
    after = fresh.set_index(keys)
    shared = after.index.intersection(before.index)
    values = ["obs_value", "obs_status", "note"]
    changed = int((before.loc[shared, values] != after.loc[shared, values]).any(axis=1).sum()) if len(shared) else 0
    merged = pd.concat([before.drop(index=shared), after]).reset_index()[list(table.columns)]
    merged = merged.sort_values(keys, kind="stable")
    return merged, Change(package, table.id, len(after) - len(shared), changed, len(shared) - changed)


def _imports(incoming: Iterable[Incoming], package: Package) -> pd.DataFrame:
    rows = {(row["file"], row["table"]): row for _, row in records(package.imports)}
    for one in incoming:
        for (owner, table), frames in one.frames.items():
            if owner == package.id:
                carrier = one.carrier
                about = (carrier.name, carrier.layout, carrier.publisher, carrier.edition, carrier.sha256)
                count = str(sum(len(frame) for frame in frames))
                rows[carrier.name, table] = dict(zip(IMPORT_COLUMNS, (*about, table, count), strict=True))
    ordered = [rows[key] for key in sorted(rows)]
    return pd.DataFrame(ordered, columns=list(IMPORT_COLUMNS), dtype="str")
