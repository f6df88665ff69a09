"""What stands beside a page of figures: each figure as a file with its caveats, as a page to embed, and its numbers."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from functools import partial

import pandas as pd

from ilms_publish import citing
from ilms_publish.arranging import Figures
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.figure import Block
from ilms_publish.pages.page import file_link, link
from ilms_publish.pages.sharing import caveats, placed, size_of
from ilms_publish.pages.strip import SourceLine, of_table
from ilms_publish.svg import coloured
from ilms_publish.templating import whole
from ilms_publish.writing import to_csv

WIDTH = 720
INNER = 680
"""Width of a figure as a file, and of the drawing in it."""


def companions(edition: Edition, blocks: Sequence[Block]) -> dict[str, bytes]:
    """The files of the figures that are drawn, by path below the site's root."""
    made = {}
    for block in blocks:
        if not block.svg:
            continue
        figures = edition.figures[block.table]
        columns = [*figures.definition.columns, "use", "limitations"]
        rows = figures.table.frame.loc[list(block.rows), columns]
        made[f"{block.own}.csv"] = to_csv(rows)
        made[f"{block.own}.json"] = told(edition, block, figures, rows)
        made[f"{block.own}.svg"] = card(block).encode()
        if block.answer:
            made[block.live] = block.answer
        made[f"{block.embed}/index.html"] = _embed(block, figures).encode()
    return made


def told(edition: Edition, block: Block, figures: Figures, rows: pd.DataFrame) -> bytes:
    """A figure as JSON: what it says, the rows of its CSV, and their definition, sources and limitations."""
    table, package = figures.definition, figures.table.package
    touching = {name for cell in rows["limitations"] for name in cell.split()}
    content = {
        "title": block.title,
        "says": list(block.says),
        "page": f"{block.target}/",
        "package": package.id,
        "updated": package.issued,
        "table": {"id": table.id, "title": table.title, "definition": table.definition,
                  "population": block.strip.population, "unit": table.unit, "measure": table.measure},
        "sources": [_source(line) for line in block.strip.sources],
        "breaks": list(block.strip.breaks),
        "limitations": [
            {"id": one.limitation.id, "type": one.limitation.type, "title": one.type, "action": one.limitation.action,
             "years": one.limitation.years, "where": one.limitation.where, "text": one.limitation.text,
             "evidence": one.limitation.evidence}
            for one in of_table(edition, figures) if one.limitation.id in touching
        ],
        "columns": list(rows.columns),
        "rows": [[str(cell) for cell in row] for row in rows.itertuples(index=False)],
    }  # fmt: skip
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _source(line: SourceLine) -> dict[str, object]:
    answers = {one.concept.id: ". ".join(filter(None, (one.words, one.text))) for one in line.told}
    return {
        "id": line.source.id, "title": line.source.title, "type": line.type, "years": line.years, "basis": line.basis,
        "url": line.source.url, "answers": answers, "not_documented": list(line.untold),
    }  # fmt: skip


def card(block: Block) -> str:
    """A figure as one SVG file in the colours of paper, its sentence above it and its caveats below."""
    says = textwrap.wrap(" ".join(block.says), 76)
    notes = [line for note in caveats(block.strip) for line in textwrap.wrap(note, 112)]
    width, height = size_of(block.svg)
    tall = height * INNER / width
    return coloured(
        whole(
            "card.svg",
            it=block,
            says=says,
            notes=notes,
            inner=placed(block.svg, INNER, tall),
            tall=round(tall),
            width=WIDTH,
        )
    )


def _embed(block: Block, figures: Figures) -> str:
    here = block.embed
    return whole("embed.html", it=block, table=figures.definition, publisher=citing.publisher(figures.table.package),
                 here=here, link=partial(link, here), file=partial(file_link, here), words=words)  # fmt: skip
