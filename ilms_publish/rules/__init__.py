"""Gate 2: statistical rules over a package that gate 1 has passed."""

from __future__ import annotations

from ilms_publish.rules import across, metadata, revising, series, status, sums
from ilms_publish.rules.rule import Case, PackageView, Rule, view

RULES: dict[str, Rule] = {
    rule.id: rule
    for family in (sums.RULES, across.RULES, series.RULES, status.RULES, metadata.RULES, revising.RULES)
    for rule in family
}

__all__ = ["RULES", "Case", "PackageView", "Rule", "view"]
