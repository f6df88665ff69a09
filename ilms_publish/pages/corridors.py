"""The index of corridors: who reports on whom among the members, every other corridor, and the pairs only estimated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ilms_publish.arranging import BOTH
from ilms_publish.citing import corridor_page
from ilms_publish.corridors import Corridor, Record, meetings
from ilms_publish.formats import CORRIDORS
from ilms_publish.model import Package
from ilms_publish.pages import corridor, sentences, words
from ilms_publish.pages.comparing import Told, tell
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.moving import noun
from ilms_publish.pages.page import About, Draft, Page, compose

HOME = "corridors"
HELD = {
    "both": ("●", "Both countries report on it"),
    "origin": ("◐", "Only the country of origin reports on it"),
    "destination": ("◑", "Only the country of destination reports on it"),
    "estimated": ("○", "Only international estimates"),
    "none": ("·", "Nothing is held"),
}
"""What is held of a corridor: symbol and meaning."""


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the matrix; target empty for a country with itself."""

    held: str
    target: str
    years: str


@dataclass(frozen=True, slots=True)
class Both:
    """A corridor with a report from either end: what each says last, and the verdict on the two."""

    name: str
    target: str
    origin: str
    destination: str
    told: Told | None


@dataclass(frozen=True, slots=True)
class Side:
    """The other corridors of one country. leaving, coming: place, address, years; estimated: place and number."""

    name: str
    target: str
    leaving: tuple[tuple[str, str, str], ...]
    coming: tuple[tuple[str, str, str], ...]
    estimated_leaving: tuple[tuple[str, str], ...]
    estimated_coming: tuple[tuple[str, str], ...]


def pages(edition: Edition) -> Iterator[Draft]:
    """The index and a page for every corridor that has one."""
    yield Draft(HOME, partial(_index, edition))
    for pair in edition.corridors:
        yield Draft(corridor_page(*pair), partial(corridor.page, edition, pair))


def held(one: Corridor) -> str:
    """Who reports on a corridor."""
    if one.sent and one.received:
        return "both"
    return "origin" if one.sent else "destination" if one.received else "estimated" if one.estimates else "none"


def _index(edition: Edition) -> Page:
    about = About(
        HOME,
        "Corridors: who moves from where to where",
        "For every pair of countries what the country of origin and the country of destination report on the same "
        "movement, side by side: " + words.listed(edition.area(package.area) for package in edition.national) + ".",
        edition.updated,
    )
    return compose(
        about,
        "corridors.html",
        says=_summary(edition),
        symbols=HELD,
        places=[edition.area(package.area) for package in edition.national],
        matrix=[(edition.area(p.area), address(p), _row(edition, p)) for p in edition.national],
        both=[_both(edition, one) for one in edition.corridors.values() if held(one) == "both"],
        sides=[_side(edition, package) for package in edition.national],
        all=(CORRIDORS, edition.downloads.get(CORRIDORS, "")),
        estimates=_estimates(edition),
    )


def _summary(edition: Edition) -> list[str]:
    found = [held(one) for one in edition.corridors.values()]
    national = sum(one not in ("estimated", "none") for one in found)
    met = [meetings(one) for one in edition.corridors.values() if held(one) == "both"]
    ratios = sum(any(one.comparable and one.rows for one in several) for several in met)
    told = (
        f"{words.capital(words.count(national, 'pair'))} of countries have a figure that one of the two reports; "
        f"on {len(met) or 'none'} of them both do."
    )
    if met:
        told += (
            " A ratio of the two needs both to count the same thing in the same year; that holds on "
            f"{ratios or 'none'} of these."
        )
    return [told, "A pair without a figure is not a pair without migrants: the report may name only the largest."]


def _both(edition: Edition, one: Corridor) -> Both:
    name, target, _ = _line(edition, one)
    sent, received = corridor.first(one.sent), corridor.first(one.received)
    met = any(pair.sent is sent and pair.received is received for pair in meetings(one))
    told = tell(edition.structure, corridor.newest((sent, received))[1]) if met and sent and received else None
    return Both(name, target, _latest(edition, one, sent), _latest(edition, one, received), told)


def _latest(edition: Edition, one: Corridor, record: Record | None) -> str:
    """The newest value of a report with what it counts, its year and its kind of source."""
    if record is None:
        return "women and men apart only"
    newest = record.main[-1]
    source = record.figures.table.package.sources[newest.source]
    kind = words.small(edition.source_type(source))
    much = sentences.amount(record.figures, newest)
    return f"{much} {noun(edition, one, record)}, {newest.year} ({kind})"


def _row(edition: Edition, package: Package) -> list[Square]:
    return [_square(edition, package, other) for other in edition.national]


def _square(edition: Edition, package: Package, other: Package) -> Square:
    if package.area == other.area:
        return Square("", "", "")
    one = edition.corridors[package.area, other.area]
    return Square(held(one), edition.corridor(package.area, other.area), _years(one))


def _years(one: Corridor) -> str:
    return words.span([year for record in (*one.sent, *one.received) for year in record.years])


def _line(edition: Edition, one: Corridor) -> tuple[str, str, str]:
    name = f"{edition.area(one.origin)} to {edition.area(one.destination)}"
    return name, edition.corridor(one.origin, one.destination), _years(one)


def _side(edition: Edition, package: Package) -> Side:
    area = package.area
    leaving = [(one, one.destination) for one in edition.corridors.values() if one.origin == area]
    coming = [(one, one.origin) for one in edition.corridors.values() if one.destination == area]
    others = [one for pair, one in edition.pairs.items() if pair not in edition.corridors]
    return Side(
        edition.area(area),
        address(package),
        _linked(edition, [(one, other) for one, other in leaving if other not in edition.members]),
        _linked(edition, [(one, other) for one, other in coming if other not in edition.members]),
        _named(edition, [(one, one.destination) for one in others if one.origin == area]),
        _named(edition, [(one, one.origin) for one in others if one.destination == area]),
    )


def _linked(edition: Edition, found: list[tuple[Corridor, str]]) -> tuple[tuple[str, str, str], ...]:
    lines = [(edition.area(other), edition.corridor(one.origin, one.destination), _years(one)) for one, other in found]
    return tuple(sorted(lines))


def _named(edition: Edition, found: list[tuple[Corridor, str]]) -> tuple[tuple[str, str], ...]:
    """Places with the newest estimate for both sexes, by name; without a number where none is issued."""
    return tuple(sorted((edition.area(other), _newest(one.estimates)) for one, other in found))


def _newest(records: list[Record]) -> str:
    latest = [found[-1] for record in records if (found := [o for o in record.series.get(BOTH, ()) if o.usable])]
    top = max(latest, key=lambda o: o.year, default=None)
    return f"{words.number(top.text)} in {top.year}" if top else ""


def _estimates(edition: Edition) -> list[tuple[str, str]]:
    """The tables of estimates by origin, where every pair stands."""
    found = [record.figures.table for one in edition.pairs.values() for record in one.estimates]
    tables = {(table.package.id, table.definition.id): table for table in found}
    return [(one.definition.short, address(one.package, one.definition)) for one in tables.values()]
