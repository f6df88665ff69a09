"""A whole filled questionnaire as one reply: who answers, the figures, the states of tables, the sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ilms_publish.declared import ADDRESS
from ilms_publish.model import Answer, Package, Structure
from ilms_publish.naming import IDENTIFIER
from ilms_publish.problems import IlmsError
from ilms_publish.questionnaire import layout
from ilms_publish.questionnaire.figures import Figure, Head, prose, read_figures, read_head, same
from ilms_publish.questionnaire.filled import Filled

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source that the country describes for the first time."""

    id: str
    title: str
    type: str
    url: str
    provider: str


@dataclass(slots=True)
class Reply:
    """What a country answered. figures and heads: by table; states: table -> state and reason; answers: by source."""

    agency: str = ""
    date: str = ""
    round: str = ""
    figures: dict[str, list[Figure]] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    states: dict[str, tuple[str, str]] = field(default_factory=dict)
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
    new_sources: list[NewSource] = field(default_factory=list)


def package_of(filled: Filled) -> str:
    """Which package the questionnaire is of. Raises IlmsError when its cover does not say."""
    if layout.COVER not in filled.sheets:
        raise IlmsError(f"has no sheet '{layout.COVER}'; it is not one of our questionnaires", file=filled.name)
    return filled.text(layout.COVER, layout.COVER_CELLS["package"][0], 2)


def read_reply(filled: Filled, package: Package, structure: Structure) -> Reply:
    """Everything filled in; what cannot be placed is noted in `filled.problems`, and then nothing may be used."""
    reply = Reply()
    if not _cover(filled, package, structure, reply):
        return reply
    tables = [name for name in structure.tables if name in set(package.collection["table"])]
    _sheets(filled, tables)
    sources = {name: name for name in package.sources}
    if layout.NEW_SOURCES in filled.sheets:
        sources |= _new_sources(filled, package, structure, reply)
    for name in tables:
        if name in filled.sheets:
            head = read_head(filled, structure.tables[name], sources)
            reply.heads[name] = head
            reply.figures[name] = read_figures(filled, structure.tables[name], structure, head, sources)
    if layout.TABLES in filled.sheets:
        _states(filled, tables, reply)
    if layout.QUALITY in filled.sheets:
        _answers(filled, package, structure, reply)
    return reply


def _cover(filled: Filled, package: Package, structure: Structure, reply: Reply) -> bool:
    """Whether the rest can be read at all: our cover, this country, this template, a round that is known."""
    sheet = layout.COVER
    before = len(filled.problems)
    for row, text in layout.COVER_CELLS.values():
        same(filled, sheet, row, 1, text)
    if len(filled.problems) > before:
        return False
    found = {name: filled.text(sheet, row, 2) for name, (row, _) in layout.COVER_CELLS.items()}
    rows = {name: row for name, (row, _) in layout.COVER_CELLS.items()}
    if layout.untagged(found["country"]) != package.area:
        sentence = f"The country is '{found['country']}', but the package '{package.id}' is of {package.area}."
        filled.fault(sheet, rows["country"], 2, "wrong-country", sentence)
    if found["template"] != layout.TEMPLATE:
        sentence = (
            f"The template has the version '{found['template']}'; now it is {layout.TEMPLATE}. Make a new one "
            f"(ilms questionnaire {package.id} --round {found['round']}) and paste the figures into it."
        )
        filled.fault(sheet, rows["template"], 2, "old-template", sentence)
    if found["round"] not in set(structure.rounds["round"]):
        filled.fault(sheet, rows["round"], 2, "known-round", f"'{found['round']}' is no round of rounds.csv.")
    if len(filled.problems) > before:
        return False
    reply.round = found["round"]
    reply.agency = prose(filled, sheet, rows["agency"], 2)
    reply.date = found["date"]
    if not found["agency"]:
        filled.fault(sheet, rows["agency"], 2, "cover", "Name the agency that answers (no names of persons).")
    if not _is_date(reply.date):
        filled.fault(sheet, rows["date"], 2, "cover", "Give the date of the reply in this form: 2026-11-30.")
    return True


