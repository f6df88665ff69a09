"""The catalogue of all datasets and their files by DCAT 3, as Turtle and as JSON-LD, from one list of statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.citing import page_address, title
from ilms_publish.downloads.described import day
from ilms_publish.filling import length_of, sha256_of
from ilms_publish.formats import CATALOGUES, Format, table_formats
from ilms_publish.model import Package

TURTLE, JSONLD = CATALOGUES
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
MEDIA = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class Link:
    """A thing by its address."""

    iri: str


@dataclass(frozen=True, slots=True)
class Text:
    """A value. kind: `@en` for words, else a datatype such as `xsd:date`, empty for plain text."""

    value: str
    kind: str = "@en"


Value = Link | Text
Node = tuple[str, str, list[tuple[str, Value]]]
"""Address, type, and what is said of it."""


def dcat_files(catalogue: Catalogue, files: Mapping[str, bytes], site: str = "") -> dict[str, bytes]:
    """Both forms. site: address of the site's root; empty when unknown, then addresses are relative to the file."""
    root = site or "../../"
    nodes = list(_nodes(catalogue, files, root))
    return {TURTLE: turtle(nodes).encode(), JSONLD: jsonld(nodes).encode()}


def _nodes(catalogue: Catalogue, files: Mapping[str, bytes], root: str) -> Iterator[Node]:
    packages, whole = catalogue.packages.values(), catalogue.structure.collection
    newest = max((package.issued for package in packages), default="")
    tables = list(catalogue.tables.values())
    yield f"{root}#catalogue", "dcat:Catalog", [
        ("dct:title", Text(whole.title)), ("dct:description", Text(whole.description)), ("dct:modified", _date(newest)),
        ("dct:publisher", Link(f"{root}#publisher")), ("foaf:homepage", Link(root)),
        *[("dcat:dataset", Link(_id(table, root))) for table in tables],
    ]  # fmt: skip
    yield f"{root}#publisher", "foaf:Agent", [("foaf:name", Text("ILMS Publish contributors", ""))]
    for package in packages:
        yield from _agents(package, root)
    for table in tables:
        yield from _dataset(catalogue, table, files, root)


def _date(issued: str) -> Text:
    return Text(day(issued), "xsd:date")


def _id(table: PublishedTable, root: str) -> str:
    return f"{root}{page_address(table.package, table.definition)}/#dataset"


def _agents(package: Package, root: str) -> Iterator[Node]:
    for iri, one in zip(_agent_ids(package, root), package.contributors, strict=True):
        yield iri, "foaf:Agent", [("foaf:name", Text(str(one.get("title", "")), ""))]


def _agent_ids(package: Package, root: str) -> list[str]:
    return [f"{root}{page_address(package)}/#agent-{number}" for number, _ in enumerate(package.contributors, 1)]


def _dataset(catalogue: Catalogue, table: PublishedTable, files: Mapping[str, bytes], root: str) -> Iterator[Node]:
    package, definition, here = table.package, table.definition, _id(table, root)
    paths = {one: one.of_table(package.id, definition.slug) for one in table_formats(package.national)}
    years = sorted(table.frame["time_period"].unique())
    caveats = " ".join(one.text for one in table.limitations)
    said: list[tuple[str, Value]] = [
        ("dct:title", Text(title(catalogue, package, table))),
        ("dct:description", Text(f"{definition.definition} Unit: {definition.unit}. Limitations: {caveats}")),
        ("dct:identifier", Text(f"{package.id}/{definition.slug}", "")),
        ("dct:modified", _date(package.issued)),
        ("dcat:version", Text(package.version, "")),
        ("dcat:landingPage", Link(here.removesuffix("#dataset"))),
        *[("dcat:keyword", Text(word)) for word in package.keywords],
        *[("dct:contributor" if number else "dct:publisher", Link(agent))
          for number, agent in enumerate(_agent_ids(package, root))],
        *_licences(package),
        *[("dcat:distribution", Link(f"{root}{path}#distribution")) for path in paths.values() if path in files],
    ]  # fmt: skip
    if package.national:
        said.append(("dct:spatial", Link(COUNTRY + package.area)))
    if years:
        said.append(("dct:temporal", Link(f"{here}-years")))
        yield f"{here}-years", "dct:PeriodOfTime", [
            ("dcat:startDate", Text(years[0], "xsd:gYear")), ("dcat:endDate", Text(years[-1], "xsd:gYear"))
        ]  # fmt: skip
    yield here, "dcat:Dataset", said
    for one, path in paths.items():
        if path in files:
            yield from _distribution(package, one, root, path, files)


def _licences(package: Package) -> list[tuple[str, Value]]:
    """The licence by its address, or in words where it has none."""
    return [
        ("dct:license", Link(one["path"])) if one.get("path") else ("dct:rights", Text(one.get("title") or one["name"]))
        for one in package.licences
    ]


def _distribution(package: Package, one: Format, root: str, path: str, files: Mapping[str, bytes]) -> Iterator[Node]:
    here = f"{root}{path}#distribution"
    yield here, "dcat:Distribution", [
        ("dct:title", Text(one.title)), ("dct:description", Text(one.purpose)),
        ("dcat:accessURL", Link(root + path)), ("dcat:downloadURL", Link(root + path)),
        ("dcat:mediaType", Link(MEDIA + one.media.partition(";")[0])),
        ("dcat:byteSize", Text(str(length_of(files, path)), "xsd:nonNegativeInteger")),
        ("spdx:checksum", Link(f"{here}-sum")), *_licences(package),
    ]  # fmt: skip
    yield (
        f"{here}-sum",
        "spdx:Checksum",
        [
            ("spdx:algorithm", Link(f"{PREFIXES['spdx']}checksumAlgorithm_sha256")),
            ("spdx:checksumValue", Text(sha256_of(files, path), "xsd:hexBinary")),
        ],
    )


def turtle(nodes: Iterable[Node]) -> str:
    """The statements as Turtle."""
    lines = [f"@prefix {name}: <{space}> ." for name, space in PREFIXES.items()]
    for iri, kind, said in nodes:
        told = [f"    {name} {_turtle(value)}" for name, value in said]
        lines += ["", f"<{iri}> a {kind} ;", " ;\n".join(told) + " ."]
    return "\n".join(lines) + "\n"


def _turtle(value: Value) -> str:
    if isinstance(value, Link):
        return f"<{value.iri}>"
    quoted = json.dumps(value.value, ensure_ascii=False)  # its escapes are Turtle's too
    return quoted + (value.kind if value.kind.startswith("@") else f"^^{value.kind}" if value.kind else "")


def jsonld(nodes: Iterable[Node]) -> str:
    """The statements as JSON-LD."""
    graph = []
    for iri, kind, said in nodes:
        node: dict[str, object] = {"@id": iri, "@type": kind}
        values: dict[str, list[dict[str, str]]] = {}
        for name, value in said:
            values.setdefault(name, []).append(_json(value))
        graph.append(node | values)
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _json(value: Value) -> dict[str, str]:
    if isinstance(value, Link):
        return {"@id": value.iri}
    if value.kind.startswith("@"):
        return {"@value": value.value, "@language": value.kind[1:]}
    return {"@value": value.value} | ({"@type": value.kind} if value.kind else {})
