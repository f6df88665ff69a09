"""The verdict on two figures in words, with the differences behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ilms_publish.arranging import Figures, Observation
from ilms_publish.aspects import BARRED, CARE, SAME, UNKNOWN, Codes
from ilms_publish.comparability import Comparison, Difference, compare, report
from ilms_publish.model import Structure
from ilms_publish.pages import words

MODIFIERS = {SAME: "same", CARE: "care", UNKNOWN: "unknown", BARRED: "barred"}
SYMBOLS = {SAME: "=", CARE: "≈", UNKNOWN: "?", BARRED: "≠"}
MEANINGS = {
    SAME: "Both count the same people in the same way, as far as every question asked here is answered.",
    CARE: "They may stand side by side, but something named beside the verdict differs or is not documented; a small "
    "gap between them says nothing.",
    UNKNOWN: "An answer without which nothing can be said is missing. They are kept apart until it is documented.",
    BARRED: "They count different things. Neither checks the other, and a gap between them is not an error.",
}
OWN_WORDS = {
    "stock": "people or permits at a moment", "flow": "events in a year", "rate": "a rate", "earnings": "pay",
    "here": "migrants in the country", "abroad": "nationals who left", "workers": "workers",
    "labour_force": "people in the labour force", "unemployed": "unemployed people",
    "outside_labour_force": "people outside the labour force", "working_age": "people of working age",
    "people": "people, working or not", "all_ages": "people of all ages", "refugees": "refugees",
    "none_other": "no group named", "none": "none", "PS": "persons", "PT": "per cent",
}  # fmt: skip
CURRENCY = "currency of "


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict ready for its template. because: what decided it; differ: all that differs; untold: what is unknown."""

    verdict: str
    modifier: str
    symbol: str
    because: str
    differ: tuple[str, ...]
    untold: tuple[str, ...]


def tell(structure: Structure, comparison: Comparison, names: tuple[str, str] = ("", "")) -> Told:
    """A comparison in words. names: of the two sides, to be set before what each of them says."""
    known = [one for one in comparison.differences if not one.silent]
    silent = [one for one in comparison.differences if one.silent]
    deciding = list(comparison.deciding)
    if comparison.verdict in (UNKNOWN, CARE) and any(one.silent for one in deciding):
        decided = [clause(structure, one, names) for one in deciding if not one.silent]
        gaps = [words.small(one.aspect.title) for one in deciding if one.silent]
        because = "; ".join([*decided, f"not documented: {words.listed(gaps)}"])
    else:
        because = "; ".join(clause(structure, one, names) for one in deciding)
    return Told(
        comparison.verdict.value,
        MODIFIERS[comparison.verdict],
        SYMBOLS[comparison.verdict],
        because,
        tuple(clause(structure, one, names) for one in known),
        tuple(clause(structure, one, names) for one in silent),
    )


def clause(structure: Structure, one: Difference, names: tuple[str, str] = ("", "")) -> str:
    """One difference in words: `what one unit stands for: permit against person`."""
    title = words.small(one.aspect.title)
    if one.silent:
        lacking = [name for name, codes in zip(names, (one.first, one.second), strict=True) if name and not codes]
        return f"{title}{f' ({words.listed(lacking)})' if len(lacking) == 1 else ''}"
    first, second = one.first, one.second
    if one.aspect.id == "missing_populations":
        first, second = first - second or _NONE, second - first or _NONE
    said = [labelled(structure, one.aspect.id, codes) for codes in (first, second)]
    if first == second:
        return f"{title}: {said[0]}"
    if all(names):
        return f"{title}: {', '.join(f'for {name} {text}' for name, text in zip(names, said, strict=True))}"
    return f"{title}: {said[0]} against {said[1]}"


_NONE = frozenset({"none_other"})


def labelled(structure: Structure, aspect: str, codes: Codes) -> str:
    """Codes of an answer in words, in a fixed order."""
    return words.listed(sorted(_label(structure, aspect, code) for code in codes))


def _label(structure: Structure, aspect: str, code: str) -> str:
    if aspect == "source_type":
        return words.small(structure.codelists["CL_SOURCE_TYPE"].label(code))
    if code.startswith(CURRENCY):
        return f"the currency of {words.place(structure.codelists['CL_AREA'].label(code.removeprefix(CURRENCY)))}"
    if aspect == "limitations" and code in structure.limitation_types:
        return words.small(structure.limitation_types[code].title)
    if aspect == "classifications":
        return code.split(":")[1]
    concept = structure.quality.get(aspect)
    known = concept.values.get(code) if concept else None
    return words.small(known) if known else OWN_WORDS.get(code, code)


def change_of_source(figures: Figures, before: Observation, after: Observation) -> str:
    """What a change of source in a series means: `not comparable, what one unit stands for: permit against person`."""
    told = tell(figures.structure, compare(report(figures, before), report(figures, after)))
    first = told.because.split("; ")[0]
    return f"{told.verdict}{', ' + first if first else ''}"


def common(comparisons: Iterable[Comparison], structure: Structure) -> Iterator[str]:
    """What differs in any of several comparisons, each aspect once, differences before gaps."""
    seen: dict[str, Difference] = {}
    for comparison in comparisons:
        for one in comparison.differences:
            if one.aspect.id not in seen or seen[one.aspect.id].silent:
                seen[one.aspect.id] = one
    ordered: Sequence[Difference] = sorted(seen.values(), key=lambda one: one.silent)
    differing = [words.small(one.aspect.title) for one in ordered if not one.silent]
    silent = [words.small(one.aspect.title) for one in ordered if one.silent]
    if differing:
        yield f"differing in {words.listed(differing)}"
    if silent:
        yield f"not documented for all: {words.listed(silent)}"
