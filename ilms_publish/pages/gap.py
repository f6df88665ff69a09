"""What a gap between two reports on one movement may and may not tell, from what their sources answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ilms_publish.aspects import ASPECTS, BARRED, CARE, WORKERS, Codes, Report
from ilms_publish.comparability import Difference
from ilms_publish.corridors import Meeting
from ilms_publish.model import Structure
from ilms_publish.pages import words
from ilms_publish.pages.comparing import Told, labelled, tell

UNITS = {
    "person": "persons", "permit": "permits", "contract": "contracts", "departure": "departures", "trip": "trips",
    "enterprise_report": "workers reported by employers",
}  # fmt: skip
AGAIN = {
    ("permit", "stock"): "one person may hold more than one",
    ("permit", "flow"): "one person may be given several in a year, and a renewal may count again",
    ("contract", "stock"): "one person may have more than one",
    ("contract", "flow"): "whoever is hired again may count again",
    ("departure", "flow"): "whoever leaves twice in a year counts twice",
    ("trip", "flow"): "each crossing of the border counts",
    ("enterprise_report", "stock"): "a worker with two employers may count twice",
    ("enterprise_report", "flow"): "a worker with two employers may count twice",
}
"""How one person can stand behind several units, by the unit and by what the table measures."""
MOMENT = {"stock": "at a moment", "flow": "in a year"}
WIDER = frozenset({"people", "working_age", "all_ages"})
"""Groups that hold people who work and people who do not."""
SAMPLES = frozenset({"LFS", "HS"})
NO, PARTLY = frozenset({"no"}), frozenset({"partly"})
OF_THE_LIST = frozenset({"irregular", "small_origins"})
"""Groups that are no reason here: one is asked about by itself, the other concerns only countries not named."""
ORIGIN, DESTINATION, EITHER = 0, 1, 2
Reason = tuple[int, str]
"""Whose figure a reason makes larger, and the reason."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A pair of sources and the verdict on them. groups: reasons by their direction; not_shown: what no gap tells."""

    first: str
    second: str
    told: Told
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    not_shown: tuple[str, ...]


def gap(structure: Structure, meeting: Meeting, names: tuple[str, str]) -> Gap:
    """The reading of one meeting. names: of the country of origin and the country of destination."""
    reader = _Reader(structure, meeting, names)
    first, second = (report.source.title for report in meeting.reports)
    found = list(reader.reasons())
    heads = (
        (DESTINATION, f"What makes the figure of {names[1]} larger"),
        (ORIGIN, f"What makes the figure of {names[0]} larger"),
        (EITHER, "What can work either way"),
    )
    groups = [(head, tuple(text for side, text in found if side == wanted)) for wanted, head in heads]
    told = tell(structure, meeting.comparison, names)
    return Gap(first, second, told, tuple(one for one in groups if one[1]), tuple(reader.not_shown()))


def counted(report: Report) -> str:
    """What a report counts: `departures in a year`, `permits at a moment`."""
    units = sorted(UNITS[code] for code in report.answer("double_counting") & UNITS.keys())
    return f"{words.listed(units) or 'people or events'} {MOMENT[report.tables[0].measure]}"


