"""What can be made of one package alone, in any process on any machine: its findings, files and drawings, as pieces.

The pieces are those that a build remembers, under the fingerprints of what they were made from. So a build that finds
them takes them, one that does not makes them itself, and the site is the same to the last byte either way.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from ilms_publish import charts
from ilms_publish.catalogue import check
from ilms_publish.citing import page_address
from ilms_publish.downloads import of_package
from ilms_publish.embargo import public
from ilms_publish.fingerprints import fingerprint, folder_print, program
from ilms_publish.ledger import LEDGER
from ilms_publish.packages import HOME
from ilms_publish.pages.edition import Edition
from ilms_publish.problems import IlmsError
from ilms_publish.remembering import DRAWINGS, FILES, WORK, checks, pieces
from ilms_publish.site import drafts
from ilms_publish.structure import STRUCTURE

Step = Callable[[str], None]
LIGHT = 200_000
"""Bytes of packages up to which no other process is worth its start: at 46 kB one takes 6.7 s and three take 10.7 s of
processor; a single real package has 74 kB to 930 kB."""


def prepare(root: Path, name: str, today: date) -> bool:
    """Makes the pieces of one package into the working folder of the repository; False when it is not sound.

    Drawings are those of the package's own pages; what is drawn for others is left to the build.
    """
    charts.memory, of_package.memory = pieces(root, DRAWINGS), pieces(root, FILES)
    memory = checks(root)
    catalogue = check(root, [name], memory=memory).catalogue
    if catalogue is None:
        return False
    try:
        told = public(catalogue, today)
    except IlmsError:  # nothing of it may be told today
        return True
    for _ in of_package.files_of_one(told, name):
        pass  # each is remembered as it comes
    home = page_address(told.packages[name])
    for draft in drafts(Edition(told, {})):
        if f"{draft.address}/".startswith(f"{home}/"):
            draft.make()
    memory.keep(_stamp(root, name, today), b"prepared")
    return True


def unprepared(root: Path, names: Iterable[str], today: date) -> list[str]:
    """The packages of which not every piece is known to be there."""
    memory = checks(root)
    return [name for name in names if memory.recall(_stamp(root, name, today)) is None]


def prepare_here(root: Path, names: list[str], today: date, step: Step, workers: int = 0) -> None:
    """The same for several packages, on all cores of this machine; light ones are left to the build.

    Workers are new processes: one that is forked after a drawing was made stands still for ever.
    """
    cores = len(os.sched_getaffinity(0)) if sum(_weight(root, name) for name in names) > LIGHT else 1
    count = min(workers or cores, len(names))
    if count < 2:
        return
    with ProcessPoolExecutor(count, get_context("spawn")) as pool:
        begun = {pool.submit(prepare, root, name, today): name for name in names}
        for one in as_completed(begun):
            step(begun[one])


def inputs(root: Path, name: str) -> dict[str, bytes]:
    """All that the pieces of one package rest on, by path below the root."""
    folders = (root / STRUCTURE, root / HOME / name)
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    paths += [path for path in [root / LEDGER] if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if not path.is_symlink()}


def pieces_of(files: Mapping[str, bytes], name: str, today: date) -> dict[str, bytes]:
    """The pieces of one package, made in a folder of their own from nothing but its inputs: path -> bytes."""
    with TemporaryDirectory(prefix="ilms-") as place:
        root = Path(place)
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        prepare(root, name, today)
        made = root / WORK
        return {p.relative_to(made).as_posix(): p.read_bytes() for p in sorted(made.rglob("*")) if p.is_file()}


def _weight(root: Path, name: str) -> int:
    """Bytes of all files of a package."""
    return sum(path.lstat().st_size for path in (root / HOME / name).rglob("*"))


def _stamp(root: Path, name: str, today: date) -> str:
    files = [folder_print(root / STRUCTURE), folder_print(root / HOME / name)]
    return f"prepared {fingerprint(program(), name, files, today.isoformat())}"
