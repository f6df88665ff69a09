"""The file from which the chart of a table answers a reader's questions in the browser, after a click."""

from __future__ import annotations

import json
from typing import Any

from ilms_publish import derive
from ilms_publish.arranging import BOTH, CURRENCY, Figures, Observation
from ilms_publish.model import Code
from ilms_publish.pages import figure, words
from ilms_publish.pages.edition import Edition


def exploration(edition: Edition, figures: Figures) -> bytes:
    """Every usable figure of the table as JSON, with what it takes to name it.

    `choices`: each dimension with its codes (label, scheme, whether a total) and the code that stands chosen at first;
    `rows`: number of the code in each dimension, year, value as issued, status, number of the source.
    """
    dimensions = ["sex", *figures.definition.dimensions]
    present = {name: figures.present(name) for name in dimensions}
    places = {name: {code.code: at for at, code in enumerate(codes)} for name, codes in present.items()}
    sources = [source.id for source in figures.table.sources]
    broken = _broken(figures)
    rows = [
        [
            *(places[name][o.codes[name]] for name in dimensions),
            *(o.year, o.text, "B" if o.line in broken else o.status, sources.index(o.source)),
        ]
        for o in figures.observations
        if o.usable
    ]
    made = {
        "title": f"{figures.definition.title}, {edition.area(figures.area)}",
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
    title = "Sex" if name == "sex" else edition.structure.dimensions[name].title
    first = {"sex": BOTH, **figure.side(figures)}.get(name, "")
    chosen = next((at for at, code in enumerate(present) if code.code == first), None)
    if chosen is None:
        chosen = next((at for at, code in enumerate(present) if derive.is_total(code)), 0)
    codes = [[code.label, code.scheme, int(derive.is_total(code) or code.code == BOTH)] for code in present]
    return {"title": title, "chosen": chosen, "apart": int(name == CURRENCY), "main": int(name == figures.classes),
            "codes": codes}  # fmt: skip


def _broken(figures: Figures) -> set[int]:
    """Lines of the figures before which their series is broken, by its status or by a limitation."""
    found: set[int] = set()
    for series in figures.series.values():
        usable: list[Observation] = [o for o in series if o.usable]
        years = {one.year for one in derive.breaks(figures, usable)}
        found |= {o.line for o in usable if o.year in years}
    return found
