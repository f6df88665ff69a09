"""The page on comparability: the four verdicts, what leads to each, and the verdict on every pair of sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ilms_publish.aspects import ASPECTS, ORDER, SAME, Aspect, Verdict
from ilms_publish.comparability import compare, groups, of_source
from ilms_publish.model import Package, Source
from ilms_publish.pages import words
from ilms_publish.pages.comparing import MEANINGS, MODIFIERS, SYMBOLS, Told, labelled, tell
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.pages.table import Latest, latest_of


@dataclass(frozen=True, slots=True)
class Matrix:
    """The sources of one country against each other. rows: source, kind, a verdict for each (None: itself)."""

    place: str
    target: str
    rows: tuple[tuple[Source, str, tuple[Told | None, ...]], ...]
    pairs: tuple[tuple[str, str, Told], ...]


def page(edition: Edition) -> Page:
    """The method and the matrices."""
    matrices = [one for one in (_matrix(edition, package) for package in edition.national) if len(one.rows) > 1]
    about = About(
        "comparability",
        "Comparability: which figures may be set side by side",
        "For any two sources of labour migration statistics what differs between them, from the sign by which a "
        "migrant is told to the unit counted, and whether their figures may be compared.",
        edition.updated,
    )
    return compose(
        about,
        "comparability.html",
        says=_summary(matrices),
        verdicts=[(verdict.value, MODIFIERS[verdict], SYMBOLS[verdict], MEANINGS[verdict]) for verdict in Verdict],
        aspects=[_aspect(edition, aspect) for aspect in ASPECTS],
        matrices=matrices,
        tables=list(_tables(edition)),
    )


def _summary(matrices: list[Matrix]) -> list[str]:
    found = Counter(told.verdict for one in matrices for _, _, told in one.pairs)
    total = sum(found.values())
    told = [
        "Two figures are comparable when they count the same people in the same way. Whether they do is computed here "
        "from what their sources answer and from what their tables are about; nobody decides it case by case."
    ]
    if total:
        parts = words.listed(f"{found[verdict.value] or 'none'} {verdict.value}" for verdict in reversed(ORDER))
        told.append(f"Of {words.count(total, 'pair')} of sources within one country: {parts}.")
    return told


def _aspect(edition: Edition, aspect: Aspect) -> tuple[str, str, str, tuple[str, ...], str]:
    """Title, why it matters, what a difference leads to, exceptions, what a missing answer leads to."""
    but = []
    for verdict, pairs in [] if aspect.both else aspect.but.items():
        named = sorted(" and ".join(_names(edition, aspect, pair)) for pair in pairs)
        but.append(f"{verdict.value}: {'; '.join(named)}")
    silent = aspect.silent.value if aspect.id not in ("year", "classifications", "limitations") else "not asked"
    return aspect.title, aspect.means, aspect.differ.value, tuple(but), silent


def _names(edition: Edition, aspect: Aspect, pair: frozenset[str]) -> list[str]:
    return [labelled(edition.structure, aspect.id, frozenset({code})) for code in sorted(pair)]


def _matrix(edition: Edition, package: Package) -> Matrix:
    held = {
        source.id: of_source(source, [figures.definition for figures in edition.source_tables[source.id]])
        for source in package.sources.values() if source.id in edition.source_tables
    }  # fmt: skip
    rows, pairs = [], []
    for place, one in enumerate(held.values()):
        cells = []
        for number, other in enumerate(held.values()):
            comparison = compare(one, other)
            told = tell(edition.structure, comparison)
            cells.append(None if number == place and comparison.verdict == SAME else told)
            if number > place:
                pairs.append((one.source.title, other.source.title, told))
        rows.append((one.source, edition.source_type(one.source), tuple(cells)))
    return Matrix(edition.area(package.area), address(package), tuple(rows), tuple(pairs))


def _tables(edition: Edition) -> Iterator[tuple[str, str, list[str]]]:
    """Each table that several countries have, with its groups of countries."""
    for table in edition.tables():
        latest: list[Latest] = [latest_of(edition, one) for one in edition.of_table(table.id)]
        dated = [one for one in latest if one.report]
        found = groups([one.report for one in dated if one.report])
        if len(dated) > 1:
            named = [words.listed(dated[place].place for place in group) for group in found]
            yield table.short, f"tables/{table.slug}", named
