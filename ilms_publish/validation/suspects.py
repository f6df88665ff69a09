"""The rows that Frictionless could object to: all of them, and seldom another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
from frictionless import Schema

from ilms_publish.validation.columns import Coded, Columns

PLAIN_NUMBER = r"\A(?:-?[0-9]{1,15}(?:\.[0-9]{1,15})?)?\z"
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
Lookup = Callable[[str, str], frozenset[Any]]
"""The values of a field of another resource, by the names of both."""


@dataclass(frozen=True, slots=True)
class Read:
    """A column after its distinct texts went through Frictionless' cell reader: a row each.

    faulty: the reader objects; missing: read as nothing; values: for fields of a key the distinct values, nothing
    first; codes: the position among them.
    """

    faulty: Mask
    missing: Mask
    values: list[Any]
    codes: Codes


def plain_fields(schema: Schema) -> list[str]:
    """Fields whose cells need no reader: text without constraints, and numbers of a strict form."""
    if schema.missing_values != [""]:
        return []
    keys = _keys(schema)
    return [
        field.name
        for field in schema.fields
        if field.type in ("string", "number") and not field.constraints and field.name not in keys
    ]


def _keys(schema: Schema) -> set[str]:
    return {*schema.primary_key, *(name for key in schema.foreign_keys for name in key["fields"])}


def suspects(columns: Columns, schema: Schema, lookup: Lookup) -> Codes:
    """Positions, from 0, of rows with a cell that does not read, a blank row, or a fault of a key.

    Rows that share a primary key are all there, the first as well, so that a replay finds the pair.
    """
    keys = _keys(schema)
    read = {name: _read(column, schema.get_field(name), name in keys) for name, column in columns.coded.items()}
    wrong = np.zeros(columns.rows, bool)
    for one in read.values():
        wrong |= one.faulty
    for name, column in columns.plain.items():
        if schema.get_field(name).type == "number":
            wrong |= ~_array(pc.match_substring_regex(column, PLAIN_NUMBER))
    wrong |= _blank(columns, read)
    if schema.primary_key:
        wrong |= _key_faults([read[name] for name in schema.primary_key])
    for key in schema.foreign_keys:
        held = lookup(key["reference"]["resource"], key["reference"]["fields"][0])
        wrong |= _unknown(read[key["fields"][0]], held)
    return np.flatnonzero(wrong)


def values(column: Coded, field: Any) -> frozenset[Any]:
    """The values of a column that others may refer to."""
    reader = field.create_cell_reader()
    return frozenset(value for value, _ in map(reader, column.texts) if value is not None)


def _read(column: Coded, field: Any, keyed: bool) -> Read:
    reader = field.create_cell_reader()
    places: dict[Any, int] = {None: 0}
    faulty, missing, codes = [], [], []
    for text in column.texts:
        value, notes = reader(text)
        faulty.append(bool(notes))
        missing.append(value is None and "type" not in (notes or ()))
        codes.append(places.setdefault(value, len(places)) if keyed else 0)
    at = column.codes
    of_rows = np.array(codes, "int64")[at] if keyed else np.array([], "int64")
    return Read(_spread(faulty, at), _spread(missing, at), list(places), of_rows)


def _spread(of_texts: Sequence[bool], at: npt.NDArray[np.int32]) -> Mask:
    return np.array(of_texts, bool)[at] if any(of_texts) else np.zeros(len(at), bool)


def _array(column: Any) -> Mask:
    return np.asarray(column.to_numpy(), bool)


def _blank(columns: Columns, read: Mapping[str, Read]) -> Mask:
    """Rows whose every cell reads as nothing."""

    def missing() -> Iterator[Mask]:
        for one in read.values():
            yield one.missing
        for column in columns.plain.values():
            yield _array(pc.equal(column, ""))

    blank = np.ones(columns.rows, bool)
    for mask in missing():
        blank &= mask
        if not blank.any():
            break
    return blank


def _key_faults(parts: Sequence[Read]) -> Mask:
    """Rows whose key is all blank, or shared with another row."""
    codes, size = parts[0].codes, len(parts[0].values)
    for part in parts[1:]:
        if size * len(part.values) >= 2**62:
            kept, codes = np.unique(codes, return_inverse=True)
            size = len(kept)
        codes, size = codes * len(part.values) + part.codes, size * len(part.values)
    blank: Mask = np.logical_and.reduce([part.codes == 0 for part in parts])
    return blank | _repeated(codes, size)


def _repeated(codes: Codes, size: int) -> Mask:
    if size <= 16 * len(codes) + 65_536:
        seen = np.zeros(size, bool)
        seen[codes] = True
        alone = int(seen.sum()) == len(codes)
    else:
        ordered = np.sort(codes)
        alone = not bool((ordered[1:] == ordered[:-1]).any())
    if alone:
        return np.zeros(len(codes), bool)
    _, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    shared: Mask = (counts > 1)[inverse]
    return shared


def _unknown(column: Read, held: frozenset[Any]) -> Mask:
    lost = np.array([value is not None and value not in held for value in column.values], bool)
    return lost[column.codes] if lost.any() else np.zeros(len(column.codes), bool)
