"""A folder filled file by file: only what differs is written, and what was not put in is swept out at the end."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import BinaryIO

from ilms_publish.hard_links import branch_off, write_anew


class Filled(MutableMapping[str, bytes]):
    """The files below a folder by their path; their names and lengths are held, their bytes stay on the disk.

    No link is followed: those that lie in the folder, or in its place, are taken away before the first file is put in.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lengths: dict[str, int] = {}
        self._sums: dict[str, str] = {}
        for path in (folder.parent, folder, *folder.rglob("*")):
            if path.is_symlink():
                path.unlink()

    def __setitem__(self, name: str, content: bytes) -> None:
        path = self.folder / name
        if not (path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_anew(path, content)
        self._put(name, len(content))

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """A file that comes in pieces. One that stands there just so is left as it is."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            write_anew(path, b"")
        with path.open("rb") as old:
            self._put(name, self._following(path, old, iter(pieces)))

    def _following(self, path: Path, old: BinaryIO, pieces: Iterator[bytes]) -> int:
        """Lets a file be made of just these pieces, anew if it is not; returns its length."""
        length = 0
        for piece in pieces:
            if old.read(len(piece)) != piece:
                return branch_off(path, old, length, itertools.chain([piece], pieces))
            length += len(piece)
        return branch_off(path, old, length, ()) if old.read(1) else length

    def _put(self, name: str, length: int) -> None:
        self.lengths[name] = length
        self._sums.pop(name, None)

    def sha256(self, name: str) -> str:
        """The sum of a file, worked out once and without holding the file."""
        if name not in self._sums:
            with (self.folder / name).open("rb") as file:
                self._sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._sums[name]

    def __getitem__(self, name: str) -> bytes:
        if name not in self.lengths:
            raise KeyError(name)
        return (self.folder / name).read_bytes()

    def __delitem__(self, name: str) -> None:
        del self.lengths[name]

    def __contains__(self, name: object) -> bool:
        return name in self.lengths

    def __iter__(self) -> Iterator[str]:
        return iter(self.lengths)

    def __len__(self) -> int:
        return len(self.lengths)

    def sweep(self) -> None:
        """Removes every file that was not put in, and folders that are left empty."""
        held = {self.folder / name for name in self.lengths}
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_file() and path not in held:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def put(files: MutableMapping[str, bytes], name: str, pieces: Iterable[bytes]) -> None:
    """Puts a file that comes in pieces among others; an empty one is left out."""
    first = next(pieces := iter(pieces), b"")
    if first and isinstance(files, Filled):
        files.put(name, itertools.chain([first], pieces))
    elif first:
        files[name] = b"".join([first, *pieces])


def length_of(files: Mapping[str, bytes], name: str) -> int:
    """Bytes of a file."""
    return files.lengths[name] if isinstance(files, Filled) else len(files[name])


def sha256_of(files: Mapping[str, bytes], name: str) -> str:
    """The SHA-256 sum of a file, as hexadecimal digits."""
    return files.sha256(name) if isinstance(files, Filled) else hashlib.sha256(files[name]).hexdigest()


def joined(files: Mapping[str, bytes], names: Sequence[str]) -> Iterator[bytes]:
    """CSV files with the same columns one after the other, under one header. Raises ValueError when columns differ."""
    header = b""
    for name in names:
        own, _, rows = files[name].partition(b"\n")
        if header and own != header:
            raise ValueError(f"{name} has other columns than {names[0]}")
        yield rows if header else files[name]
        header = own
