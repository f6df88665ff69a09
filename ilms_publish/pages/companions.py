"""What stands beside a page of figures: each figure as a file with its caveats, as a page to embed, and its numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import partial

from ilms_publish import citing
from ilms_publish.arranging import Figures
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.figure import Block
from ilms_publish.pages.page import file_link, link
from ilms_publish.pages.sharing import caveats, placed, size_of
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
        made[f"{block.own}.csv"] = to_csv(figures.table.frame.loc[list(block.rows), columns])
        made[f"{block.own}.svg"] = card(block).encode()
        if block.answer:
            made[block.live] = block.answer
        made[f"{block.embed}/index.html"] = _embed(block, figures).encode()
    return made


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
