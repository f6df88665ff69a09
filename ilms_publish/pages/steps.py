"""Steps: where a series changes its level with its source, and what the other source says across the step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ilms_publish import derive
from ilms_publish.arranging import Figures, Observation
from ilms_publish.comparability import Comparison, compare, report
from ilms_publish.pages import figure, sentences, words
from ilms_publish.pages.comparing import tell
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.sentences import LARGE


@dataclass(frozen=True)
class Step:
    """Two neighbouring totals of one table from two sources, far apart in level."""

    figures: Figures
    before: Observation
    after: Observation
    comparison: Comparison

    @property
    def factor(self) -> float:
        """The later value by the earlier one; both are above zero."""
        return (self.after.value or 0.0) / (self.before.value or 1.0)

    @property
    def size(self) -> float:
        """How far apart the two are, whichever is larger."""
        return max(self.factor, 1 / self.factor)


@dataclass(frozen=True)
class Control:
    """Another table of the same concept in which one of the two sources goes on across the step.

    later: the newest year in which the two tables rest on the two different sources, one total of each.
    """

    figures: Figures
    before: Observation
    after: Observation
    later: tuple[Observation, Observation] | None


def series(figures: Figures) -> tuple[Observation, ...]:
    """The totals of a country's table."""
    return figure.main_series(figures, figures.table.package.area)


def steps(figures: Figures) -> list[Step]:
    """The steps of one table that a change of source may explain; levels in doubt are left out."""
    found = []
    for one in derive.breaks(figures, series(figures)):
        pair = one.before, one.after
        if one.kind != "source" or not all(o.value and o.value > 0 for o in pair):
            continue
        step = Step(figures, *pair, compare(report(figures, one.before), report(figures, one.after)))
        if step.size >= LARGE and not derive.touched(figures, pair, derive.DOUBTFUL):
            found.append(step)
    return found


def apart(edition: Edition) -> list[Step]:
    """Every step of a national table whose two sources may not be compared, in the order of the tables."""
    tables = [one for one in edition.figures.values() if one.table.package.national]
    return [step for one in tables for step in steps(one) if not step.comparison.usable]


def control(edition: Edition, step: Step) -> Control | None:
    """The table that shows what one of the two sources says in both years."""
    definition = step.figures.definition
    sources = {step.before.source, step.after.source}
    for other in edition.of_package(step.figures.table.package):
        if other is step.figures or other.definition.concept != definition.concept:
            continue
        if (other.definition.unit_measure, other.definition.unit_mult) != (
            definition.unit_measure,
            definition.unit_mult,
        ):
            continue
        held = {o.year: o for o in series(other)}
        before, after = held.get(step.before.year), held.get(step.after.year)
        if before and after and before.source == after.source in sources:
            return Control(other, before, after, _later(step, held))
    return None


def _later(step: Step, held: dict[int, Observation]) -> tuple[Observation, Observation] | None:
    sources = {step.before.source, step.after.source}
    pairs = [(o, held[o.year]) for o in series(step.figures) if o.year in held]
    return next(((o, other) for o, other in reversed(pairs) if {o.source, other.source} == sources), None)


def told(edition: Edition, step: Step) -> Iterator[str]:
    """The step in sentences: the two values, the change of source, and what goes on across it."""
    figures, before, after = step.figures, step.before, step.after
    noun = sentences.noun(figures, after)
    change = f"{step.factor:.1f} times as many" if step.factor > 1 else f"{words.percent(step.factor)} of that number"
    yield (
        f"{words.capital(noun)}: {sentences.amount(figures, before)} in {before.year}, "
        f"{sentences.amount(figures, after)} in {after.year}, which is {change}."
    )
    verdict = tell(edition.structure, step.comparison)
    sources = figures.table.package.sources
    yield (
        f"Between the two years the source changes, from {sources[before.source].title} to "
        f"{sources[after.source].title}: {verdict.verdict}{f', {verdict.because}' if verdict.because else ''}."
    )
    found = control(edition, step)
    if found:
        yield from _across(step, found)


def _across(step: Step, found: Control) -> Iterator[str]:
    figures = found.figures
    sources = figures.table.package.sources
    factor = (found.after.value or 0.0) / (found.before.value or 1.0)
    same = max(factor, 1 / factor) < LARGE if factor > 0 else False
    way = "more" if factor >= 1 else "less"
    yield (
        f"{figures.definition.short} rests on {sources[found.before.source].title} in both years: "
        f"{sentences.amount(figures, found.before)} and {sentences.amount(figures, found.after)}, "
        f"{words.percent(abs(factor - 1))} {way}."
    )
    if same:
        yield "It shows no such step: a line drawn across the change of source would show a movement nobody measured."
    else:
        yield "It changes much as well, so the change of source need not be all of the step."
    if found.later:
        one, other = found.later
        yield (
            f"For {one.year} both sources give a number: {sentences.amount(step.figures, one)} "
            f"({sources[one.source].title}) and {sentences.amount(figures, other)} ({sources[other.source].title})."
        )
