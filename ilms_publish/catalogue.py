"""The one thing all outputs read: every package with its findings, and its limitations resolved to figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ilms_publish.examining import Examined, examine, examine_shared
from ilms_publish.findings import Finding, findings, obliging
from ilms_publish.ledger import Release, altered, load_ledger
from ilms_publish.lending import ROW, Loan, frame_on_loan
from ilms_publish.model import Limitation, Package, Source, Structure, Supply, TableDefinition
from ilms_publish.packages import package_ids
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.remembering import Memory
from ilms_publish.rules import BESIDE, RULES, PackageView, Rule
from ilms_publish.rules.rule import TableView
from ilms_publish.scope import covered, matches

__all__ = ["Catalogue", "Checked", "Finding", "PublishedTable", "check"]

Progress = Callable[[str], None]
PUBLISHED, WITHHELD = "published", "withheld"


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One table of one package, ready for any output. rows: its figures on loan; count: how many there are."""

    package: Package
    definition: TableDefinition
    rows: Loan[pd.DataFrame]
    count: int
    sources: tuple[Source, ...]
    limitations: tuple[Limitation, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The columns of the definition as text, values exactly as issued, index = line of the committed file.

        Besides: value (float64, NaN when blank), use (published or withheld), limitations (ids, by spaces).
        """
        return self.rows()

    @property
    def published(self) -> pd.DataFrame:
        """The rows that charts, totals and sentences may use: a value, not withheld."""
        return self.frame[(self.frame["use"] == PUBLISHED) & self.frame["value"].notna()]


@dataclass(frozen=True, slots=True)
class Awaited:
    """Figures of a table that will be published with a round whose date is public; day: blank when not yet known."""

    package: str
    table: str
    round: str
    day: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every package, table and finding; the one thing that pages, charts and downloads read.

    awaited: what is announced of figures that are not in here; releases: the ledger of versions released so far.
    """

    structure: Structure
    packages: Mapping[str, Package]
    tables: Mapping[tuple[str, str], PublishedTable]
    findings: tuple[Finding, ...]
    rules: Mapping[str, Rule]
    awaited: tuple[Awaited, ...] = ()
    releases: tuple[Release, ...] = ()

    def of_package(self, package: str) -> list[PublishedTable]:
        """The tables a package holds, in the order of tables.yaml."""
        return [self.tables[package, name] for name in self.structure.tables if (package, name) in self.tables]

    def of_table(self, table: str) -> list[PublishedTable]:
        """A table in every package that holds it."""
        return [self.tables[package, table] for package in self.packages if (package, table) in self.tables]

    def of_source(self, source: str) -> list[PublishedTable]:
        """The tables with at least one figure from a source."""
        return [table for table in self.tables.values() if any(s.id == source for s in table.sources)]

    @property
    def sources(self) -> list[Source]:
        """The whole register, in package order."""
        return [source for package in self.packages.values() for source in package.sources.values()]

    def source(self, name: str) -> Source:
        """One source by its id. Raises KeyError when there is none."""
        return {source.id: source for source in self.sources}[name]

    def basis(self, table: PublishedTable, source: str, year: str) -> Supply | None:
        """On what basis a source supplies a table in a year."""
        chosen = table.frame[(table.frame["source"] == source) & (table.frame["time_period"] == year)]
        for supply in table.package.sources[source].supplies:
            if matches(supply.tables, table.definition.id) and covered(chosen, supply.where, supply.years).any():
                return supply
        return None


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check: what must be mended or acknowledged, what was found, and the catalogue if sound.

    errors: gate 1; open: gate 2 warnings without a limitation. `examined` holds the packages without errors, for
    reports; `catalogue`, from which everything is published, is None when there is any error.
    """

    errors: tuple[Problem, ...]
    open: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    examined: Catalogue
    catalogue: Catalogue | None

    @property
    def clean(self) -> bool:
        """Whether everything is mended or acknowledged."""
        return not self.errors and not self.open


def check(
    root: Path,
    names: Sequence[str] = (),
    progress: Progress = lambda name: None,
    *,
    beside: bool = False,
    memory: Memory | None = None,
) -> Checked:
    """Both gates over the packages named (all when none is).

    beside: the others are read too, so that rules which compare countries look as well, on both sides; else they look
    only when all packages are checked. memory: what earlier checks found of packages that did not change.
    Raises IlmsError when the structure cannot be read or a package is unknown.
    """
    memory = memory or Memory()
    shared = examine_shared(root, memory)
    known = package_ids(root)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise IlmsError(f"there is no package '{unknown[0]}'; there are {', '.join(known)}")
    errors = list(shared.faults)
    sound: dict[str, Examined] = {}
    for name in known if beside else names or known:
        progress(name)
        one = examine(root, name, shared, memory)
        if names and name not in names:
            sound |= {name: one} if one.package is not None and not one.unreadable else {}
            continue
        errors += _distinct(one.faults)
        if one.package is not None and not one.faults:
            sound[name] = one
    packages = [one.package for one in sound.values() if one.package is not None]
    errors += _register(packages)
    ledger = load_ledger(root)
    errors += altered(packages, ledger)
    alone = bool(names) and not beside
    whole = replace(assembled(shared.structure, sound, alone=alone, only=names), releases=ledger)
    found = whole.findings
    return Checked(tuple(sorted(errors)), tuple(sorted(obliging(found))), found, whole, None if errors else whole)


def assembled(
    structure: Structure, examined: Mapping[str, Examined], *, alone: bool = False, only: Sequence[str] = ()
) -> Catalogue:
    """Gate 2 over packages without errors.

    alone: each is looked at without the others; only: by all rules those named, the rest by rules across packages.
    """
    across = tuple(rule.id for rule in RULES.values() if rule.sees == BESIDE)
    views = {name: one.view for name, one in examined.items()}
    found: list[Finding] = []
    tables: dict[tuple[str, str], PublishedTable] = {}
    for name, one in examined.items():
        looked_at = replace(one.view, beside={} if alone else views)
        whole = not only or name in only
        found += findings(looked_at, () if whole else across, one.noticed if whole else None)
        tables |= one.kept("published", partial(_published, looked_at, name))
    return Catalogue(structure, {name: view.package for name, view in views.items()}, tables, tuple(found), RULES)


def _published(looked_at: PackageView, name: str) -> dict[tuple[str, str], PublishedTable]:
    return {(name, table): _publish(looked_at, table) for table in looked_at.tables}


def _distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Without our own word on a file's shape where Frictionless has spoken."""
    listed = list(problems)
    told = {problem.file for problem in listed if problem.rule not in ("readable-file", "current-descriptor")}
    return [problem for problem in listed if problem.rule != "readable-file" or problem.file not in told]


def _register(packages: Iterable[Package]) -> list[Problem]:
    """A source id is used once in the whole register, since it is an address."""
    owners: dict[str, str] = {}
    problems = []
    for package in packages:
        for source in package.sources:
            if owners.setdefault(source, package.id) != package.id:
                sentence = f"The id '{source}' is already used in {owners[source]}. Choose another."
                file = f"datapackages/{package.id}/sources.yaml"
                problems.append(Problem(file, 0, source, "unique-source", Severity.ERROR, sentence))
    return problems


def _publish(looked_at: PackageView, name: str) -> PublishedTable:
    seen = looked_at.tables[name]
    issued, told = looked_at.package.tables[name], _told(looked_at, seen)
    used, named = set(issued["source"]), {one for cell in told["limitations"].unique() for one in cell.split()}
    return PublishedTable(
        looked_at.package,
        seen.definition,
        Loan(partial(_rows, looked_at.package, name, frame_on_loan(told)), ROW * len(issued)),
        len(issued),
        tuple(source for source in looked_at.package.sources.values() if source.id in used),
        tuple(one for one in looked_at.package.limitations if one.id in named),
    )


def _rows(package: Package, name: str, told: Loan[pd.DataFrame]) -> pd.DataFrame:
    """The rows as issued, beside what is told of each."""
    columns = told()
    return package.tables[name].assign(**{str(column): columns[column] for column in columns})


def _told(looked_at: PackageView, table: TableView) -> pd.DataFrame:
    frame = table.frame
    ids = np.full(len(frame), "", dtype=object)
    for limitation in looked_at.package.limitations:
        if matches(limitation.tables, table.definition.id):
            ids[table.covered(limitation.where, limitation.years, limitation.sources)] += " " + limitation.id
    use = [WITHHELD if withheld else PUBLISHED for withheld in frame["withheld"]]
    told = pd.DataFrame({"value": frame["value"], "use": pd.Series(use, frame.index, dtype="str")})
    return told.assign(limitations=pd.Series(ids, frame.index, dtype="str").str.strip())
