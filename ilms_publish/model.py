"""What is published, as frozen records with the names of the field (SDMX, Frictionless, ILO)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

KEY_START = ("ref_area", "sex")
OBSERVATION_END = ("time_period", "obs_value", "obs_status", "source", "note")
NO_VALUE_STATUSES = frozenset("OMLHQK")
EITHER_STATUSES = frozenset("BJS")
GAP_CODES = ("not_reported_by_source", "not_applicable", "not_yet_documented")


@dataclass(frozen=True, slots=True)
class Code:
    """One item of a codelist; `overlapping` repeats other items and is never added, `residual` is the rest."""

    code: str
    parent: str
    label: str
    description: str = ""
    scheme: str = ""
    overlapping: bool = False
    residual: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Codelist:
    """A reviewed list of codes in the order they are shown."""

    id: str
    title: str
    description: str
    source: str
    dimension: str
    codes: Mapping[str, Code]

    def label(self, code: str) -> str:
        """The code's label, or the code itself when the list does not know it."""
        known = self.codes.get(code)
        return known.label if known else code


@dataclass(frozen=True, slots=True)
class Dimension:
    """A classification dimension of a table, for instance `eco`, with its one codelist."""

    id: str
    title: str
    codelist: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table of the database: what is counted, of whom, in what unit.

    concept: tables of one concept have the same total; covers: the citizenship or birth class that the
    whole table is about; unit_mult: power of ten of one unit of `obs_value`.
    """

    id: str
    module: str
    title: str
    short: str
    question: str
    definition: str
    population: str
    concept: str
    covers: str
    measure: str
    unit: str
    unit_measure: str
    unit_mult: int
    dimensions: tuple[str, ...]
    history: tuple[Mapping[str, str], ...] = ()

    @property
    def slug(self) -> str:
        """The id in lower case: the name of the data file and of the address."""
        return self.id.lower()

    @property
    def keys(self) -> tuple[str, ...]:
        """Primary key columns, in order."""
        return (*KEY_START, *self.dimensions, "time_period", "source")

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the data file, in order."""
        return (*KEY_START, *self.dimensions, *OBSERVATION_END)

    @property
    def series(self) -> tuple[str, ...]:
        """Columns that identify one series: the key without time and source."""
        return (*KEY_START, *self.dimensions)

    @property
    def additive(self) -> bool:
        """Whether parts add to a total: numbers of persons or events do, rates and means do not."""
        return self.measure in ("stock", "flow")


@dataclass(frozen=True, slots=True)
class Concept:
    """One question of the quality questionnaire that every source answers or gives a gap code for."""

    number: int
    id: str
    title: str
    question: str
    form: str
    values: Mapping[str, str]
    strip: bool = False
    computed: bool = False
    sims: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of a small vocabulary: modules, concepts of measurement, gap codes, limitation types."""

    id: str
    title: str
    description: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """What the whole is called, and what the structure says of itself. members: column of CL_AREA that marks them."""

    title: str
    description: str
    members: str
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Structure:
    """Everything the packages share."""

    collection: Collection
    codelists: Mapping[str, Codelist]
    dimensions: Mapping[str, Dimension]
    modules: Mapping[str, Term]
    concepts: Mapping[str, Term]
    tables: Mapping[str, TableDefinition]
    quality: Mapping[str, Concept]
    gap_codes: Mapping[str, Term]
    limitation_types: Mapping[str, Term]
    rounds: pd.DataFrame

    def codelist(self, dimension: str) -> Codelist:
        """The codelist of a column: a classification dimension, `ref_area`, `sex` or `obs_status`."""
        return self.codelists[COLUMN_LISTS.get(dimension) or self.dimensions[dimension].codelist]


COLUMN_LISTS = {"ref_area": "CL_AREA", "sex": "CL_SEX", "obs_status": "CL_OBS_STATUS"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source says to one quality concept: codes, words, or a gap code."""

    codes: tuple[str, ...] = ()
    text: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """Tables and years that rest on a source, and whether that is documented or inferred."""

    tables: tuple[str, ...]
    years: str
    where: str
    basis: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of the source register."""

    id: str
    package: str
    title: str
    type: str
    url: str
    licence: Mapping[str, str]
    ilostat: tuple[str, ...]
    answers: Mapping[str, Answer]
    supplies: tuple[Supply, ...]


@dataclass(frozen=True, slots=True)
class Limitation:
    """A caveat with a scope: which tables, sources, cells and years it speaks of, and on what evidence."""

    id: str
    type: str
    action: str
    rules: tuple[str, ...]
    tables: tuple[str, ...]
    sources: tuple[str, ...]
    where: str
    years: str
    text: str
    evidence: str
    row: int

    @property
    def withholds(self) -> bool:
        """Whether the values in scope stay out of charts, totals and sentences."""
        return self.action == "withhold"


@dataclass(frozen=True, slots=True)
class Embargo:
    """Figures that are checked but not yet published. Blank scope = all.

    round: a round of rounds.csv, whose date of publication is public; else release_date, a day told to nobody.
    """

    tables: tuple[str, ...]
    years: str
    where: str
    round: str
    release_date: str


@dataclass(frozen=True, slots=True)
class Package:
    """One package folder as authored, values as text.

    tables: definition id -> frame of the columns of the definition, all text, index = line of the file;
    held: ids of all tables with a data file, readable as a table or not; release_date: the day before which nothing of
    the package is published, blank for none; embargoes: the same for some of its figures.
    """

    id: str
    area: str
    title: str
    description: str
    version: str
    edition: str
    issued: str
    licences: tuple[Mapping[str, str], ...]
    contributors: tuple[Mapping[str, object], ...]
    keywords: tuple[str, ...]
    sources: Mapping[str, Source]
    limitations: tuple[Limitation, ...]
    collection: pd.DataFrame
    imports: pd.DataFrame
    reported: pd.DataFrame
    revisions: pd.DataFrame
    held: tuple[str, ...]
    tables: Mapping[str, pd.DataFrame]
    path: Path
    release_date: str = ""
    embargoes: tuple[Embargo, ...] = ()
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)

    def file(self, table: str) -> str:
        """The data file of a table, relative to the repository root."""
        return f"datapackages/{self.id}/data/{table.lower()}.csv"

    @property
    def national(self) -> bool:
        """Whether the package holds a state's own figures (else international estimates)."""
        return bool(self.area)
