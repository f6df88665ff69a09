"""Confidentiality: figures so small that they may point at persons, and suppressed ones that can be recovered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ilms_publish.problems import Severity
from ilms_publish.rules.rule import Case, PackageView, Rule, named, shown

SMALL_CELL = 4
"""Persons: cells of one to four are confirmed as publishable before they go out, by common practice."""
DIMENSIONS = 3
"""Columns that cross, sex among them, from which a small cell says something about persons."""
FEW = 5
"""Small cells that a table may hold before the reader is told; single ones are rounding."""


def small_cells(view: PackageView) -> Iterator[Case]:
    """Cells of one to four persons in a table of three dimensions were confirmed as publishable."""
    for name, table in view.tables.items():
        definition = table.definition
        if not definition.additive or 1 + len(definition.dimensions) < DIMENSIONS:
            continue
        persons = (table.frame["value"] * 10**definition.unit_mult).round(6)
        small = table.frame[(persons >= 1) & (persons <= SMALL_CELL) & ~table.frame["withheld"]]
        for source, rows in small.groupby("source", observed=True):
            if len(rows) >= FEW:
                sentence = (
                    f"{len(rows)} cells count one to four persons ({source}). Confirm that they may be published; "
                    "else give them status Q, and a second cell of each sum with them."
                )
                yield Case(sentence, tuple((name, int(line)) for line in rows.index), cause=str(source))


def recoverable(view: PackageView) -> Iterator[Case]:
    """No suppressed figure is the only one missing from a sum whose total is printed."""
    for name, table in view.tables.items():
        frame = table.frame
        hidden = frame[(frame["obs_status"] == "Q") & frame["value"].isna()]
        if hidden.empty or not table.definition.additive:
            continue
        found: dict[int, str] = {}
        for column in ("sex", *table.definition.dimensions):
            codes = view.structure.codelist(column).codes
            others = [key for key in table.definition.keys if key != column]
            held = frame.assign(code=frame[column].astype("str"), line=frame.index).set_index(others).sort_index()
            for line, row in zip(hidden.index, hidden.to_dict("records"), strict=True):
                beside = held.loc[[tuple(row[key] for key in others)]]
                parent = codes[row[column]].parent if row[column] in codes else ""
                parts = beside[[code in codes and codes[code].parent == parent for code in beside["code"]]]
                total = beside.loc[beside["code"] == parent, "value"].notna().any()
                complete = (
                    column == "sex"
                    or len(parts) == sum(c.parent == parent and not c.overlapping for c in codes.values())
                    or any(codes[code].residual for code in parts["code"])
                )
                if parent and total and complete and len(parts) > 1 and int(np.isnan(parts["value"]).sum()) == 1:
                    found.setdefault(int(line), column)
        for line, column in found.items():
            row = frame.loc[line].to_dict()
            sentence = (
                f"{row['time_period']}, {named(row, view, shown(view, table.definition.series))}: suppressed, but "
                f"the total by {column} less the other parts gives it away. Suppress a second part."
            )
            yield Case(sentence, ((name, line),), cause=row["time_period"])


FAMILY = "Confidentiality"
RULES = (
    Rule("small-cells", Severity.INFORMATION, 1, FAMILY, small_cells),
    Rule("recoverable", Severity.WARNING, 1, FAMILY, recoverable),
)
