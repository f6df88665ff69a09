"""The caveat strip: who is counted, who is not, by which source, with which breaks; and limitations as shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ilms_publish import derive
from ilms_publish.arranging import Figures, Observation
from ilms_publish.aspects import wider
from ilms_publish.model import Answer, Concept, Limitation, Package, Source, Structure
from ilms_publish.pages import words
from ilms_publish.pages.comparing import change_of_source
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.grid import numbering
from ilms_publish.scope import matches

UNDERSTOOD = frozenset({"source-inferred", "flags-not-carried", "edition-partial", "national-terms-unknown"})
"""Caveats that the strip need not repeat: the tag beside the source says the first, the page's list the others."""
FEW = 3
"""Concepts that are named where a scope holds all their tables; more are told by the pattern of their ids."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a quality question as shown: words, or a gap with the words of its gap code."""

    concept: Concept
    words: str
    text: str
    gap: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source beside figures: which years, how sure, and what it counts and leaves out."""

    source: Source
    type: str
    years: str
    basis: str
    told: tuple[Said, ...]
    untold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A limitation ready for its template.

    scope: tables, classes and years in words; sources: id and title of those it names; number: its footnote mark.
    """

    limitation: Limitation
    type: str
    sentence: str
    scope: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    number: int


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands under every figure."""

    population: str
    sources: tuple[SourceLine, ...]
    breaks: tuple[str, ...]
    limitations: tuple[Shown, ...]


def said(structure: Structure, concept: Concept, source: Source) -> Said:
    """A source's answer to one question, `*` standing for every question not answered singly."""
    answer = source.answers.get(concept.id) or source.answers.get("*") or Answer(gap="not_yet_documented")
    if answer.gap:
        term = structure.gap_codes.get(answer.gap)
        return Said(concept, "", term.description if term else "", term.title if term else answer.gap)
    labels = words.listed(words.small(concept.values.get(code, code)) for code in answer.codes)
    return Said(concept, words.capital(labels), answer.text, "")


def source_line(edition: Edition, figures: Figures, source: Source, years: Iterable[int]) -> SourceLine:
    """A source with the answers to the questions that stand beside every figure."""
    chosen = sorted(set(years))
    answers = [said(edition.structure, c, source) for c in edition.structure.quality.values() if c.strip]
    return SourceLine(
        source,
        edition.source_type(source),
        words.years(chosen),
        edition.bases(figures.table, source, chosen),
        tuple(one for one in answers if not one.gap),
        tuple(words.small(one.concept.title) for one in answers if one.gap),
    )


def strip(edition: Edition, figures: Figures, shown: Sequence[Observation], series: Sequence[Observation]) -> Strip:
    """The strip for the observations that a figure shows; series: the one whose breaks are told."""
    sources = []
    for source in figures.table.sources:
        years = [o.year for o in shown if o.source == source.id]
        if years:
            sources.append(source_line(edition, figures, source, years))
    touching = {name for o in shown for name in o.limitations}
    close = [one for one in figures.table.limitations if one.id in touching and one.type not in UNDERSTOOD]
    numbers = numbering(figures)
    close.sort(key=lambda one: numbers[one.id])
    listed = tuple(show(edition, figures.table.package, one, numbers[one.id]) for one in close)
    return Strip(_population(figures, sources), tuple(sources), _breaks(figures, series), listed)


def _population(figures: Figures, lines: Sequence[SourceLine]) -> str:
    """Who is counted by the table, and by a source that says it counts more."""
    named = figures.definition.population
    more = [line.source.title for line in lines if wider(line.source, figures.definition)]
    if not more:
        return named
    return f"{named}; people of all ages in {words.listed(more) if len(lines) > 1 else 'this source'}"


def _breaks(figures: Figures, shown: Sequence[Observation]) -> tuple[str, ...]:
    told = []
    for one in derive.breaks(figures, shown):
        if one.kind == "source":
            told.append(f"another source from {one.year}: {change_of_source(figures, one.before, one.after)}")
        elif one.kind == "status":
            told.append(f"break in the series at {one.year}")
    return tuple(told)


def show(edition: Edition, package: Package, limitation: Limitation, number: int = 0) -> Shown:
    """A limitation of a package with its agreed sentence and its scope in words."""
    kind = edition.structure.limitation_types.get(limitation.type)
    return Shown(
        limitation,
        kind.title if kind else limitation.type,
        kind.description if kind else "",
        tuple(_scope(edition.structure, limitation)),
        tuple((name, package.sources[name].title) for name in limitation.sources if name in package.sources),
        number,
    )


def _scope(structure: Structure, limitation: Limitation) -> Iterable[str]:
    if limitation.years:
        yield limitation.years.replace("-", "–").replace(",", ", ")
    for part in filter(None, (piece.strip() for piece in limitation.where.split(";"))):
        column, _, codes = part.partition("=")
        labels = [_label(structure, column.strip(), code.strip()) for code in codes.split("|")]
        yield words.listed(labels)
    for table in limitation.tables:
        yield structure.tables[table].short if table in structure.tables else _family(structure, table)


def _family(structure: Structure, pattern: str) -> str:
    """What the tables of a pattern such as `MST_TEMP_*` have in common: what they are about."""
    about = dict.fromkeys(one.concept for name, one in structure.tables.items() if matches((pattern,), name))
    titles = [words.small(structure.concepts[name].title) for name in about if name in structure.concepts]
    return f"all tables of {words.listed(titles)}" if 0 < len(titles) <= FEW else f"tables {pattern}"


def _label(structure: Structure, column: str, code: str) -> str:
    known = column in structure.dimensions or column in ("ref_area", "sex", "obs_status")
    return structure.codelist(column).label(code) if known else code


def of_table(edition: Edition, figures: Figures) -> list[Shown]:
    """Every limitation of a table, those that withhold first, then those of single cells, numbered."""
    numbers = numbering(figures)
    ordered = sorted(figures.table.limitations, key=lambda one: numbers[one.id])
    return [show(edition, figures.table.package, one, numbers[one.id]) for one in ordered]