class _Reader:
    """Reads the answers of both sides; every sentence rests on one of them."""

    def __init__(self, structure: Structure, meeting: Meeting, names: tuple[str, str]) -> None:
        self.structure, self.meeting, self.names = structure, meeting, names

    def answers(self, concept: str) -> tuple[Codes, Codes]:
        ours, theirs = self.meeting.reports
        return ours.answer(concept), theirs.answer(concept)

    def reasons(self) -> Iterator[Reason]:
        yield from self._time()
        yield from self._wider()
        yield from self._unregistered()
        yield from self._sign()
        yield from self._irregular()
        for side in (ORIGIN, DESTINATION):
            yield from self._absent(side)
        yield from self._again()
        for name, report in zip(self.names, self.meeting.reports, strict=True):
            if report.source.type in SAMPLES:
                yield EITHER, f"Chance: {name} asks a sample of households."

    def _time(self) -> Iterator[Reason]:
        origin, destination = self.names
        measures = tuple(report.tables[0].measure for report in self.meeting.reports)
        if measures == ("flow", "stock"):
            yield (
                DESTINATION,
                f"Those who came in earlier years and stayed: {destination} counts them too, {origin} only those who "
                "left in the year.",
            )
            yield ORIGIN, f"Those who left in the year and were gone again when {destination} counted."
        elif measures == ("flow", "flow"):
            yield EITHER, "Leaving in one year and being recorded on arrival in the next."
        if not self.meeting.rows:
            years = f"{self.meeting.first.year} ({origin}) and {self.meeting.second.year} ({destination})"
            yield EITHER, f"What changed between the newest years held, {years}; no year is held of both."

    def _wider(self) -> Iterator[Reason]:
        ours, theirs = (PEOPLE.read(report) for report in self.meeting.reports)
        origin, destination = self.names
        if theirs == WORKERS and ours and ours <= WIDER:
            yield ORIGIN, f"People who do not work: {origin} counts them too, {destination} workers only."
        if ours == WORKERS and theirs and theirs <= WIDER:
            yield DESTINATION, f"People who do not work: {destination} counts them too, {origin} workers only."

    def _unregistered(self) -> Iterator[Reason]:
        origin, destination = self.names
        left, there = self.answers("migrant_criterion")
        if "departure_registration" not in left:
            return
        if "work_permit" in there:
            yield (
                DESTINATION,
                f"Those who left without being registered in {origin} and hold a permit in {destination}: it does not "
                "ask how its holder left.",
            )
        else:
            yield DESTINATION, f"Those who left without being registered in {origin} and are counted in {destination}."

    def _sign(self) -> Iterator[Reason]:
        """Citizenship or birth, as the table of the destination tells migrants."""
        origin, destination = self.names
        if "work_permit" in self.answers("migrant_criterion")[1]:
            return
        if "cbr" in self.meeting.received.figures.definition.dimensions:
            yield (
                DESTINATION,
                f"Those born in {origin} who are no longer its citizens, or never were: {destination} goes by birth, "
                f"{origin} counts its nationals.",
            )
        else:
            yield DESTINATION, f"Citizens of {origin} who were born in {destination} and never left {origin}."

    def _irregular(self) -> Iterator[Reason]:
        counted = self.answers("irregular_covered")
        for side in (ORIGIN, DESTINATION):
            here, there = counted[side], counted[1 - side]
            if there == NO and here and not here & NO:
                part = " in part" if here == PARTLY else ""
                name, other = self.names[side], self.names[1 - side]
                yield side, f"People without authorisation: {name} counts them{part}, {other} does not."

    def _absent(self, side: int) -> Iterator[Reason]:
        """Groups that one side leaves out make the figure of the other side larger, if it holds them."""
        absent = self.answers("missing_populations")
        other = self.meeting.reports[1 - side]
        only = absent[side] - absent[1 - side] - OF_THE_LIST
        if PEOPLE.read(other) == WORKERS:
            only -= {"dependants"}
        if only:
            name, there = self.names[side], self.names[1 - side]
            known = f"not known to be left out by {there}" if absent[1 - side] else f"whether {there} does is not known"
            told = words.capital(words.small(labelled(self.structure, "missing_populations", only)))
            yield 1 - side, f"{told}: left out by {name}, {known}."

    def _again(self) -> Iterator[Reason]:
        for side, unit in enumerate(self.answers("double_counting")):
            measure = self.meeting.reports[side].tables[0].measure
            for code in sorted(unit):
                if (code, measure) in AGAIN:
                    name = words.capital(self.names[side])
                    yield side, f"One person more than once: {name} counts {UNITS[code]}; {AGAIN[code, measure]}."

    def not_shown(self) -> Iterator[str]:
        origin, destination = self.names
        comparison = self.meeting.comparison
        if comparison.verdict == BARRED:
            why = words.listed(_title(one) for one in comparison.deciding)
            yield f"That either office is wrong. They count different things; what differs is: {why}."
        if not self.meeting.like:
            yield f"A share or a rate: those who left {origin} in a year are no part of a count in {destination}."
        yield f"How many people from {origin} are in {destination} without authorisation: {self._without()}."
        silent = [one for one in comparison.differences if one.silent]
        for name, side in zip(self.names, ("first", "second"), strict=True):
            gaps = [_title(one) for one in silent if not getattr(one, side)]
            if gaps:
                yield f"Anything that rests on what {name} does not document: {words.listed(gaps)}."
        if comparison.verdict == CARE:
            yield "Anything, if the gap is small: the reasons above are enough to explain it."

    def _without(self) -> str:
        origin, destination = self.names
        ours, theirs = self.answers("irregular_covered")
        if theirs == NO:
            return f"{destination} leaves them out{f', and so does {origin}' if ours == NO else ''}"
        if not theirs:
            return f"whether {destination} counts them is not documented"
        return f"{destination} counts them{' in part' if theirs == PARTLY else ''}, but does not tell them apart"


def _title(one: Difference) -> str:
    return words.small(one.aspect.title)


PEOPLE = next(one for one in ASPECTS if one.id == "people")
