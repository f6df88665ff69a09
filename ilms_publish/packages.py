"""Loads a country or estimates package as authored, collecting every problem of its files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pandas as pd

from ilms_publish.days import day
from ilms_publish.model import GAP_CODES, Answer, Embargo, Limitation, Package, Source, Structure, Supply
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.reading import (
    decode,
    parse_csv,
    read_bytes,
    read_csv,
    read_yaml,
    records,
    relative,
    text_fault,
    text_problems,
    texts,
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
BESIDE = {
    "limitations": LIMITATION_COLUMNS,
    "collection": COLLECTION_COLUMNS,
    "imports": IMPORT_COLUMNS,
    "reported": REPORTED_COLUMNS,
    "revisions": REVISION_COLUMNS,
}
OPTIONAL = ("imports", "reported", "revisions")
"""Files that only an import, or a change of a published figure, makes."""
IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
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
    problems: list[Problem] = []

    def attempt(read: Callable[[], Read], otherwise: Read) -> Read:
        try:
            return read()
        except IlmsError as error:
            problems.append(error.problem("readable-file"))
            return otherwise

    about = attempt(lambda: _about(folder / "package.yaml", root, name), None)
    sources = attempt(lambda: _sources(folder / "sources.yaml", root, name), dict[str, Source]())
    frames = _frames(folder, root, attempt)
    limitations, limitation_problems = _limitations(frames["limitations"], relative(folder / "limitations.csv", root))
    held, tables, table_problems = _tables(folder, root, structure)
    problems += [*limitation_problems, *table_problems]
    for key, frame in frames.items():
        problems += text_problems(frame, relative(folder / f"{key}.csv", root))
    for key in ("package.yaml", "sources.yaml"):
        problems += _yaml_text_problems(folder / key, root)
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
        licences=about.records("licences"),
        contributors=about.records("contributors"),
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
    )
    return package, problems


def _frames(folder: Path, root: Path, attempt: Attempt) -> dict[str, pd.DataFrame]:
    """The CSV files beside the data; the optional ones may be absent."""
    return {
        key: attempt(partial(read_csv, folder / f"{key}.csv", root, columns), _empty(columns))
        if key not in OPTIONAL or (folder / f"{key}.csv").exists()
        else _empty(columns)
        for key, columns in BESIDE.items()
    }


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns), dtype="str", index=pd.Index([], dtype="int64"))


def _about(path: Path, root: Path, name: str) -> Entry:
    """package.yaml with everything that a package must say of itself."""
    about = Entry(relative(path, root), "", read_yaml(path, root))
    if about.text("id") != name:
        raise IlmsError(f"'{about.text('id')}' should be the folder's name, '{name}'", file=about.file, field="id")
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", about.text("version")):
        raise IlmsError("the version should be three numbers such as 1.0.0", file=about.file, field="version")
    licences = about.records("licences")
    if not licences or not all(licence.get("name") or licence.get("path") for licence in licences):
        raise IlmsError("each package names a licence (name, title, path)", file=about.file, field="licences")
    if not DATE.fullmatch(about.text("issued")):
        raise IlmsError(
            "the date of the edition should be 2026, 2026-02 or 2026-02-25", file=about.file, field="issued"
        )
    if about.text("release_date", "") and not day(about.text("release_date")):
        raise about.fail("release_date", "the day of release should be written like 2026-12-01")
    about.text("title"), about.text("description"), about.records("contributors"), about.texts("keywords")
    _embargoes(about)
    return about


def _embargoes(about: Entry) -> tuple[Embargo, ...]:
    """The figures of a package that are not yet published: which, and until when."""
    found = []
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
    return Entries(path, root).collect("sources", lambda entry: _source(entry, package))


def _source(entry: Entry, package: str) -> Source:
    name = entry.text("id")
    if not IDENTIFIER.fullmatch(name):
        raise entry.fail("id", f"'{name}' should be lower-case letters, digits and single hyphens")
    licence = entry.content.get("licence", GAP_CODES[2])
    if not isinstance(licence, dict):
        licence = {"title": str(licence)}
    url = entry.text("url", "")
    if url and not ADDRESS.fullmatch(url):
        raise entry.fail("url", f"'{url}' should be an address that starts with https://")
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
        codes = value.get("codes") or [value["code"]]
        if isinstance(codes, list) and all(isinstance(code, str) for code in codes):
            return Answer(codes=tuple(codes), text=" ".join(str(value.get("text", "")).split()))
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
    if not IDENTIFIER.fullmatch(row["id"]):
        return "id", f"The id '{row['id']}' should be lower-case letters, digits and single hyphens."
    return None


def _tables(
    folder: Path, root: Path, structure: Structure
) -> tuple[tuple[str, ...], dict[str, pd.DataFrame], list[Problem]]:
    """Tables with a file that is safe to read, those that parse, and what is wrong with the others."""
    by_slug = {table.slug: table for table in structure.tables.values()}
    held: list[str] = []
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    data = folder / "data"
    for path in sorted(data.iterdir()) if data.is_dir() else ():
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
            held.append(definition.id)
            tables[definition.id] = parse_csv(text, file, definition.columns)
            problems += text_problems(tables[definition.id], file)
        except IlmsError as error:
            problems.append(error.problem("readable-file"))
    return tuple(held), tables, problems


def _yaml_text_problems(path: Path, root: Path) -> list[Problem]:
    try:
        content = read_yaml(path, root)
    except IlmsError:
        return []
    faults = ((" ".join(text.split()), text_fault(" ".join(text.split()))) for text in texts(content))
    file = relative(path, root)
    return [Problem(file, 0, text[:40], "safe-text", Severity.ERROR, fault) for text, fault in faults if fault]
