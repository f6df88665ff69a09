"""One questionnaire from start to end, each way: a refused reply writes nothing, an accepted one everything."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ilms_publish.catalogue import Checked, check
from ilms_publish.model import Package, Structure
from ilms_publish.packages import HOME, load_package, package_ids
from ilms_publish.packaging import committed
from ilms_publish.problems import IlmsError, Problem
from ilms_publish.questionnaire.changes import TableChange, compare, files, need_reasons
from ilms_publish.questionnaire.filled import open_filled
from ilms_publish.questionnaire.plan import plan
from ilms_publish.questionnaire.reply import package_of, read_reply
from ilms_publish.questionnaire.workbook import workbook
from ilms_publish.structure import STRUCTURE, load_structure
from ilms_publish.writing import write_all


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import of a questionnaire found and did.

    refused: problems by sheet and cell, or of the package as it would become; then nothing is written.
    changed: files that would be written, below the root; to_acknowledge: findings that the new figures leave open.
    """

    refused: Sequence[Problem]
    changes: Sequence[TableChange] = ()
    changed: Sequence[str] = ()
    written: int = 0
    to_acknowledge: Sequence[Problem] = field(default=())
    package: str = ""


def make_questionnaire(root: Path, name: str, round_: str, years: Sequence[str]) -> tuple[bytes | None, Checked]:
    """The workbook of a country for a round; None when the package has errors, which are in the outcome of the check.

    Raises IlmsError for a package or a round that does not exist.
    """
    checked = check(root, [name])
    if checked.catalogue is None:
        return None, checked
    return workbook(plan(checked.catalogue, checked.catalogue.packages[name], round_, years)), checked


def import_questionnaire(root: Path, file: Path, *, dry_run: bool = False) -> Outcome:
    """Reads a filled questionnaire and writes what it changes, all or nothing.

    Raises IlmsError when the file is no questionnaire or the package cannot be read.
    """
    filled = open_filled(file)
    structure = load_structure(root)
    package = _package(root, package_of(filled), structure, filled.name)
    reply = read_reply(filled, package, structure)
    if filled.problems:
        return Outcome(filled.problems)
    changes = compare(reply, package, structure)
    need_reasons(filled, reply, changes, structure)
    if filled.problems:
        return Outcome(filled.problems, changes)
    authored = files(filled, reply, changes, package, structure)
    if not authored:
        return Outcome((), changes)
    generated, checked = _rehearse(root, package, authored)
    wanted = authored | generated
    names = sorted(path.relative_to(root).as_posix() for path in wanted if _differs(path, wanted[path]))
    if checked.errors:
        return Outcome(checked.errors, changes, names)
    written = 0 if dry_run else write_all(wanted)
    return Outcome((), changes, names, written, checked.open, package.id)


def _package(root: Path, name: str, structure: Structure, file: str) -> Package:
    if name not in package_ids(root):
        raise IlmsError(f"is a questionnaire of the package '{name}', which does not exist here", file=file)
    package, problems = load_package(root, name, structure)
    if package is None:
        raise IlmsError(str(problems[0]))
    return package


def _rehearse(root: Path, package: Package, authored: Mapping[Path, bytes]) -> tuple[dict[Path, bytes], Checked]:
    """The generated files that go with the authored ones, and both gates, on a copy of the package."""
    with TemporaryDirectory(prefix="ilms-") as folder:
        copy = Path(folder).resolve()
        shutil.copytree(root / STRUCTURE, copy / STRUCTURE, symlinks=True)
        shutil.copytree(package.path, copy / HOME / package.id, symlinks=True)
        write_all({copy / path.relative_to(root): content for path, content in authored.items()})
        structure = load_structure(copy)
        become, problems = load_package(copy, package.id, structure)
        if become is None:
            raise IlmsError(str(problems[0]))
        made = committed(become, structure)
        write_all({become.path / name: content for name, content in made.items()})
        return {package.path / name: content for name, content in made.items()}, check(copy, [package.id])


def _differs(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content
