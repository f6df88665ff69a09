"""What things are made of, as a short text: equal things give equal texts, whatever the process and its hash seed."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from importlib.metadata import distributions
from pathlib import Path

import numpy as np
import pandas as pd

PROGRAM = Path(__file__).parent
LARGEST = 1 << 30
"""Bytes of a file beyond which it is no input of ours, whatever it is."""
Feed = Callable[[bytes], None]


def fingerprint(*things: object) -> str:
    """40 hexadecimal digits for records, mappings, sequences, sets, frames, texts, numbers and paths.

    Raises TypeError for anything else, so that nothing is left out in silence.
    """
    digest = hashlib.blake2b(digest_size=20)
    _feed(digest.update, things)
    return digest.hexdigest()


@functools.cache
def program() -> str:
    """The fingerprint of this program and of every library that stands beside it."""
    paths = sorted(path for path in PROGRAM.rglob("*") if path.is_file() and path.suffix != ".pyc")
    own = {path.relative_to(PROGRAM).as_posix(): path.read_bytes() for path in paths}
    libraries = sorted({(item.name, item.version) for item in distributions()})
    return fingerprint(own, libraries)


def folder_print(folder: Path) -> str:
    """The fingerprint of all files below a folder; blank when `file_prints` gives none."""
    held = file_prints(folder)
    return "" if held is None else fingerprint(held)


def file_prints(folder: Path) -> dict[str, str] | None:
    """The hash of each file below a folder, by path; None when one is no plain file, not to be read, or beyond limits.

    Links are not followed, and a pipe is never opened: who opens it waits for ever.
    """
    held: dict[str, str] = {}
    try:
        for path in sorted(folder.rglob("*")):
            if path.is_symlink():
                return None
            if path.is_dir():
                continue
            if not path.is_file() or path.stat().st_size > LARGEST:
                return None
            with path.open("rb") as file:
                held[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    return held


def _feed(feed: Feed, thing: object) -> None:
    """Kind, length and content of a thing, so that no two things are fed as the same bytes."""
    match thing:
        case None | bool() | int() | float():
            _one(feed, type(thing).__name__, repr(thing).encode())
        case str():
            _one(feed, "str", thing.encode("utf-8", "surrogatepass"))
        case bytes():
            _one(feed, "bytes", thing)
        case Path():
            _one(feed, "path", str(thing).encode())
        case pd.DataFrame():
            _many(feed, "frame", [list(thing.columns), pd.util.hash_pandas_object(thing).to_numpy()])
        case np.ndarray():
            _one(feed, f"array {thing.dtype}", thing.tobytes())
        case Mapping():
            _many(feed, "mapping", [part for pair in thing.items() for part in pair])
        case Set():
            _many(feed, "set", sorted(fingerprint(part) for part in thing))
        case Sequence():
            _many(feed, "sequence", thing)
        case _ if is_dataclass(thing) and not isinstance(thing, type):
            _many(feed, type(thing).__qualname__, [getattr(thing, field.name) for field in fields(thing)])
        case _:
            raise TypeError(f"no fingerprint of a {type(thing).__name__}")


def _one(feed: Feed, kind: str, content: bytes) -> None:
    feed(f"{kind}:{len(content)}:".encode())
    feed(content)


def _many(feed: Feed, kind: str, parts: Sequence[object]) -> None:
    feed(f"{kind}:{len(parts)}:".encode())
    for part in parts:
        _feed(feed, part)
