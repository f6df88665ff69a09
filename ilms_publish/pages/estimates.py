"""The pages of international estimates: each collection, and each of its tables country by country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ilms_publish import charts
from ilms_publish.arranging import BOTH, MEN, WOMEN, Figures, Observation
from ilms_publish.charts import Bar
from ilms_publish.citing import bibtex
from ilms_publish.formats import CSV, SERIES
from ilms_publish.model import Package, TableDefinition
from ilms_publish.pages import figure, sentences, snippets, words
from ilms_publish.pages.companions import companions
from ilms_publish.pages.country import table_lines
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.exploring import answering
from ilms_publish.pages.figure import Block
from ilms_publish.pages.grid import Grid, Line, grid, keys
from ilms_publish.pages.page import About, Draft, Page, compose
from ilms_publish.pages.sharing import caveats, minis, shared
from ilms_publish.pages.strip import of_table, show, source_line, strip
from ilms_publish.pages.take import citation, licence, package_files, table_files

TOP = 10
TOP_APART = 6
"""Rows for each country where women and men are only given apart."""


@dataclass(frozen=True, slots=True)
class Section:
    """One country in a table of origins: a sentence, a drawing and the largest rows."""

    name: str
    place: str
    says: tuple[str, ...]
    block: Block | None
    grids: tuple[Grid, ...]


def pages(edition: Edition) -> Iterator[Draft]:
    """A page for each collection and for each of its tables."""
    for package in edition.estimates:
        yield Draft(address(package), partial(_package, edition, package))
        for table in edition.held_by(package):
            yield Draft(address(package, table), partial(_table, edition, package, table))


def _package(edition: Edition, package: Package) -> Page:
    figures = edition.of_package(package)
    years = [year for one in figures for year in one.years()]
    about = About(address(package), package.title, words.plain(package.description), package.issued)
    made = compose(
        about,
        "estimate.html",
        trail=[("International estimates", "estimates")],
        package=package,
        tables=table_lines(edition, package),
        modules=edition.structure.modules,
        first=min(years, default=0),
        last=max(years, default=0),
        sources=list(package.sources.values()),
        limitations=[show(edition, package, one) for one in package.limitations],
        files=package_files(edition, package),
        licence=licence(package),
        cite=citation(edition, package=package),
        bibtex=bibtex(edition.catalogue, package),
    )
    return shared(made, [made.description], notes=[package.edition] if package.edition else [])


def _table(edition: Edition, package: Package, table: TableDefinition) -> Page:
    figures = edition.figures[package.id, table.id]
    members = [area for area in edition.members if area in figures.areas]
    names = words.listed(edition.area(area) for area in members)
    about = About(
        address(package, table),
        table.title,
        words.plain(f"{table.question} {table.unit.capitalize()}, {words.span(figures.years())}: {names}."),
        package.issued,
    )
    apart = "origin" in table.dimensions
    shown = [o for o in figures.observations if o.codes["ref_area"] in edition.members]
    small = [] if apart else [(edition.area(area), edition.draw(figure.mini, figures, area)) for area in members]
    arriving = [_arriving(edition, figures, area) for area in members] if apart else []
    made = compose(
        about,
        "estimate_table.html",
        trail=[("International estimates", "estimates"), (package.title, address(package))],
        table=table,
        strip=strip(edition, figures, shown, ()),
        says=_says(edition, figures),
        whole=[] if apart else list(_whole(edition, figures)),
        minis=small,
        csv=CSV.of_table(package.id, table.slug),
        json=SERIES.of_table(package.id, table.slug),
        arriving=arriving,
        leaving=list(_leaving(edition, figures)) if apart else [],
        source_key=keys(figures),
        sources=[
            (source_line(edition, figures, s, figures.years()), edition.supplies(figures, s))
            for s in figures.table.sources
        ],
        limitations=of_table(edition, figures),
        rows=words.number(str(figures.count)),
        files=table_files(edition, figures),
        licence=licence(package),
        cite=citation(edition, figures),
        bibtex=bibtex(edition.catalogue, package, figures.table),
        programs=snippets.of_table(edition, package, table),
    )
    made = replace(made, files=companions(edition, [one.block for one in arriving if one.block]))
    notes = caveats(strip(edition, figures, shown, ()))
    first = next((one.block for one in arriving if one.block), None)
    if first:
        return shared(made, first.says, first.svg, notes)
    return shared(made, _says(edition, figures), minis(small), notes)


def _sexes(figures: Figures) -> list[str]:
    held = {o.codes["sex"] for o in figures.observations}
    return [BOTH] if BOTH in held else [sex for sex in (WOMEN, MEN) if sex in held]


def _says(edition: Edition, figures: Figures) -> list[str]:
    areas, years = figures.areas, figures.years()
    number, places = words.number(str(figures.count)), words.count(len(areas), "place")
    told = [f"{number} estimates for {places}, for the years {words.listed(map(str, years))}."]
    if _sexes(figures) != [BOTH]:
        told.append("Women and men are given apart; no figure for both is issued, and none is computed here.")
    return told


def _whole(edition: Edition, figures: Figures) -> Iterator[Grid]:
    """Countries by year, a table for each sex."""
    for sex in figures.present("sex"):
        lines = [
            Line(edition.area(area), figures.pick(area, sex.code, {}))
            for area in edition.members if figures.pick(area, sex.code, {})
        ]  # fmt: skip
        if lines:
            caption = f"{figures.definition.title}, {words.small(sex.label)} ({figures.definition.unit})"
            yield grid(figures, caption, "Country", lines)


def _arriving(edition: Edition, figures: Figures, area: str) -> Section:
    """The largest origins of one destination."""
    place = edition.area(area)
    series = {
        sex: [(key[2], found) for key, found in figures.series.items() if key[:2] == (area, sex)]
        for sex in _sexes(figures)
    }
    return _section(edition, figures, f"from-{area.lower()}", place, series, "origin")


def _leaving(edition: Edition, figures: Figures) -> Iterator[Section]:
    """The largest destinations of each member as an origin."""
    for area in edition.members:
        series = {
            sex: [(key[0], found) for key, found in figures.series.items() if key[1:] == (sex, area)]
            for sex in _sexes(figures)
        }
        if any(series.values()):
            yield _section(edition, figures, f"to-{area.lower()}", edition.area(area), series, "destination")


def _section(
    edition: Edition, figures: Figures, name: str, place: str,
    series: dict[str, list[tuple[str, tuple[Observation, ...]]]], what: str,
) -> Section:  # fmt: skip
    grids, says, block = [], [], None
    limit = TOP if len(series) == 1 else TOP_APART
    for sex, found in series.items():
        latest = max((o.year for _, observations in found for o in observations if o.usable), default=0)
        ranked = sorted(found, key=lambda pair: -_at(pair[1], latest))[:limit]
        if not ranked or not latest:
            continue
        label = figures.structure.codelist("sex").label(sex)
        top = next(o for o in ranked[0][1] if o.year == latest)
        says.append(_largest(edition, figures, top, ranked[0][0], place, what, label))
        lines = [
            Line(edition.area(other), observations, target=edition.corridor(*_ends(observations[0])))
            for other, observations in ranked
        ]
        group = "origins" if what == "origin" else "destinations"
        caption = (
            f"{place}: the {len(lines)} largest {group} of {latest}, {words.small(label)} ({figures.definition.unit})"
        )
        grids.append(grid(figures, caption, words.capital(what), lines))
        if sex == BOTH and what == "origin":
            block = _drawn(edition, figures, name, (caption, says[-1]), ranked, latest)
    return Section(name, place, tuple(says), block, tuple(grids))


def _drawn(
    edition: Edition, figures: Figures, name: str, told: tuple[str, str],
    ranked: Sequence[tuple[str, tuple[Observation, ...]]], year: int,
) -> Block:  # fmt: skip
    """The largest origins of one destination as bars. told: caption and sentence."""
    bars = [Bar(edition.area(other), _at(observations, year), "focus") for other, observations in ranked]
    svg = charts.bars(f"{figures.definition.slug}-{name}", *told, figures.definition.unit, bars).svg
    shown = [o for _, observations in ranked for o in observations if o.year == year]
    still = figure.still(edition, figures, name, told[0], told[1:], svg, shown)
    place, held = shown[0].codes["ref_area"], {other for other, _ in ranked}
    asked = [o for o in figures.observations if o.codes["ref_area"] == place and o.codes["origin"] in held]
    return answering(edition, figures, still, ("sex", "origin"), asked)


def _ends(observation: Observation) -> tuple[str, str]:
    return observation.codes["origin"], observation.codes["ref_area"]


def _at(observations: Sequence[Observation], year: int) -> float:
    return next((o.value or 0.0 for o in observations if o.year == year and o.usable), 0.0)


def _largest(edition: Edition, figures: Figures, top: Observation, other: str, place: str, what: str, sex: str) -> str:
    who = "" if top.codes["sex"] == BOTH else f" ({words.small(sex)})"
    verb = "came from" if what == "origin" else "lived in"
    whose = f"in {words.place(place)}" if what == "origin" else f"from {words.place(place)}"
    much = f"{words.number(top.text)} {figures.definition.unit}"
    clause = sentences.source_clause(edition, figures, top)
    said = f"In {top.year} the largest group{who} of migrants {whose} {verb} {words.place(edition.area(other))}"
    return f"{said}: {much} ({clause})."
