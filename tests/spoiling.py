"""Faults of whole files, written to disk and read back as a contributor's would be: lines, headers, bytes, records."""

import csv
import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ilms_publish.scope import covered
from ilms_publish.writing import to_csv
from tests.seeding import DOES, Drawing, Fault, Sound, plant

Lines = list[bytes]


def spoil(sound: Sound, fault: Fault, root: Path) -> int:
    """Writes the package with the fault below a root; returns the line at which it must be found, 0 for any."""
    folder = root / "datapackages" / fault.package
    shutil.copytree(sound.package.path, folder)
    if fault.file.startswith("structure/"):
        shutil.copytree(sound.package.path.parent / "structure", root / "datapackages" / "structure")
        return _record(root / "datapackages" / fault.file, fault)
    if fault.file.endswith(".yaml"):
        return _record(folder / fault.file, fault)
    if fault.file:
        return _row(folder / fault.file, fault)
    for other in (folder / "data").iterdir():
        if other.stem != fault.table.lower():
            other.unlink()
    path = folder / "data" / f"{fault.table.lower()}.csv"
    if set(fault.does) <= set(DOES):
        planted = plant(sound, fault)
        path.write_bytes(to_csv(planted.frame))
        return planted.at[-1]
    line = Drawing(sound, fault).draw() + 2
    ((word, argument),) = fault.does.items()
    data, at = LINES[word](path.read_bytes(), line, argument)
    path.write_bytes(data)
    return at


def _cells(data: bytes, line: int, argument: str) -> tuple[bytes, int]:
    """A line with another number of cells."""
    lines = data.split(b"\n")
    text = lines[line - 1]
    lines[line - 1] = {"fewer": text.rpartition(b",")[0], "more": text + b",", "none": b""}[argument]
    return b"\n".join(lines), line


def _header(data: bytes, line: int, argument: str) -> tuple[bytes, int]:
    """The name of one column, for instance `sex -> gender`; a blank one drops the column from the header."""
    first, mark, rest = data.partition(b"\n")
    old, new = (part.strip().encode() for part in argument.split("->"))
    names = [new if name == old else name for name in first.split(b",")]
    assert old in first.split(b",")
    return b",".join(name for name in names if name) + mark + rest, 0


def _bytes(data: bytes, line: int, argument: str) -> tuple[bytes, int]:
    """Bytes put at the end of a line, or the file in another encoding."""
    if argument.startswith("as "):
        return data.decode().encode(argument[3:]), 0
    lines = data.split(b"\n")
    lines[line - 1] += argument.encode("latin-1")
    return b"\n".join(lines), line


LINES: dict[str, Callable[[bytes, int, str], tuple[bytes, int]]] = {
    "cells": _cells, "header": _header, "bytes": _bytes,
}  # fmt: skip


def _record(path: Path, fault: Fault) -> int:
    """Sets or takes away one key of a YAML file; `*` stands for an entry drawn among those that have the rest."""
    content = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    *way, last = fault.at
    draw = random.Random(fault.name)
    holder: Any = content
    for number, step in enumerate(way):
        if step == "*":
            rest = way[number + 1 :]
            holder = draw.choice([one for one in holder if _has(one, rest)])
        else:
            holder = _step(holder, step)
    ((word, argument),) = fault.does.items()
    if word == "take away":
        del holder[last]
    else:
        assert word == "write"
        holder[last] = argument
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return 0


def _step(holder: Any, step: str) -> Any:
    """The value of a key, the entry of a number, or the entry with an id."""
    if isinstance(holder, dict):
        return holder.get(step)
    if step.isdigit():
        return holder[int(step)] if int(step) < len(holder) else None
    return next((one for one in holder if one["id"] == step), None)


def _has(one: Any, steps: list[str]) -> bool:
    for step in steps:
        one = _step(one, step)
        if not one:
            return False
    return True


def _row(path: Path, fault: Fault) -> int:
    """Sets cells of one record of a CSV file, takes it away, or repeats it."""
    header, *body = csv.reader(io.StringIO(path.read_text("utf-8")))
    frame = pd.DataFrame(body, columns=header, dtype="str")
    fits = [row for row in frame.index[covered(frame, fault.to, "")] if all(frame.at[row, c] for c in fault.without)]
    row = random.Random(fault.name).choice(fits)
    ((word, argument),) = fault.does.items()
    line = int(row) + 2
    if word == "drop":
        frame, line = frame.drop(index=row), 0
    elif word == "add":
        new = {**(dict(frame.loc[row]) if len(frame) else dict.fromkeys(header, "")), **(argument or {})}
        frame.loc[len(frame)] = new
        line = len(frame) + 1
    else:
        assert word == "set"
        for column, text in argument.items():
            frame.loc[row, column] = str(text)
    path.write_bytes(to_csv(frame))
    return line
