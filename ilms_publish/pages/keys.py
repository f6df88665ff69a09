"""Key figures: a number with its year, its source, what it leaves out, and the figure that competes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ilms_publish.arranging import Figures, Observation
from ilms_publish.comparability import compare, report
from ilms_publish.model import Package
from ilms_publish.pages import figure, sentences, words
from ilms_publish.pages.comparing import Told, tell
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.strip import said

CONCEPTS = (
    ("employment", "working_age"),
    ("inflow_employed_noncitizens", "inflow_noncitizens"),
    ("outflow_employment",),
    ("nationals_abroad", "outflow_nationals"),
    ("returned_nationals",),
)
"""What a country is known by, each with the concept that stands in when the first is not held."""


@dataclass(frozen=True, slots=True)
class Rival:
    """Another value of the same concept and year, in words, with whether it counts the same."""

    text: str
    told: Told


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that is never alone. rivals: other values of the same concept and year."""

    value: str
    unit: str
    label: str
    year: int
    source: str
    source_title: str
    basis: str
    leaves_out: str
    rivals: tuple[Rival, ...]
    target: str


def country_keys(edition: Edition, package: Package) -> list[KeyFigure]:
    """The key figures of a country, those that are held."""
    found = (concept_key(edition, package, concepts) for concepts in CONCEPTS)
    return [key for key in found if key]


def estimate_keys(edition: Edition, package: Package) -> list[KeyFigure]:
    """The newest international estimates of the migrants in a country, each beside the country's own newest total."""
    own = _newest(edition, package, CONCEPTS[0])[:1]
    found = []
    for collection in edition.estimates:
        for figures in edition.of_package(collection):
            if figures.definition.concept == "international_stock" and "origin" not in figures.definition.dimensions:
                series = figure.main_series(figures, package.area)
                found += [key_figure(edition, figures, series[-1], own)] if series else []
    return found


def concept_key(edition: Edition, package: Package, concepts: Sequence[str]) -> KeyFigure | None:
    """The latest total of the first concept held; None when none is."""
    found = _newest(edition, package, concepts)
    return key_figure(edition, *found[0], found) if found else None


def _newest(edition: Edition, package: Package, concepts: Sequence[str]) -> list[tuple[Figures, Observation]]:
    """The totals of the latest year of the first concept held, that of the longest series first."""
    for concept in concepts:
        candidates = []
        for figures in edition.of_package(package):
            if figures.definition.concept == concept:
                series = figure.main_series(figures, package.area)
                candidates += [(figures, series)] if series else []
        if candidates:
            latest = max(series[-1].year for _, series in candidates)
            newest = [(one, series) for one, series in candidates if series[-1].year == latest]
            chosen = max(newest, key=lambda pair: len(pair[1]))
            return [(one, series[-1]) for one, series in (chosen, *(pair for pair in newest if pair is not chosen))]
    return []


def key_figure(
    edition: Edition, figures: Figures, latest: Observation, newest: Sequence[tuple[Figures, Observation]] = ()
) -> KeyFigure:
    """A value with its context. newest: values of the same concept and year, of which others are rivals."""
    source = figures.table.package.sources[latest.source]
    rivals: dict[tuple[str, str], Rival] = {}
    own = report(figures, latest)
    for other, observation in newest:
        if observation.value is not None and latest.value and abs(observation.value / latest.value - 1) > 0.005:
            told = f"{sentences.amount(other, observation)} by {words.small(other.definition.short)}"
            clause = sentences.source_clause(edition, other, observation)
            verdict = tell(edition.structure, compare(own, report(other, observation)), ("this", "the other"))
            rivals.setdefault((observation.source, observation.text), Rival(f"{told} ({clause})", verdict))
    return KeyFigure(
        words.number(latest.text),
        sentences.unit(figures, latest) or figures.definition.unit,
        words.capital(sentences.noun(figures, latest)),
        latest.year,
        source.id,
        source.title,
        edition.basis(figures.table, source, latest.year),
        leaves_out(edition, figures, latest),
        tuple(rivals.values()),
        address(figures.table.package, figures.definition),
    )


def leaves_out(edition: Edition, figures: Figures, observation: Observation) -> str:
    """Who is missing from the source, in words."""
    source = figures.table.package.sources[observation.source]
    concept = edition.structure.quality.get("missing_populations")
    if concept is None:
        return ""
    answer = said(edition.structure, concept, source)
    return words.small(answer.words or answer.text) if not answer.gap else words.small(answer.gap)
