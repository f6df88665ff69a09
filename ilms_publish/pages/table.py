"""The pages of tables: what each counts, who has it, the latest values country by country, and its codes over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ilms_publish.arranging import BOTH, Figures, Observation
from ilms_publish.aspects import Report
from ilms_publish.citing import bibtex_of_several, citation_of_several, of_countries
from ilms_publish.comparability import compare, groups, report
from ilms_publish.formats import CSV, SERIES
from ilms_publish.model import Codelist, TableDefinition
from ilms_publish.pages import figure, sentences, snippets, words
from ilms_publish.pages.comparing import Told, common, tell
from ilms_publish.pages.country import gaps
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.holdings import Held, is_estimate
from ilms_publish.pages.page import About, Draft, Page, compose
from ilms_publish.pages.sharing import minis, shared
from ilms_publish.pages.strip import said
from ilms_publish.pages.take import countries_files

HOME = "tables"
PLAIN = {
    "earnings": ("pay", "wages", "salaries"),
    "employment": ("jobs", "migrant workers", "foreign workers"),
    "working_age": ("migrants", "foreigners"),
    "inflow_noncitizens": ("arrivals", "immigration"),
    "inflow_employed_noncitizens": ("arrivals", "new foreign workers"),
    "outflow_employment": ("departures", "deployment", "workers sent abroad"),
    "nationals_abroad": ("emigrants", "diaspora", "overseas workers"),
    "returned_nationals": ("returns", "returnees"),
    "international_stock": ("migrants", "immigrants"),
}
"""Plain words for what the tables of a concept are about; the search knows them."""
ONE_SCALE = "One scale, one span of years; a line is broken where the source changes."


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest value of one country, with what it rests on."""

    place: str
    target: str
    held: Held
    year: str
    value: str
    counts: str
    source: str
    source_title: str
    type: str
    basis: str
    criterion: str
    leaves_out: str
    limitations: int
    figures: Figures
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Countries whose latest totals may be compared, or one that stands apart.

    within: what still differs inside; apart: the verdict against the first group; minis: drawings on one scale.
    """

    places: str
    lines: tuple[Latest, ...]
    within: tuple[str, ...]
    apart: Told | None
    minis: tuple[tuple[Latest, str], ...]


def pages(edition: Edition) -> Iterator[Draft]:
    """The index of tables and one page for each."""
    yield Draft(HOME, partial(_index, edition))
    for table in edition.structure.tables.values():
        yield Draft(f"{HOME}/{table.slug}", partial(_page, edition, table))


def _index(edition: Edition) -> Page:
    about = About(
        HOME,
        "Tables and the questions they answer",
        f"All {len(edition.structure.tables)} tables of labour migration statistics with the plain question that each "
        "answers: migrant workers, arrivals, nationals abroad, pay, estimates.",
        edition.updated,
    )
    modules = []
    for module in edition.structure.modules.values():
        tables = [table for table in edition.structure.tables.values() if table.module == module.id]
        modules.append((module, [(table, _holders(edition, table)) for table in tables]))
    return compose(about, "tables.html", modules=[pair for pair in modules if pair[1]])


def _holders(edition: Edition, table: TableDefinition) -> list[tuple[str, str]]:
    return [(edition.name(one.table.package), address(one.table.package, table)) for one in edition.of_table(table.id)]


def _page(edition: Edition, table: TableDefinition) -> Page:
    structure = edition.structure
    held = [edition.held[key] for key in edition.held if key[1] == table.id]
    holding = edition.of_table(table.id)
    years = [year for one in held for year in one.years]
    names = words.listed(edition.name(one.table.package) for one in holding)
    latest = [] if is_estimate(table) else [latest_of(edition, one) for one in holding]
    grouped = list(_groups(edition, latest))
    about = About(
        f"{HOME}/{table.slug}",
        table.title,
        words.plain(f"{table.question} {table.unit.capitalize()}. {'Held for ' + names if names else 'Not held yet'}."),
        edition.updated,
        (table.id, *PLAIN.get(table.concept, ())),
        weight=1.001,  # before the pages of countries whose titles say the same
    )
    told = _summary(edition, table, held, grouped)
    cited = of_countries(table, [one.table for one in holding])
    made = compose(
        about,
        "table.html",
        trail=[("Tables", HOME)],
        table=table,
        module=structure.modules[table.module],
        concept=structure.concepts[table.concept],
        dimensions=[(structure.dimensions[d], structure.codelist(d)) for d in table.dimensions],
        codelists=_codelists(edition, table),
        says=told,
        latest=latest,
        groups=grouped,
        counted=words.listed(dict.fromkeys(one.counts for one in latest if one.counts), "or"),
        estimates=[(edition.name(one.table.package), address(one.table.package, table)) for one in holding]
        if is_estimate(table) else [],
        first=min(years, default=0),
        last=max(years, default=0),
        gaps=gaps(held),
        places={one.package.id: edition.name(one.package) for one in held},
        files=countries_files(edition, table) if latest else [],
        programs=snippets.of_countries(edition, table) if latest else [],
        cite=citation_of_several(cited) if latest else "",
        bibtex=bibtex_of_several(cited) if latest else "",
        csv=CSV,
        json=SERIES,
        alike=[t for t in structure.tables.values() if t.concept == table.concept and t.id != table.id],
    )  # fmt: skip
    drawn = next((group.minis for group in grouped if group.minis), ())
    notes = [f"Who is counted: {table.population}.", *([f"{words.capital(table.unit)}. {ONE_SCALE}"] if drawn else [])]
    return shared(made, [table.question, *told], minis([(one.place, svg) for one, svg in drawn]), notes)


def _codelists(edition: Edition, table: TableDefinition) -> list[Codelist]:
    return [edition.structure.codelist(d) for d in ("ref_area", "sex", *table.dimensions, "obs_status")]


def _summary(edition: Edition, table: TableDefinition, held: list[Held], grouped: list[Group]) -> list[str]:
    present = [one for one in held if one.present]
    if not present:
        return ["No figures of this table are held in this edition. Other editions of its publisher may hold some."]
    if is_estimate(table):
        return [f"Held in {words.listed(edition.name(one.package) for one in present)}."]
    years = [year for one in present for year in one.years]
    longest = max(present, key=lambda one: len(one.years))
    number = words.capital(words.count(len(present), "country", "countries"))
    have = "has" if len(present) == 1 else "have"
    told = f"{number} of {len(held)} {have} figures in this edition, for {words.span(years)}."
    more = f"{words.capital(words.place(edition.name(longest.package)))} has the most years, {len(longest.years)}."
    if len(grouped) > 1:
        more += f" By what they count they fall into {len(grouped)} groups; compare inside a group only."
    return [told, more]


def _groups(edition: Edition, latest: Sequence[Latest]) -> Iterator[Group]:
    """The countries with a usable total in groups that may be compared, then those without one."""
    dated = [(one, one.report) for one in latest if one.report]
    found = [[dated[place] for place in group] for group in groups([report for _, report in dated])]
    for group in found:
        lines = tuple(one for one, _ in group)
        inside = [compare(one, other) for place, (_, one) in enumerate(group) for _, other in group[:place]]
        names = words.place(found[0][0][0].place), words.place(lines[0].place)
        apart = tell(edition.structure, compare(found[0][0][1], group[0][1]), names) if group is not found[0] else None
        places = words.listed(one.place for one in lines)
        yield Group(places, lines, tuple(common(inside, edition.structure)), apart, _minis(edition, lines))
    none = tuple(one for one in latest if not one.report)
    if none:
        yield Group(words.listed(one.place for one in none), none, (), None, ())


def _minis(edition: Edition, lines: Sequence[Latest]) -> tuple[tuple[Latest, str], ...]:
    """The drawings of one group, on one scale and over the same years."""
    series = [o for one in lines for o in figure.main_series(one.figures, one.figures.area)]
    top, years = max(o.value or 0.0 for o in series), sorted(o.year for o in series)
    drawn = [(one, figure.mini(edition, one.figures, one.figures.area, top, (years[0], years[-1]))) for one in lines]
    return tuple((one, svg) for one, svg in drawn if svg)


def latest_of(edition: Edition, figures: Figures) -> Latest:
    """The latest total of a table, or its latest value of any kind, with what it rests on."""
    package = figures.table.package
    held = edition.held[package.id, figures.definition.id]
    series = figure.main_series(figures, package.area)
    latest = series[-1] if series else _any(figures)
    name, target = edition.name(package), address(package, figures.definition)
    touched = len(figures.table.limitations)
    if latest is None:
        return Latest(name, target, held, "", "", "", "", "", "", "", "", "", touched, figures)
    source = package.sources[latest.source]
    answers = {
        concept.id: said(edition.structure, concept, source)
        for concept in edition.structure.quality.values() if concept.id in ("migrant_criterion", "missing_populations")
    }  # fmt: skip
    told = {name: words.small(one.words or one.text) or one.gap.lower() for name, one in answers.items()}
    return Latest(
        name, target, held, str(latest.year), sentences.amount(figures, latest) if series else "",
        sentences.noun(figures, latest), source.id, source.title, edition.source_type(source),
        edition.basis(figures.table, source, latest.year), told.get("migrant_criterion", ""),
        told.get("missing_populations", ""), touched, figures, report(figures, latest, dated=True) if series else None,
    )  # fmt: skip


def _any(figures: Figures) -> Observation | None:
    """The latest usable observation where no total is printed."""
    usable = [o for o in figures.observations if o.usable and o.codes["sex"] == BOTH]
    return max(usable, key=lambda o: o.year, default=None)
