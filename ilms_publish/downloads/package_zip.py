"""A zip of each package that stands alone: data, codelists, registers, hashes and keys."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.downloads.described import day
from ilms_publish.formats import NAME, STRUCTURE
from ilms_publish.model import Package, Structure
from ilms_publish.packaging import codelist_resource, envelope, field, readme, resource, structure_descriptor, to_json
from ilms_publish.writing import codelist_csv, to_csv

LONG_AGO = (1980, 1, 1, 0, 0, 0)


def shown(table: PublishedTable) -> pd.DataFrame:
    """The rows of a table as published: as issued, with `use` and the ids of the limitations on every row."""
    return table.frame[[*table.definition.columns, "use", "limitations"]]


def package_zip(catalogue: Catalogue, package: Package) -> bytes:
    """A package that stands alone."""
    return zipped(f"{NAME}-{package.id}", package_files(catalogue, package))


def structure_zip(structure: Structure) -> bytes:
    """What all packages share."""
    return zipped(f"{NAME}-{STRUCTURE}", structure_files(structure))


def package_files(catalogue: Catalogue, package: Package) -> dict[str, bytes]:
    """The content of a package's zip: data, codelists, sources, limitations and definitions, with keys and hashes."""
    structure = catalogue.structure
    tables = catalogue.of_package(package.id)
    files = {f"data/{table.definition.slug}.csv": to_csv(shown(table)) for table in tables}
    resources = [_data_resource(table, structure) for table in tables]
    columns = dict.fromkeys(column for table in tables for column in table.definition.series)
    lists = dict.fromkeys([structure.codelist(column).id for column in columns] + ["CL_OBS_STATUS", "CL_SOURCE_TYPE"])
    for name in lists:
        files[f"codelists/{name}.csv"] = codelist_csv(structure.codelists[name])
        resources.append(codelist_resource(structure.codelists[name]))
    for name, frame, keys, foreign in _register(catalogue, package):
        files[f"{name}.csv"] = to_csv(frame)
        resources.append(resource(name, f"{name}.csv", *REGISTERS[name], schema(list(frame.columns), keys, foreign)))
    for part in resources:
        content = files[part["path"]]
        part |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    files["datapackage.json"] = to_json(envelope(package, resources) | {"created": _created(package)})
    files["README.md"] = readme(package, structure, standing_alone=True).encode()
    return files


def _created(package: Package) -> str:
    """The date of the data, never of the build; a month stands for its first day."""
    return f"{day(package.issued)}T00:00:00Z"


def _data_resource(table: PublishedTable, structure: Structure) -> dict[str, Any]:
    definition = table.definition
    fields = [field(definition, column, structure) for column in (*definition.columns, "use", "limitations")]
    keys = [{"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}]
    for column in (*definition.series, "obs_status"):
        codelist = structure.codelist(column).id.lower()
        keys.append({"fields": [column], "reference": {"resource": codelist, "fields": ["code"]}})
    made = {"fields": fields, "missingValues": [""], "primaryKey": list(definition.keys), "foreignKeys": keys}
    text = f"{definition.definition} Unit: {definition.unit}."
    return resource(definition.slug, f"data/{definition.slug}.csv", definition.title, text, made)


REGISTERS = {
    "tables": ("Tables", "What each table counts, of whom, and in what unit."),
    "sources": ("Sources", "The register of sources that the figures rest on."),
    "answers": ("Quality answers", "What each source says to each quality question, or why it does not."),
    "supplies": ("Basis", "Which tables and years rest on which source, documented or inferred."),
    "limitations": ("Limitations", "What a reader must know before using a figure, and which figures it concerns."),
    "collection": ("Collection", "Which tables were supplied in which round, and why others were not."),
    "imports": ("Imports", "Which publisher's file each table came from."),
    "revisions": ("Revisions", "Every published figure that changed: when, why, and who noticed."),
    "changes": ("Old values", "What each published figure that changed was before, and what it became."),
    "reported": ("Quoted figures", "Single figures quoted in public pages; never part of a series."),
}
Register = tuple[str, pd.DataFrame, list[str], list[dict[str, Any]]]


def schema(columns: list[str], keys: list[str], foreign: list[dict[str, Any]]) -> dict[str, Any]:
    """A table schema of text columns."""
    fields = [{"name": column, "type": "string"} for column in columns]
    made: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    return made | ({"primaryKey": keys} if keys else {}) | ({"foreignKeys": foreign} if foreign else {})


def _register(catalogue: Catalogue, package: Package) -> list[Register]:
    source = [{"fields": ["source"], "reference": {"resource": "sources", "fields": ["id"]}}]
    types = [{"fields": ["type"], "reference": {"resource": "cl_source_type", "fields": ["code"]}}]
    registers: list[Register] = [
        ("tables", _tables(catalogue, package), ["id"], []),
        ("sources", _sources(package), ["id"], types),
        ("answers", _answers(catalogue.structure, package), ["source", "concept"], source),
        ("supplies", _supplies(package), [], source),
        ("limitations", _limitations(package), ["id"], []),
        ("collection", package.collection, ["table", "round"], []),
        ("imports", package.imports, ["file", "table"], []),
        ("reported", package.reported, ["id"], []),
        ("revisions", package.revisions, [], []),
        ("changes", package.changes, [], []),
    ]
    return [register for register in registers if len(register[1])]


def _tables(catalogue: Catalogue, package: Package) -> pd.DataFrame:
    keys = ("id", "title", "definition", "population", "concept", "measure", "unit", "unit_measure", "unit_mult")
    rows = [[str(getattr(table.definition, key)) for key in keys] for table in catalogue.of_package(package.id)]
    return pd.DataFrame(rows, columns=list(keys))


def _sources(package: Package) -> pd.DataFrame:
    rows = [
        (s.id, s.title, s.type, s.url, s.licence.get("title") or s.licence.get("name", ""), s.licence.get("path", ""))
        for s in package.sources.values()
    ]
    return pd.DataFrame(rows, columns=["id", "title", "type", "url", "licence", "licence_url"])


def _answers(structure: Structure, package: Package) -> pd.DataFrame:
    rows = []
    for source in package.sources.values():
        for concept in structure.quality.values():
            answer = source.answers.get(concept.id) or source.answers.get("*")
            if answer is not None and not concept.computed:
                rows.append((source.id, concept.id, " ".join(answer.codes), answer.text, answer.gap))
    return pd.DataFrame(rows, columns=["source", "concept", "codes", "text", "gap"])


def _supplies(package: Package) -> pd.DataFrame:
    rows = [
        (source.id, " ".join(supply.tables), supply.years, supply.where, supply.basis, supply.evidence)
        for source in package.sources.values()
        for supply in source.supplies
    ]
    return pd.DataFrame(rows, columns=["source", "tables", "years", "where", "basis", "evidence"])


def _limitations(package: Package) -> pd.DataFrame:
    columns = ["id", "type", "action", "rules", "tables", "sources", "where", "years", "text", "evidence"]
    several = ("rules", "tables", "sources")
    rows = [
        [" ".join(getattr(one, key)) if key in several else getattr(one, key) for key in columns]
        for one in package.limitations
    ]
    return pd.DataFrame(rows, columns=columns)


def structure_files(structure: Structure) -> dict[str, bytes]:
    """The content of the structure's zip."""
    files = {f"codelists/{name}.csv": codelist_csv(codelist) for name, codelist in structure.codelists.items()}
    return files | {"datapackage.json": to_json(structure_descriptor(structure))}


def zipped(folder: str, files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on nothing but its content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", LONG_AGO)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()
