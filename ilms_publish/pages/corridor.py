"""The page of a corridor: both reports apart, what each leaves out, what the gap can mean, and all its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ilms_publish.arranging import Figures
from ilms_publish.aspects import BARRED, Report
from ilms_publish.citing import bibtex_of_several, citation_of_several
from ilms_publish.comparability import Comparison, compare, report
from ilms_publish.corridors import Corridor, Meeting, Pair, Record, meetings
from ilms_publish.formats import CSV
from ilms_publish.model import Source
from ilms_publish.pages import sentences, snippets, words
from ilms_publish.pages.companions import companions
from ilms_publish.pages.comparing import Told, tell
from ilms_publish.pages.corridor_files import cited, taken
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.gap import Gap, counted, gap
from ilms_publish.pages.grid import Grid, Line, grid, keys
from ilms_publish.pages.lacking import missing
from ilms_publish.pages.moving import blocks, estimated, headline, names, noun
from ilms_publish.pages.page import About, Page, compose, with_data
from ilms_publish.pages.sharing import caveats, shared
from ilms_publish.pages.strip import Said, said, strip
from ilms_publish.structured import of_several

MOST = 3
"""Pairs of sources whose gap is read; the verdict on every pair stands beside its numbers."""
CODE = 2
"""Letters of a code; what is longer is a name."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Two reports year by year. rows: year, both values as issued, and the first for every 100 of the second.

    ratio: heading of the last column, empty when the two may not be divided.
    """

    caption: str
    heads: tuple[str, str]
    ratio: str
    rows: tuple[tuple[int, str, str, str], ...]
    told: Told


@dataclass(frozen=True, slots=True)
class Numbers:
    """One table of figures with the letters of its sources and the page they come from."""

    grid: Grid
    sources: tuple[tuple[str, Source], ...]
    target: str
    short: str


def page(edition: Edition, pair: Pair) -> Page:
    """The page of one corridor."""
    corridor = edition.corridors[pair]
    ends = names(edition, corridor)
    met = meetings(corridor)
    here, there = edition.area(corridor.origin), edition.area(corridor.destination)
    records = [*corridor.sent, *corridor.received]
    one_each = 1 if corridor.sent and corridor.received else 2
    gaps: dict[tuple[str, str], Gap] = {}
    for one in met:
        gaps.setdefault((one.first.source, one.second.source), gap(edition.structure, one, ends))
    told = _says(edition, corridor, met)
    sent, received = ([*blocks(edition, corridor, one, one_each)] for one in (corridor.sent, corridor.received))
    files, together = taken(edition, corridor), cited(edition, corridor)
    made = compose(
        _about(edition, corridor, records),
        "corridor.html",
        trail=[("Corridors", "corridors")],
        start=here,
        goal=there,
        back=edition.corridor(corridor.destination, corridor.origin),
        says=told,
        sent=sent,
        received=received,
        besides=[_beside(edition, corridor, one) for one in met if one.rows],
        apart=[_apart(edition, corridor, one) for one in met if not one.rows],
        columns=_columns(edition, records),
        answers=_answers(edition, records),
        gaps=list(gaps.values())[:MOST],
        estimates=[(estimated(edition, corridor, one), _numbers(edition, corridor, one)) for one in corridor.estimates],
        quoted=edition.quoted.get((corridor.origin, corridor.destination), []),
        numbers=[_numbers(edition, corridor, one) for one in records],
        missing=list(missing(edition, corridor)),
        files=files,
        cite=citation_of_several(together),
        bibtex=bibtex_of_several(together),
        programs=snippets.of_corridor(edition, *pair) if together.packages else [],
    )
    if together.packages:
        paths = {path: CSV.media for _, path, _ in files}
        made = with_data(made, of_several(edition.catalogue, together, made.description, paths, edition.site))
    made = replace(made, files=companions(edition, [*sent, *received]))
    first = next((one for one in (*sent, *received) if one.svg), next(iter((*sent, *received)), None))
    if first:
        return shared(made, told, first.svg, caveats(first.strip))
    told = [*told[:1], *(estimated(edition, corridor, one) for one in corridor.estimates)]
    under = [strip(edition, one.figures, one.observations, ()) for one in corridor.estimates]
    return shared(made, told, notes=list(dict.fromkeys(note for one in under for note in caveats(one))))


def _about(edition: Edition, corridor: Corridor, records: Sequence[Record]) -> About:
    ends = names(edition, corridor)
    years = words.span([year for record in records for year in record.years])
    issued = [record.figures.table.package.issued for record in [*records, *corridor.estimates]]
    return About(
        edition.corridor(corridor.origin, corridor.destination),
        f"{edition.area(corridor.origin)} to {edition.area(corridor.destination)}",
        words.plain(f"Migrants and workers from {ends[0]} in {ends[1]}: {_holds(edition, corridor, ends, years)}."),
        max(issued, default=edition.updated),
        _also(edition, corridor),
        weight=_weight(edition, corridor, len(records)),
    )


NEAR, FAR, MORE = 1.46, 1.3, 0.04
"""Weight in the search of a reported corridor: between two countries of this edition nearly that of a country, else
less; and a little more for the direction in which more people are estimated to have moved."""


def _weight(edition: Edition, corridor: Corridor, reports: int) -> float:
    back = edition.pairs.get((corridor.destination, corridor.origin))
    more = MORE if _people(corridor) > (_people(back) if back else 0) else 0
    inside = {corridor.origin, corridor.destination} <= edition.members.keys()
    return round((NEAR if inside else FAR) + more, 2) if reports else 1


def _people(corridor: Corridor) -> float:
    """The largest newest estimate of people who moved along a corridor."""
    series = [found for record in corridor.estimates for found in record.series.values()]
    return max((o.value or 0.0 for found in series for o in found[-1:] if o.usable), default=0.0)


def _holds(edition: Edition, corridor: Corridor, ends: tuple[str, str], years: str) -> str:
    """What the page holds, in the words of its description."""
    apart = ["international estimates apart"] if corridor.estimates else []
    if corridor.sent and corridor.received:
        return words.listed([f"what each reports, {years}", "who is left out", "what the gap can mean", *apart])
    if corridor.national:
        return words.listed([f"what {ends[0 if corridor.sent else 1]} reports, {years}", "who is left out", *apart])
    quoted = (corridor.origin, corridor.destination) in edition.quoted
    held = [*(["quoted figures"] if quoted else []), *(["international estimates"] if corridor.estimates else [])]
    return f"{words.listed(held) or 'nothing is held'}; neither country reports on it in a table of figures"


def _also(edition: Edition, corridor: Corridor) -> tuple[str, ...]:
    """What the search knows: the two codes, the first as the origin; what those who move are called; other names.

    The names are those of places that have no page of their own.
    """
    apart = [one for one in (corridor.origin, corridor.destination) if one not in edition.members]
    names = [name for one in apart for name in edition.also_called(one)[1:] if name != one and len(name) > CODE]
    people = edition.people(corridor.origin)
    other = [] if people.startswith(edition.area(corridor.origin)) else [people]  # the search knows it by its beginning
    return (f"{corridor.origin}→{corridor.destination}", *filter(None, other), *names)


def _says(edition: Edition, corridor: Corridor, met: Sequence[Meeting]) -> list[str]:
    ends = names(edition, corridor)
    sent, received = first(corridor.sent), first(corridor.received)
    told = [headline(edition, corridor, one, one.main[-1]) for one in (sent, received) if one]
    if not corridor.national:
        told.append(f"In this edition neither {ends[0]} nor {ends[1]} names the other in a table of figures.")
        held = [("Figures quoted in public pages", (corridor.origin, corridor.destination) in edition.quoted),
                ("International estimates", bool(corridor.estimates))]  # fmt: skip
        told += [f"{name} stand below." for name, there in held if there]
    elif not corridor.sent or not corridor.received:
        silent = ends[1] if corridor.sent else ends[0]
        told.append(f"There is no report of {silent} on this movement here, so nothing can be set beside it.")
    elif sent and received and any(one.sent is sent and one.received is received for one in met):
        told.append(_verdict(edition, (sent, received), ends))
    else:
        told.append("These two report on different movements, so neither is set beside the other.")
    return told


def first(records: Sequence[Record]) -> Record | None:
    """The report that speaks for its side: the first with a figure for both sexes."""
    return next((one for one in records if one.main), None)


def newest(pair: tuple[Record, Record]) -> tuple[tuple[Report, Report], Comparison]:
    """The newest figures of two reports, and what differs between them, their years included."""
    one, other = (report(record.figures, record.main[-1], True) for record in pair)
    return (one, other), compare(one, other, corridor=True)


def _verdict(edition: Edition, pair: tuple[Record, Record], ends: tuple[str, str]) -> str:
    """The verdict on the two figures that the lead gives, in a sentence."""
    reports, comparison = newest(pair)
    told = tell(edition.structure, comparison, ends)
    if comparison.verdict == BARRED and PLAIN & {one.aspect.id for one in comparison.deciding}:
        counts = [f"{end} counts {counted(one)} ({one.year})" for end, one in zip(ends, reports, strict=True)]
        return f"The two are {told.verdict}: {', '.join(counts)}."
    return f"The verdict on the two: {told.verdict}{f'; {told.because}' if told.because else ''}."


PLAIN = frozenset({"measure", "double_counting"})
"""Aspects that a short sentence can tell."""


def _beside(edition: Edition, corridor: Corridor, met: Meeting) -> Beside:
    ends = names(edition, corridor)
    rows = []
    for ours, theirs, ratio in met.rows:
        shown = "level in doubt" if ratio is None else f"{ratio:,.1f}".replace(",", words.THIN)
        rows.append((
            ours.year, sentences.amount(met.sent.figures, ours), sentences.amount(met.received.figures, theirs), shown,
        ))  # fmt: skip
    first, second = (
        f"{words.capital(end)}: {noun(edition, corridor, one)}"
        for end, one in zip(ends, (met.sent, met.received), strict=True)
    )
    titles = " and ".join(report.source.title for report in met.reports)
    return Beside(
        f"{titles}, {words.years([row[0] for row in rows])}",
        (first, second),
        f"{words.capital(ends[0])} for every 100 of {ends[1]}" if met.comparable else "",
        tuple(rows),
        tell(edition.structure, met.comparison, ends),
    )


def _apart(edition: Edition, corridor: Corridor, met: Meeting) -> tuple[str, Told]:
    ends = names(edition, corridor)
    first, second = (words.years([o.year for o in one.main]) for one in (met.sent, met.received))
    text = (
        f"{words.capital(noun(edition, corridor, met.sent))} ({ends[0]}, {first}) and "
        f"{noun(edition, corridor, met.received)} ({ends[1]}, {second}) have no year in common"
    )
    return text, tell(edition.structure, met.comparison, ends)


def _sources(records: Sequence[Record]) -> list[tuple[Figures, Source]]:
    found: dict[str, tuple[Figures, Source]] = {}
    for record in records:
        for o in record.observations:
            found.setdefault(o.source, (record.figures, record.figures.table.package.sources[o.source]))
    return list(found.values())


def _columns(edition: Edition, records: Sequence[Record]) -> list[tuple[str, Source]]:
    return [(edition.name(figures.table.package), source) for figures, source in _sources(records)]


def _answers(edition: Edition, records: Sequence[Record]) -> list[tuple[str, list[Said]]]:
    """The questions beside every figure and the answer of each source."""
    sources = [source for _, source in _sources(records)]
    asked = [one for one in edition.structure.quality.values() if one.strip or one.id in ASKED]
    return [(one.title, [said(edition.structure, one, source) for source in sources]) for one in asked if sources]


ASKED = ("source_type", "reference_period")


def _numbers(edition: Edition, corridor: Corridor, record: Record) -> Numbers:
    figures = record.figures
    labels = edition.structure.codelist("sex")
    lines = [Line(labels.label(sex), found) for sex, found in sorted(
        record.series.items(), key=lambda pair: list(labels.codes).index(pair[0])) if found]  # fmt: skip
    caption = f"{edition.name(figures.table.package)}: {noun(edition, corridor, record)} ({figures.definition.unit})"
    used = {o.source for o in record.observations}
    sources = tuple((key.letter, key.source) for key in keys(figures) if key.source.id in used)
    target = address(figures.table.package, figures.definition)
    return Numbers(grid(figures, caption, "Sex", lines), sources, target, figures.definition.short)
