"""Drawings of vl-convert made small, quiet and accessible: flat groups, one name, no inner roles, no links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

SVG = "{http://www.w3.org/2000/svg}"
DROPPED = {"transform", "class", "role", "font-family", "font-size", "opacity", "stroke-miterlimit", "text-anchor"}
INHERITED = {
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "text-anchor",
}  # fmt: skip
CENTRED = {"labels", "names", "ends"}  # layers whose words stand around their y, whatever the size of the letters
LINE = 1.15  # ems from line to line
MIDDLE = ".35em"  # from the middle of a letter to its foot
TRANSLATE = re.compile(r"translate\(([^,]+),([^)]+)\)")
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
HATCH = (
    '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0,0V6" stroke="var(--chart-hatch)" stroke-width="2"/></pattern>'
)

PAPER = {
    "bg": "#faf6ee", "fg": "#241f1a", "muted": "#5d554b", "grid": "#ddd3c3", "hatch": "#e3d9c8", "bar": "#8e8373",
    "1": "#0b6170", "2": "#a4480d", "3": "#6b645a", "4": "#546679", "5": "#666a43", "6": "#7b5a75",
}  # fmt: skip
"""The colours of charts on paper, as in tokens.css, for files that no page lends its own."""
HOVER = re.compile(r"(<(?:circle|path|rect)[^>]*)><title>[^<]*</title></(?:circle|path|rect)>")
POINTS = re.compile(r'(<g class="c-points"[^>]*>)(.*?)(</g>)')
NAMED = re.compile(r"(?<=[\"# ])chart-[a-z0-9-]+(?=-(?:title|desc|hatch)[\") ])")
ALIKE = re.compile(r'(?:<path d="[^"]*"[^<>]*/>){2,}')
PATH = re.compile(r'<path d="([^"]*)"([^<>]*)/>')
TRAIL = re.compile(r'(?<= d=")M-?[0-9.]+,-?[0-9.]+(?:h\.01)?(?:[ML]-?[0-9.]+,-?[0-9.]+(?:h\.01)?){2,}(?=")')
BAR = re.compile(r"M(-?[0-9.]+),(-?[0-9.]+h-?[0-9.]+v-?[0-9.]+)h-?[0-9.]+Z")
WORDS_AT = re.compile(r'(<t(?:ext|span)[^<>]*? x=")([0-9.]+)')
STEP = re.compile(r"([ML])(-?[0-9.]+),(-?[0-9.]+)(h\.01)?")
CIRCLE = re.compile(r'<circle cx="([^"]*)" cy="([^"]*)" r="([^"]*)"([^>]*)/>')
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
VARIABLE = re.compile(r"var\(--chart-([a-z0-9]+)\)")

Attributes = dict[str, str]
Mark = tuple[str, Attributes, str]  # element, attributes, finished content


def rounded(text: str) -> str:
    """Coordinates with one decimal, which is a tenth of a pixel of the drawing."""
    return NUMBER.sub(lambda match: _round(float(match[0])), text)


def coloured(drawing: str) -> str:
    """The drawing with colours of its own, for a file that stands alone."""
    return VARIABLE.sub(lambda found: PAPER[found[1]], drawing)


def plain(drawing: str) -> str:
    """The drawing without words for a pointer, far lighter: points, rules and bars of one look become one path."""
    drawing = str(drawing)  # finished HTML would escape what is put into it
    drawing = NAMED.sub(lambda name: f"c{crc32(name[0].encode()):x}", drawing)
    drawing = HOVER.sub(r"\1/>", drawing)
    drawing = POINTS.sub(lambda group: group[1] + "".join(_merged(group[1], group[2])) + group[3], drawing)
    drawing = ALIKE.sub(lambda run: "".join(_joined(run[0])), drawing)
    drawing = BAR.sub(r"M\1,\2H\1Z", drawing)
    drawing = WORDS_AT.sub(lambda word: f"{word[1]}{float(word[2]):.0f}", drawing)
    return TRAIL.sub(lambda trail: _stepped(trail[0]), drawing)


def _stepped(trail: str) -> str:
    """A line or a row of dots, told by the steps from one to the next: years are evenly apart, so steps repeat."""
    found, last = "", (Decimal(0), Decimal(0))
    for kind, x, y, dot in STEP.findall(trail):
        here = Decimal(x), Decimal(y)
        away = f"{kind.lower()}{here[0] - last[0]},{here[1] - last[1]}"
        found += (away if found else f"M{x},{y}") + ("h0" if dot else "")
        last = here
    return found


def _joined(paths: str) -> Iterable[str]:
    """Neighbours of one look as one path of several parts."""
    for look, run in groupby(PATH.findall(paths), key=lambda path: path[1]):
        yield f'<path d="{"".join(shape for shape, _ in run)}"{look}/>'


def _merged(opening: str, points: str) -> Iterable[str]:
    """Circles as dots of a round pen, as wide as the circle with its edge; hollow ones stay circles."""
    shared = dict(ATTRIBUTE.findall(opening))
    for _, run in groupby(CIRCLE.findall(points), key=lambda point: point[2:]):
        dots = list(run)
        own = shared | dict(ATTRIBUTE.findall(dots[0][3]))
        if own["fill"] != own["stroke"]:
            yield from (f'<circle cx="{x}" cy="{y}" r="{r}"{rest}/>' for x, y, r, rest in dots)
            continue
        wide = 2 * float(dots[0][2]) + float(own["stroke-width"])
        stroke = f' stroke="{own["stroke"]}"' if own["stroke"] != shared["stroke"] else ""
        path = "".join(f"M{x},{y}h.01" for x, y, _, _ in dots)
        yield f'<path d="{path}" stroke-linecap="round" stroke-width="{wide:g}"{stroke}/>'


def identifier(name: str) -> str:
    """A name as an XML id that is safe in every attribute and reference."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"chart-{slug or 'unnamed'}"


