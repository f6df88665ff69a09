"""The structures of all tables as one SDMX-ML 2.1 message: codelists, concepts, data structures, dataflows."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads.sdmx_components import (
    AGENCY,
    ATTRIBUTES,
    MEASURE,
    SCHEME,
    TIMES,
    VALUE,
    VERSION,
    Listed,
    Part,
    codelists,
    concepts,
    dataflow,
    dimensions,
)
from ilms_publish.model import Structure, TableDefinition

HOME = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
SPACES = {"mes": f"{HOME}message", "str": f"{HOME}structure", "com": f"{HOME}common"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def structure_message(catalogue: Catalogue, updated: str) -> bytes:
    """The message. updated: date of the data, ISO 8601 with a day; never the date of the build."""
    for prefix, space in SPACES.items():
        ElementTree.register_namespace(prefix, space)
    structure = catalogue.structure
    held = [table for name, table in structure.tables.items() if catalogue.of_table(name)]
    root = Element(_tag("mes:Structure"))
    header = SubElement(root, _tag("mes:Header"))
    for name, text in (("ID", "ILMS_STRUCTURES"), ("Test", "false"), ("Prepared", f"{updated}T00:00:00Z")):
        SubElement(header, _tag(f"mes:{name}")).text = text
    SubElement(header, _tag("mes:Sender"), id=AGENCY)
    body = SubElement(root, _tag("mes:Structures"))
    _dataflows(SubElement(body, _tag("str:Dataflows")), held)
    lists = SubElement(body, _tag("str:Codelists"))
    for one in codelists(catalogue):
        _codelist(lists, one)
    _concepts(SubElement(body, _tag("str:Concepts")), concepts(structure))
    structures = SubElement(body, _tag("str:DataStructures"))
    for table in held:
        _data_structure(structures, table, structure)
    ElementTree.indent(root, " ")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _named(parent: Element, tag: str, name: str, description: str, **attributes: str) -> Element:
    """An element with a name and, where there is one, a description."""
    made = SubElement(parent, _tag(tag), attributes)
    for label, text in (("Name", name), ("Description", description)):
        if text:
            SubElement(made, _tag(f"com:{label}"), {LANGUAGE: "en"}).text = text
    return made


def _maintained(parent: Element, tag: str, id_: str, name: str, description: str = "") -> Element:
    return _named(parent, tag, name, description, id=id_, agencyID=AGENCY, version=VERSION, isFinal="true")


def _refer(parent: Element, id_: str, package: str, kind: str) -> None:
    SubElement(parent, "Ref", {"id": id_, "version": VERSION, "agencyID": AGENCY, "package": package, "class": kind})


def _dataflows(parent: Element, tables: Iterable[TableDefinition]) -> None:
    for table in tables:
        text = f"{table.definition} Population: {table.population} Unit: {table.unit}."
        made = _maintained(parent, "str:Dataflow", dataflow(table), table.title, text)
        _refer(SubElement(made, _tag("str:Structure")), table.id.upper(), "datastructure", "DataStructure")


def _codelist(parent: Element, one: Listed) -> None:
    made = _maintained(parent, "str:Codelist", one.id, one.name)
    for item in one.items:
        code = _named(made, "str:Code", item.name, item.description, id=item.id)
        if item.parent:
            SubElement(SubElement(code, _tag("str:Parent")), "Ref", {"id": item.parent})


def _concepts(parent: Element, parts: Iterable[Part]) -> None:
    scheme = _maintained(parent, "str:ConceptScheme", SCHEME, "Concepts of the ILMS tables")
    for part in parts:
        _named(scheme, "str:Concept", part.name, part.description, id=part.id)


def _data_structure(parent: Element, table: TableDefinition, structure: Structure) -> None:
    made = _maintained(parent, "str:DataStructure", table.id.upper(), table.title)
    inside = SubElement(made, _tag("str:DataStructureComponents"))
    own = dimensions(table, structure)
    group = SubElement(inside, _tag("str:DimensionList"), id="DimensionDescriptor")
    for position, part in enumerate(own, 1):
        _component(group, "str:Dimension", part, position=str(position))
    _component(group, "str:TimeDimension", TIMES, position=str(len(own) + 1))
    group = SubElement(inside, _tag("str:AttributeList"), id="AttributeDescriptor")
    for part in ATTRIBUTES:
        status = "Mandatory" if part.required else "Conditional"
        attribute = _component(group, "str:Attribute", part, assignmentStatus=status)
        relation = SubElement(attribute, _tag("str:AttributeRelationship"))
        SubElement(SubElement(relation, _tag("str:PrimaryMeasure")), "Ref", {"id": VALUE})
    group = SubElement(inside, _tag("str:MeasureList"), id="MeasureDescriptor")
    _component(group, "str:PrimaryMeasure", MEASURE)


def _component(parent: Element, tag: str, part: Part, **attributes: str) -> Element:
    made = SubElement(parent, _tag(tag), {"id": part.id} | attributes)
    identity = SubElement(made, _tag("str:ConceptIdentity"))
    SubElement(
        identity, "Ref",
        {"id": part.id, "maintainableParentID": SCHEME, "maintainableParentVersion": VERSION, "agencyID": AGENCY,
         "package": "conceptscheme", "class": "Concept"},
    )  # fmt: skip
    shape = SubElement(made, _tag("str:LocalRepresentation"))
    if part.codelist:
        _refer(SubElement(shape, _tag("str:Enumeration")), part.codelist, "codelist", "Codelist")
    else:
        SubElement(shape, _tag("str:TextFormat"), textType=part.kind)
    return made
