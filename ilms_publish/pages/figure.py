"""Figure blocks: a computed sentence, a chart, the caveat strip and the way to the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ilms_publish import charts, derive
from ilms_publish.arranging import BOTH, CURRENCY, MEN, WOMEN, Figures, Observation
from ilms_publish.charts import Bar, Line, Point
from ilms_publish.model import Code
from ilms_publish.pages import sentences, words
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.strip import Strip, strip
from ilms_publish.templating import finished

TOP = 5
MOST_BARS = 22


@dataclass(frozen=True, slots=True)
class Block:
    """One figure block.

    kind: which of the table's figures; svg: finished drawing, may be empty; target: address of the page with the
    numbers; data: file of the whole table; table: ids of package and table; rows: lines of the table that it shows;
    start: for sex and each dimension of the table the place of the one code that it shows, among those present, or
    nothing where it shows several; empty when the drawing does not answer questions; asks: which question it answers
    first, its kind if empty; answer: JSON of its own from which it answers, empty when that of its table serves.
    """

    name: str
    kind: str
    title: str
    says: tuple[str, ...]
    svg: str
    strip: Strip
    target: str
    data: str
    table: tuple[str, str]
    rows: tuple[int, ...]
    start: tuple[int | None, ...]
    asks: str = ""
    answer: bytes = b""

    @property
    def place(self) -> str:
        """Below which its own files stand: `<package>/<table>`."""
        return "/".join(self.table).lower()

    @property
    def live(self) -> str:
        """The file from which a reader's questions are answered."""
        return f"{self.own if self.answer else f'charts/{self.place}'}.rows.json"

    @property
    def own(self) -> str:
        """The files of the figure itself, without the ending that says which."""
        return f"charts/{self.place}-{self.kind}"

    @property
    def embed(self) -> str:
        """The address of the figure alone, for pages of others."""
        return f"embed/{self.place}/{self.kind}"


def side(figures: Figures) -> dict[str, str]:
    """The codes that a page shows first: migrants, where the table tells sides apart."""
    chosen = {figures.side: derive.side_code(figures)} if figures.side else {}
    if CURRENCY in figures.definition.dimensions:
        present = figures.present(CURRENCY)
        chosen[CURRENCY] = present[0].code if present else ""
    return chosen


def points(figures: Figures, series: Sequence[Observation]) -> tuple[Point, ...]:
    """The usable observations as points; a break that a limitation tells of is a break of the line."""
    usable = [o for o in series if o.usable]
    broken = {b.year for b in derive.breaks(figures, usable)}
    return tuple(Point(o.year, o.value, "B" if o.year in broken else o.status, o.source) for o in usable)


def main_series(figures: Figures, area: str, sex: str = BOTH) -> tuple[Observation, ...]:
    """The totals that speak for a table: both sexes, of migrants where it tells sides apart."""
    if area != figures.table.package.area:
        return derive.totals(figures, area, sex, side(figures))
    name = "main series", sex
    if name not in figures.kept:
        figures.kept[name] = derive.totals(figures, area, sex, side(figures))
    found: tuple[Observation, ...] = figures.kept[name]
    return found


def over_time(edition: Edition, figures: Figures, area: str) -> Block | None:
    """Totals by sex over the years; None with fewer than two years."""
    chosen = side(figures)
    series = {sex: derive.totals(figures, area, sex, chosen) for sex in (BOTH, WOMEN, MEN)}
    main = series[BOTH] or series[WOMEN]
    if len(main) < 2:
        return None
    labels = {BOTH: "Both sexes", WOMEN: "Women", MEN: "Men"}
    roles = {BOTH: "focus", WOMEN: "counterpart", MEN: "context"}
    drawn = [Line(labels[sex], points(figures, found), roles[sex]) for sex, found in series.items() if found]
    title = f"{_what(figures, main[-1])}, {words.place(edition.area(area))}, {words.span([o.year for o in main])}"
    svg = charts.lines(
        _name(figures, area, "time"), title, " ".join(spoken(drawn)), unit_of(figures, main[-1]), drawn
    ).svg
    says = [*sentences.stretch(edition, figures, main), sentences.women(figures, main[-1])]
    return block(
        edition,
        figures,
        "time",
        title,
        tuple(filter(None, says)),
        svg,
        [o for found in series.values() for o in found],
        main,
    )


