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
        outside = table.frame["value"] < 0
        if table.definition.measure == "rate":
            outside |= table.frame["value"] > 100
        for line, row in table.frame[outside].iterrows():
            allowed = "between 0 and 100" if table.definition.measure == "rate" else "0 or more"
            sentence = f"{row['obs_value']} is not possible here; the figure must be {allowed}."
            yield Case(sentence, ((name, int(str(line))),), cause=f"{row['time_period']}")


RULES = (
    Rule(
        id="missing-status",
        severity=Severity.WARNING,
        level=1,
        family="Status",
        sentence="A missing value says why it is missing.",
        why="A blank can mean zero, suppressed, not collected or not applicable; readers fill in the wrong one. The "
        "statuses are those of the SDMX codelist CL_OBS_STATUS that may go with no value.",
        example="obs_value is blank and obs_status is A (normal value).",
        mend="Give the figure, or the status that fits.",
        check=missing_status,
    ),
    Rule(
        id="value-status",
        severity=Severity.WARNING,
        level=1,
        family="Status",
        sentence="A value has a status that allows one.",
        why="O, M, L, H, Q and K all say that there is no figure. A suppressed figure that is printed has not "
        "been suppressed.",
        example="obs_value is 3 and obs_status is Q (suppressed).",
        mend="Remove the figure, or correct the status.",
        check=value_status,
    ),
    Rule(
        id="value-range",
        severity=Severity.WARNING,
        level=1,
        family="Status",
        sentence="Counts and pay are not negative, and rates lie between 0 and 100.",
        why="The tables hold numbers of persons, events and money, and rates of a whole; a net figure has no "
        "table here.",
        example="An outflow of -12.4 thousand.",
        mend="Correct the sign, or take the row out if it is a net figure.",
        check=value_range,
    ),
)
