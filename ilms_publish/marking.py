"""What a catalogue is made of, part by part, as short marks: equal marks, equal parts, wherever they were read."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.fingerprints import fingerprint
from ilms_publish.lending import Loan
from ilms_publish.model import Package


@dataclass(frozen=True, slots=True)
class Marks:
    """declared: all that is said of the packages and shared by them, no figure; findings: of everything found.

    tables: package and table -> of its figures with their use and limitations.
    """

    declared: str
    findings: str
    tables: Mapping[tuple[str, str], str]

    @property
    def whole(self) -> str:
        """The mark of everything."""
        return fingerprint(self.declared, self.findings, self.tables)


def marks(catalogue: Catalogue) -> Marks:
    """The marks of a catalogue. Where the repository lies on a machine is no part of them."""
    shell = declared(catalogue)
    return Marks(
        fingerprint(shell.structure, shell.packages, shell.awaited, shell.releases),
        fingerprint(catalogue.findings),
        {key: _of_table(table) for key, table in catalogue.tables.items()},
    )


def _of_table(table: PublishedTable) -> str:
    """The mark of a table's figures, worked out once for as long as the process can lend them."""
    if table.rows not in _known:
        _known[table.rows] = fingerprint(table.frame)
    return _known[table.rows]


_known: weakref.WeakKeyDictionary[Loan[pd.DataFrame], str] = weakref.WeakKeyDictionary()


def declared(catalogue: Catalogue) -> Catalogue:
    """The catalogue without a figure or a finding."""
    packages = {name: without_figures(package) for name, package in catalogue.packages.items()}
    return replace(catalogue, packages=packages, tables={}, findings=())


def without_figures(package: Package) -> Package:
    """What a package declares."""
    return replace(package, tables={}, path=Path(package.id))


def of_declared(table: PublishedTable, packages: Mapping[str, Package]) -> PublishedTable:
    """A table whose package is one without figures."""
    return replace(table, package=packages[table.package.id])
