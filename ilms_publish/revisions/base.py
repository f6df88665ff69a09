"""Finds the state to compare with: a folder, or a commit of the repository, read without running anything of it."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ilms_publish.packages import HOME
from ilms_publish.problems import IlmsError
from ilms_publish.reading import MAX_FILE_BYTES

REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@{}~^-]*")
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
MAX_FILES = 20_000


@contextmanager
def state(root: Path, base: str) -> Iterator[Path]:
    """A folder that holds `datapackages/` as it was.

    base: a folder that exists, or whatever git takes for a commit: origin/main, v1.0.0, HEAD~1.
    Raises IlmsError when it is neither.
    """
    if (Path(base) / HOME).is_dir():
        yield Path(base).resolve()
        return
    with TemporaryDirectory(prefix="ilms-") as folder:
        _unpack(_archive(root, base), Path(folder).resolve(), base)
        yield Path(folder).resolve()


def _archive(root: Path, base: str) -> bytes:
    if not REF.fullmatch(base):
        raise IlmsError(f"'{base}' is neither a folder with {HOME}/ nor the name of a commit")
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", base + "^{commit}").decode().strip()
    if not COMMIT.fullmatch(commit):
        raise IlmsError(
            f"git knows no commit '{base}'. Fetch it (git fetch origin), or name another: ilms diff HEAD~1, or a folder"
        )
    archive = _git(root, "archive", "--format=tar", commit, HOME)
    if not archive:
        raise IlmsError(f"the commit '{base}' has no folder {HOME}/")
    return archive


def _git(root: Path, *words: str) -> bytes:
    """The output of one git command with fixed words; blank when git refuses."""
    try:
        return subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False).stdout
    except FileNotFoundError:
        raise IlmsError("git is not installed; compare with a folder instead: ilms diff FOLDER") from None


def _unpack(archive: bytes, folder: Path, base: str) -> None:
    """Plain files below datapackages/ only; links are left out, since nothing follows them."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as packed:
        for number, member in enumerate(packed):
            name = PurePosixPath(member.name)
            if not member.isreg() or name.is_absolute() or ".." in name.parts or name.parts[:1] != (HOME,):
                continue
            if member.size > MAX_FILE_BYTES or number > MAX_FILES:
                raise IlmsError(f"the commit '{base}' holds more than a repository of packages does")
            content = packed.extractfile(member)
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read() if content else b"")
