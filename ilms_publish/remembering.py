"""Remembers finished pieces by what they were made from; a piece that is damaged or foreign is made anew."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

FAST = 1
"""Level of compression: what is kept is read more often than it is carried about."""


class Memory:
    """Pieces kept in a folder under the hash of everything they depend on; without a folder nothing is kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._used: set[str] = set()

    def text(self, made_from: str, make: Callable[[], str]) -> str:
        """The text that `make` gives. made_from: all that it depends on, versions of tools included."""
        return self._recall(made_from, lambda: make().encode()).decode()

    def files(self, made_from: str, make: Callable[[], Mapping[str, bytes]]) -> dict[str, bytes]:
        """The files that `make` gives, by path and in its order."""
        return _unpacked(self._recall(made_from, lambda: _packed(make())))

    def forget_unused(self) -> None:
        """Removes what was not recalled since the start, so that the folder does not grow for ever."""
        if self.folder is not None and self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in self._used and path.is_file():
                    path.unlink()

    def _recall(self, made_from: str, make: Callable[[], bytes]) -> bytes:
        if self.folder is None:
            return make()
        key = hashlib.blake2b(made_from.encode(), digest_size=20).hexdigest()
        self._used.add(key)
        kept = self._read(self.folder / key)
        if kept is None:
            kept = make()
            self._write(self.folder / key, kept)
        return kept

    @staticmethod
    def _read(path: Path) -> bytes | None:
        """The piece, if the file is whole: it begins with the hash of the rest."""
        try:
            seal, _, rest = path.read_bytes().partition(b"\n")
            return zlib.decompress(rest) if seal == _seal(rest) else None
        except (OSError, zlib.error):
            return None

    @staticmethod
    def _write(path: Path, piece: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        rest = zlib.compress(piece, FAST)
        draft.write_bytes(_seal(rest) + b"\n" + rest)
        os.replace(draft, path)


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _packed(files: Mapping[str, bytes]) -> bytes:
    """A line with names and lengths, then the contents one after the other."""
    return b"\n".join(
        [json.dumps({path: len(content) for path, content in files.items()}).encode(), b"".join(files.values())]
    )


def _unpacked(piece: bytes) -> dict[str, bytes]:
    lengths, _, contents = piece.partition(b"\n")
    files, at = {}, 0
    for path, length in json.loads(lengths).items():
        files[path] = contents[at : at + length]
        at += length
    return files
