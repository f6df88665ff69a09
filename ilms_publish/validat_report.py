"""The outcome of a check for other programs, in the shape of the ESS validation report (ValidatReport 1.0.1)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ilms_publish.catalogue import Catalogue, Checked
from ilms_publish.days import moment
from ilms_publish.findings import Finding
from ilms_publish.problems import Problem, Severity, printable
from ilms_publish.rules import Rule

ACTOR, AGENT, LANGUAGE = "ilms check", "ILMS Publish", "English"
FAILED, PASSED = "0", "1"
NO_DATE = "1970-01-01"
"""Stands where neither SOURCE_DATE_EPOCH nor a readable package gives a date."""


def validat_report(checked: Checked, environ: Mapping[str, str] = os.environ) -> list[dict[str, Any]]:
    """One entry for each error and finding (value 0), and for each rule that a package keeps (value 1).

    A target is `[file, year, key, column]` for a cell and `[file, "", line, field]` elsewhere. The time is that of
    SOURCE_DATE_EPOCH or of the newest data, never the clock, so that the same data give the same bytes.
    `change` is "down" where a limitation answers for the finding; its ids stand in the rule's explanation.
    """
    event = {"time": _time(checked.examined, environ), "actor": ACTOR, "agent": AGENT, "trigger": "check"}
    parts = [*map(_error, checked.errors), *(_finding(one, checked.examined) for one in checked.findings)]
    parts += list(_passed(checked))
    return [{"id": f"{number:05}", "type": "validation", "event": event} | part for number, part in enumerate(parts, 1)]


def _time(catalogue: Catalogue, environ: Mapping[str, str]) -> str:
    known = moment(environ)
    if known:
        return known.strftime("%Y%m%dT%H%M%SZ")
    issued = max((package.issued for package in catalogue.packages.values()), default=NO_DATE)
    year, month, day = (*issued.split("-"), "01", "01")[:3]
    return f"{year}{month}{day}T000000Z"


def _error(problem: Problem) -> dict[str, Any]:
    sentence = printable(problem.sentence)
    target = [[printable(problem.file), "", str(problem.row or ""), printable(problem.field)]]
    rule = {"language": LANGUAGE, "expression": problem.rule, "severity": "error", "description": sentence}
    return {"rule": rule, "data": _data(problem.file, target, sentence), "value": FAILED}


def _finding(finding: Finding, catalogue: Catalogue) -> dict[str, Any]:
    rule = _rule(catalogue.rules[finding.rule], finding.severity)
    if finding.acknowledged_by:
        rule |= {"change": "down", "explanation": f"Acknowledged by {', '.join(finding.acknowledged_by)}."}
    target = list(_cells(finding, catalogue))
    return {"rule": rule, "data": _data(finding.problem.file, target, finding.sentence), "value": FAILED}


def _cells(finding: Finding, catalogue: Catalogue) -> Iterator[list[str]]:
    problem = finding.problem
    if not finding.cells:
        yield [problem.file, "", str(problem.row or ""), problem.field]
    for name, line in finding.cells:
        table = catalogue.tables[finding.package, name]
        row = table.frame.loc[line]
        key = "; ".join(f"{column}={row[column]}" for column in (*table.definition.series, "source"))
        yield [table.package.file(name), str(row["time_period"]), key, problem.field]


def _passed(checked: Checked) -> Iterator[dict[str, Any]]:
    broken = {(finding.package, finding.rule) for finding in checked.findings}
    for package in checked.examined.packages.values():
        for rule in checked.examined.rules.values():
            if (package.id, rule.id) not in broken:
                target = [[f"datapackages/{package.id}", "", "", ""]]
                data = _data(target[0][0], target, f"{package.title}: nothing found.")
                yield {"rule": _rule(rule, rule.severity), "data": data, "value": PASSED}


def _rule(rule: Rule, severity: Severity) -> dict[str, str]:
    return {
        "language": LANGUAGE,
        "expression": rule.id,
        "severity": str(severity),
        "description": f"{rule.sentence} Likely: {rule.likely} {rule.mend}",
    }


def _data(source: str, target: list[list[str]], words: str) -> dict[str, Any]:
    return {"source": [[printable(source)]], "target": target, "description": printable(words)}
