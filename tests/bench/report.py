"""The page of measurements, made from what the benchmarks kept: `python -m tests.bench.report`.

Times are those of the processors (all cores together) where not said otherwise: a machine that does other work at the
same time changes them far less than the clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.bench.results import KEPT
from tests.worlds import REPOSITORY

PAGE = REPOSITORY / "site_src" / "docs" / "about" / "benchmarks.md"
TEMPLATE = "benchmarks.md.jinja"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 340, 210, 44, 78, 14, 34
SERIES = (("cold", "cold", "--chart-1"), ("one figure", "one figure", "--chart-2"), ("warm", "warm", "--chart-3"))
Point = Mapping[str, Any]


@dataclass(frozen=True)
class Mark:
    """A text or a point at a place of a plot, in pixels."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Curve:
    """One series of a plot: its colour token, its points, and its name at the last of them."""

    colour: str
    points: tuple[Mark, ...]
    name: Mark

    @property
    def path(self) -> str:
        """The points as a drawn line."""
        return " ".join(f"{one.x:.1f},{one.y:.1f}" for one in self.points)


@dataclass(frozen=True)
class Plot:
    """A small plot of costs against size. told: the same in words; joined: whether a line runs through the points."""

    id: str
    title: str
    told: str
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    curves: tuple[Curve, ...]
    joined: bool


@dataclass(frozen=True)
class Fit:
    """Seconds of a cold build: to begin with, for 1,000 observations, for a page of data; worst: largest miss."""

    start: float
    observations: float
    pages: float
    worst: float


def fitted(points: Sequence[Point]) -> Fit:
    """Least squares relative to each size, so that the small ones count as much as the large ones."""
    seen = np.array([[1.0, point["observations"] / 1000, point["data pages"]] for point in points])
    busy = np.array([point["runs"]["cold"]["busy"] for point in points])
    found = np.linalg.lstsq(seen / busy[:, None], np.ones(len(busy)), rcond=None)[0]
    start, observations, pages = (float(one) for one in found)
    return Fit(start, observations, pages, float(np.abs(seen @ found / busy - 1).max()))


def plot(points: Sequence[Point], by: str, cost: str) -> Plot:
    """Cost (busy in seconds or together in bytes) of each kind of run by observations or pages."""
    unit, scale = {"busy": ("seconds of processor time", 1.0), "together": ("GB of memory", 1e9)}[cost]
    ordered = sorted(points, key=lambda point: point[by])
    values = {kind: [point["runs"][kind][cost] / scale for point in ordered] for kind, *_ in SERIES}
    across = ticks(max(point[by] for point in ordered))
    up = ticks(max(max(one) for one in values.values()))
    x = [LEFT + (WIDTH - LEFT - RIGHT) * point[by] / across[-1] for point in ordered]
    curves = []
    for kind, name, colour in SERIES:
        marks = tuple(Mark(at, _height(value, up), told(value)) for at, value in zip(x, values[kind], strict=True))
        curves.append(Curve(colour, marks, Mark(marks[-1].x + 6, marks[-1].y + 4, name)))
    words = "; ".join(
        f"{point[by]:,} {by}: " + ", ".join(f"{told(values[kind][n])} {name}" for kind, name, _ in SERIES)
        for n, point in enumerate(ordered)
    )
    return Plot(
        f"{cost}-{by}",
        f"{unit[0].upper()}{unit[1:]} by number of {by}",
        f"{words}.",
        tuple(Mark(LEFT + (WIDTH - LEFT - RIGHT) * tick / across[-1], HEIGHT - 16, short(tick)) for tick in across),
        tuple(Mark(LEFT - 6, _height(tick, up), short(tick)) for tick in up),
        _apart(curves),
        by == "observations",
    )


def _height(value: float, up: Sequence[float]) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / up[-1]


def _apart(curves: Sequence[Curve]) -> tuple[Curve, ...]:
    """The names at the ends moved so that none stands upon another."""
    moved: list[Curve] = []
    lowest = HEIGHT - BOTTOM + 4.0
    for curve in sorted(curves, key=lambda one: -one.name.y):
        y = min(curve.name.y, lowest)
        moved.append(Curve(curve.colour, curve.points, Mark(curve.name.x, y, curve.name.text)))
        lowest = y - 14
    return tuple(moved)


def ticks(most: float) -> list[float]:
    """Two to five round numbers from nought to at least the largest."""
    size = 10 ** np.floor(np.log10(most))
    step = next(size * part for part in (0.2, 0.5, 1, 2, 5) if most <= 4 * size * part + 1e-9)
    return [float(step * n) for n in range(int(np.ceil(most / step - 1e-9)) + 1)]


