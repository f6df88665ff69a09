"""Layout of each kind of chart: its axes and the rows of every layer of its template."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from ilms_publish import chart_layout as layout
from ilms_publish.chart_layout import Axis, Bar, Line

WIDTH = 520.0
HEIGHT = 300.0
SMALL = (220.0, 112.0)  # a small multiple
TEXT = 17.0  # as large as a telephone needs; wider pages set smaller text (site.css)
ROW = 20.0
CONTEXT = ("var(--chart-3)", "var(--chart-4)", "var(--chart-5)", "var(--chart-6)")
BAR = "var(--chart-bar)"
ROLES = ("context", "counterpart", "focus")  # from the back to the front
GROUND, FAINT, QUIET, INK = "var(--chart-bg)", "var(--chart-grid)", "var(--chart-muted)", "var(--chart-fg)"
STATUS_WORDS = {
    "B": "break in series", "D": "definition differs", "E": "estimated", "F": "forecast", "I": "imputed",
    "P": "provisional", "U": "low reliability",
}  # fmt: skip

Data = dict[str, list[dict[str, Any]]]


class LineSheet:
    """Layout of one line chart: margins, axes, and the data of each layer of the template."""

    def __init__(
        self, lines: Sequence[Line], years: tuple[int, int], ticks: list[float], unit: str, compact: bool
    ) -> None:
        self.lines, self.years, self.ticks, self.unit, self.compact = lines, years, ticks, unit, compact
        self.size = SMALL if compact else (WIDTH, HEIGHT)
        self.runs = [layout.segments(line.points) for line in lines]
        self.inks = inks_of(lines)
        self.order = sorted(range(len(lines)), key=lambda i: ROLES.index(lines[i].role))  # the focus lies on top
        self.breaks = [year for year in layout.break_years(lines) if years[0] < year <= years[1]]
        self.values = [p.value for line in lines for p in line.points if p.value is not None]
        self.decimals = layout.decimals_of(self.values)
        self.labels = [] if compact else [self._label(line) for line in lines]
        left = 4.0 if compact else max(layout.text_width(self._tick(tick), TEXT) for tick in ticks) + 4
        rows = [(row, self._main(i)) for i, label in enumerate(self.labels) for row in label]
        right = max((layout.text_width(row, TEXT, main) for row, main in rows), default=-10) + 14
        top = ROW + (ROW if self.breaks and not compact else 2)
        beside = min(0.5, 0.03 * (years[1] - years[0])) or 0.5
        self.x = Axis(years[0] - beside, years[1] + beside, left, self.size[0] - right)
        self.y = Axis(ticks[0], ticks[-1], self.size[1] - ROW - 6, top)

    def _label(self, line: Line) -> list[str]:
        """Name of a line, and its last value where it is the one that the chart is about."""
        rows = layout.wrapped(line.label, 14, 3)
        runs = layout.segments(line.points)
        if runs and line.role in ("focus", "counterpart"):
            rows.append(layout.number(runs[-1][-1].value or 0.0, self.decimals))
        return rows

    def _tick(self, tick: float) -> str:
        return layout.number(tick, layout.decimals_of(self.ticks)) if tick else "0"

    def data(self) -> Data:
        """Rows of every layer."""
        return {
            "gaps": self._gaps(),
            "grid": self._grid(),
            "axis": self._axis(),
            "breaks": self._breaks(),
            "leaders": self._leaders(),
            "lines": [
                {
                    "x": p.year,
                    "y": p.value,
                    "segment": f"{i}-{j}",
                    "ink": self.inks[i],
                    "width": 2.5 if self._main(i) else 1.5,
                }
                for i in self.order
                for j, run in enumerate(self.runs[i])
                if len(run) > 1
                for p in run
            ],
            "points": [
                {"x": p.year, "y": p.value, "ink": self.inks[i], "fill": GROUND if p.status == "P" else self.inks[i]}
                | {"size": 26 if self._main(i) and len(self.lines[i].points) < 30 else 12}
                for i in self.order
                for run in self.runs[i]
                for p in run
            ],
            "texts": self._texts(),
            "names": self._ends(main=False),
            "ends": self._ends(main=True),
        }

    def hovers(self) -> list[str]:
        """Words for each point, in the order in which the points are drawn."""
        several = len(self.lines) > 1
        return [
            f"{self.lines[i].label + ', ' if several else ''}{p.year}: {layout.number(p.value or 0.0, self.decimals)}"
            + (f" ({STATUS_WORDS[p.status]})" if p.status in STATUS_WORDS else "")
            for i in self.order
            for run in self.runs[i]
            for p in run
        ]

    def _main(self, line: int) -> bool:
        return self.lines[line].role != "context" or len(self.lines) == 1

    def _gaps(self) -> list[dict[str, Any]]:
        spans = layout.missing_spans(self.lines, self.years)
        low, high = self.x.low, self.x.high
        edges = [(max(a - 0.5, low), min(b + 0.5, high)) for a, b in spans]
        return [{"x": a, "x2": b, "y": self.y.low, "y2": self.y.high} for a, b in edges]

    def _grid(self) -> list[dict[str, Any]]:
        start, end = self.x.value(0), self.x.high
        ticks = [self.ticks[-1]] if self.compact else self.ticks
        return [{"x": start, "x2": end, "y": tick, "ink": FAINT} for tick in ticks if tick]

    def _axis(self) -> list[dict[str, Any]]:
        """The zero line with a small mark for each year."""
        start = self.x.value(0)
        low = self.y.value(self.y.start + 5)
        base: list[dict[str, Any]] = [{"x": start, "x2": self.x.high, "y": 0, "y2": 0, "ink": QUIET}]
        if self.compact or self.y.low < 0:
            return base
        return base + [{"x": y, "x2": y, "y": 0, "y2": low, "ink": QUIET} for y in self._written_years()]

    def _written_years(self) -> list[int]:
        first, last = self.years
        if self.compact:
            return [first, last] if first != last else [first]
        return layout.year_ticks(first, last, self.x.place(last) - self.x.place(first), 3.4 * TEXT)

    def _breaks(self) -> list[dict[str, Any]]:
        high = self.y.value(self.y.end - (0 if self.compact else ROW + 4))
        broken = {
            year: [i for i, line in enumerate(self.lines) if year in layout.break_years([line])] for year in self.breaks
        }
        inks = {year: self.inks[at[0]] if len(at) == 1 < len(self.lines) else QUIET for year, at in broken.items()}
        return [{"x": y - 0.5, "x2": y - 0.5, "y": self.y.low, "y2": high, "ink": ink} for y, ink in inks.items()]

    def _leaders(self) -> list[dict[str, Any]]:
        """Hairlines from the end of a line to its label, where the label could not stand beside it."""
        found = []
        for i, top in self._tops().items():
            last, middle = self.runs[i][-1][-1], top + len(self.labels[i]) * ROW / 2
            ends = (self.x.place(last.year) + 6, self.y.place(last.value or 0.0))
            goal = self.size[0] - self._right() + 2
            if goal - ends[0] > 18 or abs(ends[1] - middle) > ROW * 0.8:
                row = {"x": self.x.value(ends[0]), "x2": self.x.value(goal), "y": last.value or 0.0}
                found.append(row | {"y2": self.y.value(middle), "ink": FAINT})
        return found

    def _right(self) -> float:
        return self.size[0] - self.x.end - 6

    @functools.cache  # noqa: B019 - the sheet lives as long as one chart
    def _tops(self) -> Mapping[int, float]:
        """Top of each end label, moved apart."""
        blocks = [
            layout.Block(self.y.place(runs[-1][-1].value or 0.0), len(rows) * ROW, i)
            for i, (runs, rows) in enumerate(zip(self.runs, self.labels, strict=False))
            if runs
        ]
        return layout.spread(blocks, self.y.end - ROW, self.y.start + 8)

    def _texts(self) -> list[dict[str, Any]]:
        """Numbers of the axis above their rules, years under it, and the word at a break."""
        ticks = [self.ticks[-1]] if self.compact else self.ticks
        rows = [self._text(0, self.y.place(tick) - 5, self._tick(tick), "left") for tick in ticks]
        foot = self.size[1] - 6
        if self.compact:
            ends = zip(self._written_years(), ((0.0, "left"), (self.x.end, "right")), strict=False)
            return rows + [self._text(place, foot, str(year), anchor) for year, (place, anchor) in ends]
        rows[-1]["label"] = f"{self._tick(ticks[-1])} {self.unit}".strip()
        rows += [self._text(self.x.place(year), foot, str(year), "center") for year in self._written_years()]
        room, clear = layout.text_width("break", TEXT) + 8, 0.0
        for year in self.breaks:
            place = self.x.place(year - 0.5) + 5
            if place >= clear:
                rows.append(self._text(place, self.y.end - ROW - 6, "break", "left"))
                clear = place + room
        return rows

    def _text(self, x: float, y: float, label: str, anchor: str) -> dict[str, Any]:
        return {"x": self.x.value(x), "y": self.y.value(y), "label": label, "ink": QUIET, "anchor": anchor}

    def _ends(self, main: bool) -> list[dict[str, Any]]:
        place = self.x.value(self.size[0] - self._right() + 4)
        return [
            {
                "x": place,
                "y": self.y.value(top + len(self.labels[i]) * ROW / 2),
                "label": self.labels[i],
                "ink": self.inks[i],
            }
            for i, top in sorted(self._tops().items())
            if self._main(i) == main
        ]


def inks_of(items: Sequence[Line] | Sequence[Bar]) -> list[str]:
    """A colour for each item: by role, and one grey after another for context."""
    context = 0
    inks = []
    for item in items:
        if item.role in ("focus", "counterpart"):
            inks.append("var(--chart-1)" if item.role == "focus" else "var(--chart-2)")
        else:
            inks.append(CONTEXT[context % len(CONTEXT)] if isinstance(item, Line) else BAR)
            context += 1
    return inks


def bar_sheet(
    bars: Sequence[Bar], shown: Sequence[str], unit: str, x_max: float | None
) -> tuple[Data, Axis, Axis, tuple[float, float]]:
    """Data, axes and size of a bar chart; names stand beside their bars, or above where one needs three lines."""
    beside = all(len(layout.wrapped(bar.label, 20, 9)) <= 2 for bar in bars)
    names = [layout.wrapped(bar.label, 20) if beside else layout.wrapped(bar.label, 54) for bar in bars]
    heights = [max(ROW + 10, len(rows) * ROW + 8) if beside else ROW * (len(rows) + 1) + 4 for rows in names]
    left = max(layout.text_width(row, TEXT) for rows in names for row in rows) + 8 if beside else 0.0
    right = max(layout.text_width(text, TEXT) for text in shown) + 10
    low, high = min(0.0, *(b.value for b in bars)), max(0.0, x_max or 0.0, *(b.value for b in bars))
    height = ROW * 1.5 + sum(heights)
    x = Axis(low, high if high > low else 1.0, left + (right if low < 0 else 0), WIDTH - right)
    data: Data = {"axis": [], "bars": [], "texts": [_word(x, 0, 14, unit, QUIET)], "labels": [], "ends": []}
    top = ROW * 1.5
    for bar, rows, room, value, ink in zip(bars, names, heights, shown, inks_of(bars), strict=True):
        middle = top + (room / 2 - 2 if beside else ROW * len(rows) + 8)
        thick = ROW / 2 if beside else ROW * 0.4
        data["bars"].append({"x": 0, "x2": bar.value, "y": middle - thick, "y2": middle + thick, "ink": ink})
        data["axis"].append({"x": 0, "x2": 0, "y": middle - thick - 3, "y2": middle + thick + 3, "ink": QUIET})
        name: str | list[str] = rows[0] if len(rows) == 1 else rows
        data["labels" if beside else "texts"].append(_word(x, 0, middle if beside else top + 14, name, INK))
        data["ends"].append(_word(x, x.place(max(bar.value, 0.0)) + 6, middle, value, INK))
        top += room
    if beside:  # one rule behind all
        data["axis"] = [{"x": 0, "x2": 0, "y": ROW * 1.5 - 4, "y2": height, "ink": QUIET}]
    return data, x, Axis(0.0, height, 0.0, height), (WIDTH, height)


def _word(x: Axis, place: float, y: float, label: str | list[str], ink: str) -> dict[str, Any]:
    return {"x": x.value(place), "y": y, "label": label, "ink": ink}
