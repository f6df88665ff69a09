from __future__ import annotations

import os
import re
import struct
import zlib
from xml.etree import ElementTree

import pytest

from ilms_publish import chart_layout as layout
from ilms_publish import charts
from ilms_publish.charts import Bar, Flow, Line, Point
from ilms_publish.pictures import light
from ilms_publish.svg import plain
from ilms_publish.templating import finished

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert(1)</script>" onload="alert(2)'


def line(*values: float | None, start: int = 2000, label: str = "Total", role: str = "focus") -> Line:
    return Line(label, tuple(Point(start + i, value) for i, value in enumerate(values)), role)


def drawn(*series: Line, **options: object) -> ElementTree.Element:
    svg = charts.lines("one", "A title", "What is seen.", "thousand persons", series, **options).svg  # type: ignore[arg-type]
    return ElementTree.fromstring(svg)


def group(svg: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for g in svg.iter(f"{SVG}g") if g.get("class") == f"c-{name}" for element in g]


def words(svg: ElementTree.Element, name: str) -> list[str]:
    return ["".join(text.itertext()) for text in group(svg, name)]


def bottom(svg: ElementTree.Element) -> float:
    """Where zero is drawn: the first rule of the axis."""
    return float(re.findall(r"[\d.]+", group(svg, "axis")[0].attrib["d"])[1])


def test_a_line_is_broken_at_a_missing_year() -> None:
    svg = drawn(line(1, 2, None, 4, 5))
    assert len(group(svg, "lines")) == 2
    assert len(group(svg, "gaps")) == 1
    assert not group(svg, "breaks")


def test_a_line_is_broken_where_the_source_changes() -> None:
    points = (Point(2000, 1, source="a"), Point(2001, 2, source="a"), Point(2002, 9, source="b"), Point(2003, 9))
    svg = drawn(Line("Total", points, "focus"))
    assert len(group(svg, "lines")) == 2
    assert len(group(svg, "breaks")) == 1
    assert "break" in words(svg, "texts")
    assert not group(svg, "gaps")


def test_a_line_is_broken_before_a_value_marked_as_break() -> None:
    svg = drawn(Line("Total", (Point(2000, 1), Point(2001, 2), Point(2002, 9, "B"), Point(2003, 9)), "focus"))
    assert [len(path.attrib["d"].split("L")) for path in group(svg, "lines")] == [2, 2]
    assert len(group(svg, "breaks")) == 1


def test_the_break_of_one_line_among_several_has_its_colour() -> None:
    broken = Line("A", (Point(2000, 1), Point(2001, 2), Point(2002, 9, "B"), Point(2003, 9)), "focus")
    svg = drawn(broken, line(3, 3, 3, 3, label="B", role="context"))
    [rule] = [g for g in svg.iter(f"{SVG}g") if g.get("class") == "c-breaks"]
    assert rule.get("stroke") == "var(--chart-1)"


def test_an_isolated_value_is_a_point_without_a_line() -> None:
    svg = drawn(line(1, None, 3))
    assert not group(svg, "lines")
    assert len(group(svg, "points")) == 2


def test_a_provisional_value_is_hollow() -> None:
    svg = drawn(Line("Total", (Point(2000, 1), Point(2001, 2), Point(2002, 2, "P")), "focus"))
    hollow = [point for point in group(svg, "points") if point.get("fill") == "var(--chart-bg)"]
    assert len(hollow) == 1
    assert "provisional" in "".join(hollow[0].itertext())


def test_the_axis_starts_at_zero() -> None:
    svg = drawn(line(900, 950, 1000))
    heights = [float(point.attrib["cy"]) for point in group(svg, "points")]
    top = min(float(re.findall(r"[\d.]+", rule.attrib["d"])[1]) for rule in group(svg, "grid"))
    assert "0" in words(svg, "texts")
    assert [round((bottom(svg) - y) / (bottom(svg) - top), 2) for y in heights] == [0.9, 0.95, 1.0]


