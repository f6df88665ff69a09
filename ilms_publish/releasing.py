"""Releases: writes the ledger for the packages as they are, and says whether they are what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads.package_zip import package_files
from ilms_publish.embargo import UNFINISHED
from ilms_publish.ledger import COLUMNS, LEDGER, RULE, Release, figures_of, sum_of
from ilms_publish.model import Package
from ilms_publish.packages import HOME
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.versions import PATCH, next_version, with_version
from ilms_publish.writing import to_csv


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a release writes, and a line for each package."""

    files: Mapping[Path, bytes]
    told: tuple[str, ...]


def prepare(catalogue: Catalogue, root: Path, today: date, address: str = "") -> Prepared:
    """The ledger with every package that is not in it as it is now, and the files whose version must rise for that.

    A package with the figures of its released version but another word, code or limitation takes the next patch.
    address: where the zips will stand, a folder. Raises IlmsError when a version lies below one that was released.
    """
    files: dict[Path, bytes] = {}
    told: list[str] = []
    ledger = list(catalogue.releases)
    for package in catalogue.packages.values():
        if package.version.endswith(UNFINISHED):
            told.append(f"{package.id}: not released, a part is under embargo")
            continue
        known = [one for one in ledger if one.package == package.id]
        taken = next((one for one in known if one.version == package.version), None)
        if taken and taken.content == content_of(catalogue, package):
            told.append(f"{package.id}: as in {taken.version} of {taken.date}")
            continue
        if taken:
            package = replace(package, version=next_version(package.version, PATCH))
            files |= with_version(package, catalogue.structure)
        one = Release(
            package.id, package.version, today.isoformat(), figures_of(package), content_of(catalogue, package),
            f"{address.rstrip('/')}/{package.id}.zip" if address else "",
        )  # fmt: skip
        if any(one.numbers <= earlier.numbers for earlier in known):
            raise IlmsError(
                f"{package.id} {one.version} does not come after {known[-1].version}, which is released; raise it"
            )
        ledger.append(one)
        told.append(f"{package.id}: {one.version}" + (" (raised: words or codes changed)" if taken else ""))
    files[root / LEDGER] = to_csv(pd.DataFrame([astuple(one) for one in ledger], columns=list(COLUMNS), dtype="str"))
    return Prepared(files, tuple(told))


def differing(catalogue: Catalogue) -> Iterator[Problem]:
    """Packages that are not what the ledger says of their version, or are not in it."""
    known = {(one.package, one.version): one for one in catalogue.releases}
    for package in catalogue.packages.values():
        one = known.get((package.id, package.version))
        if package.version.endswith(UNFINISHED) or (one and one.content == content_of(catalogue, package)):
            continue
        said = f"{package.version} is not in the ledger" if one is None else f"is not {package.version} of {one.date}"
        sentence = f"{package.id} {said}. Run `ilms release`, propose what it writes, and tag after that is merged."
        yield Problem(f"{HOME}/{package.id}/package.yaml", 0, "version", RULE, Severity.ERROR, sentence)


def content_of(catalogue: Catalogue, package: Package) -> str:
    """The sum of everything in the zip of a package."""
    packages = {**catalogue.packages, package.id: package}
    return sum_of(package_files(replace(catalogue, packages=packages), package))
