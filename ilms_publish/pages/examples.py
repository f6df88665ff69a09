"""Which examples of differing sources are told: what to look for; every number of them comes from the packages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quoted total, found by its concept. source, table: what in the register and the database it belongs to."""

    package: str
    concept: str
    source: str
    table: str


@dataclass(frozen=True, slots=True)
class OneYear:
    """An example of several numbers for one year: the newest of which every quoted total is held.

    stated: package, source and question whose answer gives a number in words; estimated: package, table and area.
    """

    id: str
    question: str
    quoted: tuple[Quoted, ...]
    stated: tuple[str, str, str]
    estimated: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Stepped:
    """An example of a table whose level changes with its source. beside: tables shown for the year after the step."""

    id: str
    question: str
    package: str
    table: str
    beside: tuple[str, ...] = ()


EMPLOYED = "MST_NCTE_SEX_CCT_NB"
CHOICES: tuple[OneYear | Stepped, ...] = (
    OneYear(
        "malaysia",
        "How many foreigners work in Malaysia?",
        (
            Quoted("mys", "valid temporary employment visit passes (PLKS)", "mys-immigration-plks", EMPLOYED),
            Quoted("mys", "employed non-citizens (LFS)", "mys-dosm-lfs", EMPLOYED),
        ),
        ("mys", "mys-worldbank-irregular", "time_coverage"),
        ("undesa", "undesa_stock", "MYS"),
    ),
    Stepped("thailand", "How many foreigners work in Thailand?", "tha", EMPLOYED),
    Stepped("philippines", "How many Filipinos are abroad?", "phl", "MNA_TPOP_SEX_CRS_NB", ("MNA_OEMP_SEX_CDS_NB",)),
)