def test_small_multiples_share_an_axis() -> None:
    low = drawn(line(5, 10), compact=True, y_max=100, years=(1999, 2002))
    high = drawn(line(50, 100), compact=True, y_max=100, years=(1999, 2002))
    assert words(low, "texts") == words(high, "texts") == ["100", "1999", "2002"]
    assert len(group(low, "gaps")) == 2


def test_years_outside_a_shared_axis_are_not_drawn() -> None:
    svg = drawn(line(1, 2, 3, 4), years=(2001, 2002))
    assert len(group(svg, "points")) == 2


def test_bars_grow_from_zero_in_the_order_given() -> None:
    items = [Bar("B", 50, "focus"), Bar("A", 100), Bar("C", 0)]
    svg = ElementTree.fromstring(charts.bars("b", "T", "D", "persons", items).svg)
    paths = [re.findall(r"[-\d.]+", path.attrib["d"]) for path in group(svg, "bars")]
    assert len({path[0] for path in paths}) == 1
    assert [float(path[2]) for path in paths][:2] == [
        pytest.approx(float(paths[1][2]) / 2, abs=0.2),
        float(paths[1][2]),
    ]
    assert words(svg, "ends") == ["50", "100", "0"]


def test_a_long_name_stands_above_its_bar() -> None:
    items = [Bar("Skilled agricultural, forestry and fishery workers", 2), Bar("Construction", 1)]
    svg = ElementTree.fromstring(charts.bars("b", "T", "D", "persons", items).svg)
    assert all(path.attrib["d"].startswith("M0,") for path in group(svg, "bars"))


def test_hostile_words_stay_words() -> None:
    series = [Line(HOSTILE, (Point(2000, 1), Point(2001, 2)), "focus"), line(1, 1, label="=HYPERLINK(1)")]
    for svg in (
        charts.lines(HOSTILE, HOSTILE, HOSTILE, HOSTILE, series).svg,
        charts.bars(HOSTILE, HOSTILE, HOSTILE, HOSTILE, [Bar(HOSTILE, 1, note=HOSTILE)]).svg,
    ):
        root = ElementTree.fromstring(svg)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            "svg", "title", "desc", "defs", "pattern", "g", "path", "circle", "text", "tspan",
        }  # fmt: skip
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
        assert root.findtext(f"{SVG}title") == HOSTILE


def test_a_drawing_links_nowhere_and_has_one_role() -> None:
    svg = charts.lines("one", "T", "D", "u", [line(1, None, 3, 4)]).svg
    assert "href" not in svg
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert svg.count("role=") == 1
    assert "aria-roledescription" not in svg
    assert "clip" not in svg
    assert not re.search(r"#[0-9a-f]{3,6}\b", svg)


def test_the_name_of_a_drawing_is_its_title_and_description() -> None:
    root = drawn(line(1, 2))
    ids = {element.get("id"): "".join(element.itertext()) for element in root.iter() if element.get("id")}
    assert [ids[name] for name in root.attrib["aria-labelledby"].split()] == ["A title", "What is seen."]


def test_two_drawings_on_a_page_share_no_id() -> None:
    first, second = (charts.lines(name, "T", "D", "u", [line(1, None, 3)]).svg for name in ("a", "b"))
    assert not set(re.findall(r'id="([^"]+)"', first)) & set(re.findall(r'id="([^"]+)"', second))


def test_the_same_figures_give_the_same_bytes() -> None:
    svgs = [charts.lines("a", "T", "D", "u", [line(1, 2.5)]).svg for _ in range(2)]
    svgs += [charts.bars("a", "T", "D", "u", [Bar("A", 1)]).svg for _ in range(2)]
    assert svgs[0] == svgs[1]
    assert svgs[2] == svgs[3]


def walked(paths: list[ElementTree.Element]) -> list[tuple[float, float]]:
    """The corners of lines, whether they are told by their places or by the steps between them."""
    corners: list[tuple[float, float]] = []
    for path in paths:
        for kind, x, y in re.findall(r"([MmLl])(-?[\d.]+),(-?[\d.]+)", path.get("d", "")):
            start = corners[-1] if kind.islower() else (0.0, 0.0)
            corners.append((round(start[0] + float(x), 1), round(start[1] + float(y), 1)))
    return corners