def told(value: float) -> str:
    """A measured number in words: three digits, or all before the point."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def short(value: float) -> str:
    """A number for an axis."""
    return f"{value / 1e6:g} M" if value >= 1e6 else f"{value / 1000:g} k" if value >= 10_000 else f"{value:,.10g}"


def rows(points: Sequence[Point], gate_one: Mapping[str, Any], formats: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of the tables of the page."""
    beside = next((point for point in points if "peers" in point), None)
    return {
        "sizes": [_size(point) for point in points],
        "ends": list(_ends(points[0], points[-1])),
        "beside": list(_beside(beside)) if beside else [],
        "gate_one": [
            (one["case"], "lists of codes" if one["form"] == "enum" else "keys to codelists",
             f"{one['theirs']['busy']:.2f}", f"{one['ours']['busy']:.3f}",
             f"{one['theirs']['busy'] / one['ours']['busy']:.3g}")
            for one in gate_one.get("results", ())
        ],
        "formats": [
            (one["format"].replace("_", " "), f"{one['busy']:.1f}", f"{one['files']:,}", f"{one['MB']:,.1f}")
            for one in formats.get("results", {}).get("formats", ())
        ],
    }  # fmt: skip


def _size(point: Point) -> tuple[str, ...]:
    runs = point["runs"]
    times = (seconds(runs[kind]["busy"]) for kind in ("check", "cold", "warm", "one figure"))
    memory, site = f"{runs['cold']['together'] / 1e6:,.0f}", f"{point['bytes'] / 1e6:,.0f}"
    return (
        point["size"].replace("x", " × "),
        f"{point['observations']:,}",
        f"{point['pages']:,}",
        *times,
        memory,
        site,
    )


def _ends(first: Point, last: Point) -> Iterator[tuple[str, ...]]:
    """Costs of one observation and one page, at both ends of the sizes."""
    for title, run, cost, per, scale, form in (
        ("Cold build, ms an observation", "cold", "busy", "observations", 1000, ".2f"),
        ("Cold build, ms a page", "cold", "busy", "pages", 1000, ".0f"),
        ("Check, ms an observation", "check", "busy", "observations", 1000, ".2f"),
        ("Memory of a cold build, kB an observation", "cold", "together", "observations", 0.001, ".1f"),
        ("Memory of a cold build, MB a page", "cold", "together", "pages", 1e-6, ".2f"),
    ):
        both = [point["runs"][run][cost] / point[per] * scale for point in (first, last)]
        yield (title, *(f"{one:,{form}}" for one in both), f"{both[1] / both[0]:.2f}")
    for title, run in (("Warm build : cold build", "warm"), ("One figure : cold build", "one figure")):
        both = [point["runs"][run]["busy"] / point["runs"]["cold"]["busy"] for point in (first, last)]
        yield (title, *(f"{one:.2f}" for one in both), "")
    for kind in ("cold", "warm", "one figure"):
        both = [point["runs"][kind]["written"] / 1e6 for point in (first, last)]
        yield (f"Written by a {kind} build, MB".replace("a one", "a build after one").replace("figure build", "figure"),
               *(f"{one:,.1f}" for one in both), "")  # fmt: skip


def _beside(point: Point) -> Iterator[tuple[str, ...]]:
    """Plain tools and ours, on the same observations in the same run."""
    runs, mkdocs, frictionless = point["runs"], point["peers"]["mkdocs"], point["peers"]["frictionless"]

    def line(title: str, theirs: Mapping[str, float], ours: Mapping[str, float]) -> tuple[str, ...]:
        both = [f"{seconds(one['busy'])} ({seconds(one['seconds'])})" for one in (theirs, ours)]
        return (title, *both, f"{ours['busy'] / theirs['busy']:.2f}")

    yield line("Build, cold", mkdocs, runs["cold"])
    yield line("Build again, nothing changed", mkdocs, runs["warm"])
    yield line("Build again, one figure changed", mkdocs, runs["one figure"])
    each = [1000 * mkdocs["busy"] / mkdocs["pages"], 1000 * runs["cold"]["busy"] / point["pages"]]
    yield ("Cold build, ms a page", *(f"{one:,.0f}" for one in each), f"{each[1] / each[0]:.2f}")
    memory = [mkdocs["together"] / 1e6, runs["cold"]["together"] / 1e6]
    yield ("Memory of a cold build, MB", *(f"{one:,.0f}" for one in memory), f"{memory[1] / memory[0]:.2f}")
    page = [mkdocs["page"] / 1000, point["peers"]["ours"]["page"] / 1000]
    yield ("Page of one table as it is sent, kB", *(f"{one:,.0f}" for one in page), f"{page[1] / page[0]:.2f}")
    yield line("Frictionless; here both gates", frictionless, runs["check"])


def seconds(value: float) -> str:
    """A time in a table."""
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}"


def read(name: str) -> dict[str, Any]:
    """What a benchmark kept, with day and machine; empty when it has not run."""
    path = KEPT / f"{name}.json"
    content: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return content


def page() -> str:
    """The whole page as Markdown."""
    scale = read("scale")
    points = sorted(scale["results"], key=lambda point: point["observations"])
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    plots = [plot(points, by, cost) for cost in ("busy", "together") for by in ("observations", "pages")]
    return environment.get_template(TEMPLATE).render(
        measured=scale["measured"],
        machine=scale["machine"],
        program=scale["program"],
        points=points,
        fit=fitted(points),
        rows=rows(points, read("gate-one"), read("formats")),
        plots=plots,
        beside=next((point for point in points if "peers" in point), None),
        gate_one=read("gate-one"),
        first_chart=read("first-chart"),
        formats=read("formats"),
        frame={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "bottom": BOTTOM},
    )


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
