"""The pages of tables: what each counts, who has it, the latest values country by country, and its codes over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ilms_publish.arranging import BOTH, Figures, Observation
from ilms_publish.model import Codelist, TableDefinition
from ilms_publish.pages import figure, sentences, words
from ilms_publish.pages.country import gaps
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.holdings import Held, is_estimate
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.pages.strip import said


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
    mini: str


def pages(edition: Edition) -> Iterator[Page]:
    """The index of tables and one page for each."""
    yield _index(edition)
    for table in edition.structure.tables.values():
        yield _page(edition, table)


def _index(edition: Edition) -> Page:
    about = About(
        "tables",
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
    held = [one for (_, name), one in edition.held.items() if name == table.id]
    holding = edition.of_table(table.id)
    years = [year for one in held for year in one.years]
    names = words.listed(edition.name(one.table.package) for one in holding)
    latest = [] if is_estimate(table) else [_latest(edition, one) for one in holding]
    about = About(
        f"tables/{table.slug}",
        table.title,
        words.plain(f"{table.question} {table.unit.capitalize()}. {'Held for ' + names if names else 'Not held yet'}."),
        edition.updated,
    )
    return compose(
        about,
        "table.html",
        trail=[("Tables", "tables")],
        table=table,
        module=structure.modules[table.module],
        concept=structure.concepts[table.concept],
        dimensions=[(structure.dimensions[d], structure.codelist(d)) for d in table.dimensions],
        codelists=_codelists(edition, table),
        says=_summary(edition, table, held),
        latest=latest,
        counted=words.listed(dict.fromkeys(one.counts for one in latest if one.counts), "or"),
        estimates=[(edition.name(one.table.package), address(one.table.package, table)) for one in holding]
        if is_estimate(table) else [],
        first=min(years, default=0),
        last=max(years, default=0),
        gaps=gaps(held),
        places={one.package.id: edition.name(one.package) for one in held},
        alike=[t for t in structure.tables.values() if t.concept == table.concept and t.id != table.id],
    )  # fmt: skip


def _codelists(edition: Edition, table: TableDefinition) -> list[Codelist]:
    return [edition.structure.codelist(d) for d in ("ref_area", "sex", *table.dimensions, "obs_status")]


def _summary(edition: Edition, table: TableDefinition, held: list[Held]) -> list[str]:
    present = [one for one in held if one.present]
    if not present:
        return ["No figures of this table are held in this edition. Other editions of its publisher may hold some."]
    if is_estimate(table):
        return [f"Held in {words.listed(edition.name(one.package) for one in present)}."]
    years = [year for one in present for year in one.years]
    longest = max(present, key=lambda one: len(one.years))
    kinds = {s.type for one in edition.of_table(table.id) for s in one.table.sources}
    number = words.capital(words.count(len(present), "country", "countries"))
    have = "has" if len(present) == 1 else "have"
    told = f"{number} of {len(held)} {have} figures in this edition, for {words.span(years)}."
    more = f"{words.capital(words.place(edition.name(longest.package)))} has the most years, {len(longest.years)}."
    if len(kinds) > 1:
        more += f" They rest on {len(kinds)} kinds of source, so the countries cannot be added or ranked."
    return [told, more]


def _latest(edition: Edition, figures: Figures) -> Latest:
    package = figures.table.package
    held = edition.held[package.id, figures.definition.id]
    series = figure.main_series(figures, package.area)
    latest = series[-1] if series else _any(figures)
    name, target = edition.name(package), address(package, figures.definition)
    touched = len(figures.table.limitations)
    if latest is None:
        return Latest(name, target, held, "", "", "", "", "", "", "", "", "", touched, "")
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
        told.get("missing_populations", ""), touched, edition.draw(figure.mini, figures, package.area),
    )  # fmt: skip


def _any(figures: Figures) -> Observation | None:
    """The latest usable observation where no total is printed."""
    usable = [o for o in figures.observations if o.usable and o.codes["sex"] == BOTH]
    return max(usable, key=lambda o: o.year, default=None)
