"""The register of sources: how much is known of each, and whether what it claims fits the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ilms_publish.model import GAP_CODES, Source
from ilms_publish.problems import Severity
from ilms_publish.rules.rule import PACKAGE, Case, PackageView, Rule
from ilms_publish.scope import covered, matches

KNOWN = 0.5
"""Half of the quality questions: below it a reader knows less than not about a source."""
SPAN = re.compile(r"\b(1[89][0-9]{2}|20[0-9]{2})(?:\s*(?:-|–|to)\s*(1[89][0-9]{2}|20[0-9]{2}))?\b")
UNKNOWN_SOURCE = "NI"
OLD = 5
"""Years after which a provisional figure has been replaced, or never will be."""


def _file(view: PackageView) -> str:
    return f"datapackages/{view.package.id}/sources.yaml"


def _used(view: PackageView) -> Iterator[Source]:
    """The sources that at least one figure rests on."""
    names = {name for table in view.tables.values() for name in table.frame["source"].unique()}
    return (source for source in view.package.sources.values() if source.id in names)


def answers_known(view: PackageView) -> Iterator[Case]:
    """Half of the quality questions about a source are answered with more than 'not yet documented'."""
    asked = [concept.id for concept in view.structure.quality.values() if not concept.computed]
    for source in _used(view):
        answers = (source.answers.get(concept, source.answers.get("*")) for concept in asked)
        known = sum(answer is not None and answer.gap != GAP_CODES[2] for answer in answers)
        if source.type != UNKNOWN_SOURCE and known < KNOWN * len(asked):
            sentence = f"{known} of {len(asked)} quality questions about '{source.id}' are answered; document more."
            yield Case(sentence, file=_file(view), field=source.id)


def source_address(view: PackageView) -> Iterator[Case]:
    """A source that figures rest on has a public address."""
    bare = [source.id for source in _used(view) if not source.url and source.type != UNKNOWN_SOURCE]
    if bare:
        sentence = f"No address is given for {', '.join(bare)}. Add `url` where the source is described in public."
        yield Case(sentence, file=_file(view), field="url")


def source_licence(view: PackageView) -> Iterator[Case]:
    """A source says on what terms its figures may be used."""
    open_ = [s.id for s in _used(view) if set(s.licence.values()) <= {"", *GAP_CODES} and s.type != UNKNOWN_SOURCE]
    if open_:
        sentence = f"The terms of use are not documented for {', '.join(open_)}. Add `licence` when they are known."
        yield Case(sentence, file=_file(view), field="licence")


def time_coverage(view: PackageView) -> Iterator[Case]:
    """Figures lie within the years that their source says it covers."""
    for source in _used(view):
        answer = source.answers.get("time_coverage")
        spans = SPAN.findall(answer.text) if answer else []
        if not spans:
            continue
        first, last = min(int(a) for a, _ in spans), max(int(b or a) for a, b in spans)
        for name, table in view.tables.items():
            outside = ((table.years < first) | (table.years > last)).to_numpy() & table.covered("", "", (source.id,))
            if not outside.any():
                continue
            rows = table.frame[outside]
            for year, lines in rows.groupby("time_period", observed=True):
                sentence = f"'{source.id}' says that it covers {first} to {last}, but figures of {year} rest on it."
                cells = tuple((name, int(line)) for line in lines.index)
                yield Case(sentence, cells, field="source", cause=source.id)


def inference_told(view: PackageView) -> Iterator[Case]:
    """Where the source of a figure was concluded from the figure itself, a limitation tells the reader."""
    telling = [one for one in view.package.limitations if one.type in ("source-inferred", "source-unknown")]
    for name, table in view.tables.items():
        told = np.zeros(len(table.frame), dtype=bool)
        for one in telling:
            if matches(one.tables, name):
                told |= table.covered(one.where, one.years, one.sources)
        for source in view.package.sources.values():
            for supply in source.supplies:
                if supply.basis == "inferred" and matches(supply.tables, name):
                    silent = table.covered(supply.where, supply.years, (source.id,)) & ~told
                    if silent.any():
                        sentence = f"That {name} rests on '{source.id}' is inferred, but no limitation says so."
                        cells = tuple((name, int(line)) for line in table.frame.index[silent])
                        yield Case(sentence, cells, field="source", cause=source.id)


def supply_unused(view: PackageView) -> Iterator[Case]:
    """What a source claims to supply is there."""
    for source in view.package.sources.values():
        for supply in source.supplies:
            held = any(
                matches(supply.tables, name) and table.covered(supply.where, supply.years, (source.id,)).any()
                for name, table in view.tables.items()
            )
            if not held:
                scope = f"{', '.join(supply.tables)} {supply.years}".strip()
                sentence = f"'{source.id}' claims {scope}, but no figure names it there. Correct `supplies`."
                yield Case(sentence, file=_file(view), field=f"{source.id}.supplies")


def limitation_twice(view: PackageView) -> Iterator[Case]:
    """No two limitations say the same of the same figures."""
    seen: dict[tuple[object, ...], str] = {}
    for one in view.package.limitations:
        scope = (one.type, one.tables, one.sources, one.where, one.years, one.rules)
        first = seen.setdefault(scope, one.id)
        if first != one.id:
            sentence = f"'{one.id}' has the type and the scope of '{first}'. Make one of the two."
            yield Case(sentence, file=f"datapackages/{view.package.id}/limitations.csv", row=one.row, field="id")


def flag_explained(view: PackageView) -> Iterator[Case]:
    """A flag that warns the reader has a note or a limitation that says of what."""
    for name, table in view.tables.items():
        flagged = table.frame[table.frame["obs_status"].isin(["B", "D", "K", "S", "U", "W"])]
        if flagged.empty:
            continue
        told = flagged["note"] != ""
        for one in view.package.limitations:
            if matches(one.tables, name) and (one.tables or one.where or one.years):
                told |= covered(flagged, one.where, one.years, one.sources)
        for (year, status), rows in flagged[~told].groupby(["time_period", "obs_status"], observed=True):
            label = view.structure.codelist("obs_status").label(str(status))
            sentence = f"{year}: {len(rows)} figures are flagged {status} ({label.lower()}), and nothing says why."
            cells = tuple((name, int(line)) for line in rows.index)
            yield Case(sentence, cells, field="obs_status", cause=f"{year} {status}")


def provisional_old(view: PackageView) -> Iterator[Case]:
    """A provisional figure is replaced within five years."""
    last = int(view.package.issued[:4])
    for name, table in view.tables.items():
        flagged = table.frame[table.frame["obs_status"] == "P"]
        for year, rows in flagged.groupby("time_period", observed=True):
            if last - int(str(year)[:4]) > OLD:
                sentence = f"{year}: {len(rows)} figures are still provisional in an edition of {last}."
                cells = tuple((name, int(line)) for line in rows.index)
                yield Case(sentence, cells, field="obs_status", cause=str(year))


FAMILY = "Register of sources"
RULES = (
    Rule("answers-known", Severity.INFORMATION, 1, FAMILY, answers_known, PACKAGE),
    Rule("source-address", Severity.INFORMATION, 1, FAMILY, source_address, PACKAGE),
    Rule("source-licence", Severity.INFORMATION, 1, FAMILY, source_licence, PACKAGE),
    Rule("time-coverage", Severity.WARNING, 1, FAMILY, time_coverage, PACKAGE),
    Rule("inference-told", Severity.WARNING, 1, FAMILY, inference_told, PACKAGE),
    Rule("supply-unused", Severity.WARNING, 1, FAMILY, supply_unused, PACKAGE),
    Rule("limitation-twice", Severity.WARNING, 0, FAMILY, limitation_twice, PACKAGE),
    Rule("flag-explained", Severity.WARNING, 1, FAMILY, flag_explained, PACKAGE),
    Rule("provisional-old", Severity.INFORMATION, 2, FAMILY, provisional_old, PACKAGE),
)
