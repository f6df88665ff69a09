"""Strict reading of authored files: plain bytes, plain text, nothing guessed, nothing followed."""

from __future__ import annotations

import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ilms_publish.plain_yaml import Document, parse_yaml
from ilms_publish.problems import IlmsError, Problem, Severity, hidden, printable

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Data files and carriers; the largest committed one has less than a megabyte."""
MAX_AUTHORED_BYTES = 5 * 1024 * 1024
"""Files that people write beside the data, and codelists."""
MAX_YAML_BYTES = 1024 * 1024
MAX_ROWS = 2_000_000
MAX_ROW = 64 * 1024
MAX_COLUMNS = 200
MAX_CELL = 4096
MAX_SIGNS = {",": MAX_CELL, '"': MAX_CELL}
"""Of one line; thousands more, and Frictionless looks for days where the cells end."""
SNIFFED_LINES = 100
MAX_TRIALS = 250_000_000
"""Quotes and apostrophes times characters of the first hundred lines: Frictionless tries each with all that follow."""
MAX_MARKS = 8
"""Accents upon one letter; no script of the region needs half as many."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
"""A figure as issued; fifteen digits are more than people on earth, and what a computer keeps exactly."""
LOOKALIKES = re.compile(r"[A-Za-z\u00c0-\u024f][\u0370-\u052f]|[\u0370-\u052f][A-Za-z\u00c0-\u024f]")
"""A Latin letter beside a Greek or Cyrillic one."""


class ShapeError(IlmsError):
    """Another header or row than declared; Frictionless can say more of it."""


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
    if has_link(path, root):
        raise IlmsError("is a link; put the file itself there", file=relative(path, root))


def has_link(path: Path, root: Path) -> bool:
    """Whether the path or a folder on the way from `root` is a link. Raises IlmsError when it lies outside."""
    if ".." in path.parts:
        raise IlmsError("lies outside the repository", file=path.name)
    current = path
    while current != root:
        if current.is_symlink():
            return True
        if current == current.parent:
            raise IlmsError("lies outside the repository", file=path.name)
        current = current.parent
    return False


def relative(path: Path, root: Path) -> str:
    """The path below the root, with forward slashes, for messages."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.name


def read_yaml(path: Path, root: Path, *, keep_lines: bool = False) -> dict[str, Any]:
    """A YAML file as nested dicts, lists and text (numbers and `no` stay text); see parse_yaml for `keep_lines`.

    Raises IlmsError with file and line for anything but a plain mapping.
    """
    return _document(path, root, keep_lines=keep_lines).content


def yaml_text_problems(path: Path, root: Path) -> list[Problem]:
    """Texts of a YAML file that could harm a reader's screen, spreadsheet or log; none when it cannot be read."""
    try:
        document = _document(path, root)
    except IlmsError:
        return []
    file = relative(path, root)
    faults = ((text, text_fault(text.text)) for text in document.texts)
    return [Problem(file, text.line, text.place, "safe-text", Severity.ERROR, fault) for text, fault in faults if fault]


def _document(path: Path, root: Path, *, keep_lines: bool = False) -> Document:
    name = relative(path, root)
    return parse_yaml(decode(read_bytes(path, root, MAX_YAML_BYTES), name), name, keep_lines=keep_lines)


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


def read_csv(
    path: Path, root: Path, columns: tuple[str, ...] | None = None, limit: int = MAX_FILE_BYTES
) -> pd.DataFrame:
    """A CSV of at most `limit` bytes as text cells, index = line of the file, exactly the given columns.

    Raises IlmsError when header or row lengths are not as declared. Nothing is parsed: "NA" stays "NA".
    """
    name = relative(path, root)
    return parse_csv(decode(read_bytes(path, root, limit), name), name, columns)


