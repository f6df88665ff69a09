"""SDMX-CSV 2.0: the rows of a table by the components of its data structure, each with use and limitations."""

from __future__ import annotations

import pandas as pd

from ilms_publish.catalogue import PublishedTable
from ilms_publish.downloads.described import basis, reasons
from ilms_publish.downloads.sdmx_components import ATTRIBUTES, MEASURE, TIMES, dimensions, reference
from ilms_publish.model import Structure
from ilms_publish.writing import to_csv

BETWEEN = "; "
ACTION = "I"
"""Information: the file informs and changes nothing. The standard lets the column out, but sdmx1 2.28 wants it."""


def sdmx_csv(table: PublishedTable, structure: Structure) -> bytes:
    """The rows of one table; figures exactly as issued, empty when missing."""
    frame, definition = table.frame, table.definition
    made: dict[str, object] = {"STRUCTURE": "dataflow", "STRUCTURE_ID": reference(definition), "ACTION": ACTION}
    for part in dimensions(definition, structure):
        made[part.id] = frame[part.id.lower()] if part.id != "FREQ" else "A"
    made |= {TIMES.id: frame["time_period"], MEASURE.id: frame["obs_value"]}
    told = {
        "OBS_STATUS": frame["obs_status"],
        "ILMS_USE": frame["use"],
        "ILMS_USE_REASON": reasons(table),
        "UNIT_MEASURE": definition.unit_measure,
        "UNIT_MULT": str(definition.unit_mult),
        "DECIMALS": _decimals(frame["obs_value"]),
        "SOURCE_BASIS": basis(table).str.replace(" ", "_"),
        "LIMITATIONS": _limitations(table, structure),
        "COMMENT_OBS": frame["note"],
    }
    return to_csv(pd.DataFrame(made | {part.id: told[part.id] for part in ATTRIBUTES}, index=frame.index))


def _decimals(values: pd.Series[str]) -> pd.Series[str]:
    counts = {text: str(len(text.partition(".")[2])) if text else "" for text in values.unique()}
    return values.map(counts)


def _limitations(table: PublishedTable, structure: Structure) -> pd.Series[str]:
    types = structure.limitation_types
    names = {one.id: f"{types[one.type].title if one.type in types else one.type} [{one.id}]"
             for one in table.limitations}  # fmt: skip
    cells = table.frame["limitations"]
    return cells.map({cell: BETWEEN.join(names[name] for name in cell.split()) for cell in cells.unique()})
