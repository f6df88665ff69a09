"""What the gap between two reports on one movement can and cannot mean, from what their sources answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ilms_publish.aspects import BARRED, CARE, Codes
from ilms_publish.comparability import Difference
from ilms_publish.corridors import Meeting
from ilms_publish.model import Structure
from ilms_publish.pages import words
from ilms_publish.pages.comparing import Told, clause, labelled, tell

UNITS = {
    "person": "persons", "permit": "permits", "contract": "contracts", "departure": "departures", "trip": "trips",
    "enterprise_report": "workers reported by employers",
}  # fmt: skip
AGAIN = {
    "permit": "one person may hold two permits in a year, and a renewal may count again",
    "contract": "a rehire may count again",
    "departure": "whoever leaves twice in a year counts twice",
    "trip": "each crossing of the border counts",
    "enterprise_report": "a worker with two employers may count twice",
}
NO, SOME = frozenset({"no"}), frozenset({"yes", "partly"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A pair of sources, the verdict on them, and what a gap between their figures can and cannot mean."""

    first: str
    second: str
    told: Told
    can: tuple[str, ...]
    cannot: tuple[str, ...]


def gap(structure: Structure, meeting: Meeting, names: tuple[str, str]) -> Gap:
    """The reading of one meeting. names: of the country of origin and the country of destination."""
    reader = _Reader(structure, meeting, names)
    first, second = (report.source.title for report in meeting.reports)
    return Gap(first, second, tell(structure, meeting.comparison, names), tuple(reader.can()), tuple(reader.cannot()))


class _Reader:
    """Reads the answers of both sides; every sentence rests on one of them."""

    def __init__(self, structure: Structure, meeting: Meeting, names: tuple[str, str]) -> None:
        self.structure, self.meeting, self.names = structure, meeting, names

    def answers(self, concept: str) -> tuple[Codes, Codes]:
        ours, theirs = self.meeting.reports
        return ours.answer(concept), theirs.answer(concept)

    def label(self, concept: str, codes: Codes) -> str:
        return labelled(self.structure, concept, codes)

    def can(self) -> Iterator[str]:
        origin, destination = self.names
        if not self.meeting.like:
            yield (
                f"How long people stay. The figure of {destination} also holds those who came in earlier years, that "
                f"of {origin} only those who left in the year; those who went home are not taken off it."
            )
        yield from self._unregistered()
        yield from self._missing()
        for name, unit in zip(self.names, self.answers("double_counting"), strict=True):
            for code in sorted(unit & AGAIN.keys()):
                yield f"The same person more than once. {words.capital(name)} counts {UNITS[code]}: {AGAIN[code]}."

    def _unregistered(self) -> Iterator[str]:
        origin, destination = self.names
        signs, counted = self.answers("migrant_criterion"), self.answers("irregular_covered")
        left = "departure_registration" in signs[0]
        if left and "work_permit" in signs[1]:
            yield (
                f"People who left without being registered in {origin} and hold a permit in {destination}: the permit "
                "does not ask how its holder left."
            )
        elif left:
            yield f"People who left without being registered in {origin} and are counted in {destination}."
        if "citizenship" in signs[1] | self.meeting_sign() and "work_permit" not in signs[1]:
            yield f"Citizens of {origin} who were born in {destination} and never left {origin}."
        if counted[0] == NO and counted[1] and counted[1] <= SOME:
            yield f"People without authorisation, whom {destination} counts at least in part and {origin} does not."
        if counted[1] == NO and counted[0] and counted[0] <= SOME:
            yield f"People without authorisation, whom {origin} counts at least in part and {destination} does not."

    def meeting_sign(self) -> Codes:
        """The sign by which the destination's table tells migrants, when its source knows several."""
        dimensions = self.meeting.received.figures.definition.dimensions
        return frozenset({"citizenship"} if "cct" in dimensions else {"country_of_birth"})

    def _missing(self) -> Iterator[str]:
        absent = self.answers("missing_populations")
        for side in (0, 1):
            here, there = absent[side], absent[1 - side]
            only = here - there - {"irregular"}
            if only and there:
                told, name, other = self.label("missing_populations", only), self.names[side], self.names[1 - side]
                yield f"{words.capital(told)}, whom {name} leaves out and {other} is not known to leave out."

    def cannot(self) -> Iterator[str]:
        origin, destination = self.names
        comparison = self.meeting.comparison
        if comparison.verdict == BARRED:
            why = "; ".join(self._short(one) for one in comparison.deciding)
            yield f"An error of either office. The two count different things ({why})."
        if not self.meeting.like:
            yield f"A share or a rate: those who left {origin} in a year are no part of a count in {destination}."
        yield self._irregular()
        silent = [one for one in comparison.differences if one.silent]
        for name, side in zip(self.names, ("first", "second"), strict=True):
            gaps = [words.small(one.aspect.title) for one in silent if not getattr(one, side)]
            if gaps:
                yield f"Anything that depends on what {name} does not document: {words.listed(gaps)}."
        if comparison.verdict == CARE:
            yield "Anything, if it is small: the differences named here are enough to explain it."

    def _short(self, one: Difference) -> str:
        return clause(self.structure, one)

    def _irregular(self) -> str:
        origin, destination = self.names
        ours, theirs = self.answers("irregular_covered")
        number = f"The number of migrants from {origin} without authorisation in {destination}."
        if theirs == NO:
            too = f", and {origin} leaves them out too" if ours == NO else ""
            return f"{number} {words.capital(destination)} leaves them out{too}."
        if not theirs:
            return f"{number} Whether {destination} counts them is not documented."
        return f"{number} {words.capital(destination)} counts them, but does not tell them apart."