def test_the_plain_drawing_keeps_every_point_and_hollow_ones_hollow() -> None:
    points = tuple(Point(2000 + i, float(i + 1), "P" if i == 4 else "A") for i in range(5))
    whole = charts.lines("one", "A title", "What is seen.", "persons", [Line("Total", points, "focus"), line(3, 2)]).svg
    small = plain(whole)
    svg, before = ElementTree.fromstring(small), ElementTree.fromstring(whole)
    dots = [
        dot for path in group(svg, "points") for dot in re.findall(r"[Mm][\d.-]+,[\d.-]+h(?:0|\.01)", path.get("d", ""))
    ]
    hollow = [one for one in group(svg, "points") if one.tag == f"{SVG}circle"]
    assert len(dots) + len(hollow) == len(group(before, "points")) == 7
    assert [one.get("fill") for one in hollow] == ["var(--chart-bg)"]
    assert walked(group(svg, "lines")) == walked(group(before, "lines"))
    assert len(small) < len(whole)
    assert plain(finished(whole)) == small


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def content_of(picture: bytes, kind: bytes) -> bytes:
    at = picture.index(kind)
    (size,) = struct.unpack_from(">I", picture, at - 4)
    return picture[at + 4 : at + 4 + size]


@pytest.mark.parametrize("differences", [False, True])
def test_a_picture_in_few_shades_shows_the_same_pixels(differences: bool) -> None:
    ground, ink, half = (250, 246, 238, 255), (36, 31, 26, 255), (143, 138, 132, 255)
    pixels = [ground, ink, half, ground] * 8
    before = [(0, 0, 0, 0), *pixels] if differences else [(0, 0, 0, 0)] * 33
    row = bytes(
        (b - a) % 256 for one, last in zip(pixels, before, strict=False) for b, a in zip(one, last, strict=True)
    )
    loose = zlib.compress((bytes([differences]) + row) * 40, 0)
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 40, 8, 6, 0, 0, 0))
    picture += chunk(b"IDAT", loose[:99]) + chunk(b"IDAT", loose[99:]) + chunk(b"IEND", b"")
    made = light(picture, ("#faf6ee", "#241f1a", "#0b6170"))
    assert struct.unpack(">IIBBBBB", content_of(made, b"IHDR")) == (32, 40, 8, 3, 0, 0, 0)
    shades, shown = content_of(made, b"PLTE"), zlib.decompress(content_of(made, b"IDAT"))
    for line in range(40):
        numbers = shown[line * 33 + 1 : line * 33 + 33]
        for number, wanted in zip(numbers, pixels, strict=True):
            found = shades[3 * number : 3 * number + 3]
            assert max(abs(a - b) for a, b in zip(found, wanted, strict=False)) <= 24, (found, wanted)
            assert wanted == half or bytes(wanted[:3]) == found
    assert len(made) < len(picture)


NARROW = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes(4)))


@pytest.mark.parametrize("wrong", [b"GIF89a", b"\x89PNG\r\n\x1a\n" + NARROW + chunk(b"IEND", b"")])
def test_what_is_no_such_picture_is_refused(wrong: bytes) -> None:
    with pytest.raises(ValueError, match="this"):
        light(wrong, ("#faf6ee", "#241f1a"))


def test_a_picture_is_set_in_the_one_font_that_is_alike_on_every_machine() -> None:
    before = os.environ.get("FONTCONFIG_FILE")
    charts.lines("one", "A title", "What is seen.", "persons", [line(1, 2)])
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><rect width="60" height="20" fill="#faf6ee"/>'
        '<text y="15" font-family="{}">Việt Nam</text></svg>'
    )
    empty = charts.png(drawing.format("No Such Font"))
    assert charts.png(drawing.format(charts.FONT)) != empty
    for family in ("DejaVu Sans", "DejaVu Serif", "Liberation Serif", "Noto Sans", "Arial", "serif", "monospace"):
        assert charts.png(drawing.format(family)) == empty, family
    assert os.environ.get("FONTCONFIG_FILE") == before


def test_a_chart_without_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        drawn(line(None, None))
    with pytest.raises(ValueError, match="no bars"):
        charts.bars("b", "T", "D", "u", [])


