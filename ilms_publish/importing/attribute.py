"""Attributes each incoming row to a source of the register, by ILOSTAT's label or by what sources supply."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ilms_publish import note_codes
from ilms_publish.importing.incoming import Incoming
from ilms_publish.model import Package, TableDefinition
from ilms_publish.scope import covered, matches


def attribute(incoming: Incoming, package: Package, table: TableDefinition, rows: pd.DataFrame) -> None:
    """Adds the rows with their `source`; refuses those which no source, or more than one, claims.

    rows: the table's columns without `source`, plus `label` (the publisher's own source label, may be blank).
    """
    claims: dict[str, pd.Series[Any]] = {}
    for source in package.sources.values():
        claimed = rows["label"].isin([*source.ilostat, note_codes.SOURCE + source.id]) & (rows["label"] != "")
        for supply in source.supplies:
            if matches(supply.tables, table.id):
                claimed |= (rows["label"] == "") & covered(rows, supply.where, supply.years)
        claims[source.id] = claimed
    owners = np.array(list(claims))
    held = np.column_stack(list(claims.values())) if claims else np.zeros((len(rows), 0), dtype=bool)
    count = held.sum(axis=1)
    register = f"datapackages/{package.id}/sources.yaml"
    for (year, label), none in rows[count == 0].groupby(["time_period", "label"], sort=False):
        named = f"lists the label '{label}' under `ilostat`" if str(label) else f"supplies {table.id} in {year}"
        incoming.refuse(none.index, "source", "series-source", f"No source in {register} {named}. Add it there.")
    for (year, label), many in rows[count > 1].groupby(["time_period", "label"], sort=False):
        both = " and ".join(owners[held[rows.index.get_indexer_for(many.index[:1])[0]]])
        sentence = f"{both} in {register} both claim {str(label) or table.id} in {year}. Leave it to one."
        incoming.refuse(many.index, "source", "series-source", sentence)
    single = count == 1
    if single.any():
        owner = owners[held[single].argmax(axis=1)]
        incoming.add(package.id, table.id, rows[single].assign(source=owner)[list(table.columns)])
