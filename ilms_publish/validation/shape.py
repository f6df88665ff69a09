"""Which resources the fast path knows in full, and which may not be opened at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ilms_publish.problems import IlmsError, printable
from ilms_publish.reading import refuse_links

RESOURCE = {
    "name", "type", "path", "title", "description", "format", "mediatype", "encoding", "dialect", "schema",
    "bytes", "hash",
}  # fmt: skip
PACKAGE = {
    "$schema", "name", "title", "description", "version", "keywords", "licenses", "contributors", "sources", "created",
    "resources",
}  # fmt: skip
FIELD = {"name", "type", "title", "description", "constraints"}
SCHEMA = {"fields", "missingValues", "primaryKey", "foreignKeys"}
CONSTRAINTS = {"required", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern"}
KEY_TYPES = {"string", "year", "integer"}
"""Types whose values can be compared as keys; a number such as NaN is not equal to itself."""
TYPES = KEY_TYPES | {"number", "boolean", "date"}
NAME = re.compile(r"\w+")
PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.csv")
Descriptor = Mapping[str, Any]


def known_package(package: Descriptor) -> bool:
    """Whether a package and its resources are known, so that Frictionless would export what it has imported."""
    return set(package) <= PACKAGE and all(known(part) for part in package["resources"])


def known(resource: Descriptor) -> bool:
    """Whether every property of a resource is one that the fast path heeds; others go to Frictionless whole."""
    schema = resource.get("schema", {})
    return (
        set(resource) <= RESOURCE
        and (resource.get("type"), resource.get("format"), resource.get("encoding")) == ("table", "csv", "utf-8")
        and _plain_dialect(resource.get("dialect"))
        and set(schema) <= SCHEMA
        and all(_known_field(field) for field in schema.get("fields", ()))
        and _known_keys(schema)
    )


def _plain_dialect(dialect: Any) -> bool:
    if not isinstance(dialect, Mapping) or not set(dialect) <= {"header", "delimiter", "csv"}:
        return False
    return (
        dialect.get("header") is True
        and dialect.get("delimiter", ",") == ","
        and dialect.get("csv") == {"delimiter": ","}
    )


def _known_field(field: Descriptor) -> bool:
    return (
        set(field) <= FIELD
        and NAME.fullmatch(str(field.get("name", ""))) is not None
        and field.get("type") in TYPES
        and set(field.get("constraints", ())) <= CONSTRAINTS
    )


def _known_keys(schema: Descriptor) -> bool:
    types = {field["name"]: field["type"] for field in schema.get("fields", ())}
    primary, foreign = schema.get("primaryKey", []), schema.get("foreignKeys", [])
    if len(types) < max(2, len(schema.get("fields", ()))) or not isinstance(primary, list):
        return False
    named = [*primary, *(name for key in foreign for name in key["fields"])]
    return all(types.get(name) in KEY_TYPES for name in named) and all(
        isinstance(key["fields"], list) and len(key["fields"]) == len(key["reference"]["fields"]) == 1
        for key in foreign
    )


def parts_of(package: Descriptor, folder: Path) -> list[Descriptor]:
    """The resources of a package descriptor, none of which may be refused. Raises IlmsError."""
    parts = package.get("resources")
    if not isinstance(parts, list) or not all(isinstance(part, Mapping) for part in parts) or "profile" in package:
        raise IlmsError("a package should hold its resources itself, and no profile", field="resources")
    for part in parts:
        refuse(part, folder)
    return parts


def refuse(resource: Descriptor, folder: Path) -> None:
    """Raises IlmsError for a resource that would make a validator open anything but a plain file of the folder.

    Frictionless fetches an address given as `path`, `schema`, `dialect` or `profile`, and follows links.
    """
    name = printable(str(resource.get("name", "")))
    path = resource.get("path")
    if not isinstance(path, str) or not PATH.fullmatch(path):
        raise IlmsError(f"the resource '{name}' should have the path of one CSV file below the package", field="path")
    for key in ("schema", "dialect"):
        if not isinstance(resource.get(key, {}), Mapping):
            raise IlmsError(f"the resource '{name}' should hold its {key} itself, not an address", field=key)
    for key in ("data", "profile", "extrapaths", "compression", "innerpath", "scheme"):
        if key in resource:
            raise IlmsError(f"the resource '{name}' may not have '{key}'", field=key)
    refuse_links(folder / path, folder)
