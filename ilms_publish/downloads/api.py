"""The static interface for programs: an index with dates and sums, tables, sources, limitations, changes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ilms_publish.catalogue import WITHHELD, Catalogue, PublishedTable
from ilms_publish.citing import citation, corridor_page, page_address
from ilms_publish.downloads.series_json import Json, compact, definition_json, limitation_json, source_json
from ilms_publish.downloads.sheets import answered
from ilms_publish.filling import length_of, sha256_of
from ilms_publish.formats import (
    API,
    API_LISTS,
    CORRIDORS,
    Format,
    across_formats,
    package_formats,
    table_formats,
    whole_formats,
)
from ilms_publish.history import gone, newest_first, now
from ilms_publish.model import Package, Source, Structure, TableDefinition

Files = Mapping[str, bytes]
PATHS = "Paths are below the root of the site."


def lists(catalogue: Catalogue, pairs: pd.DataFrame) -> dict[str, bytes]:
    """Tables, sources, limitations, corridors and changes, each a file, and one file for each source.

    pairs: the figures on corridors, as in their file.
    """
    structure = catalogue.structure
    tables = [definition_json(table, structure) | {"packages": [held.package.id for held in catalogue.of_table(name)]}
              for name, table in structure.tables.items()]  # fmt: skip
    sources = [{"id": one.id, "package": one.package, "path": source_path(one)} | source_json(one, structure)
               for one in catalogue.sources]  # fmt: skip
    limitations = [{"id": one.id, "package": package.id} | limitation_json(one, structure)
                   for package in catalogue.packages.values() for one in package.limitations]  # fmt: skip
    made: Json = {
        "tables": {"tables": tables},
        "sources": {"about": PATHS, "sources": sources},
        "limitations": {"limitations": limitations},
        "corridors": {"about": PAIRS, "figures": CORRIDORS, "corridors": _corridors(catalogue, pairs)},
        "changes": {"about": CHANGES, "releases": releases(catalogue), "changes": changes(catalogue)},
    }
    files = {f"{API}/{name}.json": compact(made[name]) for name in API_LISTS}
    return files | {source_path(one): compact(_source(one, structure)) for one in catalogue.sources}


PAIRS = (
    f"{PATHS} What is held on the movement from one country to another. `reports` are of the two countries, "
    "`estimates` of international organisations; neither is to be added to, or divided by, the other."
)


def _corridors(catalogue: Catalogue, pairs: pd.DataFrame) -> list[Json]:
    """One entry for each pair with a figure, with the tables that hold it."""
    found: dict[tuple[str, str], Json] = {}
    for key, part in pairs.groupby(["origin", "destination", "reporter", "table"], sort=True):
        origin, destination, reporter, table = map(str, key)
        empty: Json = {"origin": origin, "destination": destination, "page": f"{corridor_page(origin, destination)}/",
                       "reports": [], "estimates": []}  # fmt: skip
        entry = found.setdefault((origin, destination), empty)
        years = sorted(set(part["time_period"]))
        held: Json = {"package": reporter, "table": table, "years": [int(years[0][:4]), int(years[-1][:4])],
                      "figures": len(part), "sources": sorted(set(part["source"]))}  # fmt: skip
        entry["reports" if catalogue.packages[reporter].national else "estimates"].append(held)
    return list(found.values())


CHANGES = (
    "Releases of the packages and published figures that changed, newest first. A change names its cells as written in "
    "revisions.csv; `now` lists the figures in them as they stand, at most 50, and `figures` counts all of them. The "
    "value is null where it is missing or withheld from use. `removed` lists figures that are no longer published, at "
    "most 50, with the value that stood before, and `no_longer_published` counts all of them."
)
SHOWN = 50
"""Figures of one change that are listed."""


def changes(catalogue: Catalogue) -> list[Json]:
    """One entry for each change of published figures, the newest first."""
    made = []
    for one in newest_first(catalogue):
        found = list(now(catalogue, one))
        head: Json = {"date": one.date, "package": one.package.id, "tables": [table.id for table in one.tables],
                      "where": one.where, "years": one.years, "kind": one.code, "reason": one.reason,
                      "noticed_by": one.noticed_by, "figures": len(found)}  # fmt: skip
        told = [
            {"table": figure.table.id, "codes": figure.codes, "year": int(figure.year[:4]),
             "value": figure.value or None, "before": figure.before or None, "status": figure.status, "use": figure.use}
            for figure in found[:SHOWN]
        ]  # fmt: skip
        lost = list(gone(catalogue, one))
        removed = [
            {
                "table": figure.table,
                "codes": figure.codes,
                "year": int(figure.year[:4]),
                "before": figure.before or None,
            }
            for figure in lost[:SHOWN]
        ]
        made.append(head | {"now": told, "no_longer_published": len(lost), "removed": removed})
    return made


def releases(catalogue: Catalogue) -> list[Json]:
    """One release a package, newest first, then by id."""
    packages = sorted(catalogue.packages.values(), key=lambda package: package.id)
    ordered = sorted(packages, key=lambda package: package.issued, reverse=True)
    return [
        {"package": one.id, "title": one.title, "version": one.version, "issued": one.issued, "edition": one.edition}
        for one in ordered
    ]


def source_path(source: Source) -> str:
    """The file of one source."""
    return f"{API}/sources/{source.id}.json"


def _source(source: Source, structure: Structure) -> Json:
    answers = [
        {"number": concept.number, "id": concept.id, "question": concept.question, "codes": list(answer.codes),
         "words": [concept.values.get(code, code) for code in answer.codes], "text": answer.text, "gap": answer.gap}
        for concept in structure.quality.values()
        if (answer := answered(source, concept)) is not None
    ]  # fmt: skip
    supplies = [
        {"tables": list(one.tables), "years": one.years, "where": one.where, "basis": one.basis,
         "evidence": one.evidence}
        for one in source.supplies
    ]  # fmt: skip
    head: Json = {"id": source.id, "package": source.package}
    return head | source_json(source, structure) | {"answers": answers, "supplies": supplies}


def index(catalogue: Catalogue, files: Files) -> dict[str, bytes]:
    """The index: every package and table with dates, years, pages, and files with bytes and SHA-256 sums."""
    packages = catalogue.packages.values()
    content: Json = {
        "api": "v1",
        "title": catalogue.structure.collection.title,
        "about": f"{PATHS} Each package names the licence of its edition; national sources keep their own terms.",
        "updated": max((package.issued for package in packages), default=""),
        "documentation": "about/api/",
        "lists": {name: _file(files, f"{API}/{name}.json") for name in API_LISTS},
        "whole": _offers(files, {one: one.of_all for one in whole_formats()}),
        "tables": [made for table in catalogue.structure.tables.values() if (made := _across(table, files))["files"]],
        "packages": [_package(catalogue, package, files) for package in packages],
    }
    return {f"{API}/index.json": compact(content)}


def _across(table: TableDefinition, files: Files) -> Json:
    """The files that hold a table of every country."""
    offered = _offers(files, {one: one.of_countries(table.slug) for one in across_formats()})
    return {"id": table.id, "page": f"tables/{table.slug}/", "files": offered}


def _file(files: Files, path: str) -> Json:
    return {"path": path, "bytes": length_of(files, path), "sha256": sha256_of(files, path)}


def _offers(files: Files, paths: Mapping[Format, str]) -> Json:
    return {one.id: _file(files, path) | {"media": one.media} for one, path in paths.items() if path in files}


def _package(catalogue: Catalogue, package: Package, files: Files) -> Json:
    return {
        "id": package.id,
        "title": package.title,
        "area": package.area,
        "version": package.version,
        "edition": package.edition,
        "updated": package.issued,
        "licences": [dict(one) for one in package.licences],
        "publishers": [str(one.get("title", "")) for one in package.contributors],
        "citation": citation(catalogue, package),
        "page": f"{page_address(package)}/",
        "files": _offers(files, {one: one.of_package(package.id) for one in package_formats(package.national)}),
        "tables": [_table(table, files) for table in catalogue.of_package(package.id)],
    }


def _table(table: PublishedTable, files: Files) -> Json:
    package, definition = table.package, table.definition
    years = sorted(table.frame["time_period"].unique())
    formats = table_formats(package.national)
    return {
        "id": definition.id,
        "title": definition.title,
        "unit": definition.unit,
        "years": [int(years[0][:4]), int(years[-1][:4])] if years else [],
        "figures": table.count,
        "withheld": int((table.frame["use"] == WITHHELD).sum()),
        "sources": [source.id for source in table.sources],
        "limitations": [one.id for one in table.limitations],
        "page": f"{page_address(package, definition)}/",
        "files": _offers(files, {one: one.of_table(package.id, definition.slug) for one in formats}),
    }
