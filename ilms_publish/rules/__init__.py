"""Gate 2: statistical rules over a package that gate 1 has passed."""

from __future__ import annotations

from ilms_publish.rules import (
    across,
    classes,
    coding,
    copies,
    disclosure,
    earnings,
    levels,
    metadata,
    mirror,
    register,
    revising,
    series,
    status,
    sums,
    years,
)
from ilms_publish.rules.rule import BESIDE, PACKAGE, TABLE, Case, PackageView, Rule, view

FAMILIES = (
    coding, sums, earnings, classes, copies, years, series, levels, across, mirror, status, disclosure, metadata,
    register, revising,
)  # fmt: skip
RULES: dict[str, Rule] = {rule.id: rule for family in FAMILIES for rule in family.RULES}

__all__ = ["BESIDE", "PACKAGE", "RULES", "TABLE", "Case", "PackageView", "Rule", "view"]
