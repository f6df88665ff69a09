"""The page of a country: what is known, from whom, how far to trust it, what is missing, and where to read on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from ilms_publish.arranging import Figures
from ilms_publish.citing import bibtex
from ilms_publish.derive import UNKNOWN_SOURCE
from ilms_publish.model import Package, Source
from ilms_publish.pages import figure, snippets, words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.figure import Block
from ilms_publish.pages.holdings import Held, possible
from ilms_publish.pages.keys import country_keys, estimate_keys
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.pages.sharing import caveats, shared
from ilms_publish.pages.strip import Shown, SourceLine, show, source_line
from ilms_publish.pages.take import citation, licence, package_files
from ilms_publish.svg import plain
from ilms_publish.templating import finished

Drawing = Callable[[Edition, Figures, str], Block | None]
LISTED = ("cct", "cbr", "cds", "crs", "cpr")
SPAN = 25
"""Years drawn as squares in the list of tables; earlier ones are said in words."""
OFTEN = 5
"""Limitations with the same evidence from which on it is told once for all."""
MOST_CORRIDORS = 16
"""Corridors in one direction that are all named here; more stand in the index of corridors."""
ANY = (*LISTED, "eco", "ocu", "edu", "age", "ste")
# Title; concepts in order of preference; the classes looked for; what is drawn.
THEMES: tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[Drawing, ...]], ...] = (
    ("Migrants at work", ("employment", "working_age"), ANY, (figure.over_time,)),
    ("Where they come from", ("employment", "working_age"), LISTED, (figure.by_class,)),
    ("The work they do", ("employment",), ("eco",), (figure.by_class,)),
    ("Their occupations", ("employment",), ("ocu",), (figure.by_class,)),
    ("Arrivals", ("inflow_employed_noncitizens", "inflow_noncitizens"), ANY, (figure.over_time,)),
    ("Departures of nationals for work", ("outflow_employment",), ANY, (figure.over_time,)),
    ("Where nationals go to work", ("outflow_employment",), LISTED, (figure.by_class,)),
    ("Nationals abroad", ("nationals_abroad", "outflow_nationals"), LISTED, (figure.over_time, figure.by_class)),
    ("Pay", ("earnings",), ("",), (figure.sides_over_time,)),
    ("Returns", ("returned_nationals",), LISTED, (figure.over_time, figure.by_class)),
)


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table in a list: its years, the kinds of its sources, and its caveats."""

    held: Held
    target: str
    types: str
    limitations: int


def page(edition: Edition, package: Package) -> Page:
    """The page of a country."""
    place = edition.area(package.area)
    held = [edition.held[key] for key in edition.held if key[0] == package.id]
    keys = country_keys(edition, package)
    years = [year for one in held for year in one.years]
    about = About(
        address(package),
        place,
        words.plain(
            f"Labour migration statistics of {words.place(place)}: migrant workers, arrivals, nationals abroad, pay "
            f"and returns, {words.span(years)}, with sources, limitations and gaps."
        ),
        package.issued,
        (*edition.also_called(package.area), *filter(None, [edition.people(package.area)])),
        weight=1.6,
    )
    shown = themes(edition, package)
    made = compose(
        about,
        "country.html",
        trail=[("Countries", "countries")],
        place=place,
        says=_summary(edition, package, held),
        keys=keys,
        estimates=estimate_keys(edition, package),
        themes=shown,
        tables=table_lines(edition, package),
        first=max(min(years, default=0), max(years, default=0) - SPAN + 1),
        last=max(years, default=0),
        modules=edition.structure.modules,
        sources=_sources(edition, package),
        limitations=_limitations(edition, package),
        usual=_usual(package),
        gaps=gaps(held),
        leaving=_corridors(edition, package.area, 0),
        coming=_corridors(edition, package.area, 1),
        index=f"corridors#{package.id}",
        reported=package.reported.to_dict("records"),
        files=package_files(edition, package),
        licence=licence(package),
        edition_text=package.edition,
        cite=citation(edition, package=package),
        bibtex=bibtex(edition.catalogue, package),
        programs=snippets.of_package(edition, package),
    )
    first = next((block for _, blocks in shown for block in blocks), None)
    return shared(made, first.says, first.svg, caveats(first.strip)) if first else made


