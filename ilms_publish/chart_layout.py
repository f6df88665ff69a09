"""Arithmetic of a chart that needs no drawing: steps of an axis, broken lines, labels that do not collide."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

THIN_SPACE = "\u2009"
MINUS = "\u2212"
LETTER, BOLD = 0.58, 0.68  # mean width of a character, in ems, of the widest fonts that systems bring


@dataclass(frozen=True, slots=True)
class Point:
    """One observation of a line; status is SDMX's, source the id of what it rests on."""

    year: int
    value: float | None
    status: str = "A"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A series with the role it plays: focus, counterpart or context."""

    label: str
    points: tuple[Point, ...]
    role: str = "context"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; its note stands beside the value."""

    label: str
    value: float
    role: str = "context"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis in the units of the data and in those of the drawing."""

    low: float
    high: float
    start: float
    end: float

    def value(self, place: float) -> float:
        """The value that is drawn at a place."""
        return self.low + (place - self.start) / (self.end - self.start) * (self.high - self.low)

    def place(self, value: float) -> float:
        """Where a value is drawn."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def scale(self) -> dict[str, object]:
        """The axis as a Vega-Lite scale."""
        return {"domain": [self.low, self.high], "range": [self.start, self.end], "nice": False, "zero": False}


def segments(points: Sequence[Point]) -> list[list[Point]]:
    """Runs that may be joined: a missing year, a break in the series or another source ends one."""
    runs: list[list[Point]] = []
    for point in sorted((p for p in points if p.value is not None), key=lambda p: p.year):
        if runs and point.year - runs[-1][-1].year <= 1 and not is_break(runs[-1][-1], point):
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def is_break(before: Point, after: Point) -> bool:
    """Whether two neighbouring observations are not of one series."""
    return after.status == "B" or (before.source != after.source and bool(before.source and after.source))


def break_years(lines: Sequence[Line]) -> list[int]:
    """First years after a break, over all lines."""
    found = set()
    for line in lines:
        runs = segments(line.points)
        found |= {b[0].year for a, b in pairwise(runs) if is_break(a[-1], b[0])}
    return sorted(found)


def missing_spans(lines: Sequence[Line], years: tuple[int, int]) -> list[tuple[int, int]]:
    """Runs of years for which no line has a figure, first and last included."""
    held = {p.year for line in lines for p in line.points if p.value is not None}
    spans: list[tuple[int, int]] = []
    for year in range(years[0], years[1] + 1):
        if year in held:
            continue
        if spans and spans[-1][1] == year - 1:
            spans[-1] = (spans[-1][0], year)
        else:
            spans.append((year, year))
    return spans


def steps(low: float, high: float, count: int = 4) -> list[float]:
    """Round values from at or below `low` to at or above `high`; zero is always one of them."""
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return [0.0, 1.0]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def decimals_of(values: Sequence[float]) -> int:
    """Decimals worth showing beside the largest of some values."""
    top = max((abs(v) for v in values), default=0.0)
    wanted = 0 if top >= 100 else 1 if top >= 10 else 2
    return next(d for d in range(wanted + 1) if d == wanted or all(round(v, d) == round(v, wanted) for v in values))


def number(value: float, decimals: int = 0) -> str:
    """A number with thin spaces between thousands; what is not zero is never written as zero."""
    if not value:
        return "0"
    if round(abs(value), decimals) == 0:
        decimals = 1 - math.floor(math.log10(abs(value))) - 1
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN_SPACE)
    return f"{MINUS}{text}" if value < 0 else text


def year_ticks(first: int, last: int, room: float, width: float) -> list[int]:
    """Years to write under an axis `room` wide where one year takes `width`: both ends, then round ones between."""
    if first == last:
        return [first]
    apart = room / (last - first)
    step = next((s for s in (1, 2, 5, 10, 20, 50) if s * apart >= width), 50)
    between = [y for y in range(first + 1, last) if y % step == 0]
    return [first, *(y for y in between if min(y - first, last - y) * apart >= width), last]


def wrapped(text: str, letters: int, rows: int = 2) -> list[str]:
    """A label in lines of at most so many letters; what does not fit ends in an ellipsis."""
    lines = textwrap.wrap(" ".join(text.split()), letters, break_on_hyphens=False) or [""]
    if len(lines) <= rows:
        return lines
    last = lines[rows - 1]
    return [*lines[: rows - 1], f"{last[: letters - 1].rstrip(' ,;')}…"]


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Room a text needs, on the safe side."""
    return len(text) * (BOLD if bold else LETTER) * size


@dataclass(frozen=True, slots=True)
class Block:
    """A label of some height that would like to stand around `middle`."""

    middle: float
    height: float
    key: int


def spread(blocks: Sequence[Block], low: float, high: float) -> dict[int, float]:
    """Tops of labels in the order of their middles, moved so that none covers another; key -> top."""
    ordered = sorted(blocks, key=lambda b: (b.middle, b.key))
    tops: list[float] = []
    floor = low
    for block in ordered:
        tops.append(max(block.middle - block.height / 2, floor))
        floor = tops[-1] + block.height
    ceiling = high
    for i in range(len(ordered) - 1, -1, -1):
        tops[i] = min(tops[i], ceiling - ordered[i].height)
        ceiling = tops[i]
    return {block.key: top for block, top in zip(ordered, tops, strict=True)}
