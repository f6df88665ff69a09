"""Remembers finished pieces by what they were made from; a piece that is damaged or foreign is made anew."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path


class Memory:
    """Texts kept in a folder under the hash of everything they depend on; without a folder nothing is kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._used: set[str] = set()

    def recall(self, made_from: str, make: Callable[[], str]) -> str:
        """The text that `make` gives. made_from: all that it depends on, versions of tools included."""
        if self.folder is None:
            return make()
        key = hashlib.blake2b(made_from.encode(), digest_size=20).hexdigest()
        self._used.add(key)
        kept = self._read(self.folder / key)
        if kept is None:
            kept = make()
            self._write(self.folder / key, kept)
        return kept

    def forget_unused(self) -> None:
        """Removes what was not recalled since the start, so that the folder does not grow for ever."""
        if self.folder is not None and self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in self._used and path.is_file():
                    path.unlink()

    @staticmethod
    def _read(path: Path) -> str | None:
        """The text, if the file is whole: its first line is the hash of the rest."""
        try:
            seal, _, text = path.read_text("utf-8").partition("\n")
        except (OSError, UnicodeDecodeError):
            return None
        return text if seal == _seal(text) else None

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(f"{_seal(text)}\n{text}", "utf-8")
        os.replace(draft, path)


def _seal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
