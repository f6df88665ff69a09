"""What stands beside a page of figures: each figure as a file with its caveats, as a page to embed, and its numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ilms_publish import charts, citing
from ilms_publish.arranging import Figures
from ilms_publish.pages import words
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.figure import Block
from ilms_publish.pages.page import Page, file_link, link
from ilms_publish.pages.strip import Strip
from ilms_publish.svg import coloured
from ilms_publish.templating import finished, whole
from ilms_publish.writing import to_csv

WIDTH = 720
INNER = 680
"""Width of a figure as a file, and of the drawing in it."""
LETTERS = 11.5
MISSING = "missing_populations"
SHARED, SHARED_ROOM = (1200, 630), (620.0, 570.0)
"""Size of a picture where a page is shared, and of the drawing in it."""
TITLE, NOTE, EDGE = 44, 19, 40
"""Height of a line of its title and of its notes, and what stays empty above and below."""
MOST_NOTES = 9
"""Lines of its notes; a note that finds no room is left out whole."""
TYPES = ((25, 36, 32), (21, 43, 27), (18, 50, 23))
"""Sizes of its sentences: of the letters, letters in a line, height of a line. The largest that has room is taken."""


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
        made[f"{block.embed}/index.html"] = _embed(block, figures).encode()
    return made


def card(block: Block) -> str:
    """A figure as one SVG file in the colours of paper, its sentence above it and its caveats below."""
    says = textwrap.wrap(" ".join(block.says), 76)
    notes = [line for note in caveats(block.strip) for line in textwrap.wrap(note, 112)]
    width, height = _size(block.svg)
    tall = height * INNER / width
    return coloured(
        whole(
            "card.svg",
            it=block,
            says=says,
            notes=notes,
            inner=_placed(block.svg, INNER, tall),
            tall=round(tall),
            width=WIDTH,
        )
    )


def shared(page: Page, says: Sequence[str], svg: str, notes: Sequence[str]) -> Page:
    """The page with the picture that is shown where it is shared, PNG: title, drawing, source, who is missing.

    says: sentences; those that find no room are left out whole.
    """
    width, height = _size(svg)
    scale = min(SHARED_ROOM[0] / width, SHARED_ROOM[1] / height)
    inner = _placed(svg, width * scale, height * scale)
    lines: list[str] = []
    for note in notes:
        more = textwrap.wrap(note, 64)
        lines += more if len(lines) + len(more) <= MOST_NOTES else []
    title = textwrap.wrap(page.title, 22)
    room = SHARED[1] - 2 * EDGE - TITLE * len(title) - NOTE * (len(lines) + 1)
    told, letters, leading = _fitting([*filter(None, says)], room)
    drawn = whole("shared.svg", title=title, says=told, letters=letters, leading=leading, notes=lines, inner=inner,
                  size=SHARED)  # fmt: skip
    path = f"shared/{page.address or 'home'}.png"
    return replace(page, files={**page.files, path: charts.png(coloured(drawn))}, picture=path)


def _fitting(says: list[str], room: float) -> tuple[list[str], int, int]:
    """The sentences in lines, size of the letters, height of a line."""
    while says:
        for letters, wide, leading in TYPES:
            lines = textwrap.wrap(" ".join(says), wide)
            if len(lines) * leading <= room:
                return lines, letters, leading
        says = says[:-1]
    return [], TYPES[-1][0], TYPES[-1][2]


def caveats(strip: Strip) -> list[str]:
    """The caveat strip as lines of plain text."""
    told = [f"Who is counted: {strip.population}."]
    for line in strip.sources:
        told.append(f"Source: {line.source.title}, {words.small(line.type)}, {line.years} ({line.basis}).")
        missing = next((one for one in line.told if one.concept.id == MISSING), None)
        told += [f"Who is missing: {words.small(missing.words or missing.text)}."] if missing else []
    told += [f"Break: {one}." for one in strip.breaks]
    names = list(dict.fromkeys(words.small(one.type) for one in strip.limitations))
    return told + ([f"Limitations: {'; '.join(names)}."] if names else [])


def _embed(block: Block, figures: Figures) -> str:
    here = block.embed
    return whole("embed.html", it=block, table=figures.definition, publisher=citing.publisher(figures.table.package),
                 here=here, link=partial(link, here), file=partial(file_link, here), words=words)  # fmt: skip


def _size(svg: str) -> tuple[float, float]:
    box = svg.partition('viewBox="')[2].partition('"')[0].split()
    return float(box[2]), float(box[3])


def _placed(svg: str, width: float, height: float) -> str:
    """The drawing at a size, with letters as on a wide page."""
    drawing = str(svg).replace("<svg ", f'<svg width="{width:.0f}" height="{height:.0f}" ', 1)  # plain text again
    drawing = drawing.replace('font-size="17"', f'font-size="{LETTERS}"', 1)
    return finished(drawing.replace('class="c-ends"', 'class="c-ends" font-weight="600"'))
