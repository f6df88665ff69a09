"""The figures of a corridor in words: what each record counts, and its latest value with its source."""

from __future__ import annotations

from collections.abc import Iterator

from ilms_publish import charts
from ilms_publish.arranging import BOTH, MEN, WOMEN, Observation
from ilms_publish.charts import Line
from ilms_publish.corridors import Corridor, Record
from ilms_publish.pages import figure, sentences, words
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.figure import Block

NOUNS = {
    "outflow_employment": "departures for work to {there}",
    "outflow_nationals": "departures of its nationals to {there}",
    "nationals_abroad": "nationals living in {there}",
    "returned_nationals": "returns of its nationals from {there}",
    "employment": "employed {who}",
    "working_age": "{who} of working age",
    "labour_force": "{who} in the labour force",
    "unemployment": "unemployed {who}",
    "outside_labour_force": "{who} outside the labour force",
    "inflow_noncitizens": "arrivals of {who} of working age",
    "inflow_employed_noncitizens": "arrivals of employed {who}",
    "inflow_foreign_born": "arrivals of {who} of working age",
    "inflow_employed_foreign_born": "arrivals of employed {who}",
    "international_stock": "migrants of all ages from {here}",
}
ENOUGH = 3
"""Years from which a line is worth drawing."""


def names(edition: Edition, corridor: Corridor) -> tuple[str, str]:
    """Origin and destination as they stand inside a sentence."""
    return words.place(edition.area(corridor.origin)), words.place(edition.area(corridor.destination))


def noun(edition: Edition, corridor: Corridor, record: Record) -> str:
    """What a record counts on its corridor: `employed citizens of Myanmar`."""
    here, there = names(edition, corridor)
    definition = record.figures.definition
    who = f"people born in {here}" if "cbr" in definition.dimensions else f"citizens of {here}"
    pattern = NOUNS.get(record.concept) or words.small(edition.structure.concepts[record.concept].title)
    return pattern.format(here=here, there=there, who=who)


def headline(edition: Edition, corridor: Corridor, record: Record, observation: Observation) -> str:
    """One value with what it counts, who reports it, the year and the source."""
    figures = record.figures
    who = words.capital(words.place(edition.area(record.area)))
    verb = "recorded" if figures.definition.measure == "flow" else "counted"
    much = sentences.amount(figures, observation) + (" of its" if record.concept == "nationals_abroad" else "")
    clause = sentences.source_clause(edition, figures, observation)
    return f"{who} {verb} {much} {noun(edition, corridor, record)} in {observation.year} ({clause})."


def estimated(edition: Edition, corridor: Corridor, record: Record) -> str:
    """The latest estimate of one international table, women and men apart where no figure for both is issued."""
    here, there = names(edition, corridor)
    year = record.years[-1]
    newest = {sex: o for sex, found in record.series.items() for o in found if o.year == year and o.usable}
    chosen = [(sex, o) for sex, o in newest.items() if sex == BOTH or BOTH not in newest]
    labels = {BOTH: " people", WOMEN: " women", MEN: " men"}
    much = words.listed(f"{sentences.amount(record.figures, o)}{labels.get(sex, '')}" for sex, o in chosen)
    clause = sentences.source_clause(edition, record.figures, chosen[0][1])
    return f"Estimated for {year}: {much} from {here} living in {there} ({clause})."


def blocks(edition: Edition, corridor: Corridor, records: list[Record], most: int) -> Iterator[Block]:
    """A figure block for each record, the longest `most` of them with a drawing."""
    long = sorted((r for r in records if len(r.main) >= ENOUGH), key=lambda r: -len(r.main))[:most]
    for record in records:
        yield _block(edition, corridor, record, record in long)


def _block(edition: Edition, corridor: Corridor, record: Record, drawn: bool) -> Block:
    figures, series = record.figures, record.main
    what = noun(edition, corridor, record)
    reporter = edition.area(record.area)
    title = f"{reporter}: {what}, {words.span([o.year for o in series] or record.years)}"
    kind = f"{figures.table.package.id}-{corridor.origin}-{corridor.destination}".lower()
    svg = ""
    if drawn:
        line = Line("Both sexes", figure.points(figures, series), "focus" if record in corridor.sent else "counterpart")
        name, unit = f"{figures.definition.slug}-{kind}-line", figure.unit_of(figures, series[-1])
        svg = charts.lines(name, title, figure.spoken([line])[0], unit, [line]).svg
    says = []
    if series:
        says = [headline(edition, corridor, record, series[-1]), sentences.movement(figures, series)]
    else:
        says = [f"{words.capital(what)}: no figure for both sexes; women and men stand in the table."]
    return figure.block(edition, figures, kind, title, tuple(filter(None, says)), svg, record.observations, series)
