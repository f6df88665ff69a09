"""The ledger of releases: every version ever released, with the sums that show that it never changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ilms_publish.days import day
from ilms_publish.model import Package
from ilms_publish.packages import HOME
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.reading import read_csv, records

LEDGER = f"{HOME}/releases.csv"
COLUMNS = ("package", "version", "date", "figures", "content", "address")
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
SUM = re.compile(r"[0-9a-f]{64}")
RULE = "released-version"


@dataclass(frozen=True, slots=True)
class Release:
    """One line of the ledger.

    figures: sum of the committed data files; content: sum of everything in the zip; address: where the zip is for good,
    blank when not said.
    """

    package: str
    version: str
    date: str
    figures: str
    content: str
    address: str

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version as numbers, to put versions in order."""
        return tuple(int(part) for part in self.version.split("."))


def load_ledger(root: Path) -> tuple[Release, ...]:
    """Every release in the order of the file; none when there is no ledger yet. Raises IlmsError naming the line."""
    path = root / LEDGER
    if not path.exists():
        return ()
    found: list[Release] = []
    for line, row in records(read_csv(path, root, COLUMNS)):
        one = Release(**{column: row[column] for column in COLUMNS})
        sound = VERSION.fullmatch(one.version) and SUM.fullmatch(one.figures) and SUM.fullmatch(one.content)
        if not sound or day(one.date) is None:
            raise IlmsError("a release has a version such as 1.0.0, a day and two sums", file=LEDGER, row=line)
        if any((one.package, one.version) == (known.package, known.version) for known in found):
            raise IlmsError(f"{one.package} {one.version} is released twice", file=LEDGER, row=line)
        found.append(one)
    return tuple(found)


def sum_of(files: Mapping[str, bytes]) -> str:
    """One SHA-256 sum for many files: that of their list as `sha256sum` prints it, by name."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def figures_of(package: Package) -> str:
    """The sum of the committed data files of a package."""
    data = package.path / "data"
    paths = (path for path in data.glob("*.csv") if path.is_file() and not path.is_symlink()) if data.is_dir() else ()
    return sum_of({path.name: path.read_bytes() for path in paths})


def altered(packages: Iterable[Package], ledger: Iterable[Release]) -> Iterator[Problem]:
    """Packages whose figures are no longer those that were released under the same version."""
    known = {(one.package, one.version): one for one in ledger}
    for package in packages:
        one = known.get((package.id, package.version))
        if one is not None and one.figures != figures_of(package):
            sentence = (
                f"Version {package.version} was released on {one.date} with other figures. A released version never "
                "changes: write the next version (`ilms diff` says which) and run `ilms package`."
            )
            yield Problem(f"{HOME}/{package.id}/package.yaml", 0, "version", RULE, Severity.ERROR, sentence)


def rewritten(before: Iterable[Release], now: Iterable[Release]) -> Iterator[Problem]:
    """Lines of the ledger that are gone or differ; only the address of a release may be filled in later."""
    present = {(one.package, one.version): one for one in now}
    for one in before:
        same = present.get((one.package, one.version))
        if same is None or (one.date, one.figures, one.content) != (same.date, same.figures, same.content):
            sentence = (
                f"The release {one.package} {one.version} is gone or changed. Put the line back; add new ones below."
            )
            yield Problem(LEDGER, 0, one.package, RULE, Severity.ERROR, sentence)
