"""Each seeded fault is caught where it is, by the rule that is meant for it."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ilms_publish.findings import findings, judged
from ilms_publish.model import Structure
from ilms_publish.packages import load_package, package_ids
from ilms_publish.revisions.comparing import Side, compare
from ilms_publish.revisions.verdict import problems
from ilms_publish.rules import BESIDE, RULES, Case, PackageView, view
from ilms_publish.structure import load_structure
from ilms_publish.validation import gate_one
from tests.seeding import Fault, Sound, faults, plant
from tests.spoiling import spoil
from tests.worlds import PACKAGES, REPOSITORY, fictitious

ALL = faults()
REVISED = [one for one in ALL if one.caught == "revision-entry" and not one.file]
FIGURES = [one for one in ALL if one.caught in RULES and not one.file and one not in REVISED]
FILES = [one for one in ALL if one.file or one.caught not in RULES]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> "Shelf":
    return Shelf(tmp_path_factory.mktemp("fictitious"))


class Shelf:
    """Every package, real and fictitious, loaded when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.roots = {"real": REPOSITORY, "fictitious": fictitious(folder).root}
        self.get = cache(self._get)
        self._structure = cache(self._load_structure)
        self._views = cache(self._load_views)
        self.said = cache(self._said)

    def _root(self, name: str) -> Path:
        return self.roots["fictitious" if name in PACKAGES else "real"]

    def _load_structure(self, root: Path) -> Structure:
        return load_structure(root)

    def structure(self, name: str) -> Structure:
        """What the packages beside the one named share."""
        return self._structure(self._root(name))

    def _load_views(self, root: Path) -> dict[str, PackageView]:
        return {name: self._view(root, name) for name in package_ids(root)}

    def _view(self, root: Path, name: str) -> PackageView:
        package, faulty = load_package(root, name, self._structure(root))
        assert package is not None
        assert not faulty
        return view(package, self._structure(root))

    def _get(self, name: str) -> Sound:
        return Sound(self._view(self._root(name), name))

    def beside(self, name: str) -> dict[str, PackageView]:
        """All packages of one repository, for rules that compare countries."""
        return self._views(self._root(name))

    def _said(self, name: str, rule: str) -> frozenset[str]:
        """What a rule says of the package as it is."""
        looked_at = self.get(name).looked_at
        if RULES[rule].sees == BESIDE:
            looked_at = with_others(looked_at, self.beside(name))
        return frozenset(case.sentence for case, _ in judged(looked_at, rule))


def with_others(looked_at: PackageView, beside: dict[str, PackageView]) -> PackageView:
    return PackageView(looked_at.structure, looked_at.package, looked_at.tables, beside)


def new(looked_at: PackageView, fault: Fault, sound: Shelf) -> Iterator[Case]:
    """What the rule that should catch the fault says that it did not say before, and no limitation answers for."""
    if RULES[fault.caught].sees == BESIDE:
        looked_at = with_others(looked_at, sound.beside(fault.package))
    before = sound.said(fault.package, fault.caught)
    return (case for case, by in judged(looked_at, fault.caught) if not by and case.sentence not in before)


def stale(looked_at: PackageView) -> Iterator[Case]:
    """Limitations that acknowledge nothing, which no single rule can tell."""
    for one in findings(looked_at):
        if one.rule == "limitation-stale":
            yield Case(one.sentence, field=one.problem.field, file=one.problem.file, row=one.problem.row)


def test_the_list_is_long_enough_and_leaves_no_rule_out() -> None:
    assert len(ALL) >= 200
    assert len({one.name for one in ALL}) == len(ALL)
    assert set(RULES) <= {one.caught for one in ALL}
    assert len({one.package for one in ALL} - set(PACKAGES)) == 12, "every real package takes part"


def test_the_errors_that_others_let_pass_are_all_there() -> None:
    """Seventeen kinds of error, of which the best of the other checks stops twelve."""
    numbers = {one.title[:2] for one in ALL if one.family == "peers"}
    assert numbers == {f"{number:02}" for number in range(1, 18)}
    for number in sorted(numbers):
        places = {one.package in PACKAGES for one in ALL if one.family == "peers" and one.title.startswith(number)}
        assert places == {True, False}, f"{number} is tried in a real and in a fictitious package"


BETWEEN = {"Across tables", "Mirror", "Metadata", "Register of sources"}
"""Families of rules that look at more than one table, as does `copied-table`."""


@pytest.mark.parametrize("fault", FIGURES, ids=lambda one: one.name)
def test_fault_in_the_figures(fault: Fault, sound: Shelf) -> None:
    here = sound.get(fault.package)
    planted = plant(here, fault)
    alone = RULES[fault.caught].family not in BETWEEN and fault.caught != "copied-table"
    found = list(new(here.spoilt(fault.table, planted.frame, alone), fault, sound))
    places = {cell for case in found for cell in (*case.cells, *case.other)}
    assert places & {(fault.table, line) for line in planted.at}, (planted.at, found[:3])
    assert {case.field for case in found} == {fault.field}


@pytest.mark.parametrize("fault", REVISED, ids=lambda one: one.name)
def test_fault_against_the_version_before(fault: Fault, sound: Shelf) -> None:
    here = sound.get(fault.package)
    planted = plant(here, fault)
    sides = [here.package, here.spoilt(fault.table, planted.frame).package]
    told = problems(compare(fault.package, *(Side(here.structure, side, None) for side in sides)))
    silent = [one for one in told if one.rule == fault.caught]
    assert [(one.file, one.field) for one in silent] == [(here.package.file(fault.table), fault.field)]
    assert silent[0].row in (planted.at or (0,))


@pytest.mark.parametrize("fault", FILES, ids=lambda one: one.name)
def test_fault_in_a_file(fault: Fault, sound: Shelf, tmp_path: Path) -> None:
    line = spoil(sound.get(fault.package), fault, tmp_path)
    in_structure = fault.file.startswith("structure/")
    structure = load_structure(tmp_path) if in_structure else sound.structure(fault.package)
    package, faulty = load_package(tmp_path, fault.package, structure)
    if fault.caught in RULES:
        assert package is not None
        assert not faulty, faulty
        looked_at = view(package, structure)
        found = list(stale(looked_at) if fault.caught == "limitation-stale" else new(looked_at, fault, sound))
        places = {(c.file or package.file(c.cells[0][0]), c.row, c.field) for c in found}
    else:
        errors = [*faulty, *(gate_one(package, structure) if package else ())]
        places = {(one.file, one.row, one.field) for one in errors if one.rule == fault.caught}
    assert any(expected(fault, line, *place) for place in places), (line, places)


def expected(fault: Fault, line: int, file: str, row: int, field: str) -> bool:
    """Whether a place is where the fault is: `blames` says `figures` when those in the data files are meant."""
    home = f"datapackages/{fault.package}/"
    shared = fault.file.startswith("structure/")
    wanted = f"datapackages/{fault.file}" if shared else home + (fault.file or f"data/{fault.table.lower()}.csv")
    there = file.startswith(f"{home}data/") if fault.blames == "figures" else file == wanted
    named = (
        field.startswith(("MST_", "MFL_", "MNA_", "EAR_"))
        if fault.blames == "table"
        else field.rpartition(".")[2] == fault.field
    )
    return there and (not line or row in (0, line)) and named
