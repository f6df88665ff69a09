"""Findings: what the rules noticed, matched cell by cell with the limitations that acknowledge it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ilms_publish.model import Limitation
from ilms_publish.problems import Problem, Severity
from ilms_publish.rules import PACKAGE, RULES, TABLE, Case, PackageView
from ilms_publish.rules.rule import Cell
from ilms_publish.scope import matches

Part = tuple[Case, tuple[str, ...]]
"""What a rule notices, or a part of it, with the ids of the limitations that acknowledge it; none while it is open."""
SHOWN = 3
"""Cases of one cause that a finding tells in full; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Cases of one rule, table and cause, all acknowledged or all open.

    cells: (table, line) pairs that are blamed; acknowledged_by: ids of limitations, empty when open.
    """

    rule: str
    severity: Severity
    package: str
    table: str
    sentence: str
    cells: tuple[Cell, ...]
    acknowledged_by: tuple[str, ...]
    problem: Problem


def findings(
    view: PackageView, rules: Collection[str] = (), noticed: Mapping[str, Sequence[Part]] | None = None
) -> list[Finding]:
    """Everything the rules find in a package, and the limitations that acknowledge nothing.

    rules: ids of some of them only; then no limitation is called stale, since another rule may need it.
    noticed: what some rules are known to notice, so that they need not look again.
    """
    used: set[str] = set()
    grouped: dict[tuple[str, str, str, tuple[str, ...]], list[Case]] = defaultdict(list)
    scopes = {limitation.id: Scope(limitation, view) for limitation in view.package.limitations}
    for rule in rules or RULES:
        known = noticed.get(rule) if noticed else None
        for part, by in _judged(view, rule, scopes.values()) if known is None else known:
            used.update(by)
            table = part.cells[0][0] if part.cells else ""
            grouped[rule, table, part.cause or part.sentence, by].append(part)
    found = [_finding(view, key, parts) for key, parts in grouped.items()]
    found += [
        _stale(view, limitation)
        for limitation in view.package.limitations
        if not rules and limitation.id not in used and any(_able(rule, view) for rule in limitation.rules)
    ]
    return sorted(found, key=lambda finding: finding.problem)


def of_package(view: PackageView) -> dict[str, list[Part]]:
    """What each of the rules notices that look at all tables of a package, and at no other package."""
    return _by(PACKAGE, view)


def of_table(view: PackageView, table: str) -> dict[str, list[Part]]:
    """What each of the rules notices in one table that look at one table after the other."""
    return _by(TABLE, view.apart(table))


def _by(sees: str, view: PackageView) -> dict[str, list[Part]]:
    return {rule.id: list(judged(view, rule.id)) for rule in RULES.values() if rule.sees == sees}


def judged(view: PackageView, rule: str) -> Iterator[Part]:
    """What one rule notices in a package, each part with the limitations that acknowledge it."""
    return _judged(view, rule, [Scope(limitation, view) for limitation in view.package.limitations])


def _judged(view: PackageView, rule: str, scopes: Collection[Scope]) -> Iterator[Part]:
    for case in RULES[rule].cases(view):
        yield from _acknowledge(rule, case, scopes)


class Scope:
    """The cells that a limitation covers, found once per table."""

    def __init__(self, limitation: Limitation, view: PackageView) -> None:
        self.limitation = limitation
        self._cells: dict[str, frozenset[int]] = {}
        self._view = view

    def __contains__(self, cell: Cell) -> bool:
        table, line = cell
        if table not in self._cells:
            self._cells[table] = self._lines(table)
        return line in self._cells[table]

    def _lines(self, table: str) -> frozenset[int]:
        held = self._view.tables.get(table)
        limitation = self.limitation
        if held is None or not matches(limitation.tables, table):
            return frozenset()
        mask = held.covered(limitation.where, limitation.years, limitation.sources)
        return frozenset(held.frame.index[mask].tolist())


def _acknowledge(rule: str, case: Case, scopes: Iterable[Scope]) -> Iterator[Part]:
    """The case cut into the part that is acknowledged and the part that is still open."""
    able = [scope for scope in scopes if rule in scope.limitation.rules]
    if not case.cells or not able:
        yield case, ()
        return
    for side in filter(None, (case.cells, case.other)):
        by = tuple(scope.limitation.id for scope in able if any(cell in scope for cell in side))
        still_open = tuple(cell for cell in side if not any(cell in scope for scope in able))
        if by and not still_open:
            yield case, by
            return
    covered_by = tuple(scope.limitation.id for scope in able if any(cell in scope for cell in case.cells))
    still_open = tuple(cell for cell in case.cells if not any(cell in scope for scope in able))
    if covered_by:
        done = tuple(cell for cell in case.cells if cell not in still_open)
        yield _with_cells(case, done), covered_by
    yield _with_cells(case, still_open), ()


def _with_cells(case: Case, cells: tuple[Cell, ...]) -> Case:
    return Case(case.sentence, cells, case.other, case.field, case.file, case.row, case.cause)


def _finding(view: PackageView, key: tuple[str, str, str, tuple[str, ...]], cases: list[Case]) -> Finding:
    rule, table, _, by = key
    first = cases[0]
    told = " ".join(case.sentence for case in cases[:SHOWN])
    more = f" And {len(cases) - SHOWN} more like this." if len(cases) > SHOWN else ""
    file = first.file or view.package.file(table)
    row = first.row or (first.cells[0][1] if first.cells else 0)
    severity = RULES[rule].severity
    cells = tuple(dict.fromkeys(cell for case in cases for cell in case.cells))
    problem = Problem(file, row, first.field, rule, severity, told + more)
    return Finding(rule, severity, view.package.id, table, told + more, cells, by, problem)


def _able(rule: str, view: PackageView) -> bool:
    """Whether a rule could have found something: a rule that nobody knows never does, and is stale."""
    return rule not in RULES or RULES[rule].able(view)


def _stale(view: PackageView, limitation: Limitation) -> Finding:
    file = f"datapackages/{view.package.id}/limitations.csv"
    rule = RULES["limitation-stale"]
    sentence = (
        f"'{limitation.id}' acknowledges {', '.join(limitation.rules)}, but nothing in its scope is found any more. "
        "Remove it, or drop the rule if the caveat still holds."
    )
    problem = Problem(file, limitation.row, "rules", rule.id, rule.severity, sentence)
    return Finding(rule.id, rule.severity, view.package.id, "", sentence, (), (), problem)


def unanswered(found: Iterable[Finding]) -> list[Finding]:
    """The findings that must be mended or acknowledged: open warnings."""
    return [f for f in found if f.severity is Severity.WARNING and not f.acknowledged_by]


def obliging(found: Iterable[Finding]) -> list[Problem]:
    """The same as problems."""
    return [finding.problem for finding in unanswered(found)]


def by_limitation(found: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    """The findings that each limitation acknowledges, by its id."""
    index: dict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        for limitation in finding.acknowledged_by:
            index[limitation].append(finding)
    return index