@pytest.mark.parametrize("values", [(0, 0), (-5, 5), (1e-6, 2e-6), (1e9, 3e9), (3,)])
def test_any_magnitude_can_be_drawn(values: tuple[float, ...]) -> None:
    svg = drawn(line(*values))
    frame = [float(number) for number in svg.attrib["viewBox"].split()]
    for point in group(svg, "points"):
        assert 0 <= float(point.attrib["cx"]) <= frame[2]
        assert 0 <= float(point.attrib["cy"]) <= frame[3]


def test_labels_do_not_cover_each_other() -> None:
    tops = layout.spread([layout.Block(50, 60, 0), layout.Block(48, 20, 1), layout.Block(99, 20, 2)], 0, 100)
    assert sorted(tops, key=lambda key: tops[key]) == [1, 0, 2]
    assert tops[0] - tops[1] >= 20
    assert tops[2] - tops[0] >= 60
    assert tops[2] + 20 <= 100


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (3350.673, 0, "3\u2009351"),
        (0, 2, "0"),
        (0.04, 0, "0.04"),
        (-12.5, 1, "\u221212.5"),
        (1234567, 0, "1\u2009234\u2009567"),
    ],
)
def test_a_number_is_grouped_and_never_falsely_zero(value: float, decimals: int, text: str) -> None:
    assert layout.number(value, decimals) == text


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 3350, [0, 1000, 2000, 3000, 4000]), (5, 9, [0, 2.5, 5, 7.5, 10]), (0, 0, [0, 1]), (-3, 4, [-4, -2, 0, 2, 4])],
)
def test_the_steps_of_an_axis_are_round_and_include_zero(low: float, high: float, expected: list[float]) -> None:
    assert layout.steps(low, high) == expected


def test_a_long_label_is_wrapped_and_cut() -> None:
    assert layout.wrapped("Korea, Republic of", 14) == ["Korea,", "Republic of"]
    assert layout.wrapped("one two three four five six", 9, 2)[-1].endswith("…")


def ribbons(*flows: Flow) -> list[tuple[str, float, float]]:
    """Words, thickness at the start and at the end of each ribbon."""
    svg = ElementTree.fromstring(charts.flows("one", "A title", "What is seen.", "persons", flows).svg)
    found = []
    for path in group(svg, "ribbons"):
        numbers = [float(number) for number in re.findall(r"[\d.]+", path.attrib["d"])]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        at = [[y for x, y in points if x == edge] for edge in (min(numbers[::2]), max(numbers[::2]))]
        start, end = (max(ys) - min(ys) for ys in at)
        found.append(("".join(path.itertext()), start, end))
    return found


def test_a_ribbon_is_as_thick_as_its_number_at_both_ends() -> None:
    drawn = ribbons(Flow("A", "C", 300), Flow("B", "C", 100), Flow("A", "D", 100))
    thick = {words.split(":")[0]: (start, end) for words, start, end in drawn}
    for start, end in thick.values():
        assert start == pytest.approx(end, abs=0.2)
    assert thick["A to C"][0] == pytest.approx(3 * thick["B to C"][0], abs=0.4)
    assert thick["A to D"][0] == pytest.approx(thick["B to C"][0], abs=0.2)


def test_a_small_flow_is_still_seen_and_says_its_number() -> None:
    drawn = ribbons(Flow("A", "B", 2_000_000), Flow("C", "B", 54))
    small = next(ribbon for ribbon in drawn if ribbon[0].startswith("C to B"))
    assert small[1] >= 0.8
    assert small[0] == "C to B: 54 persons"


def test_places_stand_by_size_with_their_sums() -> None:
    svg = ElementTree.fromstring(charts.flows("one", "T", "D", "persons", [Flow("A", "C", 1), Flow("B", "C", 5)]).svg)
    assert words(svg, "names") == ["B5", "A1"]
    assert words(svg, "ends") == ["C6"]


def test_flows_of_nothing_are_not_drawn() -> None:
    with pytest.raises(ValueError, match="no flows"):
        charts.flows("one", "T", "D", "persons", [Flow("A", "B", 0)])
