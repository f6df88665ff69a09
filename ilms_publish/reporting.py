"""The outcome of a check as a person reads it: plain text by file, or notes on a pull request at GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from ilms_publish.catalogue import Checked
from ilms_publish.findings import unanswered
from ilms_publish.problems import Problem, Severity, in_markdown, printable
from ilms_publish.rules import Rule
from ilms_publish.suggesting import ranges

SHOWN = 9
"""GitHub keeps ten notes of a kind; the last one counts the rest."""
SUMMARY_BYTES = 1024 * 1024
"""What GitHub takes as the summary of one step."""
LINES = 12
"""Further lines of one finding that are listed; the rest are counted."""
WAYS_OUT = (
    "An error can only be mended. A warning has two ways out: mend the figure or the file; or, if it was issued so, "
    "acknowledge it with a row of limitations.csv, which readers then see. `ilms check --suggest` writes the rows."
)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to mend or acknowledge.

    also: the further lines it is about, in words; advice: the rule's likely explanation and what it says to do.
    """

    problem: Problem
    also: str = ""
    advice: str = ""

    @property
    def sentence(self) -> str:
        """What was found, with every line that it is about."""
        return f"{self.problem.sentence} {self.also}".strip()


def told(checked: Checked) -> list[Told]:
    """Errors first, then the open findings, each in the order of files and lines."""
    errors = [Told(problem) for problem in checked.errors]
    found = [
        Told(finding.problem, _also(finding.problem.row, finding.cells), advice(checked.examined.rules[finding.rule]))
        for finding in unanswered(checked.findings)
    ]
    return errors + sorted(found, key=lambda one: one.problem)


def advice(rule: Rule) -> str:
    """What is behind most breaches of a rule, and what to do about one."""
    return f"Likely: {rule.likely} {rule.mend}"


def _also(row: int, cells: Sequence[tuple[str, int]]) -> str:
    tables = list(dict.fromkeys(table for table, _ in cells))
    rest = {line for table, line in cells if table == tables[0] and line != row}
    if not rest:
        return ""
    listed = ranges(rest)
    more = f" and {len(listed) - LINES} more places" if len(listed) > LINES else ""
    return f"(Also line{'s' if len(rest) > 1 else ''} {', '.join(listed[:LINES])}{more}.)"


def text_lines(checked: Checked) -> Iterator[str]:
    """The report for a terminal: what was found file by file, the advice of each rule, and the two ways out."""
    found = told(checked)
    by_file = sorted(found, key=lambda one: (one.problem.file, one.problem.severity != Severity.ERROR, one.problem))
    for _, group in groupby(by_file, key=lambda one: one.problem.file):
        listed = list(group)
        yield from (str(replace(one.problem, sentence=one.sentence)) for one in listed)
        yield from (
            f"  [{rule}] {words}" for rule, words in dict.fromkeys((o.problem.rule, o.advice) for o in listed) if words
        )
        yield ""
    if found:
        yield WAYS_OUT


def github_lines(checked: Checked) -> Iterator[str]:
    """The report as GitHub's workflow commands: the first nine, and one that counts the rest."""
    found = told(checked)
    for one in found[:SHOWN]:
        problem = one.problem
        place = {"file": problem.file, "line": str(problem.row) if problem.row else "", "title": problem.rule}
        given = ",".join(f"{key}={_property(value)}" for key, value in place.items() if value)
        words = f"%0A{_message(one.advice)}" if one.advice else ""
        yield f"::{_level(problem.severity)} {given}::{_message(one.sentence)}{words}"
    rest = found[SHOWN:]
    if rest:
        level = max((_level(one.problem.severity) for one in rest), key=("warning", "error").index)
        errors = sum(one.problem.severity is Severity.ERROR for one in rest)
        words = f"{len(rest):,} more: {errors:,} errors and {len(rest) - errors:,} findings to mend or acknowledge."
        yield f"::{level} title={_property(f'{len(rest)} more')}::{words} All are listed in the summary of this run."


def _level(severity: Severity) -> str:
    return "error" if severity is Severity.ERROR else "warning"


def _message(text: str) -> str:
    """A text that GitHub shows as it is, whatever a cell holds."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def summary(checked: Checked, room: int = SUMMARY_BYTES) -> str:
    """The whole report as Markdown of at most `room` bytes in UTF-8; what does not fit is counted."""
    found = told(checked)
    if not found:
        return "## Check\n\nNothing to mend or acknowledge.\n"
    lines = ["## Check", "", in_markdown(WAYS_OUT), "", "| Where | What was found | Rule |", "|---|---|---|"]
    rows = [
        f"| {in_markdown(_place(one.problem))} | **{one.problem.severity}**: "
        f"{in_markdown(f'{one.sentence} {one.advice}')} | {in_markdown(one.problem.rule)} |"
        for one in found
    ]
    left = room - sum(len(line.encode()) + 1 for line in lines) - 100
    kept: list[str] = []
    for row in rows:
        left -= len(row.encode()) + 1
        if left < 0:
            break
        kept.append(row)
    missing = len(rows) - len(kept)
    after = ["", f"{missing:,} more are not shown here. Run `ilms check` to see them all."] if missing else []
    return "\n".join([*lines, *kept, *after]) + "\n"


def append_summary(checked: Checked, path: Path) -> None:
    """Adds the report to the file that GitHub names for summaries, within what GitHub takes."""
    used = path.stat().st_size if path.exists() else 0
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(summary(checked, max(SUMMARY_BYTES - used, 0)))


def _place(problem: Problem) -> str:
    return ":".join(part for part in (problem.file, str(problem.row) if problem.row else "", problem.field) if part)
