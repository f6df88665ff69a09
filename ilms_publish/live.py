"""Specifications of the charts that a reader may question after a click: fixed here, filled in the browser.

The names of lines stand above the drawing, on the page. The specifications name the data `rows`, which the page's own
script fills from the file of the table: label, segment, year, edge, value, status, broken, named, told and id. Nothing
else in them ever changes.
"""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]

GROUND, FAINT, QUIET, INK = "var(--chart-bg)", "var(--chart-grid)", "var(--chart-muted)", "var(--chart-fg)"
LINES = [f"var(--chart-{number})" for number in (1, 2, 3, 4, 5, 6)]
AXIS = {"labelColor": QUIET, "domainColor": QUIET, "tickColor": QUIET, "gridColor": FAINT, "labelFontSize": 13}
HERE, PROVISIONAL = "datum.id === at", "datum.status === 'P'"

DRAW = """
export const draw = (place, kind, rows, tip) => {
  const spec = structuredClone(SPECS[kind]);
  spec.data[0].values = rows;
  return vegaEmbed(place, spec, {
    mode: "vega", ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: tip, formatLocale: NUMBERS,
  });
};
"""
"""The only code of ours in the bundle; SPECS and NUMBERS are filled with what follows."""

NUMBERS = {"decimal": ".", "thousands": "\u202f", "grouping": [3], "currency": ["", ""], "minus": "\u2212"}
"""How numbers are written, as on the pages."""


def specs() -> dict[str, Spec]:
    """The specifications by name, in Vega-Lite."""
    return {"lines": _lines(), "bars": _bars()}


def _lines() -> Spec:
    value: Spec = {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": True}}
    value["axis"] = {"tickCount": 5}
    by_line = {"field": "label", "type": "nominal", "sort": None, "scale": {"range": LINES}, "legend": None}
    hollow = {"test": PROVISIONAL, "value": GROUND}
    marks: list[Spec] = [
        {
            "mark": {"type": "rule", "strokeDash": [3, 4], "color": QUIET},
            "encoding": {
                "x": {"field": "edge", "type": "quantitative"},
                "opacity": {"condition": {"test": "datum.broken", "value": 1}, "value": 0},
            },
        },
        {
            "mark": {"type": "line", "strokeWidth": 2.2},
            "encoding": {
                "x": {"field": "year", "type": "quantitative"},
                "y": value,
                "detail": {"field": "segment", "type": "nominal"},
                "stroke": by_line,
            },
        },
        {
            "mark": {"type": "point", "strokeWidth": 1.8, "opacity": 1},
            "encoding": {
                "x": {"field": "year", "type": "quantitative"},
                "y": value,
                "stroke": by_line,
                "fill": {"condition": hollow, **by_line},
                "size": {"condition": {"test": HERE, "value": 220}, "value": 50},
                "tooltip": {"field": "told", "type": "nominal"},
            },
        },
    ]
    years: Spec = {"scale": {"zero": False, "nice": False, "padding": 12}, "title": None}
    years["axis"] = {"format": "d", "tickMinStep": 1, "grid": False, "labelOverlap": "greedy", "labelSeparation": 12}
    for layer in marks:
        layer["encoding"]["x"].update(years)
    return _whole({"height": 320, "layer": marks})


def _bars() -> Spec:
    """One bar for each row, its name and value above it, so that both have room on a telephone."""
    place: Spec = {"field": "id", "type": "ordinal", "sort": None, "axis": None}
    value: Spec = {"field": "value", "type": "quantitative", "title": None, "scale": {"zero": True}, "stack": None}
    value["axis"] = {"tickCount": 5}
    bar = {
        "mark": {"type": "bar", "height": 14, "yOffset": 9, "strokeWidth": 1.5, "stroke": LINES[0]},
        "encoding": {
            "x": value,
            "fill": {
                "condition": [{"test": HERE, "value": LINES[1]}, {"test": PROVISIONAL, "value": GROUND}],
                "value": LINES[0],
            },
            "tooltip": {"field": "told", "type": "nominal"},
        },
    }
    name = {
        "mark": {"type": "text", "align": "left", "baseline": "bottom", "fontSize": 13, "fill": INK},
        "encoding": {"x": {"value": 0}, "text": {"field": "named", "type": "nominal"}},
    }
    return _whole({"height": {"step": 42}, "encoding": {"y": place}, "layer": [bar, name]})


def _whole(spec: Spec) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"name": "rows"},
        "width": "container",
        "background": "transparent",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "params": [{"name": "at", "value": -1}],
        **spec,
        "config": {
            "aria": False,
            "axis": AXIS,
            "view": {"stroke": None},
        },
    }
