"""Files under several names: what is the same is lent and not written again, and what is written touches no other name.

The staged files, the site that is being made and the last good one share what they have in common.
"""

from __future__ import annotations

import filecmp
import os
from collections.abc import Iterable
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import BinaryIO

AT_ONCE = 1 << 20
"""Bytes that are held while a file is copied."""
READ_AND_WRITE = 0o666
"""The rights of a folder that a file in it has too."""


def write_anew(path: Path, content: bytes | str) -> None:
    """Writes a file, a text as UTF-8; whoever shares the bytes that stood there under another name keeps them."""
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(content.encode() if isinstance(content, str) else content)


def branch_off(path: Path, old: BinaryIO, length: int, pieces: Iterable[bytes]) -> int:
    """Writes a file anew, of the first bytes of what stood there and of pieces; returns its length."""
    path.unlink()
    old.seek(0)
    with path.open("xb") as new:
        new.writelines(iter(lambda: old.read(min(length - new.tell(), AT_ONCE)), b""))
        new.writelines(pieces)
        return new.tell()


def lend(held: Path, path: Path) -> bool:
    """Lets a new file be one that is held already.

    False when the system cannot, or when others could then read it who may not read its folder, or the other way round.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if S_IMODE(held.lstat().st_mode) != S_IMODE(path.parent.stat().st_mode) & READ_AND_WRITE:
            return False
        os.link(held, path, follow_symlinks=False)
    except OSError:
        return False
    return True


def keep_same(fresh: Path, last: Path) -> None:
    """Files of a folder that are just as they were in the last one become those again.

    So whoever looks on sees only what changed: servers, copies, backups. Where the system cannot, the new ones stay.
    """
    filecmp.clear_cache()
    draft = fresh / ".same"
    for path in fresh.rglob("*"):
        held = last / path.relative_to(fresh)
        if _are_alike(path, held):
            try:
                os.link(held, draft, follow_symlinks=False)
            except OSError:
                return
            os.replace(draft, path)


def _are_alike(path: Path, held: Path) -> bool:
    """Whether two files, which are not one, have the same bytes and the same rights."""
    try:
        new, old = path.lstat(), held.lstat()
    except OSError:
        return False
    alike = S_ISREG(new.st_mode) and (new.st_mode, new.st_size) == (old.st_mode, old.st_size)
    return alike and not os.path.samestat(new, old) and filecmp.cmp(path, held, shallow=False)
