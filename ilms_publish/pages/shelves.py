"""The figures and findings of an edition on watched shelves, each with a mark of what stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache, cached_property, partial

from ilms_publish.arranging import Figures, arrange
from ilms_publish.catalogue import Catalogue
from ilms_publish.corridors import Corridor, Entry, Pair, corridor, directory, named_years, place_dimension, quoted
from ilms_publish.findings import Finding
from ilms_publish.fingerprints import fingerprint
from ilms_publish.lending import ROW, Loan
from ilms_publish.marking import declared, marks, of_declared
from ilms_publish.model import Package
from ilms_publish.pages import holdings
from ilms_publish.pages.holdings import Held
from ilms_publish.pages.watching import Note, Trace, Watched
from ilms_publish.remembering import Memory

Key = tuple[str, str]
"""Package and table."""
OF_A_PAIR = 50 * ROW
"""Bytes of what one table holds on a pair of countries, roughly."""


class Shelves:
    """What pages read besides what is declared. `declared` is the catalogue without any of it.

    sizes: path of a file of the site -> its size in words; memory: figures arranged for an earlier edition.
    """

    def __init__(self, catalogue: Catalogue, sizes: Mapping[str, str], memory: Memory) -> None:
        self.trace = Trace()
        self.marks = marks(catalogue)
        self.declared = declared(catalogue)
        packages = self.declared.packages
        self._tables = {key: of_declared(one, packages) for key, one in catalogue.tables.items() if one.count}
        self._all_findings = catalogue.findings
        self._sizes = sizes
        self._memory = memory
        self._arranged: dict[Key, Figures] = {}
        self._meeting: dict[Pair, Loan[Corridor]] = {}
        self._known: dict[Note, str] = {}
        self._holdings = holdings.possible_tables(self.declared)
        self._resting: defaultdict[str, list[Key]] = defaultdict(list)
        for key, table in self._tables.items():
            for source in table.sources:
                self._resting[source.id].append(key)
        self.figures = Watched("figures", self.trace, self._tables, self._figures)
        self.held = Watched("held", self.trace, self._holdings, cache(self._held))
        self.source_tables = Watched("source_tables", self.trace, self._resting, self._resting_on)
        self.named = Watched("named", self.trace, self._tables, cache(lambda key: named_years(self._figures(key))))
        self.downloads = Watched("downloads", self.trace, sizes, sizes.__getitem__)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything the rules found."""
        self.trace.note(("findings", ""))
        return self._all_findings

    @cached_property
    def quoted(self) -> dict[Pair, list[dict[str, str]]]:
        """The single quoted figures on each corridor."""
        return quoted(self._national, self.declared.structure)

    @cached_property
    def pairs(self) -> Watched[Pair, Corridor]:
        """Every pair of countries with any figure, if only a quoted one, and every pair of members."""
        return Watched("pairs", self.trace, self._pairs, self._corridor)

    @cached_property
    def corridors(self) -> Watched[Pair, Corridor]:
        """The pairs that have a page: those a country reports on, or is quoted on, and those of two members."""
        members = {package.area for package in self._national}
        packages = self.declared.packages
        kept = [pair for pair, entries in self._pairs.items()
                if any(packages[one.key[0]].national for one in entries)
                or pair in self.quoted or members.issuperset(pair)]  # fmt: skip
        return Watched("corridors", self.trace, kept, self._corridor)

    def mark(self, note: Note) -> str:
        """What stands where something was read; blank for what is not there."""
        if note not in self._known:
            self._known[note] = self._mark(note)
        return self._known[note]

    def _mark(self, note: Note) -> str:
        shelf, key = note
        if key is None:
            return fingerprint(list(getattr(self, shelf)))
        match shelf:
            case "downloads":
                return self._sizes.get(key, "")
            case "findings":
                return self.marks.findings
            case "source_tables":
                rests_on = self._resting.get(key, [])
            case "pairs" | "corridors":
                rests_on = [entry.key for entry in self._pairs.get(key, ())]
            case _:
                rests_on = [key]
        return fingerprint([(one, self.marks.tables.get(one, "")) for one in rests_on])

    def _figures(self, key: Key) -> Figures:
        if key not in self._arranged:
            made_from = f"{key} {self.marks.declared} {self.marks.tables[key]}"
            structure = self.declared.structure
            self._arranged[key] = self._memory.live(made_from, lambda: arrange(self._tables[key], structure))
        return self._arranged[key]

    def _held(self, key: Key) -> Held:
        package, table = self.declared.packages[key[0]], self.declared.structure.tables[key[1]]
        return holdings.held(package, table, self._figures(key) if key in self._tables else None)

    def _resting_on(self, source: str) -> list[Figures]:
        return [self._figures(key) for key in self._resting[source]]

    @cached_property
    def _national(self) -> list[Package]:
        return [package for package in self.declared.packages.values() if package.national]

    @cached_property
    def _pairs(self) -> dict[Pair, list[Entry]]:
        members, structure = [package.area for package in self._national], self.declared.structure
        naming = [key for key in self._tables if place_dimension(structure.tables[key[1]], structure)]
        found = directory((self._figures(key) for key in naming), members, structure)
        return dict(sorted(({pair: [] for pair in self.quoted} | found).items()))

    def _corridor(self, pair: Pair) -> Corridor:
        if pair not in self._meeting:
            entries = self._pairs[pair]
            make = partial(corridor, pair, entries, self._figures)
            self._meeting[pair] = Loan(make, OF_A_PAIR * len(entries))
        return self._meeting[pair]()
