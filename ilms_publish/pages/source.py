"""The pages of sources: the answers to every quality question, gaps included, and the tables that rest on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ilms_publish.arranging import Figures
from ilms_publish.derive import UNKNOWN_SOURCE
from ilms_publish.model import Limitation, Package, Source
from ilms_publish.pages import words
from ilms_publish.pages.edition import UNIDENTIFIED, Edition, address
from ilms_publish.pages.page import About, Draft, Page, compose
from ilms_publish.pages.sharing import shared, squares
from ilms_publish.pages.strip import Said, Shown, said, show

HOME = "sources"
ASIDE, END = re.compile(r" ?\([^)]*\)"), re.compile(r"[;:.](?: |$)")
"""In the words on a provider: what is said beside the name, and where the name ends."""
SQUARES = "Each square is a question about the source; a filled one is answered."


@dataclass(frozen=True, slots=True)
class Resting:
    """A table resting on a source: which years of it, how sure, and why."""

    figures: Figures
    target: str
    years: str
    count: int
    basis: str
    evidence: tuple[str, ...]


def pages(edition: Edition) -> Iterator[Draft]:
    """The index of sources by country and one page for each."""
    yield Draft(HOME, partial(_index, edition))
    for package in [*edition.national, *edition.estimates]:
        for source in package.sources.values():
            yield Draft(f"{HOME}/{source.id}", partial(_page, edition, package, source))


def _index(edition: Edition) -> Page:
    packages = [*edition.national, *edition.estimates]
    number = sum(len(package.sources) for package in packages)
    about = About(
        HOME,
        "Sources",
        f"The {number} sources behind the figures, country by country: censuses, surveys, permit and departure "
        "registers, estimates; what each counts, and how much of it is documented.",
        edition.updated,
    )
    listed = [
        (edition.name(package), address(package), [_line(edition, source) for source in package.sources.values()])
        for package in packages
    ]
    inferred = sum(line[4] == "inferred" for _, _, lines in listed for line in lines)
    kinds: dict[str, list[tuple[str, Source]]] = {}
    for place, _, lines in listed:
        for line in lines:
            kinds.setdefault(line[2], []).append((place, line[0]))
    by_kind = sorted(kinds.items())
    return compose(about, "sources.html", listed=listed, by_kind=by_kind, number=number, inferred=inferred)


def _line(edition: Edition, source: Source) -> tuple[Source, str, str, int, str, int, int]:
    tables = edition.source_tables.get(source.id, [])
    answers = _answers(edition, source)
    return (
        source,
        ", ".join(agencies(source)[:-1]),
        edition.source_type(source),
        len(tables),
        _basis(source) if tables else "",
        sum(not one.gap for one in answers),
        len(answers),
    )


def _basis(source: Source) -> str:
    if source.type == UNKNOWN_SOURCE:
        return UNIDENTIFIED
    return "inferred" if any(supply.basis == "inferred" for supply in source.supplies) else "documented"


def _answers(edition: Edition, source: Source) -> list[Said]:
    return [said(edition.structure, c, source) for c in edition.structure.quality.values() if not c.computed]


def _page(edition: Edition, package: Package, source: Source) -> Page:
    answers = _answers(edition, source)
    resting = [_resting(edition, source, figures) for figures in edition.source_tables.get(source.id, [])]
    place, makers = edition.name(package), agencies(source)
    kind = edition.source_type(source)
    about = About(
        f"{HOME}/{source.id}",
        f"{source.title} ({place})",
        words.plain(
            f"{', '.join([place, *makers[:-1], words.small(kind)])}: who is counted and who is not, definitions, "
            f"quality and limitations of {source.title}, and the tables that rest on it."
        ),
        package.issued,
        (makers[0], makers[-1]) if makers else (),
        weight=1.6 + min(len(resting), 5) / 10,  # the more rests on it, the sooner
    )
    told = _summary(place, answers, resting)
    made = compose(
        about,
        "source.html",
        trail=[("Sources", HOME), (place, address(package))],
        source=source,
        place=place,
        home=address(package),
        type=kind,
        type_words=edition.structure.codelists["CL_SOURCE_TYPE"].codes.get(source.type),
        basis=_basis(source),
        licence=_licence(source),
        says=told,
        strip=[one for one in answers if one.concept.strip],
        answers=answers,
        resting=resting,
        limitations=_limitations(edition, package, source),
    )
    notes = [
        f"{one.concept.title}: {words.small(one.words or one.text or one.gap)}." for one in answers if one.concept.strip
    ]
    return shared(made, told[:2], squares(answers), [f"{kind}.", *notes, SQUARES])


def _summary(place: str, answers: list[Said], resting: list[Resting]) -> list[str]:
    answered = sum(not one.gap for one in answers)
    gaps = [words.small(one.concept.title) for one in answers if one.gap]
    told = [f"{answered} of {len(answers)} questions about this source are answered here."]
    if resting:
        number = sum(one.count for one in resting)
        rest = "rests" if number == 1 else "rest"
        told.insert(0, f"{words.capital(words.count(number, 'figure'))} of {words.place(place)} in "
                       f"{words.count(len(resting), 'table')} {rest} on it.")  # fmt: skip
    else:
        told.insert(0, "It is known to exist, but no figures held here rest on it.")
    if gaps:
        told.append(f"Not answered: {words.listed(gaps)}.")
    return told


def _resting(edition: Edition, source: Source, figures: Figures) -> Resting:
    own = [o for o in figures.observations if o.source == source.id]
    supplies = edition.supplies(figures, source)
    return Resting(
        figures,
        address(figures.table.package, figures.definition),
        words.years(o.year for o in own),
        len(own),
        edition.bases(figures.table, source, {o.year for o in own}),
        tuple(dict.fromkeys(supply.evidence for supply in supplies)),
    )


def _limitations(edition: Edition, package: Package, source: Source) -> list[Shown]:
    touching = set()
    for figures in edition.source_tables.get(source.id, []):
        touching |= {name for o in figures.observations if o.source == source.id for name in o.limitations}
    chosen: list[Limitation] = [one for one in package.limitations if source.id in one.sources or one.id in touching]
    return [show(edition, package, one) for one in sorted(chosen, key=lambda one: source.id not in one.sources)]


def _licence(source: Source) -> tuple[str, str]:
    """The terms of a source and where they stand; a gap code in words."""
    text = str(source.licence.get("title") or source.licence.get("name") or "not_yet_documented")
    known = {"not_yet_documented": "Not yet documented", "not_reported_by_source": "Not stated by the source"}
    return known.get(text, text), str(source.licence.get("path", ""))


SHORT = 7
"""Letters that the short name of an agency has at most; what is longer is a word of an id."""


def agencies(source: Source) -> tuple[str, ...]:
    """Who makes the source, in full and in short: `("Department of Employment", "Ministry of Labour", "DOE")`."""
    provider = source.answers.get("provider")
    if source.type == UNKNOWN_SOURCE or not provider or not provider.text:
        return ()
    named = END.split(ASIDE.sub("", provider.text), maxsplit=1)[0]
    short = source.id.removeprefix(f"{source.package}-").split("-")[0].upper()
    known = [one.strip(" .") for one in named.split(",") if one.strip()[:1].isupper()]
    return (*known, *([short] if len(short) <= SHORT else []))
