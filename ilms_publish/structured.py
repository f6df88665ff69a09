"""Machine-readable descriptions of pages by schema.org: the collection, each package and each table of figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.citing import Several, across, citation, citation_of_several, of_countries, page_address, title
from ilms_publish.formats import CORRIDORS, CSV, Format, across_formats, package_formats, table_formats, whole_formats
from ilms_publish.model import Package, TableDefinition

Json = dict[str, Any]
LONGEST = 5000
"""Characters of a description that search engines read."""
SCRIPT_SAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def descriptions(catalogue: Catalogue, site: str = "") -> dict[str, str]:
    """Address of a page -> its description as JSON-LD that is safe inside a page.

    site: address of the site's root with a slash at the end; empty when unknown, then links are relative.
    """
    made = {"": _catalogue(catalogue, Links("", site))}
    years = {key: _years(table) for key, table in catalogue.tables.items()}  # package by package, as they are lent

    def dated(told: Json, keys: Iterable[tuple[str, str]]) -> Json:
        return told | {"temporalCoverage": _span([years[key] for key in keys])}

    made["corridors"] = _corridors(catalogue, Links("corridors", site))
    for package in catalogue.packages.values():
        here = page_address(package)
        told = _package(catalogue, package, Links(here, site))
        made[here] = dated(told, [key for key in years if key[0] == package.id])
    for key, table in catalogue.tables.items():
        here = page_address(table.package, table.definition)
        made[here] = dated(_table(catalogue, table, Links(here, site)), [key])
    for name, definition in catalogue.structure.tables.items():
        held = [table for table in catalogue.of_table(name) if table.package.national]
        if held:
            here = across(definition)
            told = _countries(catalogue, definition, held, Links(here, site))
            made[here] = dated(told, [(table.package.id, name) for table in held])
    return {here: script(content) for here, content in made.items()}


def script(content: Mapping[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    whole = {"@context": "https://schema.org"} | dict(content)
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(SCRIPT_SAFE)


class Links:
    """Writes addresses for one page: absolute when the site's address is known."""

    def __init__(self, here: str, site: str) -> None:
        self.root = site or ("../" * (here.count("/") + 1) if here else "./")

    def page(self, address: str) -> str:
        """A page of the site."""
        return f"{self.root}{address}/" if address else self.root

    def files(self, paths: Mapping[Format, str]) -> list[Json]:
        """Files as downloads."""
        return [
            {"@type": "DataDownload", "name": one.title, "encodingFormat": one.media, "contentUrl": self.root + path}
            for one, path in paths.items()
        ]


def _catalogue(catalogue: Catalogue, links: Links) -> Json:
    packages = catalogue.packages.values()
    return {
        "@type": "DataCatalog",
        "@id": f"{links.page('')}#catalogue",
        "name": catalogue.structure.collection.title,
        "description": catalogue.structure.collection.description,
        "url": links.page(""),
        "dateModified": max((package.issued for package in packages), default=""),
        "isAccessibleForFree": True,
        "dataset": [_linked(package, links) for package in packages],
        "distribution": links.files({one: one.of_all for one in whole_formats()}),
    }


def _linked(package: Package, links: Links) -> Json:
    here = links.page(page_address(package))
    return _licensed({"@type": "Dataset", "@id": f"{here}#dataset", "name": package.title, "url": here,
                      "description": package.description}, package)  # fmt: skip


def _package(catalogue: Catalogue, package: Package, links: Links) -> Json:
    paths = {one: one.of_package(package.id) for one in package_formats(package.national)}
    tables = catalogue.of_package(package.id)
    own = {
        "identifier": package.id,
        "citation": citation(catalogue, package),
        "variableMeasured": [table.definition.title for table in tables],
        "distribution": links.files(paths),
    }
    return _linked(package, links) | _common(catalogue, package, links) | own


def _table(catalogue: Catalogue, table: PublishedTable, links: Links) -> Json:
    package, definition = table.package, table.definition
    here = links.page(page_address(package, definition))
    formats = table_formats(package.national)
    caveats = " ".join(one.text for one in table.limitations)
    text = f"{definition.definition} Unit: {definition.unit}. Limitations: {caveats or 'none recorded.'}"
    own = {
        "@type": "Dataset",
        "@id": f"{here}#dataset",
        "name": title(catalogue, package, table),
        "description": text if len(text) <= LONGEST else text[: LONGEST - 1] + "…",
        "url": here,
        "identifier": f"{package.id}/{definition.slug}",
        "citation": citation(catalogue, package, table),
        "variableMeasured": {
            "@type": "PropertyValue", "name": definition.short, "description": definition.definition,
            "unitText": definition.unit,
        },
        "measurementTechnique": [source.title for source in table.sources],
        "isPartOf": {"@id": f"{links.page(page_address(package))}#dataset"},
        "distribution": links.files({one: one.of_table(package.id, definition.slug) for one in formats}),
    }  # fmt: skip
    addresses = [source.url for source in table.sources if source.url]
    return _licensed(own | ({"isBasedOn": addresses} if addresses else {}), package) | _common(
        catalogue, package, links
    )


