"""The questions asked of any two figures: how each is answered, and what a difference or a missing answer leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ilms_publish.derive import DOUBTFUL, UNKNOWN_SOURCE
from ilms_publish.model import Source, TableDefinition

Codes = frozenset[str]
OWN_CURRENCY = "CUR_TYPE_LCU"


class Verdict(StrEnum):
    """May two figures be set against each other? The values are the words that readers see."""

    SAME = "same concept"
    CARE = "with care"
    UNKNOWN = "cannot be judged"
    BARRED = "not comparable"


SAME, CARE, UNKNOWN, BARRED = Verdict
ORDER = (BARRED, UNKNOWN, CARE, SAME)
"""The first of these that any aspect gives is the verdict: one certain bar outweighs what is not known."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a figure rests on: its source and its table, or all tables that a source supplies.

    year None: years are not compared; classes: schemes of the classes told apart, after their dimension (eco:ISIC4);
    currency: code of an amount of money; doubts: types of limitations that question the level, None: not looked at;
    ages: of those counted, where a limitation of the figure tells them.
    """

    source: Source
    tables: tuple[TableDefinition, ...]
    year: int | None = None
    classes: Codes = frozenset()
    currency: str = ""
    area: str = ""
    doubts: Codes | None = None
    ages: Codes = frozenset()

    def answer(self, concept: str) -> Codes:
        """The codes that the source answers with; empty when it does not answer, or not knowingly."""
        found = self.source.answers.get(concept) or self.source.answers.get("*")
        return frozenset(found.codes) - {"unknown"} if found else frozenset()


def _measure(report: Report) -> Codes | None:
    return frozenset(table.measure for table in report.tables)


OUTWARD = frozenset({"nationals_abroad", "outflow_nationals", "outflow_employment", "returned_nationals"})
"""Concepts by which a country reports on its own nationals; by all others it reports on those who came."""


def _movement(report: Report) -> Codes | None:
    return frozenset("abroad" if table.concept in OUTWARD else "here" for table in report.tables)


PEOPLE = {
    "employment": "workers", "employment_rate": "workers", "earnings": "workers", "outflow_employment": "workers",
    "inflow_employed_noncitizens": "workers", "inflow_employed_foreign_born": "workers",
    "labour_force": "labour_force", "labour_force_rate": "labour_force",
    "unemployment": "unemployed", "unemployment_rate": "unemployed",
    "outside_labour_force": "outside_labour_force", "outside_labour_force_rate": "outside_labour_force",
    "working_age": "working_age", "inflow_noncitizens": "working_age", "inflow_foreign_born": "working_age",
    "nationals_abroad": "working_age", "outflow_nationals": "people", "returned_nationals": "people",
    "international_stock": "all_ages", "population": "all_ages", "refugees": "refugees",
}  # fmt: skip
"""Concept of a table -> the people it is about."""


POPULATION = "statistical_population"
ALL_AGES = frozenset({"all_ages"})
BY_AGE = ALL_AGES | {"working_age"}
"""Groups by age: what a source or a limitation says of its figures outweighs what the table is about by its name."""
WORKERS = frozenset({"workers"})
WORKERS_ONLY = frozenset({"for_work_departures", "return_workers", "non_resident_foreign_workers"})


def _people(report: Report) -> Codes | None:
    """Whoever is counted by a work permit or as leaving for work is a worker, whatever the table calls them."""
    kinds = report.answer("worker_definition")
    if "work_permit" in report.answer("migrant_criterion") or (kinds and kinds <= WORKERS_ONLY):
        return WORKERS
    named = {PEOPLE.get(table.concept, table.concept) for table in report.tables}
    told = report.ages or report.answer(POPULATION) & BY_AGE
    return frozenset(named - BY_AGE | told if told and named & BY_AGE else named)


def wider(source: Source, table: TableDefinition) -> bool:
    """Whether a source says that it counts people of all ages where the table is about working age."""
    counted = _people(Report(source, (table,)))
    return PEOPLE.get(table.concept) == "working_age" and counted is not None and "all_ages" in counted


def _criterion(report: Report) -> Codes | None:
    """A source that knows both signs is read by the one that the table uses."""
    codes = report.answer("migrant_criterion")
    if not codes & {"citizenship_or_birth", "mixed"}:
        return codes
    dimensions = {dimension for table in report.tables for dimension in table.dimensions}
    signs = {"cbr": "country_of_birth", "cct": "citizenship"}.items()
    used = [code for dimension, code in signs if dimension in dimensions]
    return frozenset(used) if len(used) == 1 else codes


def _workers(report: Report) -> Codes | None:
    return report.answer("worker_definition") if _people(report) == WORKERS else None


def _period(report: Report) -> Codes | None:
    return report.answer("reference_period")


def _absent(report: Report) -> Codes | None:
    """Irregular migrants have a question of their own."""
    found = report.answer("missing_populations")
    return (found - {"irregular"} or frozenset({"none_other"})) if found else found


def _kind(report: Report) -> Codes | None:
    return frozenset({report.source.type}) - {UNKNOWN_SOURCE}


def _unit(report: Report) -> Codes | None:
    if len(report.tables) != 1:
        return None
    measure = report.tables[0].unit_measure
    own = report.currency == OWN_CURRENCY or (measure == "LC" and not report.currency)
    return frozenset({f"currency of {report.area}" if own else report.currency or measure})


def _year(report: Report) -> Codes | None:
    return None if report.year is None else frozenset({str(report.year)})


def _classes(report: Report) -> Codes | None:
    return report.classes or None


def _doubts(report: Report) -> Codes | None:
    return report.doubts if report.doubts is None else report.doubts or frozenset({"none"})


def _plain(concept: str) -> Callable[[Report], Codes | None]:
    return lambda report: report.answer(concept)


def _pairs(*pairs: tuple[str, str]) -> frozenset[Codes]:
    return frozenset(frozenset(pair) for pair in pairs)


TELLING = (
    "totals-differ", "sources-differ", "total-covers-part", "concept-changed", "land-based-only", "men-only-recorded",
    *sorted(DOUBTFUL),
)  # fmt: skip
"""Types of limitations that bear on a comparison even where the sources are alike."""


@dataclass(frozen=True)
class Aspect:
    """One thing in which two figures may differ, and what a difference leads to.

    read: the codes of a report, empty when there is no answer, None when the question does not arise for it;
    differ: what two answers that differ lead to; silent: what a missing answer leads to; but: pairs of answers that
    lead to something else; common: one shared code is enough; both: answers that are the same can be in `but` too.
    """

    id: str
    title: str
    means: str
    read: Callable[[Report], Codes | None] = field(repr=False)
    differ: Verdict = CARE
    silent: Verdict = CARE
    but: Mapping[Verdict, frozenset[Codes]] = field(default_factory=dict)
    common: bool = False
    both: bool = False

    def outcome(self, first: Codes, second: Codes) -> Verdict:
        """What the two answers lead to by themselves."""
        if not first or not second:
            return self.silent
        alike = first == second or bool(self.common and first & second)
        if alike and not self.both:
            return SAME
        pairs = {frozenset({a, b}) for a in first for b in second} if self.but else set()
        special = next((verdict for verdict in ORDER if pairs & self.but.get(verdict, frozenset())), None)
        return special or (SAME if alike else self.differ)


ASPECTS = (
    Aspect("movement", "Who reports on whom", "A country's own nationals abroad and the migrants in it are two "
           "groups of people. Only the reports of two countries on one corridor meet here.", _movement, BARRED, UNKNOWN,
           common=True),
    Aspect("measure", "What is measured", "People present at a moment and events in a year are two things; one is no "
           "check of the other.", _measure, BARRED, UNKNOWN, common=True),
    Aspect("people", "Which people", "Workers, people of working age and people of all ages contain one another; "
           "the wider group is larger without either figure being wrong.", _people, BARRED, UNKNOWN,
           {CARE: _pairs(("people", "workers"), ("people", "working_age"), ("people", "all_ages"))}, common=True),
    Aspect("unit_measure", "Unit", "Amounts in two currencies have no common scale.", _unit, BARRED, UNKNOWN),
    Aspect("migrant_criterion", "How a migrant is told", "Citizenship and birth pick two populations that only "
           "overlap; a permit or a registration picks those who have one.", _criterion, CARE, UNKNOWN,
           {BARRED: _pairs(("citizenship", "country_of_birth"), ("residence_abroad", "country_of_birth"),
                           ("departure_registration", "return_registration"))}),
    Aspect("double_counting", "What one unit stands for", "A permit, a contract or a departure is not a person: one "
           "person may stand behind several, or several years behind one.", _plain("double_counting"), BARRED, UNKNOWN,
           {CARE: _pairs(("person", "enterprise_report"), ("permit", "contract"), ("permit", "enterprise_report"),
                         ("contract", "departure"), ("contract", "enterprise_report"), ("departure", "trip"))}),
    Aspect("source_type", "Kind of source", "A survey, a register and an estimate reach different people and err in "
           "different ways.", _kind, CARE, UNKNOWN),
    Aspect("worker_definition", "Which workers", "Residents in the labour force and workers who do not live in the "
           "country are counted by some and left out by others.", _workers, CARE, CARE,
           {BARRED: _pairs(("for_work_departures", "return_workers"))}),
    Aspect("irregular_covered", "Irregular migrants", "Whether people without authorisation are counted changes the "
           "level by a number that nobody knows.", _plain("irregular_covered"), CARE, CARE,
           {BARRED: _pairs(("yes", "no"))}),
    Aspect("residence_threshold", "Length of stay", "A longer stay asked for leaves out seasonal and recent "
           "migrants.", _plain("residence_threshold")),
    Aspect("missing_populations", "Who is missing", "Groups that one figure leaves out may be in the other.", _absent),
    Aspect("reference_period", "Reference period", "A day, the mean of a year, a calendar year and a fiscal year can "
           "differ where numbers move fast.", _period),
    Aspect("classifications", "Edition of classes", "Classes of two editions do not match one to one; only the "
           "totals can be set side by side.", _classes, common=True),
    Aspect("limitations", "What limitations say", "A limitation says of one of the two that its total leaves a group "
           "out, does not agree with another table, or is out of line.", _doubts, CARE, CARE,
           {CARE: _pairs(*((one, one) for one in TELLING))}, both=True),
    Aspect("year", "Year", "What happened between the years is part of the difference.", _year),
)  # fmt: skip
"""The whole method: each aspect with what a difference and a missing answer lead to."""
OF_THE_SOURCE = frozenset(
    {"double_counting", "source_type", "worker_definition", "irregular_covered", "residence_threshold",
     "missing_populations", "reference_period"}
)  # fmt: skip
"""Aspects in which a source cannot differ from itself, documented or not."""
