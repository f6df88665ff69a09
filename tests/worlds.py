"""Small repositories of fictitious countries, made anew for every test that asks."""

import csv
import functools
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pandas as pd

from ilms_publish.arranging import Figures, arrange
from ilms_publish.catalogue import Catalogue, Checked, PublishedTable, check
from ilms_publish.examining import examine_shared
from ilms_publish.lending import Loan
from ilms_publish.packages import load_package, package_ids
from ilms_publish.packaging import committed, structure_descriptor, to_json
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.page import Page
from ilms_publish.remembering import Memory
from ilms_publish.site import drafts
from ilms_publish.structure import STRUCTURE
from ilms_publish.writing import to_csv, write_all

Thing = TypeVar("Thing")

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
PACKAGES = ("zza", "zzb")
DRAWINGS = "ILMS_TEST_DRAWINGS"
"""Names the folder of drawings that the worlds of one run share; unset, each world draws all of its own."""


class Known(Memory):
    """Remembers the structure that was read last, which few tests change, and nothing of any package."""

    def live(self, made_from: str, make: Callable[[], Thing]) -> Thing:
        return super().live(made_from, make) if made_from.startswith("structure ") else make()


KNOWN = Known()


@dataclass(frozen=True)
class World:
    """A repository on disk that a test may spoil."""

    root: Path

    def path(self, name: str) -> Path:
        """A file below datapackages/."""
        return self.root / "datapackages" / name

    def edit(self, name: str, old: str, new: str) -> None:
        """Replaces a text that must occur exactly once."""
        path = self.path(name)
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), "utf-8")

    def rows(self, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Rewrites a CSV by a function over its text cells."""
        with self.path(name).open(newline="", encoding="utf-8") as file:
            header, *body = csv.reader(file)
        frame = change(pd.DataFrame(body, columns=header, dtype="str"))
        self.path(name).write_bytes(to_csv(frame))

    def package(self) -> None:
        """Brings the generated files up to date."""
        structure = examine_shared(self.root, KNOWN).structure
        wanted = {self.root / STRUCTURE / "datapackage.json": to_json(structure_descriptor(structure))}
        for name in package_ids(self.root):
            package, _ = load_package(self.root, name, structure)
            if package:
                wanted |= {package.path / file: content for file, content in committed(package, structure).items()}
        write_all(wanted)

    def check(self, *names: str) -> Checked:
        """Both gates."""
        found = check(self.root, names, memory=KNOWN)
        KNOWN.forget_unused()
        return found

    def found(self, *names: str) -> set[str]:
        """The rules that have an open finding or an error."""
        checked = self.check(*names)
        open_ = {finding.rule for finding in checked.findings if not finding.acknowledged_by}
        return open_ | {problem.rule for problem in checked.errors}


def arranged(catalogue: Catalogue) -> dict[tuple[str, str], Figures]:
    """Every table of a catalogue arranged, by package and table."""
    return {key: arrange(table, catalogue.structure) for key, table in catalogue.tables.items()}


def on_loan(thing: Thing) -> Loan[Thing]:
    """A thing of a test as the program lends it."""
    return Loan(lambda: thing, 0)


def with_rows(table: PublishedTable, frame: pd.DataFrame) -> PublishedTable:
    """The table with other figures."""
    return replace(table, rows=on_loan(frame), count=len(frame))


def pages_at(catalogue: Catalogue, *addresses: str) -> dict[str, Page]:
    """The computed pages at some addresses; the others are not made, which takes seconds."""
    return {one.address: one.make() for one in drafts(Edition(catalogue, {})) if one.address in addresses}


def fictitious(root: Path) -> World:
    """The shared structure with the areas of two countries that do not exist, and their packages."""
    for name, content in _fictitious().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    if shared := os.environ.get(DRAWINGS):
        (root / "build").mkdir()
        (root / "build" / "drawings").symlink_to(shared)
    return World(root)


@functools.cache
def _fictitious() -> dict[str, bytes]:
    """The files of such a repository, those that are generated included: made once, and the same for each."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        home = root / "datapackages"
        shutil.copytree(REPOSITORY / "datapackages" / "structure", home / "structure")
        shutil.copytree(HERE / "fictitious" / "structure", home / "structure", dirs_exist_ok=True)
        for name in PACKAGES:
            shutil.copytree(HERE / "fictitious" / name, home / name)
        shutil.copytree(REPOSITORY / "site_src", root / "site_src")
        shutil.copy(REPOSITORY / "mkdocs.yml", root)
        World(root).package()
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
