"""The subjects of the yearbook, and the key tables of each that an edition can fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ilms_publish.pages.edition import Edition
from ilms_publish.yearbook.choosing import by_activity, by_place, by_sex, coverage, estimates
from ilms_publish.yearbook.key_tables import KeyTable, hoisted


@dataclass(frozen=True, slots=True)
class Chapter:
    """Key tables on one subject. slug: of its page; says: what it shows, in a sentence or two."""

    slug: str
    title: str
    says: str
    tables: tuple[KeyTable, ...]


def chapters(edition: Edition) -> list[Chapter]:
    """The subjects in order; one without any figures is left out."""
    return edition.once(("chapters",), lambda: [_hoisted(one) for one in _all(edition) if one.tables])


def _hoisted(one: Chapter) -> Chapter:
    return replace(one, tables=tuple(hoisted(table) for table in one.tables))


def _all(edition: Edition) -> Iterator[Chapter]:
    yield Chapter(
        "stock-by-sex",
        "Migrants by sex",
        "Migrants of working age and at work, women and men, by each country’s newest usable total; beside them the "
        "newest international estimate of migrants of all ages.",
        _held(
            by_sex(edition, "working_age", "Working_age_by_sex", "Non-citizens of working age by sex"),
            by_sex(edition, "employment", "Employed_by_sex", "Employed non-citizens by sex"),
            estimates(edition, False, "Estimates_by_sex", "Migrants of all ages by sex, international estimates"),
        ),
    )
    yield Chapter(
        "intra-asean",
        "Migrants inside the region",
        "Who lives where inside the region: by the newest international estimate, and as each country of destination "
        "counts its non-citizens.",
        _held(
            estimates(edition, True, "Estimates_by_origin", "Migrants by country of origin and of residence"),
            by_place(
                edition, "MST_NCTP_SEX_CCT_NB", "Non_citizens", "Non-citizens by citizenship", "Citizenship", True
            ),
            by_place(
                edition, "MST_NCTE_SEX_CCT_NB", "Employed_by_citizenship", "Employed non-citizens by citizenship",
                "Citizenship", True,
            ),
        ),
    )  # fmt: skip
    yield Chapter(
        "outflow-by-destination",
        "Departures for employment by destination",
        "Nationals who left for work in the newest year of each country, by the destinations that it names.",
        _held(
            by_place(
                edition, "MNA_OEMP_SEX_CDS_NB", "Outflow_by_destination", "Nationals who left for employment, by "
                "destination", "Destination", False,
            )
        ),
    )  # fmt: skip
    sector = "Employed non-citizens by economic activity"
    yield Chapter(
        "employed-by-sector",
        "Employed migrants by sector",
        "Employed non-citizens by economic activity, one table for each classification: classes of different "
        "classifications never stand in one row.",
        tuple(by_activity(edition, "MST_TEMP_SEX_ECO_CCT_NB", "Sector", sector)),
    )
    yield Chapter(
        "coverage",
        "Coverage",
        "Which tables this edition holds, for which countries and years.",
        (coverage(edition),),
    )


def _held(*tables: KeyTable | None) -> tuple[KeyTable, ...]:
    return tuple(one for one in tables if one)
