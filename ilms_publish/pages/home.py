"""The home page: the region at a glance from real figures, three ways in, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ilms_publish.arranging import BOTH, Observation
from ilms_publish.model import Package
from ilms_publish.pages import words
from ilms_publish.pages.companions import companions
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.holdings import possible
from ilms_publish.pages.keys import KeyFigure, concept_key
from ilms_publish.pages.movement import movement
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.pages.sharing import caveats, shared

GLANCES = (
    ("Migrants who work in the country", ("employment", "working_age")),
    ("Nationals who left for work", ("outflow_employment",)),
    ("Nationals abroad", ("nationals_abroad", "outflow_nationals")),
    ("Migrants who arrived", ("inflow_employed_noncitizens", "inflow_noncitizens")),
)
QUESTIONS = 8


@dataclass(frozen=True, slots=True)
class Glance:
    """One subject across the countries, each with its own figure or with none."""

    title: str
    rows: tuple[tuple[str, str, KeyFigure | None], ...]


def page(edition: Edition) -> Page:
    """The home page."""
    region = _region(edition)
    names = words.listed(edition.area(package.area) for package in edition.national)
    about = About(
        "",
        f"International labour migration statistics{f' of {region}' if region else ''}",
        words.plain(
            f"Migrant workers, arrivals, departures, nationals abroad and pay in {names}: every figure with its "
            "definition, source and limitations."
        ),
        edition.updated,
    )
    moved = movement(edition)
    made = compose(
        about,
        "home.html",
        says=_lead(edition),
        movement=moved,
        news=_news(edition),
        keys=_estimates(edition),
        glances=[_glance(edition, title, concepts) for title, concepts in GLANCES],
        countries=[(edition.area(p.area), address(p), len(edition.of_package(p))) for p in edition.national],
        questions=_questions(edition),
        corridors=sum(one.national for one in edition.corridors.values()),
        modules=[(m, sum(t.module == m.id for t in edition.structure.tables.values()))
                 for m in edition.structure.modules.values()],
        estimates=[(package.title, address(package)) for package in edition.estimates],
        missing=_missing(edition),
        updated=edition.updated,
    )  # fmt: skip
    if moved is None:
        return made
    made = replace(made, files=companions(edition, [panel.block for panel in moved.panels]))
    first = moved.panels[0]
    says = [f"People from one of these countries living in another, {moved.year}.", f"{first.counted}.", first.says]
    return shared(made, says, first.block.svg, caveats(moved.strip))


def _region(edition: Edition) -> str:
    """What the members have in common: the parent they share in the list of areas."""
    codes = edition.structure.codelists["CL_AREA"].codes
    parents = {codes[area].parent for area in edition.members if area in codes}
    return parents.pop() if len(parents) == 1 else ""


def _lead(edition: Edition) -> list[str]:
    figures = [one for one in edition.figures.values() if one.table.package.national]
    number = sum(one.count for one in figures)
    sources = {source.id for one in figures for source in one.table.sources}
    limits = sum(len(package.limitations) for package in edition.catalogue.packages.values())
    years = [year for one in figures for year in one.years()]
    return [
        f"{words.number(str(number))} figures of {words.count(len(edition.national), 'country', 'countries')} for "
        f"{words.span(years)}, from {words.count(len(sources), 'source')}, with {words.count(limits, 'limitation')} "
        "that say what the figures cannot tell."
    ]


def _estimates(edition: Edition) -> list[KeyFigure]:
    """The international estimates for the members together: one source, so they may be added."""
    found = []
    for (_, name), figures in edition.figures.items():
        if figures.definition.concept != "international_stock" or figures.table.package.national:
            continue
        inside = [o for o in figures.observations if o.usable and o.codes["ref_area"] in edition.members
                  and o.codes["sex"] == BOTH]  # fmt: skip
        within = "origin" in figures.definition.dimensions
        chosen = [o for o in inside if not within or o.codes["origin"] in edition.members]
        year = max((o.year for o in chosen), default=0)
        newest = [o for o in chosen if o.year == year]
        if newest and len({o.source for o in newest}) == 1:
            label = (
                "Migrants from one of these countries living in another"
                if within
                else "Migrants living in these countries"
            )
            found.append(_sum(edition, figures.table.package, name, label, newest))
    return found


def _sum(edition: Edition, package: Package, table: str, label: str, newest: Sequence[Observation]) -> KeyFigure:
    source = package.sources[newest[0].source]
    areas = {o.codes["ref_area"] for o in newest}
    definition = edition.structure.tables[table]
    return KeyFigure(
        words.number(f"{sum(o.value or 0 for o in newest):.0f}"),
        definition.unit,
        f"{label}, all ages",
        newest[0].year,
        source.id,
        f"{source.title}, the sum of {len(areas)} countries",
        edition.basis(edition.figures[package.id, table].table, source, newest[0].year),
        "",
        (),
        address(package, definition),
    )


def _glance(edition: Edition, title: str, concepts: Sequence[str]) -> Glance:
    rows = [
        (edition.area(package.area), address(package), concept_key(edition, package, concepts))
        for package in edition.national
    ]
    return Glance(title, tuple(rows))


def _questions(edition: Edition) -> list[tuple[str, str, int]]:
    """For each concept the question that most countries can answer."""
    best: dict[str, tuple[str, str, int]] = {}
    for table in edition.tables():
        held = len(edition.of_table(table.id))
        if held > best.get(table.concept, ("", "", 0))[2]:
            best[table.concept] = (table.question, f"tables/{table.slug}", held)
    return sorted(best.values(), key=lambda one: -one[2])[:QUESTIONS]


def _news(edition: Edition) -> list[str]:
    """The edition and its date, and where the newest year of figures is held."""
    told = [f"{package.edition}." for package in edition.national[:1] if package.edition]
    newest = {package.id: max((y for one in edition.of_package(package) for y in one.years()), default=0)
              for package in edition.national}  # fmt: skip
    year = max(newest.values(), default=0)
    if year:
        held = [words.place(edition.area(package.area)) for package in edition.national if newest[package.id] == year]
        late = [f"{words.place(edition.area(p.area))} ({newest[p.id] or 'none'})" for p in edition.national
                if newest[p.id] < year]  # fmt: skip
        told.append(f"The newest figures are of {year}, for {words.listed(held)}.")
        told += [f"Older: {words.listed(late)}."] if late else []
    return told


def _missing(edition: Edition) -> list[str]:
    held = [edition.held[package.id, table.id] for package in edition.national for table in edition.tables()]
    present = sum(one.present for one in held)
    least = sorted(edition.national, key=lambda package: len(edition.of_package(package)))[:3]
    kept = sum(figures.withheld for figures in edition.figures.values())
    told = [
        f"{present} of {possible(held)} country tables that could be filled are held in this edition.",
        "The fewest tables are held for "
        + words.listed(f"{words.place(edition.area(p.area))} ({len(edition.of_package(p))})" for p in least)
        + ".",
    ]
    if kept:
        told.append(f"{words.capital(words.count(kept, 'figure'))} withheld from use; the pages say why.")
    return told