def by_class(edition: Edition, figures: Figures, area: str) -> Block | None:
    """The latest year by class as bars; None when no classes are told apart."""
    main = main_series(figures, area)
    if not main or not figures.classes:
        return None
    shown = derive.parts(figures, main[-1])
    codes = figures.structure.codelist(figures.classes).codes
    if len(shown) < 2:
        return None
    ordered = (
        by_size(shown, codes, figures.classes)
        if _scheme(codes, shown[0], figures.classes) in sentences.LISTS
        else shown
    )
    drawn = [_bar(codes[o.codes[figures.classes]], o) for o in ordered[:MOST_BARS]]
    dimension = words.small(figures.structure.dimensions[figures.classes].title)
    year = main[-1].year
    title = f"{_what(figures, main[-1])} by {dimension}, {words.place(edition.area(area))}, {year}"
    told = "; ".join(f"{bar.label} {words.number(o.text)}" for bar, o in zip(drawn, ordered, strict=False))
    svg = charts.bars(_name(figures, area, "classes"), title, told, unit_of(figures, main[-1]), drawn).svg
    says = [sentences.largest(figures, main[-1]) or sentences.headline(edition, figures, main[-1])]
    left = derive.withheld_parts(figures, main[-1])
    says += (
        [f"{words.capital(words.count(len(left), 'class', 'classes'))} withheld from use, not drawn."] if left else []
    )
    return block(edition, figures, "classes", title, tuple(filter(None, says)), svg, [main[-1], *shown], main[-1:])


def largest_over_time(edition: Edition, figures: Figures, area: str) -> Block | None:
    """The five largest countries of the latest year over the years; None when the table lists no countries."""
    main = main_series(figures, area)
    if not main or not figures.classes:
        return None
    codes = figures.structure.codelist(figures.classes).codes
    shown = [o for o in derive.parts(figures, main[-1]) if not derive.is_rest(codes[o.codes[figures.classes]])]
    if not shown or _scheme(codes, shown[0], figures.classes) not in sentences.LISTS:
        return None
    drawn: list[Line] = []
    rested: list[Observation] = []
    for top in by_size(shown, codes, figures.classes)[:TOP]:
        series = [o for o in figures.pick(area, BOTH, top.codes) if o.usable]
        drawn.append(Line(codes[top.codes[figures.classes]].label, points(figures, series), "context"))
        rested += series
    if max(len(line.points) for line in drawn) < 2:
        return None
    year = main[-1].year
    title = f"The largest printed in {year}, over the years: {_what(figures, main[-1])}, {edition.area(area)}"
    svg = charts.lines(
        _name(figures, area, "largest"), title, " ".join(spoken(drawn)), unit_of(figures, main[-1]), drawn
    )
    lead = f"In {year} the largest printed were {words.listed(line.label for line in drawn)}."
    caution = "A country without a point in a year was not printed that year, which is not zero."
    return block(edition, figures, "largest", title, (lead, caution), svg.svg, rested, main)


def sides_over_time(edition: Edition, figures: Figures, area: str) -> Block | None:
    """Both sides of a mean or rate over the years, where a total of both would say little."""
    lines: list[Line] = []
    rested: list[Observation] = []
    latest: list[Observation] = []
    for code in figures.present(figures.side):
        series = derive.totals(figures, area, BOTH, {**side(figures), figures.side: code.code})
        if series and not derive.is_total(code) and not derive.is_rest(code):
            role = "focus" if code.code in derive.MIGRANTS else "counterpart"
            lines.append(Line(code.label, points(figures, series), role))
            rested += series
            latest.append(series[-1])
    if not lines:
        return None
    unit = unit_of(figures, rested[-1])
    title = f"{figures.definition.title}, {edition.area(area)}, {unit}"
    name, told = _name(figures, area, "sides"), " ".join(spoken(lines))
    if len({o.year for o in rested}) > 1:
        svg = charts.lines(name, title, told, unit, lines).svg
    else:
        drawn = [Bar(line.label, o.value or 0.0, line.role) for line, o in zip(lines, latest, strict=True)]
        svg = charts.bars(name, f"{title}, {latest[0].year}", told, unit, drawn).svg
    says = tuple(sentences.headline(edition, figures, o) for o in latest)
    return block(edition, figures, "sides", title, says, svg, rested, main_series(figures, area))


