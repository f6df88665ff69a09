"""One import from start to end: read all carriers, refuse or write everything at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ilms_publish.importing.ilostat import read_ilostat
from ilms_publish.importing.incoming import Carrier, Incoming, LeaveOut
from ilms_publish.importing.merge import Change, merge
from ilms_publish.importing.reported import read_reported
from ilms_publish.importing.undesa import read_undesa
from ilms_publish.importing.worldbank import read_worldbank
from ilms_publish.model import Package, Structure
from ilms_publish.packages import load_package, package_ids
from ilms_publish.problems import IlmsError, Problem
from ilms_publish.structure import load_structure
from ilms_publish.writing import write_all

Reader = Callable[[Carrier, Structure, Mapping[str, Package], LeaveOut], Incoming]
READERS: dict[str, Reader] = {"ilostat": read_ilostat, "undesa": read_undesa, "worldbank": read_worldbank}
ESTIMATES = ("undesa", "worldbank")
"""Layouts whose figures all go into the package of the same name."""
PUBLISHERS = {
    "ilostat": "International Labour Organization, ILOSTAT",
    "undesa": "United Nations, DESA, Population Division",
    "worldbank": "World Bank",
    "reported": "Agencies quoted in public pages",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did: nothing was written when rows were refused."""

    refused: list[Problem]
    changes: list[Change]
    written: int


def run_import(
    root: Path,
    layout: str,
    files: Sequence[Path],
    edition: str,
    leave_out: Sequence[str],
    publisher: str = "",
    *,
    dry_run: bool = False,
) -> Outcome:
    """Imports files of one layout; a dry run writes nothing.

    Raises IlmsError when a file or the repository cannot be read at all.
    """
    structure = load_structure(root)
    packages = {}
    for name in package_ids(root):
        package, problems = load_package(root, name, structure)
        if package is None:
            raise IlmsError(str(problems[0]))
        packages[name] = package
    if layout in ESTIMATES and layout not in packages:
        raise IlmsError(f"there is no package '{layout}' to import into")
    carriers = [Carrier(_absolute(f), layout, publisher or PUBLISHERS[layout], edition) for f in files]
    if layout == "reported":
        return _reported(carriers, packages, dry_run)
    wishes = LeaveOut(leave_out)
    incoming = [READERS[layout](carrier, structure, packages, wishes) for carrier in carriers]
    prepared, changes = merge(incoming, structure, packages)
    refused = sorted(problem for one in incoming for problem in one.refused)
    return Outcome(refused, changes, 0 if refused or dry_run else write_all(prepared))


def _reported(carriers: Sequence[Carrier], packages: Mapping[str, Package], dry_run: bool) -> Outcome:
    files: dict[Path, bytes] = {}
    refused: list[Problem] = []
    for carrier in carriers:
        made, faults = read_reported(carrier, packages)
        files |= made
        refused += faults
    return Outcome(sorted(refused), [], 0 if refused or dry_run else write_all(files))


def _absolute(path: Path) -> Path:
    try:
        known = path.is_file()
    except OSError:  # a name that no file can have
        known = False
    if not known:
        raise IlmsError("there is no such file", file=str(path))
    return path.resolve()