def tidy(drawing: str, name: str, title: str, description: str, kind: str, hovers: Mapping[str, Sequence[str]]) -> str:
    """An inline SVG: role img, named by its title and description, colours left to the page's variables.

    drawing: what vl-convert wrote; kind: class of the chart; hovers: for a group of marks, the words shown when
    the pointer rests on each, in the order of the marks.
    """
    root = ElementTree.fromstring(drawing)
    groups = [_group(name, group, hovers) for name, group in _mark_groups(root, identifier(name))]
    key = identifier(name)
    defs = (
        f"<defs>{HATCH.format(id=key + '-hatch')}</defs>" if any(f"#{key}-hatch" in group for group in groups) else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ilms-chart ilms-chart--{kind}" '
        f'viewBox="{root.get("viewBox")}" role="img" aria-labelledby="{key}-title {key}-desc" '
        f'font-size="17" fill="none">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
        f"{defs}{''.join(groups)}</svg>"
    )


def _mark_groups(root: ElementTree.Element, key: str) -> Iterable[tuple[str, list[Mark]]]:
    """Groups of marks by layer name, in drawing order; the parts of one layer are put together."""
    found: dict[str, list[Mark]] = {}
    for group in root.iter(f"{SVG}g"):
        classes = group.get("class", "").split()
        if "role-mark" in classes:
            layer = classes[-1].removesuffix("_marks")
            found.setdefault(layer, []).extend(_mark(element, layer, key) for element in group)
    return [(layer, marks) for layer, marks in found.items() if marks]


def _mark(element: ElementTree.Element, layer: str, key: str) -> Mark:
    """One mark in the coordinates of the drawing."""
    tag = element.tag.removeprefix(SVG)
    attributes = {k: rounded(v) for k, v in element.attrib.items() if k not in DROPPED}
    place = TRANSLATE.match(element.get("transform", ""))
    x, y = (float(place[1]), float(place[2])) if place else (0.0, 0.0)
    if layer == "gaps":
        attributes["fill"] = f"url(#{key}-hatch)"
    if tag == "line":
        ends = (x + float(element.get("x2", "0")), y + float(element.get("y2", "0")))
        del attributes["x2"], attributes["y2"]
        return "path", {"d": _straight((x, y), ends)} | attributes, ""
    if tag == "text":
        anchor = {"text-anchor": element.get("text-anchor", "start")}
        content = _words(element, _round(x), layer in CENTRED)
        lowered = {"dy": MIDDLE} if layer in CENTRED and not content.startswith("<tspan") else {}
        return tag, {"x": _round(x), "y": _round(y)} | lowered | attributes | anchor, content
    if place:  # a symbol: all of ours are circles, drawn around the origin
        radius = re.match(r"M([\d.]+),0", attributes.pop("d"))
        if radius is None:
            raise ValueError(f"chart layer {layer!r}: only circles are known as symbols")
        return "circle", {"cx": _round(x), "cy": _round(y), "r": rounded(radius[1])} | attributes, ""
    return tag, attributes, ""


def _straight(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Path of a straight rule."""
    if start[1] == end[1]:
        return f"M{_round(start[0])},{_round(start[1])}H{_round(end[0])}"
    if start[0] == end[0]:
        return f"M{_round(start[0])},{_round(start[1])}V{_round(end[1])}"
    return f"M{_round(start[0])},{_round(start[1])}L{_round(end[0])},{_round(end[1])}"


def _words(element: ElementTree.Element, x: str, centred: bool) -> str:
    """Lines of a label, set in ems so that the page may choose the size of the letters."""
    lines = [escape(span.text or "") for span in element.findall(f"{SVG}tspan") or [element]]
    if len(lines) == 1:
        return lines[0]
    first = f"{0.35 - LINE * (len(lines) - 1) / 2:.3g}em" if centred else "0"
    shifts = [first, *(f"{LINE}em" for _ in lines[1:])]
    return "".join(f'<tspan x="{x}" dy="{dy}">{words}</tspan>' for dy, words in zip(shifts, lines, strict=True))


def _group(layer: str, marks: list[Mark], hovers: Mapping[str, Sequence[str]]) -> str:
    """Marks of one layer; what most of them have, and all may inherit, is written once."""
    common = Counter(item for _, attributes, _ in marks for item in attributes.items() if item[0] in INHERITED)
    everywhere = set.intersection(*(set(attributes) for _, attributes, _ in marks))
    shared = {k: v for (k, v), _ in reversed(common.most_common()) if k in everywhere}
    words = hovers.get(layer, ())
    inner = [
        _element(tag, {k: v for k, v in attributes.items() if shared.get(k) != v}, content, words[i] if words else "")
        for i, (tag, attributes, content) in enumerate(marks)
    ]
    return f"<g{_written({'class': f'c-{layer}'} | dict(sorted(shared.items())))}>{''.join(inner)}</g>"


def _element(tag: str, attributes: Attributes, content: str, hover: str) -> str:
    """One element with its hover text."""
    inner = (f"<title>{escape(hover)}</title>" if hover else "") + content
    return f"<{tag}{_written(attributes)}>{inner}</{tag}>" if inner else f"<{tag}{_written(attributes)}/>"


def _written(attributes: Attributes) -> str:
    return "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())


def _round(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"  # never "-0"
