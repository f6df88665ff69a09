"""How to cite a table or a package, as text and as BibTeX, from what is declared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.model import Package, TableDefinition

SPECIAL = re.compile(r"([&%$#_{}])")


def citation(catalogue: Catalogue, package: Package, table: PublishedTable | None = None) -> str:
    """Publisher, title, edition, version, address on this site, original sources, licence."""
    place = page_address(package, table.definition if table else None)
    sources = ""
    if table:
        sources = " Original sources: " + "; ".join(source.title for source in table.sources) + "."
    return (
        f"{publisher(package)}. {title(catalogue, package, table)}. {package.edition}. ILMS Publish, package "
        f"{package.id}, version {package.version} of {package.issued}, /{place}/.{sources} Licence: {licence(package)}."
    )


@dataclass(frozen=True, slots=True)
class Several:
    """Figures of several packages that stand together at one address. sources: titles of where they come from."""

    name: str
    title: str
    place: str
    packages: Sequence[Package]
    sources: Sequence[str]

    @property
    def publishers(self) -> str:
        """Who published the editions."""
        return "; ".join(dict.fromkeys(publisher(one) for one in self.packages)) or "ILMS Publish"

    @property
    def versions(self) -> str:
        """The packages with version and date."""
        return ", ".join(f"{one.id} {one.version} of {one.issued}" for one in self.packages) or "none"

    @property
    def remarks(self) -> str:
        """Original sources and licences."""
        sources = f"Original sources: {'; '.join(dict.fromkeys(self.sources))}. " if self.sources else ""
        licences = "; ".join(dict.fromkeys(licence(one) for one in self.packages))
        return f"{sources}Licence: {licences}" if licences else sources.strip()


def of_countries(table: TableDefinition, held: Sequence[PublishedTable]) -> Several:
    """A table with every country in it. held: the table of each."""
    title = f"{table.title}, every country that has the table"
    sources = [source.title for one in held for source in one.sources]
    return Several(f"tables-{table.slug}", title, across(table), [one.package for one in held], sources)


def across(table: TableDefinition) -> str:
    """The page of a table in every country, below the site's root."""
    return f"tables/{table.slug}"


def citation_of_several(it: Several) -> str:
    """Publishers, title, packages with version and date, address on this site, original sources, licences."""
    told = f"{it.publishers}. {it.title}. ILMS Publish, packages {it.versions}, /{it.place}/."
    return f"{told} {it.remarks}".strip().removesuffix(".") + "."


def bibtex_of_several(it: Several) -> str:
    """The same as an entry for a reference manager; the date is that of the newest edition."""
    issued = max((one.issued for one in it.packages), default="")
    fields = {
        "author": "{" + plain(it.publishers) + "}",
        "title": "{" + plain(it.title) + "}",
        "year": issued[:4],
        "version": plain(it.versions),
        "date": issued,
        "howpublished": plain(f"ILMS Publish, /{it.place}/"),
        "note": plain(it.remarks),
    }
    return _entry(f"ilms-{it.name}", fields)


def bibtex(catalogue: Catalogue, package: Package, table: PublishedTable | None = None) -> str:
    """The same as an entry for a reference manager. Nothing in it is typeset as a command."""
    place = page_address(package, table.definition if table else None)
    sources = "; ".join(source.title for source in table.sources) if table else ""
    note = f"Original sources: {sources}. " if sources else ""
    fields = {
        "author": "{" + plain(publisher(package)) + "}",
        "title": "{" + plain(title(catalogue, package, table)) + "}",
        "year": package.issued[:4],
        "edition": plain(package.edition),
        "version": package.version,
        "date": package.issued,
        "howpublished": plain(f"ILMS Publish, /{place}/"),
        "note": plain(f"{note}Licence: {licence(package)}"),
    }
    key = f"ilms-{package.id}" + (f"-{table.definition.slug}" if table else "")
    return _entry(key, fields)


def _entry(key: str, fields: Mapping[str, str]) -> str:
    lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items() if text)
    return f"@misc{{{key},\n{lines}\n}}\n"


def plain(text: str) -> str:
    """A text that BibTeX prints as it is."""
    return SPECIAL.sub(r"\\\1", text.replace("\\", "/").replace("~", "-").replace("^", " "))


def title(catalogue: Catalogue, package: Package, table: PublishedTable | None) -> str:
    """The title of what is cited."""
    if table is None:
        return package.title
    areas = catalogue.structure.codelists["CL_AREA"]
    return f"{table.definition.title}, {areas.label(package.area) if package.national else package.title}"


def publisher(package: Package) -> str:
    """The first contributor, who published the edition."""
    return str(package.contributors[0].get("title", "")) if package.contributors else ""


def licence(package: Package) -> str:
    """The licences of a package in words."""
    return "; ".join(str(one.get("title") or one.get("name") or one.get("path")) for one in package.licences)


def corridor_page(origin: str, destination: str) -> str:
    """The page of a pair of areas, below the site's root."""
    return f"corridors/{origin}-{destination}".lower()


def page_address(package: Package, table: TableDefinition | None = None) -> str:
    """The address of a package's page or of one of its tables, below the root of the site."""
    home = f"{'countries' if package.national else 'estimates'}/{package.id}"
    return f"{home}/{table.slug}" if table else home
