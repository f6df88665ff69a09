"""Sentences computed from figures: what the latest value is, by which source, against which earlier year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ilms_publish import derive
from ilms_publish.arranging import BOTH, CURRENCY, MEN, WOMEN, Figures, Observation
from ilms_publish.derive import BREAKS, DOUBTS
from ilms_publish.pages import words
from ilms_publish.pages.comparing import change_of_source
from ilms_publish.pages.edition import Edition

# What one of the people or events of a concept is called; {side} is filled with `non-citizens`, `citizens`, ...
NOUNS = {
    "employment": "employed {side}",
    "working_age": "{side} of working age",
    "labour_force": "{side} in the labour force",
    "unemployment": "unemployed {side}",
    "outside_labour_force": "{side} outside the labour force",
    "labour_force_rate": "the labour force participation rate of {side}",
    "employment_rate": "the employment-to-population ratio of {side}",
    "unemployment_rate": "the unemployment rate of {side}",
    "outside_labour_force_rate": "the inactivity rate of {side}",
    "earnings": "mean monthly earnings of employees, {side}",
    "inflow_noncitizens": "arrivals of non-citizens of working age",
    "inflow_foreign_born": "arrivals of foreign-born people of working age",
    "inflow_employed_noncitizens": "arrivals of employed non-citizens",
    "inflow_employed_foreign_born": "arrivals of employed foreign-born people",
    "nationals_abroad": "nationals living abroad",
    "outflow_nationals": "departures of nationals",
    "outflow_employment": "departures of nationals for employment",
    "returned_nationals": "nationals who returned",
    "international_stock": "migrants of all ages",
    "population": "inhabitants",
    "refugees": "refugees and asylum seekers",
}
SIDES = {
    "CCT_CIT_NONCIT": "non-citizens", "CCT_CIT_CITIZEN": "citizens", "CCT_CIT_TOTAL": "people",
    "CCT_CIT_X": "people whose citizenship is not known", "CBR_BIR_NATIVE": "native-born people",
    "CBR_BIR_FOREIGN": "foreign-born people", "CBR_BIR_TOTAL": "people",
    "CBR_BIR_X": "people whose place of birth is not known",
}  # fmt: skip
EMPLOYEES = {
    "CCT_CIT_NONCIT": "non-citizen employees", "CCT_CIT_CITIZEN": "employees who are citizens",
    "CBR_BIR_NATIVE": "native-born employees", "CBR_BIR_FOREIGN": "foreign-born employees",
}  # fmt: skip
LISTS = frozenset({"CTZ", "CTB", "DES", "RES", "PRV", ""})
"""Schemes whose classes are countries: shown by size, not in the order of the codelist."""
LARGE, SMALL = 1.5, 0.0005
"""A change by this factor or more is told with a caution; one below this share is no change."""


def noun(figures: Figures, observation: Observation) -> str:
    """What the observation counts, in words: `employed non-citizens`."""
    definition = figures.definition
    side = observation.codes.get(figures.side, "") or definition.covers
    pattern = NOUNS.get(definition.concept) or words.small(definition.population)
    named = pattern.format(side=SIDES.get(side, "people"))
    return {BOTH: named, WOMEN: f"{named}, women only", MEN: f"{named}, men only"}.get(observation.codes["sex"], named)


def unit(figures: Figures, observation: Observation) -> str:
    """The unit of a value in a sentence: `thousand`, `per cent`, `national currency`, or nothing for persons."""
    currency = observation.codes.get(CURRENCY)
    if currency:
        return words.small(figures.structure.codelist(CURRENCY).label(currency))
    known = {"thousand persons": "thousand", "persons": ""}
    return known.get(figures.definition.unit, figures.definition.unit)


def amount(figures: Figures, observation: Observation) -> str:
    """The value as issued with its unit."""
    return f"{words.number(observation.text)} {unit(figures, observation)}".strip()


def source_clause(edition: Edition, figures: Figures, observation: Observation) -> str:
    """The source in words, and how sure that is: `labour force survey (…; inferred)`."""
    source = next((s for s in figures.table.sources if s.id == observation.source), None)
    if source is None:
        return f"source {observation.source}"
    if source.type == derive.UNKNOWN_SOURCE:
        return "the source is not identified"
    basis = edition.basis(figures.table, source, observation.year)
    how = "documented" if basis == "documented" else "attribution inferred from the figures"
    kind = words.small(edition.source_type(source))
    return f"{source.title}; {how}" if kind in source.title.lower() else f"{kind}: {source.title}; {how}"


def headline(edition: Edition, figures: Figures, observation: Observation) -> str:
    """The value, what it counts, where, when and by which source, in one sentence."""
    where = words.place(edition.area(observation.codes["ref_area"]))
    what, much = noun(figures, observation), amount(figures, observation)
    measure, year = figures.definition.measure, observation.year
    if measure == "rate":
        said = f"In {year} {what} in {where} was {much}"
    elif measure == "earnings":
        who = EMPLOYEES.get(observation.codes.get(figures.side, ""), "employees")
        money = f"{words.number(observation.text)} a month in {unit(figures, observation)}"
        said = f"In {year} {who} in {where} earned a mean of {money}"
    elif measure == "flow":
        said = f"{words.capital(where)} {_verb(figures, observation)} {much} {what} in {year}"
    elif figures.definition.concept == "nationals_abroad":
        said = f"{words.capital(where)} counted {much} {what} in {year}"
    else:
        said = f"{words.capital(where)} had {much} {what} in {year}"
    return f"{said} ({source_clause(edition, figures, observation)})."


def _verb(figures: Figures, observation: Observation) -> str:
    source = figures.table.package.sources[observation.source]
    return "recorded" if source.type.startswith("AR") else "had"


def movement(figures: Figures, series: Sequence[Observation]) -> str:
    """How the latest value compares with the one before, or why it cannot be compared."""
    if not series:
        return ""
    if len(series) == 1:
        return "It is the only year with a usable value in this edition."
    change = derive.change(figures, series)
    if change is None:
        return _apart(figures, series)
    before = str(change.earlier.year)
    if change.later.year > change.earlier.year + 1:
        before += ", the year held before"
    if figures.definition.measure == "rate":
        return f"In {before}, it was {amount(figures, change.earlier)}."
    if abs(change.ratio - 1) < SMALL:
        return f"That is {'' if change.ratio == 1 else 'almost '}the same as in {before}."
    way = "more" if change.ratio > 1 else "less"
    prices = ", before any correction for prices," if figures.definition.measure == "earnings" else ""
    told = f"That is{prices} {words.percent(abs(change.ratio - 1))} {way} than in {before}"
    return f"{told}{_caution(figures, change)}."


def _caution(figures: Figures, change: derive.Change) -> str:
    """What a reader of a change must be told with it."""
    if derive.touched(figures, (change.earlier, change.later), {"small-sample"}):
        return "; few people stand behind the figures, so the change may be chance"
    if change.ratio >= LARGE or change.ratio <= 1 / LARGE:
        return "; a change of that size may come from the source rather than from migration"
    return ""


def _apart(figures: Figures, series: Sequence[Observation]) -> str:
    latest, before = series[-1], series[-2]
    found = derive.breaks(figures, (before, latest), (*BREAKS, *DOUBTS))
    if found and found[0].kind == "source":
        how = change_of_source(figures, found[0].before, found[0].after)
        return f"The source changed in {latest.year}; earlier years come from another one ({how})."
    if found:
        return f"Earlier years are not compared with {latest.year}: {_reason(figures, found[0])}."
    if figures.table.package.sources[latest.source].type == derive.UNKNOWN_SOURCE:
        return "As the source is not identified, the years are not compared."
    if not before.value:
        return f"The value of {before.year} was {before.text}."
    return f"It is not compared with {before.year}, because the level of one of the two values is in doubt."


def stretch(edition: Edition, figures: Figures, series: Sequence[Observation]) -> list[str]:
    """From where to where the comparable years at the end of a series went, and where the line is broken."""
    parted = derive.breaks(figures, series)
    start = max((b.year for b in derive.breaks(figures, series, (*BREAKS, *DOUBTS))), default=series[0].year)
    run = [o for o in series if o.year >= start]
    told = []
    if len(run) > 1 and figures.table.package.sources[run[-1].source].type != derive.UNKNOWN_SOURCE:
        first, last = run[0], run[-1]
        where = words.place(edition.area(last.codes["ref_area"]))
        told.append(
            f"{words.capital(noun(figures, last))}, {where}: {amount(figures, first)} in {first.year}, "
            f"{amount(figures, last)} in {last.year} ({source_clause(edition, figures, last)})."
        )
    else:
        told.append(headline(edition, figures, run[-1]))
    reasons = defaultdict(list)
    for one in parted:
        reasons[_reason(figures, one)].append(str(one.year))
    broken = [f"at {words.listed(years)} ({reason})" for reason, years in reasons.items()]
    if broken:
        told.append(f"The line is broken {words.listed(broken)}; what lies on the two sides is not one series.")
    return told


def _reason(figures: Figures, parted: derive.Break) -> str:
    if parted.kind == "limitation":
        kind = figures.structure.limitation_types.get(figures.limitations[parted.limitation].type)
        return words.small(kind.title) if kind else "a limitation says so"
    if parted.kind == "source":
        return f"another source: {change_of_source(figures, parted.before, parted.after)}"
    return "a break marked by its publisher"


def women(figures: Figures, total: Observation) -> str:
    """Women's share, where women and men add to the total."""
    both = derive.sexes(figures, total)
    ratio = derive.share(figures, both[0], total) if both else None
    return f"Women were {words.percent(ratio)} of the total of {total.year}." if ratio is not None else ""