def _is_date(text: str) -> bool:
    try:
        return bool(DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _sheets(filled: Filled, tables: list[str]) -> None:
    for name in filled.sheets:
        if name not in tables and name not in layout.FIXED:
            sentence = "This sheet is not part of the questionnaire. Delete it, or give it back its name."
            filled.fault(name, 0, 0, "extra-sheet", sentence)
    for name in layout.FIXED[:5]:
        if name not in filled.sheets:
            filled.fault(name, 0, 0, "missing-sheet", "This sheet is missing. Put it back from a new questionnaire.")


def _headings(filled: Filled, sheet: str, headings: tuple[str, ...]) -> bool:
    before = len(filled.problems)
    for column, text in enumerate(headings, 1):
        same(filled, sheet, 1, column, text)
    return len(filled.problems) == before


def _new_sources(filled: Filled, package: Package, structure: Structure, reply: Reply) -> dict[str, str]:
    sheet = layout.NEW_SOURCES
    made: dict[str, str] = {}
    if not _headings(filled, sheet, layout.NEW_HEADINGS):
        return made
    for row, slot in enumerate(layout.SLOTS, 2):
        name, title, type_, url, provider = (prose(filled, sheet, row, column) for column in range(2, 7))
        if not any((name, title, type_, url, provider)):
            continue
        full = name if name.startswith(f"{package.id}-") else f"{package.id}-{name}"
        type_ = layout.untagged(type_)
        for wrong, column, sentence in (
            (not IDENTIFIER.fullmatch(name), 2, "Give a short name of small letters, digits and hyphens: nso-lfs."),
            (full in package.sources, 2, f"'{full}' is already a source. Choose it from the list of sources."),
            (not title, 3, "Give the title of the source."),
            (type_ not in structure.codelists["CL_SOURCE_TYPE"].codes, 4, "Choose the type of the source."),
            (bool(url) and not ADDRESS.fullmatch(url), 5, "Give an address that starts with https://, or none."),
            (not provider, 6, "Name the agency that produces the figures."),
        ):
            if wrong:
                filled.fault(sheet, row, column, "new-source", sentence)
        made[slot] = full
        reply.new_sources.append(NewSource(full, title, type_, url, provider))
    return made


def _states(filled: Filled, tables: list[str], reply: Reply) -> None:
    sheet = layout.TABLES
    if not _headings(filled, sheet, layout.TABLES_HEADINGS):
        return
    for row in range(2, filled.height(sheet) + 1):
        text, reason = filled.text(sheet, row, 6), prose(filled, sheet, row, 7)
        state, table = layout.untagged(text), filled.text(sheet, row, 1)
        if not text and not reason:
            continue
        if table not in tables:
            filled.fault(sheet, row, 1, "known-table", f"'{table}' is no table that is asked of this country.")
        elif state not in layout.ASKED_STATES:
            filled.fault(sheet, row, 6, "known-code", "Choose the new state from the list.")
        elif not reason:
            filled.fault(sheet, row, 7, "collection-state", "Say why, in a sentence for the reader.")
        elif reply.figures.get(table):
            sentence = f"The sheet {table} holds figures. Take them out, or leave the state empty."
            filled.fault(sheet, row, 6, "collection-state", sentence)
        else:
            reply.states[table] = (state, reason)


def _answers(filled: Filled, package: Package, structure: Structure, reply: Reply) -> None:
    """Answers by source and concept; a question left empty keeps the answer it has."""
    sheet = layout.QUALITY
    if not _headings(filled, sheet, layout.QUALITY_HEADINGS):
        return
    chosen: dict[tuple[str, str], list[str]] = {}
    said: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], int] = {}
    for row in range(2, filled.height(sheet) + 1):
        choice, text = filled.text(sheet, row, 5), prose(filled, sheet, row, 6)
        if not choice and not text:
            continue
        key = (layout.untagged(filled.text(sheet, row, 1)), layout.untagged(filled.text(sheet, row, 2)))
        concept = structure.quality.get(key[1])
        if key[0] not in package.sources or concept is None or concept.computed:
            filled.fault(
                sheet, row, 1, "moved-cells", "The source or the concept of this line was changed. Restore it."
            )
            continue
        code = layout.untagged(choice)
        if choice and code not in concept.values and code not in structure.gap_codes:
            filled.fault(sheet, row, 5, "known-code", f"'{choice[:60]}' is not in the list. Choose an answer.")
        rows.setdefault(key, row)
        chosen.setdefault(key, []).extend([code] if choice else [])
        said[key] = " ".join(filter(None, (said.get(key, ""), text)))
    for key, row in rows.items():
        answer = _answer(filled, row, chosen[key], said[key], structure, key[1])
        if answer:
            reply.answers.setdefault(key[0], {})[key[1]] = answer


def _answer(filled: Filled, row: int, codes: list[str], text: str, structure: Structure, concept: str) -> Answer | None:
    gaps = [code for code in codes if code in structure.gap_codes]
    if gaps and (len(codes) > 1 or text):
        sentence = "This choice says that there is no answer, but there is one beside or below it. Keep one of them."
        filled.fault(layout.QUALITY, row, 5, "source-answers", sentence)
    elif gaps:
        return Answer(gap=gaps[0])
    elif structure.quality[concept].values and not codes:
        filled.fault(layout.QUALITY, row, 5, "source-answers", "Choose an answer from the list beside the words.")
    else:
        return Answer(tuple(dict.fromkeys(codes)), text)
    return None


def slots(reply: Reply) -> Mapping[str, NewSource]:
    """The new sources by id."""
    return {source.id: source for source in reply.new_sources}