def parse_csv(text: str, name: str, columns: tuple[str, ...] | None = None) -> pd.DataFrame:
    """The text of a CSV file as a frame of text cells, index = line of the file (the header is line 1).

    Raises IlmsError at the line that is not as declared, too long, or one too many.
    """
    reader = csv.reader(io.StringIO(within_limits(text, name), newline=""), strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    before = 0
    try:
        header = next(reader, None)
        if header is None or not any(header):
            raise ShapeError("the file is empty; the first line names the columns", file=name, row=1)
        if columns is not None and tuple(header) != columns:
            wanted = ",".join(columns)
            raise ShapeError(f"the columns are {','.join(header)[:500]}; they should be {wanted}", file=name, row=1)
        if len(set(header)) != len(header):
            raise ShapeError(f"a column name occurs twice in {','.join(header)[:500]}", file=name, row=1)
        before = reader.line_num
        for row in reader:
            if len(row) != len(header):
                raise ShapeError(f"has {len(row)} cells, the header has {len(header)}", file=name, row=before + 1)
            lines.append(before + 1)
            rows.append(row)
            before = reader.line_num
    except csv.Error as error:
        raise IlmsError(f"not readable CSV: {error}", file=name, row=before + 1) from None
    return pd.DataFrame(rows, columns=header, index=pd.Index(lines, dtype="int64"), dtype="str")


def within_limits(text: str, name: str) -> str:
    """The text of a CSV file, when no line, no header and no number of lines would keep a reader busy for ever.

    Raises IlmsError at the line that is too long or one too many.
    """
    for number, line in enumerate(_lines(text, name), 1):
        if number == 1 and line.count(",") >= MAX_COLUMNS:
            raise IlmsError(f"has {line.count(',') + 1:,} columns; the limit is {MAX_COLUMNS}", file=name, row=1)
        for sign, most in MAX_SIGNS.items():
            if line.count(sign) > most:
                raise IlmsError(f"has {line.count(sign):,} times {sign}; the limit is {most:,}", file=name, row=number)
        if number > MAX_ROWS + 1:
            raise IlmsError(f"has more than {MAX_ROWS:,} rows", file=name, row=number)
    return text


def refuse_endless(text: str, name: str) -> None:
    """Raises IlmsError when the first lines have so many quotes that Frictionless would ponder them for minutes."""
    sample = "".join(itertools.islice(io.StringIO(text, newline=""), SNIFFED_LINES))
    marks = sample.count('"') + sample.count("'")
    if marks * len(sample) > MAX_TRIALS:
        raise IlmsError(
            f"the first {SNIFFED_LINES} lines have {marks:,} quotes or apostrophes in {len(sample):,} characters; "
            "shorten the texts or take the quotes out",
            file=name,
            row=1,
        )


def _lines(text: str, name: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > MAX_ROW:
            raise IlmsError(f"the line has {len(line):,} characters; the limit is {MAX_ROW:,}", file=name, row=number)
        yield line


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
        faults = {text: fault for text in cells.unique() if (fault := _cell_fault(text))}
        for line, text in cells[cells.isin(list(faults))].items() if faults else ():
            problems.append(Problem(file, int(str(line)), column, "safe-text", Severity.ERROR, faults[text]))
    return problems


def _cell_fault(text: str) -> str:
    return "" if text.startswith("-") and NUMBER.fullmatch(text) else text_fault(text)


def text_fault(text: str) -> str:
    """Why a text may not be published, or an empty string."""
    if len(text) > MAX_CELL:
        return f"The text has {len(text):,} characters; the limit is {MAX_CELL:,}. Shorten it."
    if text.startswith(FORMULA_STARTS):
        return f"The text starts with '{printable(text[0])}', which a spreadsheet takes for a formula. Reword it."
    unseen = next(filter(hidden, text), "")
    if unseen:
        return f"The text holds the invisible character U+{ord(unseen):04X}. Delete it and type the text anew."
    if text != text.strip():
        return "The text starts or ends with a space. Delete the space."
    return "" if text.isascii() else _letter_fault(text)


def _letter_fault(text: str) -> str:
    if not unicodedata.is_normalized("NFC", text):
        return "The text mixes letters and separate accents. Type it anew (Unicode form NFC)."
    mixed = LOOKALIKES.search(text)
    if mixed:
        return f"'{mixed[0]}' is a Latin beside a Greek or Cyrillic letter, which look alike. Type the word anew."
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) == "Mn" else 0
        if marks > MAX_MARKS:
            return f"More than {MAX_MARKS} accents stand upon one letter. Type the text anew."
    return ""
