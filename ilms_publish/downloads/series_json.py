"""The figures of a table as JSON: its definition, sources and limitations once, then series by series."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ilms_publish.catalogue import PUBLISHED, PublishedTable
from ilms_publish.downloads.described import basis
from ilms_publish.formats import SERIES
from ilms_publish.model import Limitation, Source, Structure, TableDefinition

COLUMNS = ("year", "value", "issued", "status", "use", "source", "basis", "caveats", "note")
MANY = 2_000
"""Figures beyond which a table has one file for each area."""
Json = dict[str, Any]


def compact(content: Mapping[str, Any]) -> bytes:
    """JSON without needless space; the order is that of the content."""
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def series_files(table: PublishedTable, structure: Structure) -> dict[str, bytes]:
    """Path -> JSON of a table's series; a large table has one file for each area, and one that lists them."""
    path = SERIES.of_table(table.package.id, table.definition.slug)
    rows = observations(table)
    head = about(table, structure) | {"caveats": [cell.split() for cell in caveats(table)], "columns": list(COLUMNS)}
    if table.count <= MANY:
        return {path: compact(head | {"series": rows})}
    files: dict[str, bytes] = {}
    by_area: dict[str, list[Json]] = {}
    for one in rows:
        by_area.setdefault(one["codes"]["ref_area"], []).append(one)
    for area in sorted(by_area):
        files[area_path(path, area)] = compact(head | {"series": by_area[area]})
    return {path: compact(head | {"areas": {area: area_path(path, area) for area in sorted(by_area)}})} | files


def area_path(path: str, area: str) -> str:
    """The file of one area beside the file of a table."""
    return f"{path.removesuffix(SERIES.suffix)}/{area.lower()}{SERIES.suffix}"


def about(table: PublishedTable, structure: Structure) -> Json:
    """What every file of a table says before its figures."""
    package, definition = table.package, table.definition
    statuses = structure.codelist("obs_status")
    return {
        "package": package.id,
        "edition": package.edition,
        "updated": package.issued,
        "licences": [dict(one) for one in package.licences],
        "table": definition_json(definition, structure),
        "dimensions": [_dimension(table, name, structure) for name in definition.series],
        "statuses": {code: statuses.label(code) for code in sorted(table.frame["obs_status"].unique())},
        "sources": {source.id: source_json(source, structure) for source in table.sources},
        "limitations": {one.id: limitation_json(one, structure) for one in table.limitations},
    }


def definition_json(definition: TableDefinition, structure: Structure) -> Json:
    """What a table counts, of whom and in what unit."""
    return {
        "id": definition.id,
        "title": definition.title,
        "definition": definition.definition,
        "population": definition.population,
        "measure": definition.measure,
        "concept": structure.concepts[definition.concept].title,
        "unit": definition.unit,
        "unit_measure": definition.unit_measure,
        "unit_mult": definition.unit_mult,
        "dimensions": list(definition.series),
    }


def source_json(source: Source, structure: Structure) -> Json:
    """A source by title, kind, address and terms."""
    return {
        "title": source.title,
        "type": structure.codelists["CL_SOURCE_TYPE"].label(source.type),
        "url": source.url,
        "licence": dict(source.licence),
    }


def limitation_json(one: Limitation, structure: Structure) -> Json:
    """A limitation with its scope, words and evidence."""
    term = structure.limitation_types.get(one.type)
    return {
        "type": one.type,
        "title": term.title if term else one.type,
        "action": one.action,
        "tables": list(one.tables),
        "sources": list(one.sources),
        "where": one.where,
        "years": one.years,
        "text": one.text,
        "evidence": one.evidence,
    }


def _dimension(table: PublishedTable, name: str, structure: Structure) -> Json:
    codelist = structure.codelist(name)
    held = set(table.frame[name].unique())
    codes = {code: one.label for code, one in codelist.codes.items() if code in held}
    return {"id": name, "title": structure.dimensions[name].title, "codelist": codelist.id, "codes": codes}


def observations(table: PublishedTable) -> list[Json]:
    """Every series: its codes, and its observations in the order of `COLUMNS`, by year.

    `value` is a number that may be used, null when missing or withheld; `issued` is the figure as issued;
    `caveats` is the place in the file's list of sets of limitations.
    """
    places = {cell: place for place, cell in enumerate(caveats(table))}
    frame, names = table.frame, table.definition.series
    columns = ("time_period", "value", "obs_value", "obs_status", "use", "source", "limitations", "note")
    cells = [*(frame[name].tolist() for name in (*names, *columns)), basis(table).tolist()]
    found: dict[tuple[str, ...], list[list[Any]]] = {}
    for row in zip(*cells, strict=True):
        codes, (year, value, issued, status, use, source, limitations, note, how) = row[: len(names)], row[len(names) :]
        usable = value if use == PUBLISHED and value == value else None
        told = [int(year[:4]), usable, issued, status, use, source, how, places[limitations], note]
        found.setdefault(codes, []).append(told)
    return [
        {"codes": dict(zip(names, codes, strict=True)), "observations": sorted(told, key=lambda o: (o[0], o[5]))}
        for codes, told in found.items()
    ]


def caveats(table: PublishedTable) -> list[str]:
    """The distinct sets of limitations that touch figures of a table, ids apart by spaces, in order."""
    return sorted(table.frame["limitations"].unique())
