"""What gate 1 says of a package: each error in a sentence to a focal specialist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from ilms_publish.model import Package, Structure
from ilms_publish.packaging import descriptor
from ilms_publish.problems import Problem, Severity
from ilms_publish.reading import NUMBER
from ilms_publish.validation.reports import validate_resource

YEAR = re.compile(r"[12][0-9]{3}")

SENTENCES = {
    "primary-key": "This row has the same key (area, sex, classes, year, source) as a row above. Keep one of them.",
    "blank-row": "The row is blank. Delete it.",
    "missing-cell": "The row has too few cells. Add the missing commas.",
    "extra-cell": "The row has too many cells. Remove the extra ones.",
    "incorrect-label": "The column name is not as declared. Restore the header.",
    "missing-label": "A column is missing from the header. Restore the header.",
    "extra-label": "The header has a column that is not declared. Remove it.",
    "duplicate-label": "The column name occurs twice. Restore the header.",
    "blank-label": "A column has no name. Restore the header.",
    "encoding-error": "The file is not UTF-8 text. Save it as CSV in UTF-8.",
}


def gate_one(package: Package, structure: Structure) -> Iterator[Problem]:
    """Every error that Frictionless finds in the package's data, and text that is not a plain number or year."""
    built = descriptor(package, structure)
    for part in built["resources"]:
        file = f"datapackages/{package.id}/{part['path']}"
        frame = package.tables.get(part["name"].upper() if part["name"].upper() in structure.tables else part["name"])
        yield from _frictionless(part, file, package, frame)
    for name, frame in package.tables.items():
        for column, form, wanted in (
            ("obs_value", NUMBER, "digits with a point for decimals, such as 1234.5"),
            ("time_period", YEAR, "a year of four digits"),
        ):
            wrong = {t for t in frame[column].unique() if (t or column != "obs_value") and not form.fullmatch(t)}
            for line, text in frame.loc[frame[column].isin(wrong), column].items() if wrong else ():
                sentence = f"'{text}' should be {wanted}."
                yield Problem(package.file(name), int(str(line)), column, "plain-number", Severity.ERROR, sentence)


def _frictionless(part: dict[str, Any], file: str, package: Package, frame: pd.DataFrame | None) -> Iterator[Problem]:
    report = validate_resource(part, package.path)
    for error in report.flatten(["rowNumber", "fieldName", "type", "note"]):
        row, field, kind, note = error
        if kind == "type-error" and field == "obs_value":
            continue
        found = frame.at[row, field] if frame is not None and field in frame.columns and row in frame.index else ""
        sentence = SENTENCES.get(kind, "") or _sentence(kind, note, str(found))
        yield Problem(file, int(row or 0), str(field or ""), kind, Severity.ERROR, sentence)


def _sentence(kind: str, note: str, found: str) -> str:
    if kind == "constraint-error" and "enum" in note:
        return f"'{found}' is not in the codelist of this column (or not a source of this package). Correct the code."
    if kind == "constraint-error" and "required" in note:
        return "The cell is blank but must be filled."
    return f"{note[:1].upper()}{note[1:]}"
