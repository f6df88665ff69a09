"""What the two sides of a corridor do not report, and why, as far as it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ilms_publish import scope
from ilms_publish.arranging import Figures
from ilms_publish.aspects import OUTWARD
from ilms_publish.corridors import Corridor, Record, place_dimension
from ilms_publish.model import Package
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition

TOP = "top5-only"
"""Type of limitations by which a table names only the largest countries."""


def missing(edition: Edition, corridor: Corridor) -> Iterator[str]:
    """What each side lacks on the corridor, and why, as far as it is known."""
    for area, outward, records, other in (
        (corridor.origin, True, corridor.sent, corridor.destination),
        (corridor.destination, False, corridor.received, corridor.origin),
    ):
        package = edition.members.get(area)
        if package is None:
            yield f"{edition.area(area)} is not one of the countries of this edition; its own report is not held."
        else:
            held = {record.figures.definition.id: record for record in records}
            yield from _of_side(edition, package, outward, held, edition.area(other))


def _of_side(edition: Edition, package: Package, outward: bool, held: dict[str, Record], other: str) -> Iterator[str]:
    place, other = words.capital(words.place(edition.area(package.area))), words.place(other)
    absent: dict[tuple[str, str], list[str]] = {}
    for table in edition.tables():
        if not place_dimension(table, edition.structure) or (table.concept in OUTWARD) != outward:
            continue
        figures = edition.figures.get((package.id, table.id))
        if figures is None:
            one = edition.held[package.id, table.id]
            absent.setdefault((one.state, one.reason), []).append(words.small(table.short))
            continue
        record = held.get(table.id)
        for year in record.withheld if record else ():
            yield f"{place}, {words.small(table.short)}: the values issued for {year} are withheld from use."
        named = edition.named[package.id, table.id]
        lacking = sorted(named - set(record.years if record else ()))
        only = "; only the largest are named" if _only_largest(figures, lacking) else ""
        if not named:
            yield f"{place}, {words.small(table.short)}: only totals are held, no country is named."
        elif lacking:
            yield (
                f"{place}, {words.small(table.short)}: {other} is not among the countries named in "
                f"{words.years(lacking)}{only}. That is not zero."
            )
    for (state, reason), shorts in absent.items():
        why = f" {reason}" if reason else ""
        yield f"{place}, {words.listed(shorts)}: {words.small(words.state(state))}.{why}"


def _only_largest(figures: Figures, lacking: Sequence[int]) -> bool:
    """Whether a limitation says of these years that only the largest countries are named."""
    spans = [scope.years(one.years) for one in figures.table.limitations if one.type == TOP]
    return any(span is None or set(span) & set(lacking) for span in spans)
