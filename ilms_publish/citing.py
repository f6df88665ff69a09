"""How to cite a table or a package, as text and as BibTeX, from what is declared."""

from __future__ import annotations

import re

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
    lines = ",\n".join(f"  {name} = {{{text}}}" for name, text in fields.items())
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
