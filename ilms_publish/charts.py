"""Charts as static inline SVG: one validated Altair template per kind, numbers swapped in, drawn by vl-convert."""

from __future__ import annotations

import copy
import functools
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from ilms_publish import chart_layout as layout
from ilms_publish import live, pictures
from ilms_publish.chart_layout import Axis, Bar, Line, Point
from ilms_publish.chart_sheets import HEIGHT, WIDTH, Data, LineSheet, bar_sheet
from ilms_publish.fingerprints import fingerprint
from ilms_publish.flow_sheet import Flow, flow_sheet
from ilms_publish.remembering import Memory
from ilms_publish.svg import PAPER, tidy

__all__ = ["Bar", "Chart", "Flow", "Line", "Point", "bars", "flows", "lines"]

VEGA_LITE = "6.4"
HOVERED = 40
"""Points that a pointer can still tell apart; where there are more, their words would only make the page heavy."""
TOOLS = f"vega-lite {VEGA_LITE}, vl-convert {version('vl-convert-python')}"
FONT = "Liberation Sans"
"""The letters of pictures: the only ones that vl-convert brings with it."""
FONTS = "FONTCONFIG_FILE"
memory = Memory()
"""Drawings already made; the builder of the site gives it a folder."""

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished drawing, ready to stand in a page."""

    svg: str


def lines(
    name: str,
    title: str,
    description: str,
    unit: str,
    lines: Sequence[Line],
    *,
    y_max: float | None = None,
    compact: bool = False,
    years: tuple[int, int] | None = None,
) -> Chart:
    """Series over years, from zero, labelled at their ends.

    A line is never drawn across a missing year, a break in the series or a change of source: gaps are hatched, breaks
    get a dashed rule, provisional values are hollow. name: unique on the page; unit: the words after the topmost
    number of the axis; y_max: largest value of a shared axis; years: first and last year of a shared axis, what
    lies outside is not drawn.
    Raises ValueError when no line has a value: draw a gap block instead.
    """
    if years:
        lines = [replace(ln, points=tuple(p for p in ln.points if years[0] <= p.year <= years[1])) for ln in lines]
    held = [(p.year, p.value) for line in lines for p in line.points if p.value is not None]
    if not held:
        raise ValueError(f"chart {name!r} has no values to draw")
    values = [value for _, value in held]
    span = years or (min(held)[0], max(held)[0])
    ticks = layout.steps(min(values), max([*values, y_max or 0.0]), 2 if compact else 4)
    sheet = LineSheet(lines, span, ticks, unit, compact)
    spec = _filled(_lines_template(), sheet.data(), sheet.x, sheet.y, sheet.size)
    hovers = {} if compact or len(held) > HOVERED else {"points": sheet.hovers()}
    kind = "mini" if compact else "lines"
    return Chart(tidy(_svg(spec), name, title, description, kind, hovers))


def bars(
    name: str,
    title: str,
    description: str,
    unit: str,
    bars: Sequence[Bar],
    *,
    x_max: float | None = None,
) -> Chart:
    """Horizontal bars from zero, in the order given, each with its name and value.

    unit: words above the bars; x_max: largest value of a shared axis. Raises ValueError when there is no bar.
    """
    if not bars:
        raise ValueError(f"chart {name!r} has no bars to draw")
    decimals = layout.decimals_of([bar.value for bar in bars])
    numbers = [layout.number(bar.value, decimals) for bar in bars]
    notes = [layout.wrapped(bar.note, 16, 1)[0] for bar in bars]
    shown = [f"{text} {note}".strip() for text, note in zip(numbers, notes, strict=True)]
    hovers = [f"{b.label}: {n} {unit}{f' ({b.note})' if b.note else ''}" for b, n in zip(bars, numbers, strict=True)]
    data, x, y, size = bar_sheet(bars, shown, unit, x_max)
    drawing = _svg(_filled(_bars_template(), data, x, y, size))
    return Chart(tidy(drawing, name, title, description, "bars", {"bars": hovers}))


def flows(name: str, title: str, description: str, unit: str, flows: Sequence[Flow]) -> Chart:
    """Ribbons from origins to destinations, as thick as their numbers; both sides are ordered by size.

    unit: words after the number that shows on hover. All flows must be counted alike, for they are drawn to one
    scale. Raises ValueError when no flow has a value.
    """
    drawn = [flow for flow in flows if flow.value > 0]
    if not drawn:
        raise ValueError(f"chart {name!r} has no flows to draw")
    data, x, y, size, hovers = flow_sheet(drawn, unit)
    drawing = _svg(_filled(_flows_template(), data, x, y, size))
    return Chart(tidy(drawing, name, title, description, "flows", {"ribbons": hovers}))


def _svg(spec: Spec) -> str:
    """What vl-convert draws, made once for one content."""
    made_from = json.dumps([TOOLS, spec], sort_keys=True)
    return memory.text(made_from, lambda: str(_tools().vegalite_to_svg(spec, vl_version=VEGA_LITE)))


def engine() -> str:
    """The script that draws the charts of `live` in a browser: an ES module that needs nothing else.

    It exports `draw(place, kind, rows, tip)`, which gives a promise of the view. Expressions are interpreted, never
    compiled, so that a page may forbid `eval`.
    """
    return memory.text(json.dumps(["engine", TOOLS, live.specs(), live.DRAW, live.NUMBERS]), _engine)


@functools.cache
def _engine() -> str:
    for spec in live.specs().values():
        alt.Chart.from_dict(spec)  # raises when a specification is not valid
    compiled = {name: _tools().vegalite_to_vega(spec, vl_version=VEGA_LITE) for name, spec in live.specs().items()}
    code = live.DRAW.replace("SPECS", json.dumps(compiled)).replace("NUMBERS", json.dumps(live.NUMBERS))
    script: str = _tools().javascript_bundle(code, vl_version=VEGA_LITE)
    return script


def png(svg: str) -> bytes:
    """A finished drawing in the colours of paper and the letters of FONT as a picture, one pixel for each unit."""
    return memory.files(json.dumps(["png", TOOLS, _painter(), svg]), lambda: {"picture": _png(svg)})["picture"]


@functools.cache
def _painter() -> str:
    """The fingerprint of what makes a picture of a drawing: it is no part of the drawing."""
    return fingerprint(PAPER, FONT, Path(pictures.__file__).read_bytes())


def _png(svg: str) -> bytes:
    return pictures.light(_tools().svg_to_png(svg, ppi=72), tuple(PAPER.values()))


@functools.cache
def _tools() -> Any:
    """vl-convert, which knows no font but its own, so that what it makes is the same on every machine.

    It looks for fonts once, at its first drawing; the variable is put back, for other programs need fonts.
    """
    before = os.environ.get(FONTS)
    os.environ[FONTS] = str(Path(__file__).with_name("fonts.conf"))
    vl_convert.svg_to_png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', ppi=72)
    os.environ.pop(FONTS)
    if before is not None:
        os.environ[FONTS] = before
    return vl_convert


def _filled(template: Spec, data: Data, x: Axis, y: Axis, size: tuple[float, float]) -> Spec:
    """A template with numbers, axes and size put in; nothing else ever changes."""
    spec = copy.deepcopy(template)
    spec["datasets"] = data
    spec["width"], spec["height"] = size
    for layer in spec["layer"]:
        layer["encoding"]["x"]["scale"], layer["encoding"]["y"]["scale"] = x.scale, y.scale
    return spec


@functools.cache
def _lines_template() -> Spec:
    """Layers of the line chart, from the ground up; checked once against the schema of Vega-Lite."""
    return _template(
        _layer("gaps", "rect", alt.X2("x2"), alt.Y2("y2")),
        _layer("grid", "rule", alt.X2("x2"), _colour("stroke")),
        _layer("axis", "rule", alt.X2("x2"), alt.Y2("y2"), _colour("stroke")),
        _layer("breaks", "rule", alt.X2("x2"), alt.Y2("y2"), _colour("stroke"), strokeDash=[3, 4], strokeWidth=1.2),
        _layer("leaders", "rule", alt.X2("x2"), alt.Y2("y2"), _colour("stroke")),
        _layer("lines", "line", *_line_encodings(), strokeJoin="round", strokeCap="round"),
        _layer("points", "circle", *_point_encodings(), opacity=1, strokeWidth=1.5),
        _words_layer("texts", align={"expr": "datum.anchor"}),
        _words_layer("names", align="left"),
        _words_layer("ends", align="left"),
    )


@functools.cache
def _bars_template() -> Spec:
    """Layers of the bar chart; checked once against the schema of Vega-Lite."""
    return _template(
        _layer("bars", "rect", alt.X2("x2"), alt.Y2("y2"), _colour("fill")),
        _layer("axis", "rule", alt.X2("x2"), alt.Y2("y2"), _colour("stroke")),
        _words_layer("texts", align="left"),
        _words_layer("labels", align="left"),
        _words_layer("ends", align="left"),
    )


@functools.cache
def _flows_template() -> Spec:
    """Layers of the flow picture; checked once against the schema of Vega-Lite."""
    shape = alt.Y2("y2"), alt.Detail("segment:N"), _colour("fill"), _colour("stroke", "edge")
    return _template(
        _layer("ribbons", "area", *shape, line=False, interpolate="basis", strokeWidth=0.7),
        _layer("posts", "rect", alt.X2("x2"), alt.Y2("y2"), _colour("fill")),
        _words_layer("names", align="left"),
        _words_layer("ends", align="left"),
        _words_layer("texts", align="left"),
    )


def _layer(name: str, mark: Any, *encodings: Any, **options: Any) -> alt.Chart:
    """One layer over the named data of the same name; its scales are placeholders."""
    scale = alt.Scale(domain=[0, 1], range=[0, 1], nice=False, zero=False)
    chart = alt.Chart(alt.NamedData(name), name=name, mark=alt.MarkDef(type=mark, **options))
    return chart.encode(alt.X("x:Q", scale=scale, axis=None), alt.Y("y:Q", scale=scale, axis=None), *encodings)


def _words_layer(name: str, **options: Any) -> alt.Chart:
    return _layer(name, "text", alt.Text("label:N"), _colour("fill"), baseline="alphabetic", **options)


def _line_encodings() -> tuple[Any, ...]:
    return alt.Detail("segment:N"), alt.Order("x:Q"), _colour("stroke"), alt.StrokeWidth("width:Q", scale=None)


def _point_encodings() -> tuple[Any, ...]:
    return _colour("stroke"), _colour("fill", "fill"), alt.Size("size:Q", scale=None)


def _colour(channel: str, column: str = "ink") -> Any:
    return {"stroke": alt.Stroke, "fill": alt.Fill}[channel](f"{column}:N", scale=None)


def _template(*layers: alt.Chart) -> Spec:
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, autosize="none", background="transparent")
    spec: Spec = chart.configure(aria=False, padding=0, view=alt.ViewConfig(stroke=None, fill=None)).to_dict()
    return spec
