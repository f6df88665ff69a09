"""The Frictionless descriptor and README of a package: a function of what is declared, never of the rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ilms_publish.model import Codelist, Package, Structure, TableDefinition
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.reading import read_bytes, relative
from ilms_publish.structure import CODE_COLUMNS, STRUCTURE

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
DIALECT = {"header": True, "delimiter": ",", "csv": {"delimiter": ","}}
Descriptor = dict[str, Any]

COLUMN_TEXTS = {
    "ref_area": (
        "Reference area",
        "The country whose figures these are; for international estimates the country of residence.",
    ),
    "sex": ("Sex", "Women, men, or both."),
    "time_period": ("Year", "The year the figure refers to; for fiscal years the year in which it ends."),
    "obs_value": ("Value", "The figure exactly as issued, in the unit of the table. Blank when there is none."),
    "obs_status": ("Observation status", "SDMX CL_OBS_STATUS: A normal value, B break, O not available, and so on."),
    "source": ("Source", "Id of the source in the register that this figure rests on."),
    "note": ("Note", "Notes that came with the figure, as issued."),
    "use": ("Use", "published, or withheld: the issued value is kept here but used in no chart, total or sentence."),
    "limitations": ("Limitations", "Ids of the limitations that hold for this figure, separated by spaces."),
}


def descriptor(package: Package, structure: Structure) -> Descriptor:
    """The committed `datapackage.json`: Data Package v2 with enums, primary keys, sources and licences."""
    resources = [data_resource(structure.tables[table], structure, package) for table in sorted(package.held)]
    return envelope(package, resources)


def data_resource(table: TableDefinition, structure: Structure, package: Package) -> Descriptor:
    """A committed data file as a resource, codes checked by `enum`."""
    schema = {
        "fields": [field(table, column, structure, package) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.keys),
    }
    text = f"{table.definition} Unit: {table.unit}."
    return resource(table.slug, f"data/{table.slug}.csv", table.title, text, schema)


def envelope(package: Package, resources: list[Descriptor]) -> Descriptor:
    """Package-level metadata around a list of resources."""
    return {
        "$schema": PROFILE,
        "name": f"ilms-{package.id}",
        "title": package.title,
        "description": package.description,
        "version": package.version,
        "keywords": list(package.keywords),
        "licenses": [dict(licence) for licence in package.licences],
        "contributors": [dict(contributor) for contributor in package.contributors],
        "sources": [
            {"title": source.title} | ({"path": source.url} if source.url else {})
            for source in package.sources.values()
        ],
        "resources": resources,
    }


def resource(name: str, path: str, title: str, description: str, schema: Descriptor) -> Descriptor:
    """One tabular resource: a UTF-8 CSV with a declared dialect."""
    return {
        "name": name,
        "type": "table",
        "path": path,
        "title": title,
        "description": description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "schema": schema,
    }


def field(table: TableDefinition, column: str, structure: Structure, package: Package | None = None) -> Descriptor:
    """One field of a data table. With a package, codes are checked by `enum`."""
    known = structure.dimensions.get(column)
    title, text = (known.title, known.description) if known else COLUMN_TEXTS[column]
    made: Descriptor = {"name": column, "title": title, "description": text or title}
    made["type"] = {"obs_value": "number", "time_period": "year"}.get(column, "string")
    if column == "obs_value":
        made["description"] = f"{text} Unit: {table.unit}."
    constraints: Descriptor = {} if column in ("obs_value", "note", "limitations") else {"required": True}
    if package is not None and constraints and column != "time_period":
        constraints["enum"] = allowed(column, structure, package)
    return made | ({"constraints": constraints} if constraints else {})


def allowed(column: str, structure: Structure, package: Package) -> list[str]:
    """The codes a column may hold in a package."""
    if column == "source":
        return sorted(package.sources)
    if column == "ref_area" and package.area:
        return [package.area]
    return list(structure.codelist(column).codes)


def readme(package: Package, structure: Structure, *, standing_alone: bool = False) -> str:
    """The README of a package, made from what is declared.

    The committed one points to `limitations.csv`, so that a new caveat does not make it stale; the one that
    travels in a zip, standing alone, has their words.
    """
    lines = [f"# {package.title}", "", package.description, ""]
    lines += [f"Version {package.version}. {package.edition}".rstrip(), ""]
    lines += ["Made by `ilms package`; edit the files it is made from, not this page.", "", "## Tables", ""]
    for name in sorted(package.held):
        table = structure.tables[name]
        lines.append(f"- [`{table.slug}`](data/{table.slug}.csv): {table.title}. Unit: {table.unit}.")
    lines += ["", "## Columns", ""]
    for column, (title, text) in COLUMN_TEXTS.items():
        if column not in ("use", "limitations"):
            lines.append(f"- `{column}` ({title}): {text}")
    lines += ["- and one column for each classification of the table, coded by a codelist of `structure/codelists`."]
    lines += ["", "## Sources", ""]
    lines += [f"- `{source.id}`: {source.title}" for source in package.sources.values()]
    lines += ["", "## Limitations", ""]
    if standing_alone:
        lines += [f"- **{one.id}** ({one.action}): {one.text}" for one in package.limitations]
    else:
        lines += ["What must be known before a figure is used stands in [limitations.csv](limitations.csv)."]
    lines += ["", "## Licence", ""]
    lines += [f"- {_licence(licence)}" for licence in package.licences]
    return "\n".join(lines) + "\n"


def _licence(licence: Mapping[str, str]) -> str:
    title = licence.get("title") or licence.get("name", "")
    return f"{title}: {licence['path']}" if licence.get("path") else title


def committed(package: Package, structure: Structure) -> dict[str, bytes]:
    """The generated files of a package folder, name -> bytes."""
    return {
        "datapackage.json": to_json(descriptor(package, structure)),
        "README.md": readme(package, structure).encode(),
    }


def structure_descriptor(structure: Structure) -> Descriptor:
    """The shared structure as a data package: one resource a codelist, and the two vocabularies."""
    resources = [codelist_resource(codelist) for codelist in structure.codelists.values()]
    about = structure.collection.about
    return {
        "$schema": PROFILE,
        "name": "ilms-structure",
        "title": about["title"],
        "description": " ".join(about["description"].split()),
        "version": about["version"],
        "keywords": list(about.get("keywords") or ()),
        "licenses": [dict(licence) for licence in about["licences"]],
        "contributors": [dict(contributor) for contributor in about["contributors"]],
        "resources": resources,
    }


def codelist_resource(codelist: Codelist) -> Descriptor:
    """A codelist as a resource whose `parent` refers to its own `code`."""
    first = next(iter(codelist.codes.values()), None)
    columns = [*CODE_COLUMNS, *(first.extra if first else ())]
    schema = {
        "fields": [
            {"name": c, "type": "string"} | ({"constraints": {"required": True}} if c == "code" else {})
            for c in columns
        ],
        "missingValues": [""],
        "primaryKey": ["code"],
        "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["code"]}}],
    }
    name = codelist.id.lower()
    text = codelist.description or codelist.title
    return resource(name, f"codelists/{codelist.id}.csv", codelist.title, text, schema)


def stale(package: Package, structure: Structure) -> list[Problem]:
    """Generated files of a package that are missing or not what the declared files make."""
    return _stale(
        {package.path / name: made for name, made in committed(package, structure).items()}, package.path.parent.parent
    )


def stale_structure(structure: Structure, root: Path) -> list[Problem]:
    """The same for the shared structure's descriptor."""
    return _stale({root / STRUCTURE / "datapackage.json": to_json(structure_descriptor(structure))}, root)


def _stale(wanted: Mapping[Path, bytes], root: Path) -> list[Problem]:
    sentence = "This file is not up to date with the files it is made from. Run `ilms package` and commit it."
    return [
        Problem(relative(path, root), 0, "", "current-descriptor", Severity.ERROR, sentence)
        for path, content in wanted.items()
        if not _holds(path, root, content)
    ]


def _holds(path: Path, root: Path, content: bytes) -> bool:
    """Whether a generated file has these bytes; it is compared, and its content is never made use of."""
    try:
        return read_bytes(path, root, len(content)) == content
    except IlmsError:
        return False


def to_json(content: Mapping[str, Any] | Iterable[Any]) -> bytes:
    """Readable, stable JSON."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
