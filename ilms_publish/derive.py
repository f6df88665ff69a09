"""Numbers computed from figures, each with what it rests on: latest totals, changes, shares, breaks in a series."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ilms_publish import scope
from ilms_publish.arranging import MEN, WOMEN, Figures, Observation
from ilms_publish.model import Code

MIGRANTS = ("CCT_CIT_NONCIT", "CBR_BIR_FOREIGN")
OTHERS = ("CCT_CIT_CITIZEN", "CBR_BIR_NATIVE")
UNKNOWN_SOURCE, SPLICED, RECODED = "NI", "source-spliced", "class-recoded"
# A limitation of these types says that what lies on its two sides is not one series: lines break there.
BREAKS = ("break-in-series", "concept-changed", RECODED, "area-changed", "total-covers-part", SPLICED)
# One of these says that the movement into or out of its scope must not be read as real: no change is computed.
DOUBTS = (
    "unexplained-change", "legislative-amnesty-spike", "fiscal-year", "rehires-included", "land-based-only",
    "level-slip", "unit-slip", "scale-error",
)  # fmt: skip
# One of these says that the level itself is in doubt: the value is compared with no other.
DOUBTFUL = frozenset({"level-slip", "unit-slip", "scale-error"})
# One of these says that a part and its total do not belong together: no share is computed.
UNEVEN = frozenset(
    [
        "level-slip",
        "unit-slip",
        "scale-error",
        "sums-differ",
        "copied-class",
        "no-breakdown-published",
        "class-recoded",
        "concept-changed",
        "total-covers-part",
        "not-stated-missing",
    ]
)


@dataclass(frozen=True, slots=True)
class Change:
    """The latest value against the one before of the same unbroken stretch. ratio: later / earlier."""

    earlier: Observation
    later: Observation
    ratio: float


@dataclass(frozen=True, slots=True)
class Break:
    """Where a series stops being one series: the first year after it, and why (source, status, limitation)."""

    year: int
    kind: str
    before: Observation
    after: Observation
    limitation: str = ""


def is_total(code: Code) -> bool:
    """Whether a code is the total of its scheme."""
    return not code.parent and code.code.endswith("_TOTAL")


def is_rest(code: Code) -> bool:
    """Whether a code holds what is not told apart: other, not stated, not classified."""
    return code.code.endswith("_X")


def side_code(figures: Figures, kind: Sequence[str] = MIGRANTS) -> str:
    """The code of the side that the table is about, empty when the table knows no sides or lacks it."""
    held = {code.code for code in figures.present(figures.side)}
    return next((code for code in kind if code in held), "")


def schemes_by_year(
    figures: Figures, area: str, sex: str, chosen: Mapping[str, str]
) -> dict[int, dict[str, list[Observation]]]:
    """Usable observations of the classes of one cut: year -> scheme -> observations, the total included."""
    found: defaultdict[int, defaultdict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    for code in figures.present(figures.classes):
        for observation in figures.pick(area, sex, {**chosen, figures.classes: code.code}):
            if observation.usable:
                found[observation.year][code.scheme].append(observation)
    return {year: dict(schemes) for year, schemes in found.items()}


def totals(figures: Figures, area: str, sex: str, chosen: Mapping[str, str]) -> tuple[Observation, ...]:
    """The total of one cut by year: of the scheme told apart most finely that year, from its main source."""
    if not figures.classes:
        return one_a_year([o for o in figures.pick(area, sex, chosen) if o.usable])
    codes = figures.structure.codelist(figures.classes).codes
    best: list[Observation] = []
    for schemes in schemes_by_year(figures, area, sex, chosen).values():
        candidates = [
            (len(found), o) for found in schemes.values() for o in found if is_total(codes[o.codes[figures.classes]])
        ]
        finest = max((detail for detail, _ in candidates), default=0)
        best += [o for detail, o in candidates if detail == finest]
    return one_a_year(best)


def one_a_year(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """Where a year has several sources, the one that supplies most years speaks for it."""
    often = Counter(o.source for o in observations)
    chosen: dict[int, Observation] = {}
    for observation in sorted(observations, key=lambda o: (o.year, -often[o.source], o.source)):
        chosen.setdefault(observation.year, observation)
    return tuple(chosen.values())


def parts(figures: Figures, total: Observation) -> tuple[Observation, ...]:
    """The usable classes beside a total: same cut, year, source and scheme, overlapping classes left out."""
    return tuple(o for o in _beside(figures, total) if o.usable)


def withheld_parts(figures: Figures, total: Observation) -> tuple[Observation, ...]:
    """The classes beside a total that are withheld from use, so that the others are not the whole."""
    return tuple(o for o in _beside(figures, total) if o.withheld)


def _beside(figures: Figures, total: Observation) -> Iterator[Observation]:
    if not figures.classes:
        return
    codes = figures.structure.codelist(figures.classes).codes
    scheme = codes[total.codes[figures.classes]].scheme
    for code in figures.present(figures.classes):
        if code.scheme == scheme and not is_total(code) and not code.overlapping:
            chosen = {**total.codes, figures.classes: code.code}
            for o in figures.pick(total.codes["ref_area"], total.codes["sex"], chosen):
                if (o.year, o.source) == (total.year, total.source):
                    yield o


def breaks(figures: Figures, observations: Sequence[Observation], types: Sequence[str] = BREAKS) -> list[Break]:
    """Every point at which a series stops being one series, in order of years; recoded classes leave totals whole."""
    if _of_totals(figures, observations):
        types = [one for one in types if one != RECODED]
    found: list[Break] = []
    for before, after in pairwise(observations):
        if after.source != before.source:
            found.append(Break(after.year, "source", before, after))
        elif after.status == "B":
            found.append(Break(after.year, "status", before, after))
        elif cause := _cause(figures, before, after, types):
            found.append(Break(after.year, "limitation", before, after, cause))
    return found


def _of_totals(figures: Figures, observations: Sequence[Observation]) -> bool:
    """Whether a series is of totals over the classes of its table."""
    if not figures.classes:
        return True
    codes = figures.structure.codelist(figures.classes).codes
    return all(is_total(codes[o.codes[figures.classes]]) for o in observations)


def _cause(figures: Figures, before: Observation, after: Observation, types: Sequence[str]) -> str:
    """The limitation that parts two neighbouring observations, or an empty string."""
    near = {
        name: figures.limitations[name]
        for name in (*before.limitations, *after.limitations)
        if name in figures.limitations
    }
    known = figures.table.package.sources[after.source].type != UNKNOWN_SOURCE
    skipped = SPLICED if known else ""  # the sources themselves are told apart here
    suspects = [
        (types.index(one.type), name) for name, one in near.items() if one.type in types and one.type != skipped
    ]
    for _, name in sorted(suspects):
        years = scope.years(near[name].years)
        if years is None:
            continue
        if len(years) <= 2 and max(years) - min(years) <= 1:
            if before.year < max(years) <= after.year:
                return name
        elif (name in before.limitations) != (name in after.limitations):
            return name
    return ""


def change(figures: Figures, observations: Sequence[Observation]) -> Change | None:
    """The latest value against the one before, when nothing parts them; None otherwise."""
    if len(observations) < 2 or breaks(figures, observations[-2:], (*BREAKS, *DOUBTS)):
        return None
    earlier, later = observations[-2:]
    if not earlier.value or later.value is None or touched(figures, (earlier, later), DOUBTFUL):
        return None
    if figures.table.package.sources[later.source].type == UNKNOWN_SOURCE:
        return None
    return Change(earlier, later, later.value / earlier.value)


def share(figures: Figures, part: Observation, total: Observation) -> float | None:
    """A part of its total between 0 and 1; None across sources or years, or where a limitation parts the two."""
    if (part.year, part.source) != (total.year, total.source) or part.value is None or not total.value:
        return None
    if not figures.definition.additive or part.value > total.value or touched(figures, (part, total), UNEVEN):
        return None
    return part.value / total.value


def touched(figures: Figures, observations: Iterable[Observation], types: Container[str]) -> bool:
    """Whether a limitation of one of these types touches one of the observations."""
    names = {name for o in observations for name in o.limitations}
    return any(figures.limitations[name].type in types for name in names if name in figures.limitations)


def sexes(figures: Figures, total: Observation) -> tuple[Observation, Observation] | None:
    """Women and men beside a total for both, when the two add to it; None otherwise."""
    found = []
    for sex in (WOMEN, MEN):
        same = figures.pick(total.codes["ref_area"], sex, total.codes)
        found += [o for o in same if o.usable and (o.year, o.source) == (total.year, total.source)]
    if len(found) != 2 or found[0].value is None or found[1].value is None or total.value is None:
        return None
    return (found[0], found[1]) if abs(found[0].value + found[1].value - total.value) <= 0.15 else None
