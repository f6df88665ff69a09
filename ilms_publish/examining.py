"""One package looked at by itself: read, gate 1, and the rules that need no other; remembered by what it is made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from ilms_publish.findings import Part, of_package, of_table
from ilms_publish.fingerprints import file_prints, fingerprint, folder_print, program
from ilms_publish.model import Package, Structure
from ilms_publish.packages import HOME, load_package
from ilms_publish.packaging import stale, stale_structure
from ilms_publish.problems import IlmsError, Problem
from ilms_publish.remembering import Memory
from ilms_publish.rules import Case, PackageView, view
from ilms_publish.structure import STRUCTURE, load_structure, structure_problems
from ilms_publish.validation import gate_one

Thing = TypeVar("Thing")
Noticed = dict[str, list[Part]]
"""Rule -> what it notices."""
SOUND = b"sound"


@dataclass(frozen=True, eq=False, slots=True)
class Shared:
    """What all packages share, with its fingerprint and everything in it that must be mended."""

    structure: Structure
    made_from: str
    faults: tuple[Problem, ...]


def examine_shared(root: Path, memory: Memory) -> Shared:
    """The structure of the repository. Raises IlmsError when it cannot be read, or changes while it is read."""
    folder = root / STRUCTURE
    files = folder_print(folder)

    def read() -> Shared:
        structure = load_structure(root)
        faults = (*structure_problems(root), *stale_structure(structure, root))
        if files != folder_print(folder):
            raise IlmsError("a file of the structure changed while it was read; run the command again", file=STRUCTURE)
        return Shared(structure, fingerprint(structure), faults)

    return memory.live(f"structure {files}", read) if files else read()


@dataclass(frozen=True, eq=False)
class Examined:
    """A package as both gates see it without any other; each part is worked out when it is first asked for.

    package: None when there is nothing usable; unreadable: the problems of its files; made_from: fingerprint of all
    that the outcome rests on, blank when it is not to be remembered; apart: the same for what is noticed in each table
    alone, by its name.
    """

    structure: Structure
    package: Package | None
    unreadable: tuple[Problem, ...] = ()
    made_from: str = ""
    apart: Mapping[str, str] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)

    @cached_property
    def faults(self) -> tuple[Problem, ...]:
        """Everything that must be mended: unreadable files, gate 1, generated files that are not current."""
        if self.package is None:
            return self.unreadable
        if self.made_from and self.memory.recall(f"gate 1 {self.made_from}") == SOUND:
            return ()
        unread = {fault.file for fault in self.unreadable if fault.rule == "readable-file"}
        found = (*self.unreadable, *_further(self.package, self.structure, unread))
        if self.made_from and not found:
            self.memory.keep(f"gate 1 {self.made_from}", SOUND)
        return found

    @cached_property
    def view(self) -> PackageView:
        """The package as the rules see it. Only for a package that can be read."""
        assert self.package is not None
        return view(self.package, self.structure)

    @cached_property
    def noticed(self) -> Mapping[str, list[Part]]:
        """What each rule that needs no other package notices, with the limitations that acknowledge it."""
        found = self._recalled(self.made_from, lambda: of_package(self.view))
        for table in self.view.tables:
            of_one = self._recalled(self.apart.get(table, ""), partial(of_table, self.view, table))
            for rule, parts in of_one.items():
                found.setdefault(rule, []).extend(parts)
        return found

    def _recalled(self, made_from: str, make: Callable[[], Noticed]) -> Noticed:
        return _parts(self.memory.text(f"rules {made_from}", lambda: _text(make()))) if made_from else make()

    def kept(self, what: str, make: Callable[[], Thing]) -> Thing:
        """Something made of this package alone, kept as long as the process has use for it."""
        return self.memory.live(f"{what} {self.made_from}", make) if self.made_from else make()


def examine(root: Path, name: str, shared: Shared, memory: Memory) -> Examined:
    """One package of the repository.

    What was found is remembered only when the files stayed the same while they were read.
    """
    folder = root / HOME / name
    files = file_prints(folder)
    made_from = fingerprint(program(), shared.made_from, name, files) if files is not None else ""

    def read() -> Examined:
        package, problems = load_package(root, name, shared.structure)
        if package is None or problems or files is None or files != file_prints(folder):
            return Examined(shared.structure, package, tuple(problems), memory=memory)
        return Examined(shared.structure, package, (), made_from, _apart(shared, package, files), memory)

    return memory.live(f"examined {root} {made_from}", read) if made_from else read()


def _apart(shared: Shared, package: Package, files: Mapping[str, str]) -> dict[str, str]:
    """What each table is made of, and all that is declared: the files that hold no figures."""
    home = f"{HOME}/{package.id}/"
    data = {table: package.file(table).removeprefix(home) for table in package.tables}
    declared = {path: made for path, made in files.items() if path not in data.values()}
    common = fingerprint(program(), shared.made_from, package.id, declared)
    return {table: fingerprint(common, table, files[path]) for table, path in data.items()}


def _further(package: Package, structure: Structure, unread: Set[str]) -> list[Problem]:
    """What the data and the generated files are blamed for, but not for another file's being unreadable."""
    nameless = f"{HOME}/{package.id}/sources.yaml" in unread
    found = [problem for problem in gate_one(package, structure) if not (nameless and problem.field == "source")]
    return found if unread else [*found, *stale(package, structure)]


def _text(noticed: Noticed) -> str:
    """The parts as JSON: plain lists, so that what is read back can be nothing but words and numbers."""
    told = {
        rule: [[[c.sentence, c.cells, c.other, c.field, c.file, c.row, c.cause], by] for c, by in parts]
        for rule, parts in noticed.items()
    }
    return json.dumps(told, ensure_ascii=False, default=int)


def _parts(text: str) -> Noticed:
    return {
        rule: [
            (Case(sentence, _cells(cells), _cells(other), *rest), tuple(by))
            for (sentence, cells, other, *rest), by in parts
        ]
        for rule, parts in json.loads(text).items()
    }


def _cells(listed: list[list[object]]) -> tuple[tuple[str, int], ...]:
    return tuple((str(table), int(str(line))) for table, line in listed)
