"""Layout of the flow picture: origins on the left, destinations on the right, ribbons as thick as their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ilms_publish import chart_layout as layout
from ilms_publish.chart_layout import Axis
from ilms_publish.chart_sheets import BAR, GROUND, INK, QUIET, ROW, TEXT, WIDTH, Data

LETTERS = 14
"""Letters in one line of a name."""
POST = 6.0
"""Width of the upright at the end of the ribbons."""
GAP = 7.0
RIBBONS = 250.0
"""Height of all ribbons together."""
THIN, EDGED = 0.9, 3.0
"""The thinnest ribbon that is seen, and the thinnest that has an edge where it crosses another."""


@dataclass(frozen=True, slots=True)
class Flow:
    """So many from one place to another; role is focus or context."""

    origin: str
    destination: str
    value: float
    role: str = "context"


@dataclass(frozen=True, slots=True)
class Side:
    """Where one side's places stand: the middle of each, and the top of its bundle of ribbons."""

    middles: Mapping[str, float]
    tops: Mapping[str, float]
    rows: Mapping[str, list[str]]
    height: float


def flow_sheet(flows: Sequence[Flow], unit: str) -> tuple[Data, Axis, Axis, tuple[float, float], list[str]]:
    """Data of each layer, axes, size, and the words of each ribbon. unit: words above the picture."""
    scale = RIBBONS / sum(flow.value for flow in flows)
    decimals = layout.decimals_of([flow.value for flow in flows])
    left = _side({flow.origin: 0.0 for flow in flows}, [(f.origin, f.value) for f in flows], scale, decimals)
    right = _side({flow.destination: 0.0 for flow in flows}, [(f.destination, f.value) for f in flows], scale, decimals)
    height = max(left.height, right.height)
    left, right = _lowered(left, (height - left.height) / 2), _lowered(right, (height - right.height) / 2)
    x = Axis(0.0, WIDTH, 0.0, WIDTH)
    start = max(layout.text_width(row, TEXT) for rows in left.rows.values() for row in rows) + 10
    end = WIDTH - max(layout.text_width(row, TEXT) for rows in right.rows.values() for row in rows) - 10
    data: Data = {"ribbons": [], "posts": [], "names": [], "ends": [], "texts": []}
    drawn = _ribbons(flows, left, right, scale, (start, end))
    ordered = sorted(drawn, key=lambda ribbon: ribbon[0].role == "focus")  # the focus lies on top
    for number, (flow, points) in enumerate(ordered):
        ink = "var(--chart-1)" if flow.role == "focus" else BAR
        edge = GROUND if flow.value * scale > EDGED else "transparent"
        same = {"segment": str(number), "ink": ink, "edge": edge}
        data["ribbons"] += [{"x": a, "y": b, "y2": c} | same for a, b, c in points]
    data["posts"] = [*_posts(flows, left, scale, start - POST, 0), *_posts(flows, right, scale, end, 1)]
    data["names"] = [_name(0.0, left, place) for place in left.middles]
    data["ends"] = [_name(end + POST + 4, right, place) for place in right.middles]
    data["texts"] = [
        {"x": 0.0, "y": 14.0, "label": "from", "ink": QUIET},
        {"x": end + POST + 4, "y": 14.0, "label": "to", "ink": QUIET},
    ]
    hovers = [f"{f.origin} to {f.destination}: {layout.number(f.value, decimals)} {unit}" for f, _ in ordered]
    return data, x, Axis(0.0, height, 0.0, height), (WIDTH, height), hovers


def _side(totals: dict[str, float], values: Sequence[tuple[str, float]], scale: float, decimals: int) -> Side:
    """Places by size, each with room for its ribbons and for its name and number."""
    for place, value in values:
        totals[place] += value
    middles, tops, rows, foot = {}, {}, {}, ROW + 8.0
    for place in sorted(totals, key=lambda name: -totals[name]):
        rows[place] = [*layout.wrapped(place, LETTERS, 3), layout.number(totals[place], decimals)]
        thick = totals[place] * scale
        room = max(thick, len(rows[place]) * ROW)
        middles[place], tops[place] = foot + room / 2, foot + (room - thick) / 2
        foot += room + GAP
    return Side(middles, tops, rows, foot)


def _lowered(side: Side, by: float) -> Side:
    middles, tops = ({k: v + by for k, v in places.items()} for places in (side.middles, side.tops))
    return Side(middles, tops, side.rows, side.height)


def _ribbons(
    flows: Sequence[Flow], left: Side, right: Side, scale: float, ends: tuple[float, float]
) -> list[tuple[Flow, list[tuple[float, float, float]]]]:
    """Each flow with the points of its ribbon: x, top and bottom; bundles are sorted so that few ribbons cross."""
    used = {**{("from", k): v for k, v in left.tops.items()}, **{("to", k): v for k, v in right.tops.items()}}
    starts: dict[Flow, float] = {}
    for flow in sorted(flows, key=lambda f: right.middles[f.destination]):
        starts[flow] = used["from", flow.origin]
        used["from", flow.origin] += flow.value * scale
    found = []
    for flow in sorted(flows, key=lambda f: left.middles[f.origin]):
        thick = flow.value * scale
        a, b = starts[flow], used["to", flow.destination]
        used["to", flow.destination] += thick
        shown, third = max(thick, THIN), (ends[1] - ends[0]) / 3
        xs = (ends[0], ends[0] + third, ends[1] - third, ends[1])
        found.append((flow, [(x, y, y + shown) for x, y in zip(xs, (a, a, b, b), strict=True)]))
    return found


def _posts(flows: Sequence[Flow], side: Side, scale: float, x: float, end: int) -> list[dict[str, Any]]:
    """Uprights that hold the ribbons of a place together."""
    totals = dict.fromkeys(side.tops, 0.0)
    for flow in flows:
        totals[(flow.origin, flow.destination)[end]] += flow.value
    return [
        {"x": x, "x2": x + POST, "y": top, "y2": top + max(totals[place] * scale, THIN), "ink": INK}
        for place, top in side.tops.items()
    ]


def _name(x: float, side: Side, place: str) -> dict[str, Any]:
    return {"x": x, "y": side.middles[place], "label": side.rows[place], "ink": INK}
