"""Sentences computed from figures: what the latest value is, by which source, against which earlier year."""

from __future__ import annotations

from collections.abc import Sequence

from ilms_publish import derive
from ilms_publish.derive import BREAKS, DOUBTS, BOTH, WOMEN, Figures, Observation
from ilms_publish.pages import words
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
    "earnings": "mean monthly earnings of employees who are {side}",
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
SEXES = {"SEX_T": "", "SEX_F": "women: ", "SEX_M": "men: ", "SEX_O": "other sex: "}


def noun(figures: Figures, observation: Observation) -> str:
    """What the observation counts, in words: `employed non-citizens`."""
    definition = figures.definition
    side = observation.codes.get(figures.side, "") or definition.covers
    pattern = NOUNS.get(definition.concept) or words.small(definition.population)
    named = pattern.format(side=SIDES.get(side, "people"))
    return {BOTH: named, WOMEN: f"{named}, women only", derive.MEN: f"{named}, men only"}.get(
        observation.codes["sex"], named
    )


def unit(figures: Figures, observation: Observation) -> str:
    """The unit of a value in a sentence: `thousand`, `per cent`, `national currency`, or nothing for persons."""
    currency = observation.codes.get(derive.CURRENCY)
    if currency:
        return words.small(figures.structure.codelist(derive.CURRENCY).label(currency))
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
    if source.type == "NI":
        return "the source is not identified"
    basis = edition.basis(figures.table, source, observation.year)
    how = "documented" if basis == "documented" else "attribution inferred from the figures"
    kind = words.small(edition.source_type(source))
    return f"{source.title}; {how}" if kind in source.title.lower() else f"{kind}: {source.title}; {how}"


def headline(edition: Edition, figures: Figures, observation: Observation) -> str:
    """The value, what it counts, where, when and by which source, in one sentence."""
    where = words.place(edition.area(observation.codes["ref_area"]))
    what, much = noun(figures, observation), amount(figures, observation)
    measure = figures.definition.measure
    if measure == "rate":
        said = f"In {observation.year} {what} in {where} was {much}"
    elif measure == "earnings":
        said = f"In {observation.year} {what} in {where} were {much}"
    elif measure == "flow":
        said = f"{words.capital(where)} recorded {much} {what} in {observation.year}"
    elif figures.definition.concept == "nationals_abroad":
        said = f"{words.capital(where)} counted {much} {what} in {observation.year}"
    else:
        said = f"{words.capital(where)} had {much} {what} in {observation.year}"
    return f"{said} ({source_clause(edition, figures, observation)})."


def movement(figures: Figures, series: Sequence[Observation]) -> str:
    """How the latest value compares with the one before, or why it cannot be compared."""
    if not series:
        return ""
    if len(series) == 1:
        return "It is the only year with a usable value in this edition."
    change = derive.change(figures, series)
    if change is None:
        return _apart(figures, series)
    before = f"{change.earlier.year}, the year held before"
    if change.later.year == change.earlier.year + 1:
        before = str(change.earlier.year)
    if change.ratio == 1:
        return f"That is the same as in {before}."
    way = "more" if change.ratio > 1 else "less"
    if figures.definition.measure == "rate":
        return ""
    return f"That is {words.percent(abs(change.ratio - 1))} {way} than in {before}."


def _apart(figures: Figures, series: Sequence[Observation]) -> str:
    found = derive.breaks(figures, series, (*BREAKS, *DOUBTS))
    if not found or found[-1].year != series[-1].year:
        return "It is not compared with the year before, because a limitation touches one of the two values."
    last = found[-1]
    if last.kind == "source":
        return f"The source changed in {last.year}, so earlier years are not comparable."
    if last.kind == "status":
        return f"The series is broken at {last.year}, so earlier years are not comparable."
    kind = figures.structure.limitation_types.get(figures.limitations[last.limitation].type)
    why = words.small(kind.title) if kind else "a limitation"
    return f"Earlier years are not compared with {last.year}: {why}."


def women(figures: Figures, total: Observation) -> str:
    """Women's share, where women and men add to the total."""
    both = derive.sexes(figures, total)
    ratio = derive.share(figures, both[0], total) if both else None
    return f"Women were {words.percent(ratio)} of them." if ratio is not None else ""


def largest(figures: Figures, total: Observation) -> str:
    """The largest class told apart, with its share where one may be computed."""
    codes = figures.structure.codelist(figures.classes).codes if figures.classes else {}
    known = [o for o in derive.parts(figures, total) if not derive.is_rest(codes[o.codes[figures.classes]])]
    top = max(known, key=lambda o: o.value or 0, default=None)
    if top is None or not top.value or not figures.definition.additive:
        return ""
    label = codes[top.codes[figures.classes]].label
    ratio = derive.share(figures, top, total)
    part = f", {words.percent(ratio)} of the total of {amount(figures, total)}" if ratio is not None else ""
    return f"The largest class printed for {total.year} is {label} with {amount(figures, top)}{part}."


def withheld(figures: Figures) -> str:
    """Which years are kept out, if any."""
    years = figures.withheld_years()
    return f"The values issued for {words.years(years)} are withheld from use; the reason stands below." if years else ""


def says(edition: Edition, figures: Figures, series: Sequence[Observation]) -> list[str]:
    """Everything that can be said of a series by its latest value."""
    if not series:
        return [text for text in [withheld(figures)] if text]
    latest = series[-1]
    told = [headline(edition, figures, latest), movement(figures, series)]
    if figures.definition.additive:
        told.append(women(figures, latest))
    return [text for text in [*told, withheld(figures)] if text]
