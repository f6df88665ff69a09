"""Single quoted figures: each with the agency quoted and the page, kept apart from the series."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ilms_publish.declared import ADDRESS
from ilms_publish.importing.incoming import Carrier
from ilms_publish.model import Package
from ilms_publish.packages import REPORTED_COLUMNS
from ilms_publish.problems import Problem, Severity
from ilms_publish.reading import NUMBER, read_csv, records, text_fault
from ilms_publish.writing import to_csv

COLUMNS = (
    "country", "reference_date", "concept", "dimension", "category", "value", "unit", "source_quoted", "page_address"
)  # fmt: skip


def read_reported(carrier: Carrier, packages: Mapping[str, Package]) -> tuple[dict[Path, bytes], list[Problem]]:
    """The `reported.csv` of every package named in the file, and the rows that are refused.

    The id of a row is made from what it says, so that the same quotation keeps its id.
    """
    raw = read_csv(carrier.path, carrier.path.parent, COLUMNS)
    owners = {package.area: package for package in packages.values() if package.national}
    refused: list[Problem] = []
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for line, row in records(raw):
        fault = _fault(row, owners)
        if fault:
            refused.append(Problem(carrier.name, int(line), fault[0], "reported", Severity.ERROR, fault[1]))
            continue
        package = owners[row["country"]]
        made = dict(zip(REPORTED_COLUMNS[1:], row.values(), strict=True))
        said = "|".join(value for key, value in row.items() if key != "value")
        name = f"{package.id}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
        mine = rows.setdefault(package.id, {r["id"]: r for _, r in records(package.reported)})
        mine[name] = {"id": name, **made}
    files = {
        packages[name].path / "reported.csv": to_csv(pd.DataFrame(list(mine.values()), columns=list(REPORTED_COLUMNS)))
        for name, mine in rows.items()
    }
    return files, refused


def _fault(row: Mapping[str, str], owners: Mapping[str, Package]) -> tuple[str, str] | None:
    if row["country"] not in owners:
        return "country", f"No package holds the area '{row['country']}'."
    if not NUMBER.fullmatch(row["value"]):
        return "value", f"'{row['value']}' is no plain number."
    if not ADDRESS.fullmatch(row["page_address"]):
        return "page_address", f"'{row['page_address']}' is no address that starts with http."
    if not row["source_quoted"]:
        return "source_quoted", "The agency quoted is missing."
    harmful = ((column, text_fault(text)) for column, text in row.items())
    return next(((column, fault) for column, fault in harmful if fault), None)
