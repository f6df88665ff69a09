"""Machine-readable descriptions of pages by schema.org: the collection, each package and each table of figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.citing import citation, page_address, title
from ilms_publish.formats import Format, package_formats, table_formats, whole_formats
from ilms_publish.model import Package

Json = dict[str, Any]
LONGEST = 5000
"""Characters of a description that search engines read."""
SCRIPT_SAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def descriptions(catalogue: Catalogue, site: str = "") -> dict[str, str]:
    """Address of a page -> its description as JSON-LD that is safe inside a page.

    site: address of the site's root with a slash at the end; empty when unknown, then links are relative.
    """
    made = {"": _catalogue(catalogue, Links("", site))}
    for package in catalogue.packages.values():
        here = page_address(package)
        made[here] = _package(catalogue, package, Links(here, site))
    for table in catalogue.tables.values():
        here = page_address(table.package, table.definition)
        made[here] = _table(catalogue, table, Links(here, site))
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
        "temporalCoverage": _years(tables),
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
        "temporalCoverage": _years([table]),
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


def _licensed(content: Json, package: Package) -> Json:
    return content | {"license": [str(one.get("path") or one.get("title") or one["name"]) for one in package.licences]}


def _common(catalogue: Catalogue, package: Package, links: Links) -> Json:
    made: Json = {
        "version": package.version,
        "dateModified": package.issued,
        "keywords": list(package.keywords),
        "isAccessibleForFree": True,
        "creator": [{"@type": "Organization", "name": str(one.get("title", ""))} for one in package.contributors],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": f"{links.page('')}#catalogue",
            "name": catalogue.structure.collection.title,
        },
    }
    if package.national:
        name = catalogue.structure.codelists["CL_AREA"].label(package.area)
        made["spatialCoverage"] = {"@type": "Place", "name": name}
    return made


def _years(tables: list[PublishedTable]) -> str:
    """First and last year as an interval."""
    years = sorted(year for table in tables for year in table.frame["time_period"].unique())
    return f"{years[0]}/{years[-1]}" if years else ""
