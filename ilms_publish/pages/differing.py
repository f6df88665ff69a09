"""Why sources differ: worked examples, with every number taken from the packages and every verdict computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from ilms_publish.aspects import Report
from ilms_publish.comparability import compare, report
from ilms_publish.model import Source
from ilms_publish.pages import figure, sentences, words
from ilms_publish.pages.comparing import Told, tell
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.figure import Block
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.pages.strip import Said, said

ASKED = ("source_type", "statistical_population", "reference_period", "processing_estimation")
"""Questions shown besides those of the caveat strip."""


@dataclass(frozen=True, slots=True)
class Held:
    """A total that is held: of a table in a year, for an area where the package has several."""

    package: str
    table: str
    year: int
    area: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quoted figure; source and table: what in the register and in the database it belongs to."""

    package: str
    row: str
    source: str
    table: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that the register of sources gives in the words of an answer only."""

    package: str
    source: str
    concept: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The choice behind an example: a question, the numbers, a table to draw, and what is to be learnt from it."""

    id: str
    question: str
    numbers: tuple[Held | Quoted | Stated, ...]
    drawn: tuple[str, str] | None
    lesson: str


PASSES, SURVEY, EMPLOYED = "mys-immigration-plks", "mys-dosm-lfs", "MST_NCTE_SEX_CCT_NB"
CHOICES = (
    Choice(
        "malaysia",
        "How many foreigners work in Malaysia?",
        (
            Quoted("mys", "mys-c1230571", PASSES, EMPLOYED),
            Quoted("mys", "mys-23c31a8d", SURVEY, EMPLOYED),
            Stated("mys", "mys-worldbank-irregular", "time_coverage"),
            Held("undesa", "undesa_stock", 2015, "MYS"),
        ),
        None,
        "The register knows the passes that are valid on a day, and nobody without one. The survey knows the "
        "people whom it finds in private living quarters; how many of them lack a pass is not documented. The "
        "study was made to take in those whom a register cannot know. The United Nations estimate is of people of "
        "all ages, whether they work or not. Each answers its own question, so whoever quotes one of them should "
        "say which.",
    ),
    Choice(
        "thailand",
        "Did the number of foreign workers in Thailand double from one year to the next?",
        (
            Held("tha", EMPLOYED, 2020),
            Held("tha", EMPLOYED, 2021),
            Held("tha", "MST_TEMP_SEX_ECO_CCT_NB", 2020),
            Held("tha", "MST_TEMP_SEX_ECO_CCT_NB", 2021),
            Held("tha", "MST_TEMP_SEX_ECO_CCT_NB", 2024),
            Held("tha", EMPLOYED, 2024),
        ),
        ("tha", EMPLOYED),
        "In one table the source changes within the series: a survey for some years, permits before and after. In "
        "another table the survey goes on, and it shows no such step. The step is the change of source. A line drawn "
        "through both would show a movement that nobody measured, so it is broken where the source changes.",
    ),
    Choice(
        "philippines",
        "How many Filipinos are abroad?",
        (
            Held("phl", "MNA_TPOP_SEX_CRS_NB", 1999),
            Held("phl", "MNA_TPOP_SEX_CRS_NB", 2000),
            Held("phl", "MNA_TPOP_SEX_CRS_NB", 2013),
            Held("phl", "MNA_TPOP_SEX_CRS_NB", 2014),
            Held("phl", "MNA_OEMP_SEX_CDS_NB", 2014),
        ),
        ("phl", "MNA_TPOP_SEX_CRS_NB"),
        "The survey asks families at home about members who left for work in recent years, and cannot hear of a family "
        "that left as a whole. The estimate is of everyone abroad, those who settled for good and their descendants "
        "included. The register counts departures for work in one year, each time that a person leaves, and not the "
        "people who are abroad.",
    ),
)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of an example, in words, with what it rests on."""

    what: str
    when: str
    value: str
    source: Source
    basis: str
    target: str
    report: Report | None


@dataclass(frozen=True, slots=True)
class Example:
    """An example ready for its template. pairs: the verdict on every two sources."""

    choice: Choice
    numbers: tuple[Number, ...]
    block: Block | None
    columns: tuple[tuple[str, Source], ...]
    answers: tuple[tuple[str, list[Said]], ...]
    pairs: tuple[tuple[str, str, Told], ...]


def page(edition: Edition) -> Page:
    """The examples that the figures of this edition allow."""
    about = About(
        "why-sources-differ",
        "Why sources differ",
        "Worked examples of official figures on the same people that are far apart and all correct: what each source "
        "counts, what it leaves out, and which of them may be compared.",
        edition.updated,
    )
    examples = [one for one in (_example(edition, choice) for choice in CHOICES) if one]
    return compose(about, "differing.html", examples=examples)


def _example(edition: Edition, choice: Choice) -> Example | None:
    """None when fewer than two of its numbers are in the data."""
    numbers = tuple(number for one in choice.numbers for number in _number(edition, one))
    if len(numbers) < 2:
        return None
    sources = list({number.source.id: number.source for number in numbers}.values())
    asked = [one for one in edition.structure.quality.values() if one.strip or one.id in ASKED]
    answers = tuple((one.title, [said(edition.structure, one, source) for source in sources]) for one in asked)
    drawn = edition.figures.get(choice.drawn) if choice.drawn else None
    block = edition.draw(figure.over_time, drawn, drawn.table.package.area) if drawn else None
    columns = tuple((_place(edition, source), source) for source in sources)
    return Example(choice, numbers, block, columns, answers, tuple(_pairs(edition, numbers)))


def _place(edition: Edition, source: Source) -> str:
    return edition.name(edition.catalogue.packages[source.package])


def _number(edition: Edition, one: Held | Quoted | Stated) -> Iterator[Number]:
    """The number as it stands in the data; nothing when it is not there."""
    package = edition.catalogue.packages.get(one.package)
    if package is None:
        return
    if isinstance(one, Held):
        yield from _held(edition, one)
        return
    source = package.sources.get(one.source)
    if source is None:
        return
    if isinstance(one, Stated):
        answer = source.answers.get(one.concept)
        if answer and answer.text:
            when = edition.structure.quality[one.concept].title
            yield Number(source.title, words.small(when), answer.text, source, "in words", f"sources/{source.id}", None)
        return
    table = edition.structure.tables.get(one.table)
    for row in package.reported.to_dict("records"):
        if row["id"] == one.row and table:
            value = f"{words.number(str(row['obs_value']))} {row['unit']}"
            when, target = str(row["reference_date"]), f"{address(package)}#{one.row}"
            made = Report(source, (table,), int(when[:4]), area=package.area)
            yield Number(words.capital(str(row["concept"])), when, value, source, "quoted", target, made)


def _held(edition: Edition, one: Held) -> Iterator[Number]:
    figures = edition.figures.get((one.package, one.table))
    if figures is None:
        return
    area = one.area or figures.table.package.area
    for o in figure.main_series(figures, area):
        if o.year == one.year:
            source = figures.table.package.sources[o.source]
            yield Number(
                words.capital(sentences.noun(figures, o)), str(o.year),
                f"{words.number(o.text)} {sentences.unit(figures, o) or figures.definition.unit}", source,
                edition.basis(figures.table, source, o.year), address(figures.table.package, figures.definition),
                report(figures, o),
            )  # fmt: skip


def _pairs(edition: Edition, numbers: Iterable[Number]) -> Iterator[tuple[str, str, Told]]:
    """Every two sources of an example once, by the first number of each."""
    first = {number.source.id: number for number in reversed(list(numbers)) if number.report}
    ordered = sorted(first.values(), key=lambda one: one.source.id)
    for one, other in combinations(ordered, 2):
        if one.report and other.report:
            names = one.source.title, other.source.title
            yield *names, tell(edition.structure, compare(one.report, other.report))
