"""Why sources differ: worked examples whose numbers, sentences and verdicts all come from the packages, by rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ilms_publish.arranging import Figures, Observation
from ilms_publish.aspects import Codes, Report
from ilms_publish.comparability import compare, report
from ilms_publish.model import Package, Source
from ilms_publish.pages import figure, sentences, steps, words
from ilms_publish.pages.comparing import Told, labelled, tell
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.examples import CHOICES, OneYear, Quoted, Stepped
from ilms_publish.pages.figure import Block
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.pages.steps import Step
from ilms_publish.pages.strip import Said, said

ASKED = ("source_type", "reference_period")
"""Questions shown besides those of the caveat strip."""
ALONE = "No other table here follows one source across a step: what moved cannot be told from what changed."
APART = frozenset({"irregular", "small_origins"})
"""Groups not told here: of one a sentence is made, the other is in every total."""
DATED = re.compile(r"^(\d{4}): (.*)$", re.DOTALL)
"""An answer in words that starts with the year it is about."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of an example, in words, with what it rests on. size: in persons, None when given in words only."""

    what: str
    when: str
    value: str
    source: Source
    basis: str
    target: str
    report: Report | None
    size: float | None


@dataclass(frozen=True, slots=True)
class Example:
    """An example ready for its template. says: computed sentences; pairs: the verdict on every two sources."""

    id: str
    question: str
    says: tuple[str, ...]
    numbers: tuple[Number, ...]
    block: Block | None
    columns: tuple[tuple[str, Source], ...]
    answers: tuple[tuple[str, list[Said]], ...]
    pairs: tuple[tuple[str, str, Told], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One step in the list of all steps."""

    what: str
    target: str
    before: str
    after: str
    sources: tuple[Source, Source]
    told: Told


def page(edition: Edition) -> Page:
    """The examples that the figures of this edition allow, and every step of the same kind."""
    about = About(
        "why-sources-differ",
        "Why sources differ",
        "Worked examples of official figures on the same people that are far apart: what each source counts, what it "
        "leaves out, and which of them may be compared.",
        edition.updated,
    )
    examples = [one for one in (_example(edition, choice) for choice in CHOICES) if one]
    lines = [_line(edition, step) for step in steps.apart(edition)]
    return compose(about, "differing.html", examples=examples, lines=lines)


def _line(edition: Edition, step: Step) -> Line:
    figures, package = step.figures, step.figures.table.package
    before, after = (f"{sentences.amount(figures, o)} in {o.year}" for o in (step.before, step.after))
    sources = package.sources[step.before.source], package.sources[step.after.source]
    what = f"{edition.name(package)}: {words.small(figures.definition.short)}"
    told = tell(edition.structure, step.comparison)
    return Line(what, address(package, figures.definition), before, after, sources, told)


def _example(edition: Edition, choice: OneYear | Stepped) -> Example | None:
    """None when fewer than two of its numbers are in the data."""
    if isinstance(choice, OneYear):
        numbers, block = list(_of_one_year(edition, choice)), None
        says = _range(numbers)
    else:
        numbers, says, block = _of_steps(edition, choice)
    if len(numbers) < 2:
        return None
    sources = list({number.source.id: number.source for number in numbers}.values())
    asked = [one for one in edition.structure.quality.values() if one.strip or one.id in ASKED]
    answers = tuple((one.title, [said(edition.structure, one, source) for source in sources]) for one in asked)
    pairs = tuple(_pairs(edition, numbers))
    says += [_irregular(sources), *_missing(edition, sources), _verdicts(pairs)]
    columns = tuple((_place(edition, source), source) for source in sources)
    return Example(
        choice.id, choice.question, tuple(filter(None, says)), tuple(numbers), block, columns, answers, pairs
    )


def _place(edition: Edition, source: Source) -> str:
    return edition.name(edition.catalogue.packages[source.package])


def _of_one_year(edition: Edition, choice: OneYear) -> Iterator[Number]:
    year = _common_year(edition, choice.quoted)
    if not year:
        return
    for one in choice.quoted:
        package = edition.catalogue.packages[one.package]
        row = _totals(package, one.concept)[year]
        value, when = f"{words.number(row['obs_value'])} {row['unit']}", row["reference_date"]
        table, source = edition.structure.tables[one.table], package.sources[one.source]
        made = Report(source, (table,), year, area=package.area)
        size = float(row["obs_value"]) * (1000 if row["unit"].startswith("thousand") else 1)
        target = f"{address(package)}#{row['id']}"
        yield Number(words.capital(one.concept), when, value, source, "quoted", target, made, size)
    yield from _stated(edition, *choice.stated)
    name, table_id, area = choice.estimated
    figures = edition.figures.get((name, table_id))
    if figures:
        before = [o for o in figure.main_series(figures, area) if o.year <= year]
        yield from (_held(edition, figures, o) for o in before[-1:])


def _common_year(edition: Edition, quoted: Sequence[Quoted]) -> int:
    """The newest year of which every quoted total is held; 0 when there is none."""
    years: list[set[int]] = []
    for one in quoted:
        package = edition.catalogue.packages.get(one.package)
        known = package is not None and one.source in package.sources and one.table in edition.structure.tables
        years.append(set(_totals(package, one.concept)) if package and known else set())
    return max(set.intersection(*years), default=0) if years else 0


def _totals(package: Package, concept: str) -> dict[int, dict[str, str]]:
    """The quoted totals of a concept by year, as rows of reported.csv."""
    rows = [{str(key): str(value) for key, value in row.items()} for row in package.reported.to_dict("records")]
    return {
        int(row["reference_date"][:4]): row
        for row in rows
        if row["concept"] == concept and row["category"] == "total" and row["reference_date"][:4].isdigit()
    }


def _stated(edition: Edition, package: str, source_id: str, concept: str) -> Iterator[Number]:
    held = edition.catalogue.packages.get(package)
    source = held.sources.get(source_id) if held else None
    answer = source.answers.get(concept) if source else None
    if source and answer and answer.text:
        dated = DATED.match(answer.text)
        when, value = (dated[1], dated[2]) if dated else ("not dated", answer.text)
        yield Number(source.title, when, value, source, "in words", f"sources/{source.id}", None, None)


def _held(edition: Edition, figures: Figures, o: Observation) -> Number:
    package, definition = figures.table.package, figures.definition
    source = package.sources[o.source]
    value = f"{words.number(o.text)} {sentences.unit(figures, o) or definition.unit}"
    basis, target = edition.basis(figures.table, source, o.year), address(package, definition)
    size = (o.value or 0.0) * 10.0**definition.unit_mult
    noun, short = sentences.noun(figures, o), words.small(definition.short)
    what = words.capital(short if short.startswith(noun) else f"{noun}: {short}")
    return Number(what, str(o.year), value, source, basis, target, report(figures, o), size)


def _of_steps(edition: Edition, choice: Stepped) -> tuple[list[Number], list[str], Block | None]:
    """Numbers, sentences and drawing of a table with steps; those that may be compared are no example."""
    figures = edition.figures.get((choice.package, choice.table))
    found = [one for one in steps.steps(figures) if not one.comparison.usable] if figures else []
    if figures is None or not found:
        return [], [], None
    shown: list[tuple[Figures, Observation]] = []
    for step in found:
        shown += [(figures, step.before), (figures, step.after)]
        other = steps.control(edition, step)
        if other:
            shown += [(other.figures, other.before), (other.figures, other.after)]
            shown += [(figures, other.later[0]), (other.figures, other.later[1])] if other.later else []
    for name in choice.beside:
        beside = edition.figures.get((choice.package, name))
        if beside:
            shown += [(beside, o) for o in steps.series(beside) if o.year == found[-1].after.year]
    unique = {(one.definition.id, o.year): (one, o) for one, o in shown}
    numbers = [_held(edition, one, o) for one, o in unique.values()]
    says = [text for step in found for text in steps.told(edition, step)]
    if not any(steps.control(edition, step) for step in found):
        says.append(ALONE)
    return numbers, says, edition.draw(figure.over_time, figures, figures.table.package.area)


def _range(numbers: Sequence[Number]) -> list[str]:
    sized = sorted((one for one in numbers if one.size), key=lambda one: one.size or 0.0)
    if len(sized) < 2:
        return []
    low, high = (f"{one.value} ({one.source.title}, {one.when})" for one in (sized[0], sized[-1]))
    return [f"The lowest of these numbers is {low}, the highest {high}."]


def _irregular(sources: Sequence[Source]) -> str:
    """Which sources count people without authorisation, from their answers."""
    groups = ("left out by", {"no"}), ("counted by", {"yes"}), ("counted in part by", {"partly"})
    told, known = [], set()
    for words_of, codes in groups:
        titles = [one.title for one in sources if _codes(one, "irregular_covered") == codes]
        known |= set(titles)
        told += [f"{words_of} {words.listed(titles)}"] if titles else []
    rest = [one.title for one in sources if one.title not in known]
    told += [f"for {words.listed(rest)} it is not documented"] if rest else []
    return f"People without authorisation are {'; '.join(told)}." if known else ""


def _missing(edition: Edition, sources: Sequence[Source]) -> Iterator[str]:
    for one in sources:
        codes = _codes(one, "missing_populations") - APART
        if codes:
            yield f"{one.title} leaves out {words.small(labelled(edition.structure, 'missing_populations', codes))}."


def _codes(source: Source, concept: str) -> Codes:
    answer = source.answers.get(concept)
    return frozenset(answer.codes) - {"unknown"} if answer else frozenset()


def _verdicts(pairs: Sequence[tuple[str, str, Told]]) -> str:
    apart = sum(told.modifier in ("barred", "unknown") for _, _, told in pairs)
    if len(pairs) < 2:
        return ""
    many = "all" if apart == len(pairs) else words.number(str(apart)) if apart else "none"
    return f"Of the {words.count(len(pairs), 'pair')} of sources with a number, {many} must be kept apart."


def _pairs(edition: Edition, numbers: Iterable[Number]) -> Iterator[tuple[str, str, Told]]:
    """Every two sources of an example once, by the first number of each."""
    first = {number.source.id: number for number in reversed(list(numbers)) if number.report}
    ordered = sorted(first.values(), key=lambda one: one.source.id)
    for one, other in combinations(ordered, 2):
        if one.report and other.report:
            names = one.source.title, other.source.title
            yield *names, tell(edition.structure, compare(one.report, other.report))
