"""Loads a country or estimates package as authored, collecting every problem of its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import pandas as pd

from ilms_publish.data_files import data_files
from ilms_publish.declared import ADDRESS, about_of, embargoes_of, sources_of
from ilms_publish.model import Embargo, Limitation, Package, Source, Structure
from ilms_publish.naming import identifier_fault, strangers
from ilms_publish.problems import IlmsError, Problem, Severity
from ilms_publish.reading import (
    MAX_AUTHORED_BYTES,
    NUMBER,
    has_link,
    read_csv,
    records,
    relative,
    text_problems,
    yaml_text_problems,
)
from ilms_publish.scope import conditions, years

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
OPTIONAL = ("imports", "reported", "revisions", "changes")
"""Files that only an import, or a change of a published figure, makes."""
GENERATED = ("datapackage.json", "README.md")
"""Files that `ilms package` makes; they are compared, never read as input."""
FILES = ("package.yaml", "sources.yaml", *(f"{name}.csv" for name in BESIDE), *GENERATED, "data")
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

    about = attempt(lambda: about_of(folder / "package.yaml", root, name, structure), None)
    sources = attempt(lambda: sources_of(folder / "sources.yaml", root, name), dict[str, Source]())
    frames = _frames(folder, root, attempt)
    limitations, limitation_problems = _limitations(frames["limitations"], relative(folder / "limitations.csv", root))
    data = data_files(folder, root, structure)
    problems += [*limitation_problems, *data.problems]
    for key, frame in frames.items():
        problems += text_problems(frame, relative(folder / f"{key}.csv", root))
    problems += _reported_problems(frames["reported"], relative(folder / "reported.csv", root))
    for key in ("package.yaml", "sources.yaml"):
        problems += yaml_text_problems(folder / key, root)
    if about is None:
        return None, problems
    embargoes = embargoes_of(about)
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
        held=data.held,
        tables=data.tables,
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


def _unknown_rounds(embargoes: Sequence[Embargo], structure: Structure, file: str) -> list[Problem]:
    named = [one.round for one in embargoes if one.round and one.round not in set(structure.rounds["round"])]
    sentence = "The round '{}' is not in rounds.csv, so nobody can know when its figures are published."
    return [
        Problem(file, 0, "embargo", "release-date", Severity.ERROR, sentence.format(one))
        for one in dict.fromkeys(named)
    ]


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
