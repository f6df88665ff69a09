"""A folder filled file by file: only what differs is written, and what was not put in is swept out at the end."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from pathlib import Path


class Filled(MutableMapping[str, bytes]):
    """The files below a folder by their path; their names and lengths are held, their bytes stay on the disk.

    No link is followed: those that lie in the folder, or in its place, are taken away before the first file is put in.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lengths: dict[str, int] = {}
        for path in (folder.parent, folder, *folder.rglob("*")):
            if path.is_symlink():
                path.unlink()

    def __setitem__(self, name: str, content: bytes) -> None:
        path = self.folder / name
        if not (path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.lengths[name] = len(content)

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
