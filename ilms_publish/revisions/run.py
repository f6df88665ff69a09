"""One comparison from start to end: only packages whose files differ are looked into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ilms_publish.catalogue import check
from ilms_publish.ledger import load_ledger, rewritten
from ilms_publish.model import Structure
from ilms_publish.packages import HOME, load_package, package_ids
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.reading import relative
from ilms_publish.revisions.base import state
from ilms_publish.revisions.comparing import Difference, Side, compare
from ilms_publish.revisions.verdict import problems
from ilms_publish.structure import STRUCTURE, load_structure

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Compared:
    """The packages that differ, and what keeps the difference from being published."""

    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]


def diff(root: Path, base: str, step: Step = lambda name: None) -> Compared:
    """Compares the packages with those of a commit or a folder.

    Raises IlmsError when the base cannot be found or read.
    """
    with state(root, base) as before:
        names = changed_packages(before, root)
        old, new = load_structure(before), load_structure(root)
        found = []
        for name in names:
            step(name)
            difference = compare(name, _side(before, name, old, "before"), _side(root, name, new, "now"))
            if _differs(difference):
                found.append(difference)
        told = [problem for one in found for problem in _problems(one)]
        told += rewritten(load_ledger(before), load_ledger(root))
    return Compared(tuple(found), tuple(told))


def _problems(one: Difference) -> list[Problem]:
    if one.after is None:
        sentence = f"The package '{one.id}' is gone, and with it addresses that readers hold. Put it back."
        return [Problem(f"{HOME}/{one.id}", 0, "", "version-step", Severity.ERROR, sentence)]
    return list(problems(one))


def changed_packages(before: Path, after: Path) -> list[str]:
    """The packages with a file that differs; all when the shared structure does."""
    known = sorted({*package_ids(before), *package_ids(after)})
    if _files(before / STRUCTURE) != _files(after / STRUCTURE):
        return known
    return [name for name in known if _files(before / HOME / name) != _files(after / HOME / name)]


def changed_since(root: Path, base: str) -> list[str]:
    """The packages of today with a file that differs from a commit or a folder. Raises IlmsError when there is none."""
    with state(root, base) as before:
        present = package_ids(root)
        return [name for name in changed_packages(before, root) if name in present]


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {relative(path, folder): path.read_bytes() for path in paths}


def _side(root: Path, name: str, structure: Structure, when: str) -> Side | None:
    """A package with what the rules find in it; None when there is no such package."""
    if name not in package_ids(root):
        return None
    package, faults = load_package(root, name, structure)
    if package is None:
        raise IlmsError(f"the package '{name}' cannot be read as it is {when}: {faults[0]}")
    checked = check(root, [name])
    return Side(structure, package, checked.findings if name in checked.examined.packages else None)


def _differs(one: Difference) -> bool:
    """Whether there is anything to tell: a change of the structure alone leaves most packages as they are."""
    if one.before is None or one.after is None:
        return True
    moved = one.before.package.version != one.after.package.version
    files: Sequence[Path] = (one.before.package.path, one.after.package.path)
    return bool(moved or one.tables or one.lost or one.new_findings or one.resolved) or _files(files[0]) != _files(
        files[1]
    )
