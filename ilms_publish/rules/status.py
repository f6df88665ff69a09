"""Observation status: a missing value says why, and a number has a status that allows one."""

from __future__ import annotations

from collections.abc import Iterator

from ilms_publish.model import EITHER_STATUSES, NO_VALUE_STATUSES
from ilms_publish.problems import Severity
from ilms_publish.rules.rule import Case, PackageView, Rule


def missing_status(view: PackageView) -> Iterator[Case]:
    """A blank value has one of the statuses O M L H Q K B J S."""
    allowed = NO_VALUE_STATUSES | EITHER_STATUSES
    for name, table in view.tables.items():
        blank = table.frame[(table.frame["obs_value"] == "") & ~table.frame["obs_status"].isin(allowed)]
        for line, row in blank.iterrows():
            sentence = (
                f"The value is blank but the status is {row['obs_status']}. Give the figure, or the reason it is "
                f"missing: "
                "O not available, L not collected, M cannot exist, Q suppressed, K counted elsewhere, H no "
                "working day."
            )
            yield Case(sentence, ((name, int(str(line))),), field="obs_status", cause=f"{row['time_period']}")


def value_status(view: PackageView) -> Iterator[Case]:
    """A value never stands beside a status that says there is none."""
    for name, table in view.tables.items():
        given = table.frame[(table.frame["obs_value"] != "") & table.frame["obs_status"].isin(NO_VALUE_STATUSES)]
        for line, row in given.iterrows():
            status, value = row["obs_status"], row["obs_value"]
            sentence = f"The status {status} says that no figure is given, but {value} is. Drop one of them."
            yield Case(sentence, ((name, int(str(line))),), field="obs_status", cause=f"{row['time_period']}")


def value_range(view: PackageView) -> Iterator[Case]:
    """Counts and earnings are not negative; rates lie between 0 and 100."""
    for name, table in view.tables.items():
        outside = table.frame["obs_value"].str.startswith("-")  # minus nought too
        if table.definition.measure == "rate":
            outside |= table.frame["value"] > 100
        for line, row in table.frame[outside].iterrows():
            allowed = "between 0 and 100" if table.definition.measure == "rate" else "0 or more"
            sentence = f"{row['obs_value']} is not possible here; the figure must be {allowed}."
            yield Case(sentence, ((name, int(str(line))),), cause=f"{row['time_period']}")


FAMILY = "Status"
RULES = (
    Rule("missing-status", Severity.WARNING, 1, FAMILY, missing_status),
    Rule("value-status", Severity.WARNING, 1, FAMILY, value_status),
    Rule("value-range", Severity.WARNING, 1, FAMILY, value_range),
)
