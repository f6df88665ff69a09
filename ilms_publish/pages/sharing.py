"""The picture that is shown where a page is shared: its title, what it says, a drawing if it has one, its caveats."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ilms_publish import charts
from ilms_publish.pages import words
from ilms_publish.pages.page import Page
from ilms_publish.pages.strip import Said, Strip
from ilms_publish.svg import coloured
from ilms_publish.templating import finished, whole

LETTERS = 11.5
MISSING = "missing_populations"
SIZE, ROOM = (1200, 630), (620.0, 560.0)
"""Size of the picture, and of the drawing in it."""
NOTE, EDGE = 19, 46
"""Height of a line of its notes, and what stays empty above and below."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a picture is set. title: size of its letters, letters in a line, height of a line; note: letters in a line;
    notes: most lines of them; types: of the sentences, as of the title; the largest with room is taken.
    """

    title: tuple[int, int, int]
    note: int
    notes: int
    types: tuple[tuple[int, int, int], ...]


BESIDE = Setting((36, 24, 44), 70, 9, ((25, 38, 33), (21, 46, 28), (18, 54, 24)))
ALONE = Setting((52, 38, 62), 150, 6, ((34, 64, 47), (28, 78, 39), (22, 100, 31)))
SQUARE, GAP, IN_LINE = 86, 16, 5
MINI = (290.0, 170.0, 3)
"""Room of a small drawing, and how many of them stand below one another."""


def shared(page: Page, says: Sequence[str], svg: str = "", notes: Sequence[str] = ()) -> Page:
    """The page with its picture, PNG.

    says: sentences; those that find no room are left out whole; svg: drawing, may be empty; notes: lines of plain text.
    """
    setting = BESIDE if svg else ALONE
    lines: list[str] = []
    for note in notes:
        more = textwrap.wrap(note, setting.note)
        lines += more if len(lines) + len(more) <= setting.notes else []
    title = textwrap.wrap(page.title, setting.title[1])
    room = SIZE[1] - 2 * EDGE - setting.title[2] * len(title) - NOTE * (len(lines) + 1)
    told, letters, leading = _fitting(setting, [*filter(None, says)], room)
    drawn = whole("shared.svg", title=title, says=told, letters=letters, leading=leading, notes=lines,
                  inner=_inner(svg) if svg else "", size=SIZE, font=charts.FONT, head=setting.title)  # fmt: skip
    path = f"shared/{page.address or 'home'}.png"
    return replace(page, files={**page.files, path: charts.png(coloured(drawn))}, picture=path)


def _fitting(setting: Setting, says: list[str], room: float) -> tuple[list[str], int, int]:
    """The sentences in lines, size of the letters, height of a line."""
    while says:
        for letters, wide, leading in setting.types:
            lines = textwrap.wrap(" ".join(says), wide)
            if len(lines) * leading <= room:
                return lines, letters, leading
        says = says[:-1]
    return [], setting.types[-1][0], setting.types[-1][2]


def _inner(svg: str) -> str:
    width, height = size_of(svg)
    scale = min(ROOM[0] / width, ROOM[1] / height)
    return placed(svg, width * scale, height * scale)


def minis(drawings: Sequence[tuple[str, str]]) -> str:
    """Small drawings with the names above them as one; empty when there is none."""
    wide, tall, most = MINI
    shown = [one for one in drawings if one[1]][: 2 * most]
    cells = [
        (name, *((at // most) * (wide + 30), (at % most) * (tall + 20)), placed(svg, wide, tall - 24))
        for at, (name, svg) in enumerate(shown)
    ]
    return finished(whole("minis.svg", cells=cells, width=2 * wide + 30, height=most * (tall + 20))) if cells else ""


def squares(answers: Sequence[Said]) -> str:
    """One square for each question, filled where it is answered."""
    cells = [((at % IN_LINE) * (SQUARE + GAP), (at // IN_LINE) * (SQUARE + GAP), one) for at, one in enumerate(answers)]
    lines = -(-len(cells) // IN_LINE)
    return finished(whole("squares.svg", cells=cells, side=SQUARE, width=IN_LINE * (SQUARE + GAP),
                          height=max(lines, 1) * (SQUARE + GAP)))  # fmt: skip


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


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a drawing."""
    box = svg.partition('viewBox="')[2].partition('"')[0].split()
    return float(box[2]), float(box[3])


def placed(svg: str, width: float, height: float) -> str:
    """The drawing at a size, with letters as on a wide page."""
    drawing = str(svg).replace("<svg ", f'<svg width="{width:.0f}" height="{height:.0f}" ', 1)  # plain text again
    drawing = drawing.replace('font-size="17"', f'font-size="{LETTERS}"', 1)
    return finished(drawing.replace('class="c-ends"', 'class="c-ends" font-weight="600"'))


def with_picture(page: Page) -> Page:
    """The page with a picture: its own, else one of its description; below an index, that of the index."""
    if page.picture:
        return page
    section, below, _ = page.address.partition("/")
    return replace(page, picture=f"shared/{section}.png") if below else shared(page, [page.description])
