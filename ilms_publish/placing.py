"""Puts a finished folder in the place of the last good one in a single step, and lets one build at a time work."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ilms_publish.hard_links import keep_same

HERE = -100
"""AT_FDCWD: paths are taken as they are."""
EXCHANGE = 2
"""RENAME_EXCHANGE of renameat2(2): two names change places, and no moment has neither."""


@contextmanager
def alone(folder: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """One process at a time works in the folder; the others wait. The lock falls with its process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """An empty place beside `out` to build in; what stands there at the end takes the place of `out`.

    Files that are as they were stay the same files. When the body raises, `out` stays as it was. Raises OSError when
    the new folder cannot be put in place.
    """
    fresh, old = (out.with_name(f".{out.name}.{name}") for name in ("new", "old"))
    if old.exists() and not out.exists():
        old.rename(out)  # an earlier run was stopped between its two renames
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(fresh, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield fresh
        if not out.exists():
            fresh.rename(out)
            return
        keep_same(fresh, out)
        if not _exchanged(fresh, out):
            _in_two_steps(fresh, out, old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system could let the two names change places."""
    call = getattr(ctypes.CDLL(None), "renameat2", None)
    return call is not None and call(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0


def _in_two_steps(fresh: Path, out: Path, old: Path) -> None:
    out.rename(old)
    try:
        fresh.rename(out)
    except OSError:
        old.rename(out)
        raise
