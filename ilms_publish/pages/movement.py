"""Who moves where: the newest estimates of people from one member living in another, apart by what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ilms_publish import charts
from ilms_publish.arranging import BOTH, Figures, Observation
from ilms_publish.charts import Flow
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.exploring import answering
from ilms_publish.pages.figure import Block, still
from ilms_publish.pages.grid import Cell, Grid, Head, Row
from ilms_publish.pages.strip import Strip, strip

CRITERIA = ("birth-not-citizenship", "citizenship-not-birth")
"""Limitation types that say who is a migrant at a destination; what they tell apart is never drawn to one scale."""
NAMED = 3


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture with its sentence and its numbers, all counted alike. counted: the way of counting, in words."""

    counted: str
    says: str
    block: Block
    grid: Grid


@dataclass(frozen=True, slots=True)
class Movement:
    """The whole picture. target: address of the table it is drawn from; data: its file."""

    year: int
    table: str
    panels: tuple[Panel, ...]
    strip: Strip
    target: str
    data: str


def movement(edition: Edition) -> Movement | None:
    """The picture from the newest table of origins; None when no such table has figures of the members."""
    found = [figures for figures in edition.figures.values() if _fits(figures)]
    figures = max(found, key=lambda one: (one.years()[-1:], one.table.package.id), default=None)
    within = [] if figures is None else [o for o in figures.observations if _within(edition, o)]
    if figures is None or not within:
        return None
    year = max(o.year for o in within)
    shown = sorted((o for o in within if o.year == year), key=lambda o: -(o.value or 0))
    ways = {way: [o for o in shown if _way(figures, o) == way] for way in (*CRITERIA, "")}
    panels = tuple(_panel(edition, figures, way, part) for way, part in ways.items() if part)
    package, table = figures.table.package, figures.definition
    data = f"data/{package.id}/{table.slug}.csv"
    return Movement(year, table.title, panels, strip(edition, figures, shown, ()), address(package, table), data)


def _fits(figures: Figures) -> bool:
    definition = figures.definition
    return definition.concept == "international_stock" and "origin" in definition.dimensions and bool(figures.years())


def _within(edition: Edition, o: Observation) -> bool:
    return _near(edition, o) and bool(o.value) and o.codes["sex"] == BOTH


def _near(edition: Edition, o: Observation) -> bool:
    return o.usable and {o.codes["ref_area"], o.codes["origin"]} <= set(edition.members)


def _way(figures: Figures, observation: Observation) -> str:
    types = {figures.limitations[name].type for name in observation.limitations}
    return next((way for way in CRITERIA if way in types), "")


def _panel(edition: Edition, figures: Figures, way: str, shown: Sequence[Observation]) -> Panel:
    kind = edition.structure.limitation_types.get(way)
    counted = f"Counted {words.small(kind.title)}" if kind else "How migrants are told apart is not said"
    flows = [
        Flow(_origin(edition, o), _home(edition, o), o.value or 0.0, "focus" if rank < NAMED else "context")
        for rank, o in enumerate(shown)
    ]
    told = [
        f"{words.place(_origin(edition, o))} to {words.place(_home(edition, o))} ({words.number(o.text)})"
        for o in shown
    ]
    title = f"{figures.definition.title}, {shown[0].year}: {counted.lower()}"
    svg = charts.flows(f"home-flows-{way or 'other'}", title, "; ".join(told), figures.definition.unit, flows).svg
    says = f"The largest: {words.listed(told[:NAMED])}."
    drawn = still(edition, figures, f"flows-{way or 'other'}", title, (f"{counted}.", says), svg, list(shown))
    asked = [o for o in figures.observations if _near(edition, o) and _way(figures, o) == way]
    block = answering(edition, figures, drawn, ("sex", "ref_area", "origin"), asked)
    return Panel(counted, says, block, _grid(edition, title, shown))


def _origin(edition: Edition, o: Observation) -> str:
    return edition.area(o.codes["origin"])


def _home(edition: Edition, o: Observation) -> str:
    return edition.area(o.codes["ref_area"])


def _grid(edition: Edition, title: str, shown: Sequence[Observation]) -> Grid:
    """Origins down, destinations across, in the order of the alphabet."""
    texts = {(_origin(edition, o), _home(edition, o)): o.text for o in shown}
    origins, homes = sorted({origin for origin, _ in texts}), sorted({home for _, home in texts})
    cells = [[texts.get((origin, home), "") for home in homes] for origin in origins]
    rows = [
        Row(Head(origin), tuple(Cell(words.number(text)) if text else Cell("[x]", "absent") for text in line))
        for origin, line in zip(origins, cells, strict=True)
    ]
    return Grid(title, "From", tuple(Head(f"in {words.place(home)}") for home in homes), tuple(rows), absent=True)
