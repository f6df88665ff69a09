"""What every page reads: the catalogue, its figures arranged, its coverage, and the files beside the pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

from ilms_publish import scope
from ilms_publish.arranging import Figures, arranged
from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.citing import corridor_page, page_address
from ilms_publish.corridors import Corridor, Pair, corridors, named_years, quoted
from ilms_publish.derive import UNKNOWN_SOURCE
from ilms_publish.findings import Finding
from ilms_publish.model import Limitation, Package, Source, Structure, Supply, TableDefinition
from ilms_publish.pages import holdings
from ilms_publish.pages.holdings import Held

Drawn = TypeVar("Drawn")
UNIDENTIFIED = "not identified"


@dataclass(frozen=True)
class Edition:
    """One edition of the site.

    downloads: path of a file of the site -> its size in words; site: address of the root, empty when unknown.
    """

    catalogue: Catalogue
    downloads: Mapping[str, str]
    drawn: dict[tuple[str, str, str, str], Any] = field(default_factory=dict, compare=False, repr=False)
    site: str = ""

    def draw(self, kind: Callable[[Edition, Figures, str], Drawn], figures: Figures, area: str) -> Drawn:
        """A drawing of a table, made once however many pages show it."""
        key = kind.__name__, figures.table.package.id, figures.definition.id, area
        if key not in self.drawn:
            self.drawn[key] = kind(self, figures, area)
        return cast(Drawn, self.drawn[key])

    @property
    def structure(self) -> Structure:
        """What the packages share."""
        return self.catalogue.structure

    @cached_property
    def figures(self) -> dict[tuple[str, str], Figures]:
        """Every table with figures, by package and table."""
        return {key: held for key, held in arranged(self.catalogue).items() if held.observations}

    @cached_property
    def held(self) -> dict[tuple[str, str], Held]:
        """The state of every table in every package that could hold it."""
        return holdings.matrix(self.catalogue, self.figures)

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

    def name(self, package: Package) -> str:
        """What a package is called in a heading: the state, or the title of the estimates."""
        return self.area(package.area) if package.national else package.title

    def tables(self, national: bool = True) -> list[TableDefinition]:
        """The tables a state may fill, or those of the international estimates."""
        return [table for table in self.structure.tables.values() if holdings.is_estimate(table) != national]

    def of_package(self, package: Package) -> list[Figures]:
        """The tables with figures of a package, in the order of the structure."""
        order = list(self.structure.tables)
        found = [figures for (name, _), figures in self.figures.items() if name == package.id]
        return sorted(found, key=lambda figures: order.index(figures.definition.id))

    def of_table(self, table: str) -> list[Figures]:
        """One table in every package that has figures of it, by name of the state."""
        found = [figures for (_, name), figures in self.figures.items() if name == table]
        return sorted(found, key=lambda figures: self.name(figures.table.package))

    @cached_property
    def source_tables(self) -> dict[str, list[Figures]]:
        """The tables that rest on each source."""
        found: defaultdict[str, list[Figures]] = defaultdict(list)
        for figures in self.figures.values():
            for source in figures.table.sources:
                found[source.id].append(figures)
        return dict(found)

    @cached_property
    def pairs(self) -> dict[Pair, Corridor]:
        """Every pair of countries with any figure, if only a quoted one, and every pair of members."""
        found = corridors(self.figures.values(), list(self.members), self.structure)
        return dict(sorted(({pair: Corridor(*pair) for pair in self.quoted} | found).items()))

    @cached_property
    def corridors(self) -> dict[Pair, Corridor]:
        """The pairs that have a page: those a country reports on, or is quoted on, and those of two members."""
        return {
            pair: one for pair, one in self.pairs.items()
            if one.national or pair in self.quoted or (pair[0] in self.members and pair[1] in self.members)
        }  # fmt: skip

    @cached_property
    def named(self) -> dict[tuple[str, str], frozenset[int]]:
        """For every table the years in which it names countries."""
        return {key: named_years(figures) for key, figures in self.figures.items()}

    @cached_property
    def quoted(self) -> dict[Pair, list[dict[str, str]]]:
        """The single quoted figures on each corridor."""
        return quoted(self.national, self.structure)

    def corridor(self, origin: str, destination: str) -> str:
        """The address of a corridor's page; empty when it has none."""
        return corridor_page(origin, destination) if (origin, destination) in self.corridors else ""

    @cached_property
    def acknowledged(self) -> dict[str, list[Finding]]:
        """The findings that each limitation acknowledges."""
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self.catalogue.findings:
            for limitation in finding.acknowledged_by:
                found[limitation].append(finding)
        return dict(found)

    def limitations(self) -> list[tuple[Package, Limitation]]:
        """Every limitation with its package."""
        packages = [*self.national, *self.estimates]
        return [(package, limitation) for package in packages for limitation in package.limitations]

    @cached_property
    def _bases(self) -> dict[tuple[str, str, str, int], str]:
        found: dict[tuple[str, str, str, int], str] = {}
        for (package, name), figures in self.figures.items():
            frame = figures.table.frame
            for source in figures.table.sources:
                own = frame[frame["source"] == source.id]
                for supply in source.supplies:
                    if scope.matches(supply.tables, name):
                        for year in own.loc[scope.covered(own, supply.where, supply.years), "time_period"].unique():
                            found.setdefault((package, name, source.id, int(year[:4])), supply.basis)
        return found

    def basis(self, table: PublishedTable, source: Source, year: int) -> str:
        """`documented`, `inferred` or `not identified`: how a year of a table is known to rest on a source."""
        if source.type == UNKNOWN_SOURCE:
            return UNIDENTIFIED
        return self._bases.get((table.package.id, table.definition.id, source.id, year), "inferred")

    def supplies(self, figures: Figures, source: Source) -> list[Supply]:
        """What a source says it supplies to a table."""
        return [supply for supply in source.supplies if scope.matches(supply.tables, figures.definition.id)]

    def bases(self, table: PublishedTable, source: Source, years: Iterable[int]) -> str:
        """The same for several years: documented only when every one is."""
        found = {self.basis(table, source, year) for year in years}
        return found.pop() if len(found) == 1 else "inferred"

    def source_type(self, source: Source) -> str:
        """The type of a source in words."""
        return self.structure.codelists["CL_SOURCE_TYPE"].label(source.type)


address = page_address
