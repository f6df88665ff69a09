"""The file from which the chart of a table answers a reader's questions in the browser, after a click."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ilms_publish import derive
from ilms_publish.arranging import BOTH, CURRENCY, Figures, Observation
from ilms_publish.model import Code
from ilms_publish.pages import figure, words
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.figure import Block

NAMED = {"sex": "Sex", "ref_area": "Country where they live"}
"""Dimensions with another name here; countries of residence are chosen in international estimates only."""


def exploration(edition: Edition, figures: Figures) -> bytes:
    """Every usable figure of the table as JSON, with what it takes to name it."""
    title = f"{figures.definition.title}, {edition.area(figures.area)}"
    return _told(edition, figures, title, ["sex", *figures.definition.dimensions], figures.observations)


def answering(
    edition: Edition, figures: Figures, block: Block, dimensions: Sequence[str], asked: Sequence[Observation]
) -> Block:
    """The figure block with a file of its own that answers: for a drawing of a part of a large table.

    dimensions: what may be chosen, classes among them; asked: the figures from which it answers, those drawn included.
    It begins with the largest that is drawn.
    """
    lines = set(block.rows)
    largest = max((o for o in asked if o.line in lines), key=lambda o: o.value or 0.0)
    start = []
    for name in dimensions:
        present = [code.code for code in _present(figures, name, asked)]
        start.append(None if name == figures.classes else present.index(largest.codes[name]))
    told = _told(edition, figures, block.title, dimensions, asked)
    return replace(block, start=tuple(start), asks="classes", answer=told)


def _present(figures: Figures, dimension: str, asked: Sequence[Observation]) -> list[Code]:
    held = {o.codes[dimension] for o in asked}
    return [code for code in figures.present(dimension) if code.code in held]


def _told(
    edition: Edition, figures: Figures, title: str, dimensions: Sequence[str], asked: Sequence[Observation]
) -> bytes:
    """`choices`: each dimension with its codes (label, scheme, whether a total) and the code that is chosen at first;
    `rows`: number of the code in each dimension, year, value as issued, status, number of the source.
    """
    present = {name: _present(figures, name, asked) for name in dimensions}
    places = {name: {code.code: at for at, code in enumerate(codes)} for name, codes in present.items()}
    sources = [source.id for source in figures.table.sources]
    broken = _broken(figures, asked)
    rows = [
        [
            *(places[name][o.codes[name]] for name in dimensions),
            *(o.year, o.text, "B" if o.line in broken else o.status, sources.index(o.source)),
        ]
        for o in asked
        if o.usable
    ]
    made = {
        "title": title,
        "unit": figures.definition.unit,
        "choices": [_choice(edition, figures, name, present[name]) for name in dimensions],
        "status": {
            code.code: words.small(code.label)
            for code in edition.structure.codelists["CL_OBS_STATUS"].codes.values()
            if code.code != "A" and any(row[-2] == code.code for row in rows)
        },
        "sources": [source.title for source in figures.table.sources],
        "rows": rows,
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _choice(edition: Edition, figures: Figures, name: str, present: list[Code]) -> dict[str, Any]:
    title = NAMED.get(name) or edition.structure.dimensions[name].title
    first = {"sex": BOTH, **figure.side(figures)}.get(name, "")
    chosen = next((at for at, code in enumerate(present) if code.code == first), None)
    if chosen is None:
        chosen = next((at for at, code in enumerate(present) if derive.is_total(code)), 0)
    codes = [[code.label, code.scheme, int(derive.is_total(code) or code.code == BOTH)] for code in present]
    return {"title": title, "chosen": chosen, "apart": int(name == CURRENCY), "main": int(name == figures.classes),
            "codes": codes}  # fmt: skip


def _broken(figures: Figures, asked: Sequence[Observation]) -> set[int]:
    """Lines of the figures before which their series is broken, by its status or by a limitation."""
    found: set[int] = set()
    names = figures.definition.series
    for key in {tuple(o.codes[name] for name in names) for o in asked}:
        series = figures.series[key]
        usable: list[Observation] = [o for o in series if o.usable]
        years = {one.year for one in derive.breaks(figures, usable)}
        found |= {o.line for o in usable if o.year in years}
    return found
