"""The page of one table in one country, from what it says to how to take it away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ilms_publish import derive
from ilms_publish.arranging import BOTH, CURRENCY, Figures
from ilms_publish.aspects import OUTWARD
from ilms_publish.citing import bibtex
from ilms_publish.history import altered, history
from ilms_publish.model import Code, Package, Source, TableDefinition
from ilms_publish.pages import figure, sentences, snippets, words
from ilms_publish.pages.companions import companions
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.exploring import exploration
from ilms_publish.pages.figure import Block
from ilms_publish.pages.grid import Grid, Line, grid, keys
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.pages.sharing import caveats, shared
from ilms_publish.pages.strip import of_table, source_line, strip
from ilms_publish.pages.take import citation, licence, table_files

MANY = 400
"""Rows beyond which only the figures of both sexes stand open."""


def page(edition: Edition, package: Package, table: TableDefinition) -> Page:
    """The page of a national table."""
    figures = edition.figures[package.id, table.id]
    place = edition.area(package.area)
    series = figure.main_series(figures, package.area)
    drawn = blocks(edition, figures, package.area)
    open_grids, folded = tables(edition, figures, package.area)
    about = About(
        address(package, table),
        f"{table.short}: {place}",
        words.plain(
            f"{place}: {table.question} {words.span(figures.years())}, {table.unit}, with sources and limitations."
        ),
        package.issued,
    )
    made = compose(
        about,
        "country_table.html",
        trail=[("Countries", "countries"), (place, address(package))],
        table=table,
        concept=edition.structure.concepts[table.concept].title,
        says=sentences.says(edition, figures, series, whole=not drawn) or [_no_total(figures, place)],
        blocks=drawn,
        strip=strip(edition, figures, figures.observations, series),
        source_key=keys(figures),
        grids=open_grids,
        folded=folded,
        codelists=[edition.structure.codelist(d) for d in ("sex", *table.dimensions)],
        sources=[
            (source_line(edition, figures, s, _years(figures, s)), edition.supplies(figures, s))
            for s in figures.table.sources
        ],
        limitations=of_table(edition, figures),
        revisions=list(history(edition.structure, package, table.id)),
        altered=list(altered(edition.structure, package, table.id)),
        missing=list(missing(figures)),
        files=table_files(edition, figures),
        licence=licence(package),
        cite=citation(edition, figures),
        bibtex=bibtex(edition.catalogue, package, figures.table),
        programs=snippets.of_table(edition, package, table),
    )
    if not drawn:
        return shared(made, [made.description], notes=[f"Who is counted: {table.population}."])
    first = drawn[0]
    made = replace(made, files={first.live: exploration(edition, figures), **companions(edition, drawn)})
    return shared(made, first.says, first.svg, caveats(first.strip))


def blocks(edition: Edition, figures: Figures, area: str) -> list[Block]:
    """The charts of a table: means and rates by side; numbers over time, by class, and the largest over time."""
    if not figures.definition.additive:
        drawn = [edition.draw(figure.sides_over_time, figures, area)]
    else:
        kinds = (figure.over_time, figure.by_class, figure.largest_over_time)
        drawn = [edition.draw(kind, figures, area) for kind in kinds]
    return [block for block in drawn if block]


def tables(edition: Edition, figures: Figures, area: str) -> tuple[list[Grid], list[tuple[str, list[Grid]]]]:
    """Every value in compact tables: those that stand open, and the rest folded by sex."""
    by_sex = [(code, list(_of_sex(edition, figures, area, code))) for code in figures.present("sex")]
    made = [(code, grids) for code, grids in by_sex if grids]
    if figures.count <= MANY or len(made) == 1:
        return [one for _, grids in made for one in grids], []
    open_grids = [one for code, grids in made if code.code == BOTH for one in grids]
    folded = [(f"{code.label}: {len(grids)} tables" if len(grids) > 1 else code.label, grids)
              for code, grids in made if code.code != BOTH]  # fmt: skip
    return open_grids, folded


def _of_sex(edition: Edition, figures: Figures, area: str, sex: Code) -> Iterator[Grid]:
    """One table for each side or currency and each scheme of classes; migrants and the latest scheme first."""
    table = figures.definition
    outer = CURRENCY if CURRENCY in table.dimensions else figures.side if figures.classes else ""
    inner = figures.classes or (figures.side if outer != figures.side else "")
    corner = edition.structure.dimensions[inner].title if inner else "Table"
    cuts: list[Code | None] = [*sorted(figures.present(outer), key=lambda one: one.code not in derive.MIGRANTS)]
    for code in cuts or [None]:
        lines = _lines(edition, figures, area, sex.code, {outer: code.code} if code else {}, inner)
        money = code is not None and outer == CURRENCY
        unit = words.small(code.label) if code and money else table.unit
        parts = [table.title, edition.area(area), sex.label, *([code.label] if code and not money else [])]
        for number, found in enumerate(lines, 1):
            scheme = _scheme(found, number) if len(lines) > 1 else []
            yield grid(figures, f"{', '.join([*parts, *scheme])} ({unit})", corner, found)


def _scheme(lines: list[Line], number: int) -> list[str]:
    """What tells the tables of one cut apart: the name of the total of each set of classes."""
    return [words.small(next((line.head for line in lines if line.total), f"classes, set {number}"))]


def _lines(
    edition: Edition, figures: Figures, area: str, sex: str, chosen: dict[str, str], inner: str
) -> list[list[Line]]:
    """The series of one cut, apart by scheme, the scheme with the latest year first."""
    if not inner:
        series = figures.pick(area, sex, chosen)
        return [[Line(figures.definition.short, series)]] if series else []
    schemes: dict[str, list[Line]] = {}
    for code in figures.present(inner):
        series = figures.pick(area, sex, {**chosen, inner: code.code})
        if series:
            line = Line(code.label, series, derive.is_total(code), _corridor(edition, figures, area, code))
            schemes.setdefault(code.scheme, []).append(line)
    return sorted(schemes.values(), key=lambda lines: -max(o.year for line in lines for o in line.series))


def _corridor(edition: Edition, figures: Figures, area: str, code: Code) -> str:
    """The page of the corridor that a row of a list of countries is about, if it has one."""
    other = code.extra.get("area", "")
    outward = figures.definition.concept in OUTWARD
    return edition.corridor(*((area, other) if outward else (other, area))) if other else ""


def missing(figures: Figures) -> Iterator[str]:
    """What the table lacks, computed from what it holds."""
    held = set(figures.years(usable=False))
    if not held:
        return
    gaps = set(range(min(held), max(held) + 1)) - held
    if gaps:
        yield f"No values are held for {words.years(gaps)}. A missing year is not zero."
    for year in figures.withheld_years():
        yield f"The values issued for {year} are kept in the files and shown as withheld, but used nowhere."
    absent = [
        label
        for sex, label in (("SEX_F", "women"), ("SEX_M", "men"))
        if sex not in {c.code for c in figures.present("sex")}
    ]
    if absent:
        yield f"No separate figures for {words.listed(absent)} are held."
    if figures.classes and not figures.present(figures.classes)[1:]:
        yield "Only the total is held; the classes of this table are not in this edition."
    if figures.side and len(figures.present(figures.side)) == 1:
        yield f"Only one group is held: {figures.present(figures.side)[0].label}."
    yield "What is not held in this edition may still have been published by the source or by ILOSTAT."


def _years(figures: Figures, source: Source) -> list[int]:
    return [o.year for o in figures.observations if o.source == source.id]


def _no_total(figures: Figures, place: str) -> str:
    return (
        f"{words.capital(words.place(place))} has {words.count(figures.count, 'figure')} in this table "
        f"({words.years(figures.years()) or 'all withheld from use'}), but no usable total for both sexes."
    )
