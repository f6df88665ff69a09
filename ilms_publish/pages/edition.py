"""What every page reads: the catalogue, its figures arranged, its coverage, and the files beside the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import Any, TypeVar, cast

from ilms_publish import scope
from ilms_publish.arranging import Figures
from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.citing import corridor_page, page_address
from ilms_publish.corridors import Corridor, Pair
from ilms_publish.derive import UNKNOWN_SOURCE
from ilms_publish.findings import Finding
from ilms_publish.lending import Loan
from ilms_publish.model import Limitation, Package, Source, Structure, Supply, TableDefinition
from ilms_publish.pages import holdings
from ilms_publish.pages.holdings import Held
from ilms_publish.pages.shelves import Key, Shelves
from ilms_publish.pages.watching import Note
from ilms_publish.remembering import Memory

Made = TypeVar("Made")
UNIDENTIFIED = "not identified"
SHARED = 50_000
"""Bytes of a drawing that several pages show, roughly."""


class Edition:
    """One edition of the site.

    catalogue: what is declared and shared, without figures and findings: those stand on shelves, where it is noted who
    reads them. downloads: path of a file of the site -> its size in words; site: address of the root, empty when
    unknown; memory: what was arranged for an earlier edition.
    """

    def __init__(
        self, catalogue: Catalogue, downloads: Mapping[str, str], site: str = "", memory: Memory | None = None
    ) -> None:
        self.shelves = Shelves(catalogue, downloads, memory or Memory())
        self.catalogue = self.shelves.declared
        self.figures: Mapping[Key, Figures] = self.shelves.figures
        self.held: Mapping[Key, Held] = self.shelves.held
        self.source_tables: Mapping[str, list[Figures]] = self.shelves.source_tables
        self.named: Mapping[Key, frozenset[int]] = self.shelves.named
        self.downloads: Mapping[str, str] = self.shelves.downloads
        self.site = site
        self._known: dict[Key, dict[tuple[str, int], str]] = {}
        self._made: dict[tuple[str, ...], Loan[tuple[Any, set[Note]]]] = {}

    def draw(self, kind: Callable[[Edition, Figures, str], Made], figures: Figures, area: str) -> Made:
        """A drawing of a table, made once however many pages show it."""
        key = kind.__name__, figures.table.package.id, figures.definition.id, area
        return self.once(key, lambda: kind(self, figures, area))

    def once(self, key: tuple[str, ...], make: Callable[[], Made]) -> Made:
        """What several pages show, made once; whoever asks for it has read what it was made from."""
        if key not in self._made:
            self._made[key] = Loan(partial(self._noted, make), SHARED)
        made, noted = self._made[key]()
        self.shelves.trace.note(*noted)
        return cast(Made, made)

    def _noted(self, make: Callable[[], Made]) -> tuple[Made, set[Note]]:
        with self.shelves.trace.noting() as noted:
            return make(), noted

    @property
    def structure(self) -> Structure:
        """What the packages share."""
        return self.catalogue.structure

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything the rules found."""
        return self.shelves.findings

    @property
    def pairs(self) -> Mapping[Pair, Corridor]:
        """Every pair of countries with any figure, if only a quoted one, and every pair of members."""
        return self.shelves.pairs

    @property
    def corridors(self) -> Mapping[Pair, Corridor]:
        """The pairs that have a page: those a country reports on, or is quoted on, and those of two members."""
        return self.shelves.corridors

    @property
    def quoted(self) -> Mapping[Pair, list[dict[str, str]]]:
        """The single quoted figures on each corridor."""
        return self.shelves.quoted

    @cached_property
    def national(self) -> list[Package]:
        """Packages of states, by the name of the state."""
        found = [package for package in self.catalogue.packages.values() if package.national]
        return sorted(found, key=lambda package: self.area(package.area))

    @cached_property
    def estimates(self) -> list[Package]:
        """Packages of international estimates."""
        return [package for package in self.catalogue.packages.values() if not package.national]

    @cached_property
    def members(self) -> dict[str, Package]:
        """The national packages by area."""
        return {package.area: package for package in self.national}

    @cached_property
    def updated(self) -> str:
        """The newest date of any package."""
        return max((package.issued for package in self.catalogue.packages.values()), default="")

    def area(self, code: str) -> str:
        """The name of an area."""
        return self.structure.codelists["CL_AREA"].label(code)

    def also_called(self, code: str) -> tuple[str, ...]:
        """The names of an area and its codes."""
        known = self.structure.codelists["CL_AREA"].codes.get(code)
        names = known.extra.get("aliases", "").split("|") if known else []
        return tuple(filter(None, [self.area(code), *names, code, known.extra.get("iso2", "") if known else ""]))

    def people(self, code: str) -> str:
        """What the nationals of a country are called, for the search; empty where the list of areas does not say."""
        known = self.structure.codelists["CL_AREA"].codes.get(code)
        return known.extra.get("people", "") if known else ""

    def name(self, package: Package) -> str:
        """What a package is called in a heading: the state, or the title of the estimates."""
        return self.area(package.area) if package.national else package.title

    def tables(self, national: bool = True) -> list[TableDefinition]:
        """The tables a state may fill, or those of the international estimates."""
        return [table for table in self.structure.tables.values() if holdings.is_estimate(table) != national]

    def of_package(self, package: Package) -> list[Figures]:
        """The tables with figures of a package, in the order of the structure."""
        return [self.figures[package.id, table.id] for table in self.held_by(package)]

    def held_by(self, package: Package) -> list[TableDefinition]:
        """The tables that a package has figures of, in the order of the structure."""
        return [table for table in self.structure.tables.values() if (package.id, table.id) in self.figures]

    def of_table(self, table: str) -> list[Figures]:
        """One table in every package that has figures of it, by name of the state."""
        found = [self.figures[key] for key in self.figures if key[1] == table]
        return sorted(found, key=lambda figures: self.name(figures.table.package))

    def corridor(self, origin: str, destination: str) -> str:
        """The address of a corridor's page; empty when it has none."""
        return corridor_page(origin, destination) if (origin, destination) in self.corridors else ""

    def limitations(self) -> list[tuple[Package, Limitation]]:
        """Every limitation with its package."""
        packages = [*self.national, *self.estimates]
        return [(package, limitation) for package in packages for limitation in package.limitations]

    def _bases(self, table: PublishedTable) -> dict[tuple[str, int], str]:
        """How each year of a table is known to rest on each of its sources."""
        key = table.package.id, table.definition.id
        if key not in self._known:
            found: dict[tuple[str, int], str] = {}
            self._known[key] = found
            for source in table.sources:
                own = table.frame[table.frame["source"] == source.id]
                for supply in self._supplies(table, source):
                    for year in own.loc[scope.covered(own, supply.where, supply.years), "time_period"].unique():
                        found.setdefault((source.id, int(year[:4])), supply.basis)
        return self._known[key]

    def basis(self, table: PublishedTable, source: Source, year: int) -> str:
        """`documented`, `inferred` or `not identified`: how a year of a table is known to rest on a source."""
        if source.type == UNKNOWN_SOURCE:
            return UNIDENTIFIED
        return self._bases(table).get((source.id, year), "inferred")

    def supplies(self, figures: Figures, source: Source) -> list[Supply]:
        """What a source says it supplies to a table."""
        return self._supplies(figures.table, source)

    @staticmethod
    def _supplies(table: PublishedTable, source: Source) -> list[Supply]:
        return [supply for supply in source.supplies if scope.matches(supply.tables, table.definition.id)]

    def bases(self, table: PublishedTable, source: Source, years: Iterable[int]) -> str:
        """The same for several years: documented only when every one is."""
        found = {self.basis(table, source, year) for year in years}
        return found.pop() if len(found) == 1 else "inferred"

    def source_type(self, source: Source) -> str:
        """The type of a source in words."""
        return self.structure.codelists["CL_SOURCE_TYPE"].label(source.type)


address = page_address
