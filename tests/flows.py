"""Packages of any size in the two forms we make, and one with a field of every type."""

import csv
import hashlib
import io
import itertools
import random
from pathlib import Path
from typing import Any

from ilms_publish.packaging import PROFILE, resource

COLUMNS = (
    "ref_area", "sex", "eco", "cct", "time_period", "obs_value", "obs_status", "source", "note", "use",
)  # fmt: skip
KEYS = ["ref_area", "sex", "eco", "cct", "time_period", "source"]
CODES = {
    "ref_area": [f"ZZ{chr(65 + n)}" for n in range(10)],
    "sex": ["SEX_T", "SEX_F", "SEX_M"],
    "eco": [f"ECO_{n:02}" for n in range(40)],
    "cct": [f"CCT_{n:02}" for n in range(40)],
    "obs_status": ["A", "B", "O"],
    "source": ["zza-labour-survey", "zzb-permits"],
    "use": ["published", "withheld"],
}
LISTED = ("sex", "eco", "source")
NOTES = ["", "", "", "as issued", 'so-called "residents", estimated', "l'enquête, 'de jure'"]


def to_bytes(rows: list[list[str]]) -> bytes:
    """Rows as our files are written: LF, quotes only where needed."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


def flows(count: int, seed: int = 0) -> bytes:
    """A valid data file of so many rows, each with its own key."""
    draw = random.Random(seed)
    years = [str(year) for year in range(2000, 2022)]
    keys = itertools.product(CODES["ref_area"], CODES["sex"], CODES["eco"], CODES["cct"], years)
    rows: list[list[str]] = [list(COLUMNS)]
    for *codes, year in itertools.islice(keys, count):
        blank = draw.random() < 0.05
        value = "" if blank else f"{draw.random() * 10 ** draw.randint(0, 6):.{draw.randint(0, 3)}f}"
        source = draw.choice(CODES["source"])
        rows.append([*codes, year, value, "O" if blank else "A", source, draw.choice(NOTES), "published"])
    return to_bytes(rows)


def codelist(codes: list[str]) -> bytes:
    """A codelist whose items have the first as parent."""
    return to_bytes(
        [["code", "parent", "label"], *([code, codes[0] if n else "", f"{code}, all"] for n, code in enumerate(codes))]
    )


def write_package(folder: Path, files: dict[str, bytes], form: str) -> dict[str, Any]:
    """Writes data files and their codelists, and gives the package descriptor.

    form: `enum` for the committed kind of descriptor, `keys` for the published kind with foreign keys, hash and
    bytes; `types` for files as `every_type` makes them.
    """
    resources = [_every_type(name) if form == "types" else _data(name, form) for name in files]
    content = {f"data/{name}.csv": data for name, data in files.items()}
    if form == "keys":
        for column in LISTED:
            resources.append(_codelist(column))
            content[f"codelists/{column}.csv"] = codelist(CODES[column])
        for part in resources:
            data = content[part["path"]]
            part |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    for path, data in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return {"$schema": PROFILE, "name": "flows", "title": "Flows", "resources": resources}


def _data(name: str, form: str) -> dict[str, Any]:
    fields = []
    for column in COLUMNS:
        kind = {"obs_value": "number", "time_period": "year"}.get(column, "string")
        made: dict[str, Any] = {"name": column, "type": kind}
        if column not in ("obs_value", "note"):
            made["constraints"] = {"required": True}
        if column in CODES and not (form == "keys" and column in LISTED):
            made["constraints"]["enum"] = CODES[column]
        fields.append(made)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""], "primaryKey": KEYS}
    if form == "keys":
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": f"cl_{column}", "fields": ["code"]}} for column in LISTED
        ]
    return resource(name, f"data/{name}.csv", "Flows", "Invented.", schema)


def _codelist(column: str) -> dict[str, Any]:
    schema = {
        "fields": [
            {"name": "code", "type": "string", "constraints": {"required": True}},
            {"name": "parent", "type": "string"},
            {"name": "label", "type": "string"},
        ],
        "missingValues": [""],
        "primaryKey": ["code"],
        "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["code"]}}],
    }
    return resource(f"cl_{column}", f"codelists/{column}.csv", "Codes", "Invented.", schema)


def every_type(count: int, seed: int = 0) -> bytes:
    """A valid file with a column of every type that the fast path knows."""
    draw = random.Random(seed)
    rows = [[name for name, *_ in TYPES]]
    for n in range(1, count + 1):
        parent = draw.choice(["", "NA", str(draw.randint(1, n))])
        number, share = f"{draw.uniform(0, 100):.1f}", draw.choice(["", "-", "0.25", "1.00"])
        day = f"20{draw.randint(10, 20)}-0{draw.randint(1, 9)}-11"
        rows.append([str(n), parent, "2020", "A", number, number, share, draw.choice(["true", "false"]), day, "ab-1"])
    return to_bytes(rows)


TYPES: list[tuple[str, str, dict[str, Any]]] = [
    ("id", "integer", {"required": True, "minimum": 1}),
    ("parent", "integer", {}),
    ("year", "year", {"minimum": 1990, "maximum": 2030}),
    ("kind", "string", {"enum": ["A", "B"]}),
    ("rate", "number", {"minimum": 0, "maximum": 100}),
    ("value", "number", {}),
    ("share", "number", {"enum": ["0.25", "1"]}),
    ("flag", "boolean", {}),
    ("day", "date", {"required": True}),
    ("code", "string", {"pattern": "(?:[a-z]+-[0-9])", "minLength": 3, "maxLength": 9}),
]


def _every_type(name: str) -> dict[str, Any]:
    fields = [
        {"name": field, "type": kind} | ({"constraints": constraints} if constraints else {})
        for field, kind, constraints in TYPES
    ]
    schema = {
        "fields": fields,
        "missingValues": ["", "NA", "-"],
        "primaryKey": ["id", "year"],
        "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}],
    }
    return resource(name, f"data/{name}.csv", "Every type", "Invented.", schema)
