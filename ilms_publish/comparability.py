"""Whether two figures count the same thing: what differs between their makings, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ilms_publish.arranging import CURRENCY, Figures, Observation
from ilms_publish.aspects import (
    ALL_AGES,
    ASPECTS,
    CARE,
    OF_THE_SOURCE,
    ORDER,
    SAME,
    TELLING,
    Aspect,
    Codes,
    Report,
    Verdict,
)
from ilms_publish.derive import UNKNOWN_SOURCE
from ilms_publish.model import Source, TableDefinition


@dataclass(frozen=True, slots=True)
class Difference:
    """An aspect in which two figures differ, or in which one of them does not answer."""

    aspect: Aspect
    outcome: Verdict
    first: Codes
    second: Codes

    @property
    def silent(self) -> bool:
        """Whether an answer is missing rather than different."""
        return not self.first or not self.second


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict on two figures with every difference behind it, in the order of the aspects."""

    verdict: Verdict
    differences: tuple[Difference, ...]

    @property
    def deciding(self) -> tuple[Difference, ...]:
        """The differences that lead to the verdict."""
        return tuple(one for one in self.differences if one.outcome == self.verdict)

    @property
    def usable(self) -> bool:
        """Whether the two may stand side by side, with care or without."""
        return self.verdict in (SAME, CARE)


def compare(first: Report, second: Report, corridor: bool = False) -> Comparison:
    """What differs between two figures and whether they may be compared.

    corridor: the two are the reports of two countries on one movement, one on those who left, one on those who came.
    """
    alike = first.source.id == second.source.id and first.source.type != UNKNOWN_SOURCE
    found = []
    for aspect in ASPECTS:
        one, other = aspect.read(first), aspect.read(second)
        if one is None or other is None or (corridor and aspect.id == "movement"):
            continue
        if aspect.id == "classifications" and _dimension(one) != _dimension(other):
            continue
        if alike and (aspect.id in OF_THE_SOURCE or not (one or other)):
            continue
        outcome = aspect.outcome(one, other)
        if outcome != SAME:
            found.append(Difference(aspect, outcome, one, other))
    if any(one.aspect.id == "measure" and not one.silent for one in found):  # the periods differ by that already
        found = [one for one in found if one.aspect.id != "reference_period"]
    outcomes = {one.outcome for one in found}
    return Comparison(next((verdict for verdict in ORDER if verdict in outcomes), SAME), tuple(found))


def _dimension(classes: Codes) -> set[str]:
    return {one.split(":")[0] for one in classes}


def report(figures: Figures, observation: Observation, dated: bool = False) -> Report:
    """What an observation rests on. dated: whether its year is to be compared too."""
    source = figures.table.package.sources[observation.source]
    year = observation.year if dated else None
    currency = observation.codes.get(CURRENCY, "")
    area = observation.codes["ref_area"]
    types = {figures.limitations[name].type for name in observation.limitations if name in figures.limitations}
    doubts = frozenset(types & set(TELLING))
    ages = ALL_AGES if "all-ages" in types else frozenset()
    return Report(source, (figures.definition,), year, _schemes(figures, observation), currency, area, doubts, ages)


def _schemes(figures: Figures, observation: Observation) -> Codes:
    """The schemes of the classes told apart beside an observation; lists of countries have no editions."""
    name = "schemes", observation.year, observation.source
    if name not in figures.kept:
        figures.kept[name] = _schemes_of(figures, observation)
    found: Codes = figures.kept[name]
    return found


def _schemes_of(figures: Figures, observation: Observation) -> Codes:
    codes = figures.structure.codelist(figures.classes).codes if figures.classes else {}
    if not codes or any(code.extra.get("area") for code in codes.values()):
        return frozenset()
    when = observation.year, observation.source
    beside = [o for o in figures.observations if o.usable and (o.year, o.source) == when]
    schemes = {codes[o.codes[figures.classes]].scheme for o in beside} - {""}
    return frozenset(f"{figures.classes}:{scheme}" for scheme in schemes)


def of_source(source: Source, tables: Sequence[TableDefinition]) -> Report:
    """A source by itself, with all tables that rest on it."""
    return Report(source, tuple(tables))


FAMILIES = {"PC": "households", "LFS": "households", "HS": "households", "ES": "enterprises", "OE": "estimates",
            "IE": "international", UNKNOWN_SOURCE: ""}  # fmt: skip


def family(source: Source) -> str:
    """The broad kind of a source: households, enterprises, register, estimates, international; empty if unknown."""
    return FAMILIES.get(source.type, "register")


def groups(reports: Sequence[Report]) -> list[list[int]]:
    """Positions of reports that may be compared: one family of source, and every pair same or with care.

    The largest group comes first; a report that fits in no group stands alone.
    """
    found: list[list[int]] = []
    for place, one in enumerate(reports):
        for group in found:
            kin = family(reports[group[0]].source) == family(one.source) != ""
            if kin and all(compare(reports[other], one).usable for other in group):
                group.append(place)
                break
        else:
            found.append([place])
    return sorted(found, key=lambda group: (-len(group), group[0]))