def largest(figures: Figures, total: Observation) -> str:
    """The largest class told apart, with its share where one may be computed."""
    if not figures.classes or not figures.definition.additive:
        return ""
    codes = figures.structure.codelist(figures.classes).codes
    shown = derive.parts(figures, total)
    known = [o for o in shown if not derive.is_rest(codes[o.codes[figures.classes]])]
    top = max(known, key=lambda o: o.value or 0, default=None)
    if top is None or not top.value or derive.withheld_parts(figures, total):
        return ""
    code = codes[top.codes[figures.classes]]
    place = code.scheme in LISTS
    by = "" if place else f"By {words.small(figures.structure.dimensions[figures.classes].title)}, "
    where = words.place(figures.structure.codelists["CL_AREA"].label(total.codes["ref_area"]))
    rest = next((o for o in shown if o not in known and (o.value or 0) > top.value), None)
    if rest is not None and not place:
        label = codes[rest.codes[figures.classes]].label
        return (
            f"{by}{amount(figures, rest)} of {where} in {total.year} stand under {label}, more than in any class named."
        )
    ratio = derive.share(figures, top, total)
    part = f", {words.percent(ratio)} of the total of {amount(figures, total)}" if ratio is not None else ""
    kind = "place named" if place else "class printed"
    value = amount(figures, top)
    return words.capital(f"{by}the largest {kind} for {where} in {total.year} is {code.label} with {value}{part}.")


def withheld(figures: Figures) -> str:
    """Which years are kept out, if any."""
    years = figures.withheld_years()
    return (
        f"The values issued for {words.years(years)} are withheld from use; the reason stands below." if years else ""
    )


def says(edition: Edition, figures: Figures, series: Sequence[Observation], whole: bool = False) -> list[str]:
    """Everything that can be said of a series by its latest value; whole: the largest class too."""
    if not series:
        return [text for text in [withheld(figures)] if text]
    latest = series[-1]
    told = [headline(edition, figures, latest), movement(figures, series)]
    if figures.definition.additive:
        told.append(women(figures, latest))
        told += [largest(figures, latest)] if whole else []
    return [text for text in [*told, withheld(figures)] if text]
