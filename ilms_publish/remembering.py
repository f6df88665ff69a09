"""Remembers finished pieces by what they were made from; a piece that is damaged or foreign is made anew."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

Thing = TypeVar("Thing")
FAST = 1
"""Level of compression: what is kept is read more often than it is carried about."""
WORK = "build"
"""Folder of a repository in which everything unfinished lies."""
CHECKS, DRAWINGS, FILES, PAGES = "checks", "drawings", "downloads", "pages"
"""Kinds of pieces, each in a folder of its own."""
FORTNIGHT = 14
DAY = 24 * 60 * 60


class Memory:
    """Pieces kept in a folder under the hash of everything they depend on; without a folder nothing is kept.

    A piece that cannot be written is not kept: remembering saves time and decides nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._used: set[str] = set()
        self._live: dict[str, Any] = {}

    def text(self, made_from: str, make: Callable[[], str]) -> str:
        """The text that `make` gives. made_from: all that it depends on, versions of tools included."""
        return self._made(made_from, lambda: make().encode()).decode()

    def files(self, made_from: str, make: Callable[[], Mapping[str, bytes]]) -> dict[str, bytes]:
        """The files that `make` gives, by path and in its order."""
        return unpacked(self._made(made_from, lambda: packed(make())))

    def each(self, made_from: str, make: Callable[[], Iterable[tuple[str, bytes]]]) -> Iterator[tuple[str, bytes]]:
        """The same one after the other, so that no more than one file is held; one may come twice, the same again."""
        names: list[str] = json.loads(self.recall(f"names {made_from}") or b"[]")
        for name in names:
            piece = self.recall(f"{name} {made_from}")
            if piece is None:
                names = []
                break
            yield name, piece
        if names:
            return
        for name, content in make():
            self.keep(f"{name} {made_from}", content)
            names.append(name)
            yield name, content
        self.keep(f"names {made_from}", json.dumps(names).encode())

    def live(self, made_from: str, make: Callable[[], Thing]) -> Thing:
        """The thing itself, kept as long as this process has use for it."""
        if made_from not in self._live:
            self._live[made_from] = make()
        self._used.add(made_from)
        return cast(Thing, self._live[made_from])

    def recall(self, made_from: str) -> bytes | None:
        """What was kept under these words; None when nothing was, or it is damaged."""
        if self.folder is None:
            return None
        key = _key(made_from)
        piece = _read(self.folder / key)
        if piece is not None:
            self._used.add(key)
        return piece

    def keep(self, made_from: str, piece: bytes) -> None:
        """Keeps a piece; one that was kept under the same words before gives way."""
        if self.folder is not None:
            key = _key(made_from)
            self._used.add(key)
            _write(self.folder / key, piece)

    def forget_unused(self, days: int = 0) -> None:
        """Removes what was not recalled since the start, so that the folder does not grow for ever.

        days: what was used so lately, by whatever process, is kept all the same.
        """
        limit = time.time() - days * DAY
        for path in self.folder.iterdir() if self.folder is not None and self.folder.is_dir() else ():
            if path.name not in self._used and path.is_file() and (not days or path.stat().st_mtime < limit):
                path.unlink()
        self._live = {key: thing for key, thing in self._live.items() if key in self._used}
        self._used.clear()

    def _made(self, made_from: str, make: Callable[[], bytes]) -> bytes:
        piece = self.recall(made_from)
        if piece is None:
            piece = make()
            self.keep(made_from, piece)
        return piece


def pieces(root: Path, kind: str) -> Memory:
    """What earlier builds and checks of a repository remember of one kind."""
    return Memory(root / WORK / kind)


def checks(root: Path) -> Memory:
    """What earlier checks of a repository found."""
    return pieces(root, CHECKS)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Many files as one piece: a line with names and lengths, then the contents one after the other."""
    lengths = json.dumps({path: len(content) for path, content in files.items()})
    return b"\n".join([lengths.encode(), b"".join(files.values())])


def unpacked(piece: bytes) -> dict[str, bytes]:
    """The files of a piece, in their order."""
    lengths, _, contents = piece.partition(b"\n")
    files, at = {}, 0
    for path, length in json.loads(lengths).items():
        files[path] = contents[at : at + length]
        at += length
    return files


def _key(made_from: str) -> str:
    return hashlib.blake2b(made_from.encode(), digest_size=20).hexdigest()


def _read(path: Path) -> bytes | None:
    """The piece, if the file is whole: it begins with the hash of the rest."""
    try:
        seal, _, rest = path.read_bytes().partition(b"\n")
        if seal != _seal(rest):
            return None
        os.utime(path)
        return zlib.decompress(rest)
    except (OSError, zlib.error):
        return None


def _write(path: Path, piece: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    rest = zlib.compress(piece, FAST)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(_seal(rest) + b"\n" + rest)
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
