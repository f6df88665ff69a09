"""Loads a country or estimates package as authored, collecting every problem of its files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pandas as pd

from ilms_publish.days import day
from ilms_publish.model import GAP_CODES, Answer, Embargo, Limitation, Package, Source, Structure, Supply
from ilms_publish.naming import UNSEEN, identifier_fault, strangers
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.reading import (
    MAX_AUTHORED_BYTES,
    NUMBER,
    ShapeError,
    decode,
    has_link,
    parse_csv,
    read_bytes,
    read_csv,
    read_yaml,
    records,
    refuse_endless,
    relative,
    text_problems,
    yaml_text_problems,
)
from ilms_publish.scope import conditions, years
from ilms_publish.structure import Entries, Entry

HOME = "datapackages"
SHARED = "structure"
LIMITATION_COLUMNS = ("id", "type", "action", "rules", "tables", "sources", "where", "years", "text", "evidence")
COLLECTION_COLUMNS = ("table", "round", "state", "reason")
IMPORT_COLUMNS = ("file", "layout", "publisher", "edition", "sha256", "table", "rows")
REPORTED_COLUMNS = (
    "id", "ref_area", "reference_date", "concept", "dimension", "category", "obs_value", "unit", "agency", "url"
)  # fmt: skip
REVISION_COLUMNS = ("date", "table", "where", "years", "kind", "reason", "noticed_by")
CHANGE_COLUMNS = ("date", "table", "where", "year", "before", "after")
BESIDE = {
    "limitations": LIMITATION_COLUMNS,
    "collection": COLLECTION_COLUMNS,
    "imports": IMPORT_COLUMNS,
    "reported": REPORTED_COLUMNS,
    "revisions": REVISION_COLUMNS,
    "changes": CHANGE_COLUMNS,
}
MOST_ROWS = {"limitations": 500} | dict.fromkeys(("collection", "imports", "reported", "revisions", "changes"), 5000)
"""Rows of a list beside the data: many times what a country needs; each scope is looked up in each table."""
MOST_SOURCES, MOST_SUPPLIES, MOST_EMBARGOES = 200, 200, 200
OPTIONAL = ("imports", "reported", "revisions", "changes")
"""Files that only an import, or a change of a published figure, makes."""
GENERATED = ("datapackage.json", "README.md")
"""Files that `ilms package` makes; they are compared, never read as input."""
FILES = ("package.yaml", "sources.yaml", *(f"{name}.csv" for name in BESIDE), *GENERATED, "data")
ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
Read = TypeVar("Read")


class Attempt(Protocol):
    """Runs a reader; on an IlmsError notes the problem and gives the second argument instead."""

    def __call__(self, read: Callable[[], Read], otherwise: Read) -> Read:
        """The outcome of `read`, or `otherwise`."""
        ...


def package_ids(root: Path) -> list[str]:
    """The folders below `datapackages/` that hold a package, in alphabetical order."""
    home = root / HOME
    if not home.is_dir():
        raise IlmsError("there is no folder datapackages/ here; run in the repository or give --root")
    return sorted(f.name for f in home.iterdir() if f.is_dir() and f.name != SHARED and not f.name.startswith("."))


def load_package(root: Path, name: str, structure: Structure) -> tuple[Package | None, list[Problem]]:
    """One package and the problems of its files. None when there is nothing usable to check further.

    A data file that cannot be read is left out of `tables`; gate 1 says what is wrong with it.
    """
    folder = root / HOME / name
    fault = identifier_fault(name) or ("is a link; put the folder itself there" if has_link(folder, root) else "")
    if fault:
        return None, [IlmsError(fault, file=relative(folder, root)).problem("readable-file")]
    problems: list[Problem] = list(strangers(folder, root, FILES))

    def attempt(read: Callable[[], Read], otherwise: Read) -> Read:
        try:
            return read()
        except IlmsError as error:
            problems.append(error.problem("readable-file"))
            return otherwise

    about = attempt(lambda: _about(folder / "package.yaml", root, name, structure), None)
    sources = attempt(lambda: _sources(folder / "sources.yaml", root, name), dict[str, Source]())
    frames = _frames(folder, root, attempt)
    limitations, limitation_problems = _limitations(frames["limitations"], relative(folder / "limitations.csv", root))
    held, tables, table_problems = _tables(folder, root, structure)
    problems += [*limitation_problems, *table_problems]
    for key, frame in frames.items():
        problems += text_problems(frame, relative(folder / f"{key}.csv", root))
    problems += _reported_problems(frames["reported"], relative(folder / "reported.csv", root))
    for key in ("package.yaml", "sources.yaml"):
        problems += yaml_text_problems(folder / key, root)
    if about is None:
        return None, problems
    embargoes = _embargoes(about)
    problems += _unknown_rounds(embargoes, structure, about.file)
    package = Package(
        id=name,
        area=about.text("area", ""),
        title=about.text("title"),
        description=about.text("description"),
        version=about.text("version"),
        edition=about.text("edition", ""),
        issued=about.text("issued", ""),
        licences=about.plain_records("licences"),
        contributors=about.plain_records("contributors", listed="roles"),
        keywords=about.texts("keywords"),
        sources=sources,
        limitations=limitations,
        collection=frames["collection"],
        imports=frames["imports"],
        reported=frames["reported"],
        revisions=frames["revisions"],
        held=held,
        tables=tables,
        path=folder,
        release_date=about.text("release_date", ""),
        embargoes=embargoes,
        changes=frames["changes"],
    )
    return package, problems


def _frames(folder: Path, root: Path, attempt: Attempt) -> dict[str, pd.DataFrame]:
    """The CSV files beside the data; the optional ones may be absent."""
    return {
        key: attempt(partial(_listed, folder / f"{key}.csv", root, key), _empty(columns))
        if key not in OPTIONAL or os.path.lexists(folder / f"{key}.csv")
        else _empty(columns)
        for key, columns in BESIDE.items()
    }


def _listed(path: Path, root: Path, key: str) -> pd.DataFrame:
    frame = read_csv(path, root, BESIDE[key], MAX_AUTHORED_BYTES)
    if len(frame) > MOST_ROWS[key]:
        sentence = f"has {len(frame):,} rows; the limit is {MOST_ROWS[key]:,}"
        raise IlmsError(sentence, file=relative(path, root), row=MOST_ROWS[key] + 2)
    return frame


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns), dtype="str", index=pd.Index([], dtype="int64"))


def _about(path: Path, root: Path, name: str, structure: Structure) -> Entry:
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
    _embargoes(about)
    return about


def _embargoes(about: Entry) -> tuple[Embargo, ...]:
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


def _unknown_rounds(embargoes: Sequence[Embargo], structure: Structure, file: str) -> list[Problem]:
    named = [one.round for one in embargoes if one.round and one.round not in set(structure.rounds["round"])]
    sentence = "The round '{}' is not in rounds.csv, so nobody can know when its figures are published."
    return [
        Problem(file, 0, "embargo", "release-date", Severity.ERROR, sentence.format(one))
        for one in dict.fromkeys(named)
    ]


def _sources(path: Path, root: Path, package: str) -> dict[str, Source]:
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


def _limitations(frame: pd.DataFrame, file: str) -> tuple[tuple[Limitation, ...], list[Problem]]:
    limitations: list[Limitation] = []
    problems: list[Problem] = []
    for line, row in records(frame):
        fault = _limitation_fault(row)
        if fault:
            problems.append(Problem(file, line, fault[0], "readable-file", Severity.ERROR, fault[1]))
            continue
        limitations.append(
            Limitation(
                id=row["id"],
                type=row["type"],
                action=row["action"],
                rules=tuple(row["rules"].split()),
                tables=tuple(row["tables"].split()),
                sources=tuple(row["sources"].split()),
                where=row["where"],
                years=row["years"],
                text=row["text"],
                evidence=row["evidence"],
                row=line,
            )
        )
    return tuple(limitations), problems


def _limitation_fault(row: Mapping[str, str]) -> tuple[str, str] | None:
    try:
        years(row["years"]), conditions(row["where"])
    except IlmsError as error:
        return "where", error.sentence
    fault = identifier_fault(row["id"])
    return ("id", f"The id {fault}.") if fault else None


def _reported_problems(frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Quoted figures that are no numbers, or lead to no page."""
    for line, row in records(frame):
        faults = {
            "id": f"The id {identifier_fault(row['id'])}." if identifier_fault(row["id"]) else "",
            "obs_value": "" if NUMBER.fullmatch(row["obs_value"]) else f"'{row['obs_value']}' is no plain number.",
            "url": "" if ADDRESS.fullmatch(row["url"]) else f"'{row['url']}' is no address that starts with https://.",
        }
        yield from (
            Problem(file, line, key, "readable-file", Severity.ERROR, fault) for key, fault in faults.items() if fault
        )


def _tables(
    folder: Path, root: Path, structure: Structure
) -> tuple[tuple[str, ...], dict[str, pd.DataFrame], list[Problem]]:
    """Tables with a file that is safe to read, those that parse, and what is wrong with the others."""
    by_slug = {table.slug: table for table in structure.tables.values()}
    held: list[str] = []
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    data = folder / "data"
    for path in sorted(data.iterdir()) if data.is_dir() and not data.is_symlink() else ():
        if path.name in UNSEEN:
            continue
        file = relative(path, root)
        definition = by_slug.get(path.stem)
        if path.suffix != ".csv" or definition is None:
            sentence = (
                "This file is not named after a table of tables.yaml (id in lower case, .csv). Rename or remove it."
            )
            problems.append(Problem(file, 0, "", "known-table", Severity.ERROR, sentence))
            continue
        try:
            text = decode(read_bytes(path, root), file)
            refuse_endless(text, file)
            tables[definition.id] = parse_csv(text, file, definition.columns)
            problems += text_problems(tables[definition.id], file)
        except ShapeError as error:
            problems.append(error.problem("readable-file"))
        except IlmsError as error:
            problems.append(error.problem("readable-file"))
            continue
        held.append(definition.id)
    return tuple(held), tables, problems
