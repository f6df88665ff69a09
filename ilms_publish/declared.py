"""Reads what a package says of itself and of its sources: package.yaml and sources.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ilms_publish.days import day
from ilms_publish.model import GAP_CODES, Answer, Embargo, Source, Structure, Supply
from ilms_publish.naming import identifier_fault
from ilms_publish.problems import IlmsError
from ilms_publish.reading import read_yaml, relative
from ilms_publish.scope import conditions, years
from ilms_publish.structure import Entries, Entry

ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
MOST_SOURCES, MOST_SUPPLIES, MOST_EMBARGOES = 200, 200, 200


def about_of(path: Path, root: Path, name: str, structure: Structure) -> Entry:
    """package.yaml with everything that a package must say of itself."""
    about = Entry(relative(path, root), "", read_yaml(path, root))
    if about.text("id") != name:
        raise IlmsError(f"'{about.text('id')}' should be the folder's name, '{name}'", file=about.file, field="id")
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", about.text("version")):
        raise IlmsError("the version should be three numbers such as 1.0.0", file=about.file, field="version")
    licences = about.plain_records("licences")
    if not licences or not all(licence.get("name") or licence.get("path") for licence in licences):
        raise IlmsError("each package names a licence (name, title, path)", file=about.file, field="licences")
    for entry in (*licences, *about.plain_records("contributors", listed="roles")):
        address = str(entry.get("path", ""))
        if address and not ADDRESS.fullmatch(address):
            raise IlmsError(
                f"'{address}' should be an address that starts with https://", file=about.file, field="path"
            )
    area = about.text("area", "")
    if area and area not in structure.codelists["CL_AREA"].codes:
        raise IlmsError(f"'{area}' is not in CL_AREA", file=about.file, field="area")
    if not DATE.fullmatch(about.text("issued")):
        raise IlmsError(
            "the date of the edition should be 2026, 2026-02 or 2026-02-25", file=about.file, field="issued"
        )
    if about.text("release_date", "") and not day(about.text("release_date")):
        raise about.fail("release_date", "the day of release should be written like 2026-12-01")
    about.text("title"), about.text("description"), about.text("edition", ""), about.texts("keywords")
    embargoes_of(about)
    return about


def embargoes_of(about: Entry) -> tuple[Embargo, ...]:
    """The figures of a package that are not yet published: which, and until when."""
    found = []
    if len(about.records("embargo")) > MOST_EMBARGOES:
        raise about.fail("embargo", f"has {len(about.records('embargo')):,} entries; the limit is {MOST_EMBARGOES}")
    for number, entry in enumerate(about.records("embargo"), 1):
        inner = Entry(about.file, f"embargo.{number}", entry)
        one = Embargo(
            inner.texts("tables"),
            inner.text("years", ""),
            inner.text("where", ""),
            inner.text("round", ""),
            inner.text("release_date", ""),
        )
        if bool(one.round) == bool(one.release_date):
            raise inner.fail("round", "give the round of rounds.csv, or a release_date, and not both")
        if one.release_date and not day(one.release_date):
            raise inner.fail("release_date", "the day of release should be written like 2026-12-01")
        try:
            years(one.years), conditions(one.where)
        except IlmsError as error:
            raise inner.fail("years", error.sentence) from None
        found.append(one)
    return tuple(found)


def sources_of(path: Path, root: Path, package: str) -> dict[str, Source]:
    """sources.yaml: the register of a package by id, each source with its answers and what it supplies."""
    entries = Entries(path, root)
    listed = entries.content.get("sources")
    if isinstance(listed, list) and len(listed) > MOST_SOURCES:
        raise IlmsError(f"has {len(listed):,} sources; the limit is {MOST_SOURCES}", file=entries.file, field="sources")
    return entries.collect("sources", lambda entry: _source(entry, package))


def _source(entry: Entry, package: str) -> Source:
    name = entry.text("id")
    fault = identifier_fault(name)
    if fault:
        raise entry.fail("id", fault)
    licence = _terms(entry)
    url = entry.text("url", "")
    for key, address in (("url", url), ("licence", str(licence.get("path", "")))):
        if address and not ADDRESS.fullmatch(address):
            raise entry.fail(key, f"'{address}' should be an address that starts with https://")
    if len(entry.records("supplies")) > MOST_SUPPLIES:
        raise entry.fail("supplies", f"has {len(entry.records('supplies')):,} supplies; the limit is {MOST_SUPPLIES}")
    answers = {concept: _answer(entry, concept, value) for concept, value in _answered(entry).items()}
    rest = entry.text("rest", "")
    if rest and rest not in GAP_CODES:
        raise entry.fail("rest", f"'{rest}' should be one of {', '.join(GAP_CODES)}")
    if rest:
        answers["*"] = Answer(gap=rest)
    return Source(
        id=name,
        package=package,
        title=entry.text("title"),
        type=entry.text("type"),
        url=url,
        licence=licence,
        ilostat=entry.texts("ilostat"),
        answers=answers,
        supplies=tuple(_supply(entry, supply) for supply in entry.records("supplies")),
    )


def _terms(entry: Entry) -> Mapping[str, str]:
    licence = entry.content.get("licence", GAP_CODES[2])
    if isinstance(licence, str):
        return {"title": " ".join(licence.split())}
    if isinstance(licence, dict) and all(isinstance(text, str) for text in licence.values()):
        return licence
    raise entry.fail("licence", "name the licence (name, title, path), or give one of the three gap codes")


def _answered(entry: Entry) -> Mapping[str, Any]:
    answers = entry.content.get("answers") or {}
    if not isinstance(answers, dict):
        raise entry.fail("answers", "should be a list of concepts with their answers (concept: answer)")
    return answers


def _answer(entry: Entry, concept: str, value: object) -> Answer:
    if isinstance(value, str) and value.strip():
        text = " ".join(value.split())
        return Answer(gap=text) if text in GAP_CODES else Answer(text=text)
    if isinstance(value, dict) and (value.get("code") or value.get("codes")):
        codes, text = value.get("codes") or [value["code"]], value.get("text", "")
        if isinstance(codes, list) and all(isinstance(code, str) for code in [*codes, text]):
            return Answer(codes=tuple(codes), text=" ".join(text.split()))
    raise entry.fail(f"answers.{concept}", "answer with a text, a code with a text, or one of the three gap codes")


def _supply(entry: Entry, supply: Mapping[str, Any]) -> Supply:
    inner = Entry(entry.file, f"{entry.place}.supplies", supply)
    try:
        years(inner.text("years", "")), conditions(inner.text("where", ""))
    except IlmsError as error:
        raise inner.fail("years", error.sentence) from None
    return Supply(
        tables=inner.texts("tables"),
        years=inner.text("years", ""),
        where=inner.text("where", ""),
        basis=inner.text("basis"),
        evidence=inner.text("evidence"),
    )
