"""Rows for limitations.csv that acknowledge what a check has found, cell for cell, ready to be put into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from ilms_publish.catalogue import Catalogue, Checked, Finding, PublishedTable
from ilms_publish.findings import unanswered
from ilms_publish.packages import LIMITATION_COLUMNS
from ilms_publish.problems import Problem, printable
from ilms_publish.reading import MAX_CELL
from ilms_publish.rules.rule import Cell

EVIDENCE = "Computed from the figures."
TYPES = {
    "same-total": "totals-differ",
    "sources-disagree": "sources-differ",
    "unit-slip": "unit-slip",
    "one-edition": "class-recoded",
    "rest-not-printed": "not-stated-missing",
    "missing-status": "flags-not-carried",
    "value-status": "flags-not-carried",
    "series-source": "source-unknown",
    "source-change": "source-spliced",
    "level-shift": "break-in-series",
}
FAMILIES = {
    "Sums and parts": "sums-differ",
    "Across tables": "totals-differ",
    "Series": "unexplained-change",
    "Status": "level-slip",
}
OTHERWISE = "level-slip"
Scope = dict[str, frozenset[str]]


def suggestions(checked: Checked) -> dict[str, list[dict[str, str]]]:
    """Rows of limitations.csv by package that together acknowledge every open finding about figures.

    Findings about files instead of cells can only be mended and get no row.
    """
    rows: dict[str, list[dict[str, str]]] = {}
    for finding in unanswered(checked.findings):
        mine = rows.setdefault(finding.package, [])
        taken = {one.id for one in checked.examined.packages[finding.package].limitations} | {r["id"] for r in mine}
        mine += _rows(finding, checked.examined, taken)
    return {package: mine for package, mine in rows.items() if mine}


def to_mend(checked: Checked) -> list[Problem]:
    """What no limitation can acknowledge: errors, and findings about files instead of figures."""
    return [*checked.errors, *(f.problem for f in unanswered(checked.findings) if not f.cells)]


def _rows(finding: Finding, catalogue: Catalogue, taken: set[str]) -> Iterator[dict[str, str]]:
    for name, lines in _by_table(finding.cells).items():
        table = catalogue.tables[finding.package, name]
        for scope in scopes(table, lines):
            years = _years(scope.get("time_period", ()))
            values = {
                "id": _free(f"{finding.package}-{finding.rule}-{table.definition.slug}-{years}", taken),
                "type": _type(finding, catalogue),
                "action": "publish",
                "rules": finding.rule,
                "tables": name,
                "sources": " ".join(sorted(scope.get("source", ()))),
                "where": _where(scope),
                "years": years,
                "text": printable(finding.sentence)[:MAX_CELL].strip(),
                "evidence": EVIDENCE,
            }
            yield {column: values[column] for column in LIMITATION_COLUMNS}


def _by_table(cells: Iterable[Cell]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for table, line in cells:
        found.setdefault(table, []).append(line)
    return found


def _type(finding: Finding, catalogue: Catalogue) -> str:
    rule = catalogue.rules[finding.rule]
    return TYPES.get(rule.id) or FAMILIES.get(rule.family, OTHERWISE)


def _free(wanted: str, taken: set[str]) -> str:
    """An id that no other limitation of the package has."""
    base = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in wanted.lower()).split())
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def scopes(table: PublishedTable, lines: Sequence[int]) -> list[Scope]:
    """Scopes that cover exactly these lines of a table and no other: column -> codes, few and short."""
    definition = table.definition
    columns = ["time_period", *definition.series, "source"]
    frame = table.frame[columns]
    alone = [
        {column: frozenset([code]) for column, code in zip(columns, row, strict=True)}
        for row in frame.loc[list(lines)].itertuples(index=False, name=None)
    ]
    others = frame.drop(index=list(lines))
    widened = [_widened(scope, others) for scope in _joined(alone, columns)]
    return [part for scope in _needed(widened, frame.loc[list(lines)]) for part in _short(scope)]


def _joined(parts: list[Scope], columns: Sequence[str]) -> list[Scope]:
    """The same cells in fewer scopes: two that differ in one column become one, until none do."""
    while True:
        before = len(parts)
        for column in columns:
            alike: dict[tuple[frozenset[str], ...], frozenset[str]] = {}
            for part in parts:
                rest = tuple(part[c] for c in columns if c != column)
                alike[rest] = alike.get(rest, frozenset()) | part[column]
            kept = [c for c in columns if c != column]
            parts = [dict(zip(kept, rest, strict=True)) | {column: codes} for rest, codes in alike.items()]
        if len(parts) == before:
            return parts


def _widened(scope: Scope, others: pd.DataFrame) -> Scope:
    """The scope without the columns that it does not need to keep clear of the other lines."""
    kept = dict(scope)
    for column in ("ref_area", "source", *(c for c in scope if c not in ("ref_area", "source", "time_period"))):
        without = {key: codes for key, codes in kept.items() if key != column}
        if not _inside(others, without).any():
            kept = without
    return kept


def _needed(parts: Iterable[Scope], blamed: pd.DataFrame) -> Iterator[Scope]:
    """The scopes that cover a line which no scope before them covers."""
    left = blamed
    for part in parts:
        inside = _inside(left, part)
        if inside.any():
            left = left[~inside]
            yield part


def _inside(frame: pd.DataFrame, scope: Mapping[str, frozenset[str]]) -> pd.Series[bool]:
    mask = pd.Series(True, index=frame.index)
    for column, codes in scope.items():
        mask &= frame[column].isin(codes)
    return mask


def _short(scope: Scope) -> Iterator[Scope]:
    """The scope in as many pieces as it takes for `where` to fit into a cell."""
    if len(_where(scope)) <= MAX_CELL:
        yield scope
        return
    column = max((c for c in scope if c not in ("time_period", "source")), key=lambda c: len(scope[c]))
    codes = sorted(scope[column])
    half = len(codes) // 2
    for piece in (codes[:half], codes[half:]):
        yield from _short(scope | {column: frozenset(piece)})


def _where(scope: Mapping[str, frozenset[str]]) -> str:
    chosen = ((c, codes) for c, codes in scope.items() if c not in ("time_period", "source"))
    return "; ".join(f"{column}={'|'.join(sorted(codes))}" for column, codes in chosen)


def _years(chosen: Iterable[str]) -> str:
    """`2006,2008-2010` for the years 2006, 2008, 2009 and 2010."""
    return ",".join(ranges([int(year) for year in chosen]))


def ranges(numbers: Iterable[int]) -> list[str]:
    """Whole numbers in order, neighbours joined: 1, 3, 4, 5 -> `1`, `3-5`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [f"{first}-{last}" if last > first else f"{first}" for first, last in runs]
