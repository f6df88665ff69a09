"""The components of every SDMX dataset here: dimensions, measure and attributes, with their lists and meanings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ilms_publish.catalogue import PUBLISHED, WITHHELD, Catalogue
from ilms_publish.downloads.described import INFERRED, NOT_IDENTIFIED
from ilms_publish.model import Structure, TableDefinition

AGENCY, VERSION = "ILMS", "1.0"
SCHEME = "CS_ILMS"
TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"
UNIDENTIFIED = NOT_IDENTIFIED.replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Item:
    """A code of a list."""

    id: str
    name: str
    description: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A codelist."""

    id: str
    name: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Part:
    """A dimension or attribute. codelist: id of its list, or empty for a text (`kind` is its SDMX text type)."""

    id: str
    name: str
    description: str
    codelist: str = ""
    kind: str = "String"
    required: bool = True


FREQUENCY = Part("FREQ", "Frequency", "How often the figure is made: all here are annual.", "CL_FREQ")
SOURCE = Part(
    "SOURCE", "Source", "The source the figure rests on. A dimension, since several sources may speak of one cell.",
    "CL_SOURCE",
)  # fmt: skip
TIMES = Part(TIME, "Year", "The year the figure refers to.", kind="ObservationalTimePeriod")
MEASURE = Part(VALUE, "Value", "The figure exactly as issued; empty when OBS_STATUS says that it is missing.",
               kind="Double")  # fmt: skip
ATTRIBUTES = (
    Part("OBS_STATUS", "Observation status", "By the cross-domain list of SDMX, not by ILOSTAT’s.", "CL_OBS_STATUS"),
    Part("ILMS_USE", "Use", "Whether the figure may be used, or is withheld: kept as issued but not to be used.",
         "CL_ILMS_USE"),
    Part("ILMS_USE_REASON", "Reason for withholding", "Why a withheld figure must not be used.", required=False),
    Part("UNIT_MEASURE", "Unit", "Unit of the figure.", "CL_UNIT"),
    Part("UNIT_MULT", "Unit multiplier", "Power of ten by which the figure is to be multiplied.", kind="Integer"),
    Part("DECIMALS", "Decimals", "Decimals as issued.", kind="Integer", required=False),
    Part("SOURCE_BASIS", "Basis", "How it is known that the figure rests on its source.", "CL_SOURCE_BASIS"),
    Part("LIMITATIONS", "Limitations", "Names of the limitations that touch the figure, each with its id in brackets; "
         "the list CL_LIMITATION has their full words.", required=False),
    Part("COMMENT_OBS", "Comment", "Notes that came with the figure, as issued.", required=False),
)  # fmt: skip


def dataflow(definition: TableDefinition) -> str:
    """The id of a table's dataflow; the data structure has the same without `DF_`."""
    return f"DF_{definition.id.upper()}"


def reference(definition: TableDefinition) -> str:
    """The dataflow as SDMX-CSV names it."""
    return f"{AGENCY}:{dataflow(definition)}({VERSION})"


def dimensions(definition: TableDefinition, structure: Structure) -> list[Part]:
    """The dimensions of a table but time, in order: area, frequency, sex, classifications, source."""
    own = [_dimension(name, structure) for name in definition.series]
    return [own[0], FREQUENCY, *own[1:], SOURCE]


def _dimension(name: str, structure: Structure) -> Part:
    known = structure.dimensions[name]
    return Part(name.upper(), known.title, known.description, structure.codelist(name).id)


def concepts(structure: Structure) -> list[Part]:
    """Every component once."""
    used = dict.fromkeys(name for table in structure.tables.values() for name in table.series)
    return [*[_dimension(name, structure) for name in used], FREQUENCY, SOURCE, TIMES, MEASURE, *ATTRIBUTES]


def codelists(catalogue: Catalogue) -> list[Listed]:
    """The lists that components use: those of the structure, and those made of registers and fixed words."""
    structure = catalogue.structure
    wanted = {part.codelist for part in concepts(structure)}
    found = [
        Listed(one.id, one.title, [Item(c.code, c.label, c.description, c.parent) for c in one.codes.values()])
        for one in structure.codelists.values()
        if one.id in wanted
    ]
    sources = [Item(one.id, one.title, _kind(catalogue, one.type)) for one in catalogue.sources]
    return [
        *found,
        Listed("CL_FREQ", "Frequency", _items({"A": "Annual"})),
        Listed("CL_ILMS_USE", "Use", _items({PUBLISHED: "Published", WITHHELD: "Withheld from use"})),
        Listed("CL_SOURCE_BASIS", "Basis of a source", _items(BASES)),
        Listed("CL_SOURCE", "Sources", sources),
        Listed("CL_LIMITATION", "Limitations", _limitations(catalogue)),
    ]


BASES = {"documented": "Documented in writing", INFERRED: "Inferred from the figures", UNIDENTIFIED: "Not identified"}


def _items(names: Mapping[str, str]) -> list[Item]:
    return [Item(code, name) for code, name in names.items()]


def _kind(catalogue: Catalogue, type_: str) -> str:
    return catalogue.structure.codelists["CL_SOURCE_TYPE"].label(type_)


def _limitations(catalogue: Catalogue) -> list[Item]:
    types = catalogue.structure.limitation_types
    return [
        Item(one.id, types[one.type].title if one.type in types else one.type, one.text)
        for package in catalogue.packages.values()
        for one in package.limitations
    ]
