"""Tells what changed: plain text for a terminal, Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ilms_publish.problems import Problem, in_markdown, printable
from ilms_publish.revisions.comparing import ADDED, CHANGED, WITHDRAWN, Change, Difference, TableDifference, number
from ilms_publish.revisions.verdict import declared, required, words
from ilms_publish.versions import NONE, STEPS

SHOWN = 20
"""Observations of a table that are told one by one; the rest are counted."""
FINDINGS_SHOWN = 10
KINDS = (ADDED, CHANGED, WITHDRAWN)


def text_lines(differences: Sequence[Difference], problems: Sequence[Problem]) -> Iterator[str]:
    """Package by package: versions, tables with old and new values, totals, findings; last what must be mended."""
    for one in differences:
        yield f"{one.id}: {headline(one)}"
        for table in one.tables:
            yield f"  {table.table}: {_counts(table)}"
            told = _told(table)
            yield from (f"    {change.kind} {_sentence(change)}" for change in told[:SHOWN])
            yield from _rest(told, "    ")
        yield from (f"  total {_sentence(change)}" for change in _totals(one))
        yield from (f"  source '{source}' is gone" for source in one.lost)
        yield from _findings(one, "  ")
        yield ""
    if not differences:
        yield "The packages are the same."
    yield from (str(problem) for problem in problems)


def markdown(differences: Sequence[Difference], problems: Sequence[Problem]) -> str:
    """The same as Markdown that shows every text of the data letter by letter."""
    lines = ["## What changes for readers", ""]
    if not differences:
        lines += ["No observation, source or finding changes.", ""]
    if problems:
        lines += ["### To mend before this can be published", ""]
        lines += [f"- {in_markdown(str(problem))}" for problem in problems] + [""]
    for one in differences:
        lines += [f"### {in_markdown(one.id)}", "", in_markdown(headline(one)), ""]
        if one.tables:
            lines += ["| Table | Added | Changed | Withdrawn | Remarks |", "|---|--:|--:|--:|---|"]
            for table in one.tables:
                counts = " | ".join(f"{len(table.of(kind)):,}" for kind in KINDS)
                lines.append(f"| {in_markdown(table.table)} | {counts} | {in_markdown(_remarks(table))} |")
            lines.append("")
        lines += _observations(one)
        lines += [f"- total {in_markdown(_sentence(change))}" for change in _totals(one)]
        lines += [f"- source {in_markdown(source)} is gone" for source in one.lost]
        lines += [f"- {in_markdown(line)}" for line in _findings(one, "")] + [""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _observations(one: Difference) -> list[str]:
    """Published figures that change or go, as a table."""
    touched = [(table.table, change) for table in one.tables for change in _told(table)]
    if not touched:
        return []
    lines = ["| Observation | Before | After | Change |", "|---|--:|--:|--:|"]
    for table, change in touched[: SHOWN * 2]:
        cells = (f"{table} {words(change)}", *_sides(change), _size(change))
        lines.append("| " + " | ".join(in_markdown(cell) for cell in cells) + " |")
    rest = len(touched) - SHOWN * 2
    return [*lines, "", *([f"And {rest:,} more.", ""] if rest > 0 else [])]


def headline(one: Difference) -> str:
    """Versions, and the step needed and taken."""
    if one.before is None or one.after is None:
        return "new package" if one.before is None else "package is gone"
    old, new = one.before.package.version, one.after.package.version
    if required(one) == NONE and old == new:
        return f"version {new}; descriptions, sources or limitations change, no figure"
    return f"version {old} -> {new}; needs {STEPS[required(one)]}, takes {STEPS[declared(one)]}"


def _counts(table: TableDifference) -> str:
    counts = ", ".join(f"{len(table.of(kind)):,} {kind}" for kind in KINDS)
    remarks = _remarks(table)
    return f"{counts}; {remarks}" if remarks else counts


def _remarks(table: TableDifference) -> str:
    parts = [
        "new table" if table.new else "",
        "table is gone" if table.dropped else "",
        f"its {', '.join(table.shape)} changed" if table.shape else "",
        f"new years {', '.join(table.years_added)}" if table.years_added else "",
        f"years dropped {', '.join(table.years_dropped)}" if table.years_dropped else "",
    ]
    return "; ".join(filter(None, parts))


def _told(table: TableDifference) -> list[Change]:
    """What is told one by one: changed and withdrawn; what is added speaks for itself."""
    return [change for change in table.changes if change.kind != ADDED]


def _rest(told: Sequence[Change], indent: str) -> Iterator[str]:
    if len(told) > SHOWN:
        yield f"{indent}and {len(told) - SHOWN:,} more"


def _totals(one: Difference) -> list[Change]:
    """Totals of tables that are another number now."""
    found = [change for table in one.tables for change in table.changes if change.total and change.published]
    return found[:SHOWN]


def _sentence(change: Change) -> str:
    before, after = _sides(change)
    size = _size(change)
    return f"{words(change)}: {before} -> {after}" + (f" ({size})" if size else "")


def _sides(change: Change) -> tuple[str, str]:
    """The value before and after; where it is the same, what else differs."""
    if change.before.get("obs_value") != change.after.get("obs_value"):
        return tuple(printable(side.get("obs_value", "")) or _none(side) for side in (change.before, change.after))  # type: ignore[return-value]
    names = [name for name in change.after if change.before.get(name) != change.after.get(name)]
    before, after = (
        ", ".join(f"{name} {side.get(name) or 'blank'}" for name in names) for side in (change.before, change.after)
    )
    return printable(before), printable(after)


def _none(side: object) -> str:
    return "blank" if side else "not there"


def _size(change: Change) -> str:
    """The change in per cent of the old value."""
    old, new = number(change.before.get("obs_value", "")), number(change.after.get("obs_value", ""))
    if not old or new is None or old == new:
        return ""
    return f"{(new - old) / abs(old) * 100:+.1f} %"


def _findings(one: Difference, indent: str) -> Iterator[str]:
    for name, found in (("new", one.new_findings), ("resolved", one.resolved)):
        for finding in found[:FINDINGS_SHOWN]:
            yield f"{indent}{name} finding: {finding.severity} [{finding.rule}] {printable(finding.sentence)}"
        if len(found) > FINDINGS_SHOWN:
            yield f"{indent}and {len(found) - FINDINGS_SHOWN:,} more {name} findings"
