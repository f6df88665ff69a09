"""Strict reading of authored files: plain bytes, plain text, nothing guessed, nothing followed."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ilms_publish.problems import HIDDEN, IlmsError, Problem, Severity, printable

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_YAML_BYTES = 1024 * 1024
MAX_YAML_DEPTH = 16
MAX_CELL = 4096
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class _StrictLoader(yaml.SafeLoader):
    """YAML 1.1 without aliases, tags, duplicate keys, or values turned into dates, numbers and booleans."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError("", None, "aliases (*name) are not allowed", self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None) is not None:
            raise yaml.MarkedYAMLError("", None, "tags (!name) are not allowed", event.start_mark)
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > MAX_YAML_DEPTH:
            raise yaml.MarkedYAMLError("", None, "the file is nested too deeply", event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError("", None, f"the key '{key.value}' is given twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_StrictLoader.yaml_implicit_resolvers = {}


def read_bytes(path: Path, root: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of a regular file below `root`; links, oversized and missing files raise IlmsError."""
    name = relative(path, root)
    refuse_links(path, root)
    if not path.is_file():
        raise IlmsError("the file is missing", file=name)
    size = path.stat().st_size
    if size > limit:
        raise IlmsError(f"has {size:,} bytes; the limit is {limit:,}", file=name)
    return path.read_bytes()


def refuse_links(path: Path, root: Path) -> None:
    """Raises IlmsError when the path, or a folder on the way to it from the root, is a link or lies outside."""
    current = path
    while current != root:
        if current.is_symlink():
            raise IlmsError("is a link; put the file itself there", file=relative(path, root))
        if current == current.parent:
            raise IlmsError("lies outside the repository", file=relative(path, root))
        current = current.parent


def relative(path: Path, root: Path) -> str:
    """The path below the root, with forward slashes, for messages."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.name


def read_yaml(path: Path, root: Path) -> dict[str, Any]:
    """A YAML file as nested dicts, lists and text (numbers and `no` stay text).

    Raises IlmsError with file and line for anything but a plain mapping.
    """
    name = relative(path, root)
    text = decode(read_bytes(path, root, MAX_YAML_BYTES), name)
    try:
        loaded = yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise IlmsError(f"not readable YAML: {printable(str(error.problem))}", file=name, row=line) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise IlmsError(f"not readable YAML: {printable(str(error).splitlines()[0])}", file=name) from None
    if not isinstance(loaded, dict):
        raise IlmsError("should hold keys with values (key: value)", file=name)
    return loaded


def decode(data: bytes, name: str) -> str:
    """UTF-8 without byte order mark or NUL; raises IlmsError naming the line of the first bad byte."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise IlmsError("starts with a byte order mark; save as UTF-8 without BOM", file=name, row=1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise IlmsError(
            f"is not UTF-8 text (byte {error.start}); save the file as UTF-8", file=name, row=line
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise IlmsError("holds a NUL character; remove it", file=name, row=line)
    return text


def read_csv(path: Path, root: Path, columns: tuple[str, ...] | None = None) -> pd.DataFrame:
    """A CSV as text cells, index = line of the file, exactly the given columns.

    Raises IlmsError when header or row lengths are not as declared. Nothing is parsed: "NA" stays "NA".
    """
    name = relative(path, root)
    return parse_csv(decode(read_bytes(path, root), name), name, columns)


def parse_csv(text: str, name: str, columns: tuple[str, ...] | None = None) -> pd.DataFrame:
    """The text of a CSV file as a frame of text cells, index = line of the file (the header is line 1)."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        header = next(reader, None)
        if header is None or not any(header):
            raise IlmsError("the file is empty; the first line names the columns", file=name, row=1)
        if columns is not None and tuple(header) != columns:
            raise IlmsError(f"the columns are {','.join(header)}; they should be {','.join(columns)}", file=name, row=1)
        if len(set(header)) != len(header):
            raise IlmsError(f"a column name occurs twice in {','.join(header)}", file=name, row=1)
        before = reader.line_num
        for row in reader:
            if len(row) != len(header):
                raise IlmsError(f"has {len(row)} cells, the header has {len(header)}", file=name, row=before + 1)
            lines.append(before + 1)
            rows.append(row)
            before = reader.line_num
    except csv.Error as error:
        raise IlmsError(f"not readable CSV: {error}", file=name, row=reader.line_num) from None
    return pd.DataFrame(rows, columns=header, index=pd.Index(lines, dtype="int64"), dtype="str")


def records(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a text frame with its line."""
    columns = [str(column) for column in frame.columns]
    for line, row in zip(frame.index, frame.itertuples(index=False, name=None), strict=True):
        yield int(line), dict(zip(columns, row, strict=True))


def text_problems(frame: pd.DataFrame, file: str) -> list[Problem]:
    """Cells that could harm a reader's screen, spreadsheet or log, each as an error."""
    problems: list[Problem] = []
    for column in frame.columns:
        cells = frame[column]
        for text in cells.unique():
            fault = text_fault(text)
            if fault and not (text.startswith("-") and NUMBER.fullmatch(text)):
                problems.extend(
                    Problem(file, int(row), column, "safe-text", Severity.ERROR, fault)
                    for row in cells.index[cells == text]
                )
    return problems


def text_fault(text: str) -> str:
    """Why a text may not be published, or an empty string."""
    if len(text) > MAX_CELL:
        return f"The text has {len(text):,} characters; the limit is {MAX_CELL:,}. Shorten it."
    if text.startswith(FORMULA_STARTS):
        return f"The text starts with '{printable(text[0])}', which a spreadsheet takes for a formula. Reword it."
    hidden = [c for c in text if unicodedata.category(c) in HIDDEN]
    if hidden:
        return f"The text holds the invisible character U+{ord(hidden[0]):04X}. Delete it and type the text anew."
    if not unicodedata.is_normalized("NFC", text):
        return "The text mixes letters and separate accents. Type it anew (Unicode form NFC)."
    if text != text.strip():
        return "The text starts or ends with a space. Delete the space."
    return ""


def texts(value: object) -> list[str]:
    """Every text in a nested structure of dicts and lists."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.items() for part in item for text in texts(part)]
    if isinstance(value, (list, tuple)):
        return [text for part in value for text in texts(part)]
    return []