def of_several(catalogue: Catalogue, told: Several, description: str, files: Mapping[str, str], site: str = "") -> str:
    """The description of a page that shows figures of several packages, as JSON-LD that is safe inside it.

    description: what the page shows; files: path of a file in which its figures stand -> its media type.
    """
    links = Links(told.place, site)
    offered = [{"@type": "DataDownload", "encodingFormat": media, "contentUrl": links.root + path}
               for path, media in files.items()]  # fmt: skip
    return script(_several(catalogue, told, links) | {"description": description, "distribution": offered})


def _several(catalogue: Catalogue, told: Several, links: Links) -> Json:
    """What is true of any figures of several packages."""
    here = links.page(told.place)
    return {
        "@type": "Dataset",
        "@id": f"{here}#dataset",
        "name": told.title,
        "url": here,
        "identifier": told.place,
        "citation": citation_of_several(told),
        "measurementTechnique": list(dict.fromkeys(told.sources)),
        "license": list(dict.fromkeys(name for one in told.packages for name in _licensed({}, one)["license"])),
        "dateModified": max((one.issued for one in told.packages), default=""),
        "isAccessibleForFree": True,
        "includedInDataCatalog": _within(catalogue, links),
    }


def _countries(catalogue: Catalogue, definition: TableDefinition, held: list[PublishedTable], links: Links) -> Json:
    """A table with every country in it."""
    packages = [table.package for table in held]
    areas = catalogue.structure.codelists["CL_AREA"]
    parts = [links.page(page_address(one, definition)) for one in packages]
    return _several(catalogue, of_countries(definition, held), links) | {
        "description": f"{definition.definition} Unit: {definition.unit}. Countries stand below one another as issued; "
        "sources and people counted are not the same everywhere. Each row has its source and limitations.",
        "variableMeasured": {"@type": "PropertyValue", "name": definition.short, "unitText": definition.unit},
        "hasPart": [{"@id": f"{part}#dataset"} for part in parts],
        "spatialCoverage": [{"@type": "Place", "name": areas.label(one.area)} for one in packages],
        "distribution": links.files({one: one.of_countries(definition.slug) for one in across_formats()}),
    }


def _corridors(catalogue: Catalogue, links: Links) -> Json:
    """The figures on pairs of countries, of which each corridor's page shows a part."""
    title = f"Figures on pairs of countries, {catalogue.structure.collection.title}"
    sources = [one.title for one in catalogue.sources]
    file = {"@type": "DataDownload", "name": CSV.title, "encodingFormat": CSV.media}
    several = Several("corridors", title, "corridors", list(catalogue.packages.values()), sources)
    return _several(catalogue, several, links) | {
        "description": "What the country of origin and the country of destination report of those who went from one to "
        "the other, beside international estimates: each figure with its source and limitations, none withheld.",
        "distribution": [file | {"contentUrl": links.root + CORRIDORS}],
    }


def _within(catalogue: Catalogue, links: Links) -> Json:
    name = catalogue.structure.collection.title
    return {"@type": "DataCatalog", "@id": f"{links.page('')}#catalogue", "name": name}


def _licensed(content: Json, package: Package) -> Json:
    return content | {"license": [str(one.get("path") or one.get("title") or one["name"]) for one in package.licences]}


def _common(catalogue: Catalogue, package: Package, links: Links) -> Json:
    made: Json = {
        "version": package.version,
        "dateModified": package.issued,
        "keywords": list(package.keywords),
        "isAccessibleForFree": True,
        "creator": [{"@type": "Organization", "name": str(one.get("title", ""))} for one in package.contributors],
        "includedInDataCatalog": _within(catalogue, links),
    }
    if package.national:
        name = catalogue.structure.codelists["CL_AREA"].label(package.area)
        made["spatialCoverage"] = {"@type": "Place", "name": name}
    return made


def _years(table: PublishedTable) -> tuple[str, ...]:
    """First and last year."""
    years = sorted(table.frame["time_period"].unique())
    return (years[0], years[-1]) if years else ()


def _span(years: list[tuple[str, ...]]) -> str:
    """The interval that holds all years."""
    ends = [year for one in years for year in one]
    return f"{min(ends)}/{max(ends)}" if ends else ""
