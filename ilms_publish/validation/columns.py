"""A CSV file as columns of distinct texts, where a fast reader must see the very cells that Python's reader sees."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as arrow

SAMPLE_LINES = 100
"""How many lines Frictionless shows to Python's sniffer."""
THREADS_FROM = 1 << 20
BLOCK = 1 << 22
QUOTE, COMMA, NEWLINE = b'",\n'


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as its distinct texts and, a row, the position among them."""

    texts: list[str]
    codes: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows below the header: coded columns, and plain ones as they stand (an arrow array of text)."""

    names: tuple[str, ...]
    coded: dict[str, Coded]
    plain: dict[str, Any]
    rows: int

    def cells(self, row: int) -> list[str]:
        """The texts of one row, counted from 0."""
        return [
            self.coded[name].texts[self.coded[name].codes[row]] if name in self.coded else self.plain[name][row].as_py()
            for name in self.names
        ]


def read_columns(data: bytes, names: Sequence[str], plain: Collection[str]) -> Columns | None:
    """The columns (two or more) of a CSV file, those in `plain` without looking for distinct texts.

    None when the bytes have anything on which two readers could differ: another header, a byte order mark,
    carriage returns, NUL, blank or ragged lines, text that is not UTF-8, newlines or odd marks in quotes,
    spaces that Python's sniffer would drop.
    """
    header = ",".join(names).encode()
    if data in (header, header + b"\n"):
        empty = {name: Coded([], np.array([], "int32")) for name in names if name not in plain}
        return Columns(tuple(names), empty, {name: pa.chunked_array([], pa.string()) for name in plain}, 0)
    if not data.startswith(header + b"\n") or b"\r" in data or b"\0" in data or b"\n\n" in data:
        return None
    if not _plain_quotes(data) or _drops_spaces(data):
        return None
    try:
        table = _table(data, len(header) + 1, names, plain)
    except pa.ArrowInvalid:
        return None
    coded = {name: _coded(table.column(name)) for name in names if name not in plain}
    as_they_stand = {name: table.column(name) for name in names if name in plain}
    return Columns(tuple(names), coded, as_they_stand, table.num_rows)


def _table(data: bytes, start: int, names: Sequence[str], plain: Collection[str]) -> Any:
    coded = pa.dictionary(pa.int32(), pa.string())
    types = {name: pa.string() if name in plain else coded for name in names}
    table = arrow.read_csv(
        pa.BufferReader(pa.py_buffer(data).slice(start)),
        arrow.ReadOptions(column_names=list(names), use_threads=len(data) > THREADS_FROM),
        arrow.ParseOptions(newlines_in_values=False, ignore_empty_lines=False),
        arrow.ConvertOptions(column_types=types, null_values=[], strings_can_be_null=False, check_utf8=True),
    )
    return table.unify_dictionaries()


def _coded(column: Any) -> Coded:
    chunks = column.chunks
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in chunks])
    return Coded(chunks[0].dictionary.to_pylist(), codes)


def _plain_quotes(data: bytes) -> bool:
    """Whether every quote belongs to a cell that is quoted from end to end on one line.

    Quotes open and close in turn; a doubled one within a cell closes and opens at once.
    """
    if b'"' not in data:
        return True
    text = np.frombuffer(data, "uint8")
    inside = 0
    for start in range(0, len(text), BLOCK):
        block = text[start : start + BLOCK]
        at = np.flatnonzero((block == QUOTE) | (block == NEWLINE)) + start
        quotes = text[at] == QUOTE
        open_after = (np.cumsum(quotes) + inside) % 2 == 1
        opening, closing = at[quotes & open_after], at[quotes & ~open_after]
        if open_after[~quotes].any() or not _beside(text, opening - 1) or not _beside(text, closing + 1):
            return False
        inside = int(open_after[-1]) if len(at) else inside
    return not inside


def _beside(text: npt.NDArray[np.uint8], places: npt.NDArray[np.int64]) -> bool:
    """Whether each of the places has a comma, a newline or another quote, or lies behind the end."""
    return bool(np.isin(text[places[places < len(text)]], (COMMA, NEWLINE, QUOTE)).all())


def _drops_spaces(data: bytes) -> bool:
    """Whether Python's sniffer, which Frictionless asks, would have the spaces after a comma dropped.

    It looks for them beside quotes of either kind; without quotes it looks at the header, which has no spaces.
    """
    end = -1
    for _ in range(SAMPLE_LINES):
        end = data.find(b"\n", end + 1)
        if end < 0:
            break
    sample = data if end < 0 else data[: end + 1]
    if b'"' not in sample and b"'" not in sample:
        return False
    try:
        return bool(csv.Sniffer().sniff(sample.decode("utf-8"), ",").skipinitialspace)
    except (csv.Error, UnicodeDecodeError):
        return False