def mini(
    edition: Edition, figures: Figures, area: str, y_max: float | None = None, years: tuple[int, int] | None = None
) -> str:
    """A small line of the main series, finished; empty with fewer than two years. y_max, years: of shared axes."""
    series = main_series(figures, area)
    if len(series) < 2:
        return ""
    title = f"{_what(figures, series[-1])}, {edition.area(area)}"
    line = Line(edition.area(area), points(figures, series), "focus")
    unit = unit_of(figures, series[-1])
    name, told = _name(figures, area, "mini"), spoken([line])[0]
    return finished(charts.lines(name, title, told, unit, [line], y_max=y_max, compact=True, years=years).svg)


def by_size(shown: Sequence[Observation], codes: Mapping[str, Code], dimension: str) -> list[Observation]:
    """Largest first, what is not told apart last."""
    return sorted(shown, key=lambda o: (derive.is_rest(codes[o.codes[dimension]]), -(o.value or 0)))


def _bar(code: Code, observation: Observation) -> Bar:
    role = "context" if derive.is_rest(code) else "focus"
    return Bar(code.label, observation.value or 0.0, role)


def block(
    edition: Edition,
    figures: Figures,
    kind: str,
    title: str,
    says: tuple[str, ...],
    svg: str,
    shown: list[Observation],
    series: Sequence[Observation],
) -> Block:
    """A figure block on some observations of a table. series: the one whose breaks the strip tells."""
    package, table = figures.table.package, figures.definition
    data = f"data/{package.id}/{table.slug}.csv"
    told, rows = strip(edition, figures, shown, series), tuple(sorted({o.line for o in shown}))
    target, ids = address(package, table), (package.id, table.id)
    name, start = f"{table.slug}-{kind}", tuple(_start(figures, shown))
    return Block(name, kind, title, says, finished(svg), told, target, data, ids, rows, start)


def still(
    edition: Edition, figures: Figures, kind: str, title: str, says: tuple[str, ...], svg: str, shown: list[Observation]
) -> Block:
    """A figure block whose drawing answers no questions, unless it is given a file of its own for that."""
    return replace(block(edition, figures, kind, title, says, svg, shown, ()), start=())


def _start(figures: Figures, shown: Sequence[Observation]) -> Iterator[int | None]:
    for dimension in ("sex", *figures.definition.dimensions):
        codes = {o.codes[dimension] for o in shown}
        present = [code.code for code in figures.present(dimension)]
        yield present.index(codes.pop()) if len(codes) == 1 else None


def _scheme(codes: Mapping[str, Code], observation: Observation, dimension: str) -> str:
    return codes[observation.codes[dimension]].scheme


def _what(figures: Figures, observation: Observation) -> str:
    return words.capital(sentences.noun(figures, observation).removesuffix(", women only").removesuffix(", men only"))


def unit_of(figures: Figures, observation: Observation) -> str:
    """The unit that stands on an axis."""
    return sentences.unit(figures, observation) or figures.definition.unit


def _name(figures: Figures, area: str, kind: str) -> str:
    return f"{figures.table.package.id}-{area.lower()}-{figures.definition.slug}-{kind}"


def spoken(drawn: Sequence[Line]) -> list[str]:
    """First and last value of each line, for those who cannot see the drawing."""
    told = []
    for line in drawn:
        first, last = line.points[0], line.points[-1]
        told.append(f"{line.label}: {first.value:,.10g} in {first.year}, {last.value:,.10g} in {last.year}.")
    return told