def _summary(edition: Edition, package: Package, held: Sequence[Held]) -> list[str]:
    place = words.capital(words.place(edition.area(package.area)))
    present = [one for one in held if one.present]
    figures = edition.of_package(package)
    number = sum(one.count for one in figures)
    kept = sum(one.withheld for one in figures)
    years = [year for one in present for year in one.years]
    used = {source.id for one in figures for source in one.table.sources}
    told = [
        f"{place} has {words.count(number, 'figure')} in this edition, in {words.count(len(present), 'table')} of the "
        f"{possible(list(held))} that it could fill, for {words.span(years) or 'no year'}, "
        f"from {words.count(len(used), 'source')}."
    ]
    known = {name for name in used if package.sources[name].type != UNKNOWN_SOURCE}
    inferred = sum(any(s.basis == "inferred" for s in package.sources[name].supplies) for name in known)
    if inferred:
        many = "all of them" if inferred == len(used) > 1 else f"{inferred} of them"
        told.append(f"For {many} the link to the figures is inferred from the figures rather than documented.")
    if len(known) < len(used):
        told.append("Some figures come from a source that is not identified.")
    if kept:
        told.append(f"{words.capital(words.count(kept, 'figure'))} {'is' if kept == 1 else 'are'} withheld from use.")
    return told


def themes(edition: Edition, package: Package) -> list[tuple[str, list[Block]]]:
    """The drawings of a country by theme; a theme without figures is left out, its gap stands further below."""
    figures = edition.of_package(package)
    found = []
    for title, concepts, classes, drawings in THEMES:
        chosen = _choose(figures, package.area, concepts, classes)
        drawn = [edition.draw(kind, chosen, package.area) for kind in drawings] if chosen else []
        blocks = [replace(block, svg=finished(plain(block.svg))) for block in drawn if block]
        if blocks:
            found.append((title, blocks[:1] if title == "Nationals abroad" else blocks))
    return found


def _choose(figures: Sequence[Figures], area: str, concepts: Sequence[str], classes: Sequence[str]) -> Figures | None:
    """The table that speaks for a theme: the concept preferred, then the latest year, then the longest series."""
    for concept in concepts:
        ranked = []
        for one in figures:
            if one.definition.concept == concept and one.classes in classes:
                series = figure.main_series(one, area)
                if series:
                    ranked.append(((series[-1].year, len(series)), one))
        if ranked:
            return max(ranked, key=lambda pair: pair[0])[1]
    return None


def _corridors(edition: Edition, area: str, end: int) -> tuple[list[tuple[str, str]], int]:
    """The corridors that start (end 0) or end (1) in a country and that one of the two countries reports on.

    Where there are many, those with the other countries of this edition, and the number of all others.
    """
    found = [pair for pair in edition.corridors if pair[end] == area and edition.corridors[pair].national]
    near = [pair for pair in found if pair[1 - end] in edition.members]
    shown = found if len(found) <= MOST_CORRIDORS else near
    return sorted((edition.area(pair[1 - end]), edition.corridor(*pair)) for pair in shown), len(found) - len(shown)


def table_lines(edition: Edition, package: Package) -> dict[str, list[TableLine]]:
    """The tables with figures, by module."""
    found: dict[str, list[TableLine]] = defaultdict(list)
    for figures in edition.of_package(package):
        one = edition.held[package.id, figures.definition.id]
        found[figures.definition.module].append(
            TableLine(
                one,
                address(package, figures.definition),
                kinds(edition, figures.table.sources),
                len(figures.table.limitations),
            )
        )
    return dict(found)


def kinds(edition: Edition, sources: Iterable[Source]) -> str:
    """The kinds of some sources in words, those that are not identified last."""
    found = sorted(sources, key=lambda source: source.type == UNKNOWN_SOURCE)
    told = (
        "a source not identified" if one.type == UNKNOWN_SOURCE else words.small(edition.source_type(one))
        for one in found
    )
    return words.listed(dict.fromkeys(told))


def _sources(edition: Edition, package: Package) -> list[tuple[Source, str, list[Figures], SourceLine | None]]:
    found = []
    for source in package.sources.values():
        tables = edition.source_tables.get(source.id, [])
        line = None
        if tables:
            years = [o.year for o in tables[0].observations if o.source == source.id]
            line = source_line(edition, tables[0], source, years)
        found.append((source, edition.source_type(source), tables, line))
    return found


def _limitations(edition: Edition, package: Package) -> list[Shown]:
    """Those that withhold first, those of one type together, the one on all sources last."""
    types = [one.type for one in package.limitations]
    ordered = sorted(
        package.limitations, key=lambda one: (not one.withholds, one.type == "source-inferred", types.index(one.type))
    )
    return [show(edition, package, one) for one in ordered]


def _usual(package: Package) -> str:
    """The evidence that stands behind most limitations, told once; blank when none is told often."""
    found = Counter(one.evidence for one in package.limitations if one.evidence).most_common(1)
    return found[0][0] if found and found[0][1] >= OFTEN else ""


def gaps(held: Sequence[Held]) -> list[tuple[str, str, list[Held]]]:
    """The tables without figures, grouped by state and reason."""
    found: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for one in held:
        if not one.present:
            found[one.state, one.reason].append(one)
    return [(state, reason, tables) for (state, reason), tables in sorted(found.items())]
