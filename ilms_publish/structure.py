"""Loads the shared structure: codelists, tables, quality concepts, limitation types, rounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ilms_publish.model import Code, Codelist, Collection, Concept, Dimension, Structure, TableDefinition, Term
from ilms_publish.naming import code_fault, identifier_fault
from ilms_publish.problems import IlmsError, Problem
from ilms_publish.reading import (
    MAX_AUTHORED_BYTES,
    read_csv,
    read_yaml,
    records,
    relative,
    text_problems,
    yaml_text_problems,
)

STRUCTURE = "datapackages/structure"
CODE_COLUMNS = ("code", "parent", "label", "description", "scheme", "overlapping", "residual")
Kind = TypeVar("Kind")
ROUND_COLUMNS = ("round", "title", "opened", "closed", "published", "evidence")


def load_structure(root: Path) -> Structure:
    """The structure below `root`. Raises IlmsError naming file and key when it is not whole."""
    home = root / STRUCTURE
    if not home.is_dir():
        raise IlmsError(f"there is no folder {STRUCTURE}/ here; run in the repository or give --root")
    tables = Entries(home / "tables.yaml", root)
    quality = Entries(home / "quality.yaml", root)
    codelists = _codelists(home, root)
    structure = Structure(
        collection=_collection(home, root),
        codelists=codelists,
        dimensions=tables.collect("dimensions", _dimension),
        modules=tables.collect("modules", _term),
        concepts=tables.collect("concepts", _term),
        tables=tables.collect("tables", _table),
        quality=quality.collect("concepts", _concept),
        gap_codes=quality.collect("gap_codes", _term),
        limitation_types=_limitation_types(home, root),
        rounds=read_csv(home / "rounds.csv", root, ROUND_COLUMNS, MAX_AUTHORED_BYTES),
    )
    _resolve(structure, relative(home / "tables.yaml", root))
    return structure


def _collection(home: Path, root: Path) -> Collection:
    """package.yaml of the structure: what it says of itself, and what the whole collection is called."""
    path = home / "package.yaml"
    about = Entry(relative(path, root), "", read_yaml(path, root))
    for key in ("title", "description", "version"):
        about.text(key)
    about.records("licences"), about.records("contributors")
    named = about.content.get("collection")
    if not isinstance(named, dict):
        raise about.fail("collection", "say what the collection is called (title, description, members)")
    entry = Entry(about.file, "collection", named)
    return Collection(entry.text("title"), entry.text("description"), entry.text("members"), about.content)


class Entries:
    """The lists of one YAML file, read entry by entry with errors that name file and key."""

    def __init__(self, path: Path, root: Path) -> None:
        self.file = relative(path, root)
        self.content = read_yaml(path, root)

    def collect(self, key: str, build: Callable[[Entry], Kind]) -> dict[str, Kind]:
        """Every entry of the list `key`, built and keyed by its id."""
        built: dict[str, Kind] = {}
        seen: set[str] = set()
        for entry in self.entries(key):
            name = entry.text("id")
            if name.lower() in seen:
                raise IlmsError("this id is given twice (capitals do not count)", file=self.file, field=f"{key}.{name}")
            seen.add(name.lower())
            built[name] = build(entry)
        return built

    def entries(self, key: str) -> Iterator[Entry]:
        """The mappings in the list `key`."""
        listed = self.content.get(key)
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            raise IlmsError("should be a list of entries", file=self.file, field=key)
        for number, item in enumerate(listed, 1):
            entry = Entry(self.file, f"{key}.{number}", item)
            fault = code_fault(entry.text("id"))
            if fault:
                raise entry.fail("id", fault)
            yield Entry(self.file, f"{key}.{item['id']}", item)


class Entry:
    """One mapping of a YAML file; every access says what is missing or of the wrong kind."""

    def __init__(self, file: str, place: str, content: Mapping[str, Any]) -> None:
        self.file, self.place, self.content = file, place, content

    def fail(self, key: str, sentence: str) -> IlmsError:
        """An error at one of the keys."""
        return IlmsError(sentence, file=self.file, field=f"{self.place}.{key}".lstrip("."))

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required unless a default is given. Folded lines become one."""
        value = self.content.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fail(key, "a text is needed here")
        return " ".join(value.split())

    def items(self, key: str) -> tuple[Any, ...]:
        """A list, empty when absent."""
        value = self.content.get(key) or ()
        if not isinstance(value, (list, tuple)):
            raise self.fail(key, "a list is needed here")
        return tuple(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        values = self.items(key)
        if not all(isinstance(value, str) for value in values):
            raise self.fail(key, "a list of plain texts is needed here")
        return values

    def records(self, key: str) -> tuple[Mapping[str, Any], ...]:
        """A list of mappings, empty when absent."""
        values = self.items(key)
        if not all(isinstance(value, dict) for value in values):
            raise self.fail(key, "a list of entries (- key: value) is needed here")
        return values

    def plain_records(self, key: str, listed: str = "") -> tuple[Mapping[str, Any], ...]:
        """A list of mappings of texts to texts; `listed` names the one key that may hold a list of texts."""
        for record in (values := self.records(key)):
            for name, value in record.items():
                held = value if name == listed and isinstance(value, list) else [value]
                if not all(isinstance(part, str) for part in held):
                    raise self.fail(f"{key}.{name}", "a text is needed here")
        return values


def _dimension(entry: Entry) -> Dimension:
    return Dimension(entry.text("id"), entry.text("title"), entry.text("codelist"), entry.text("description", ""))


def _term(entry: Entry) -> Term:
    title = entry.text("title", "") or entry.text("label")
    return Term(entry.text("id"), title, entry.text("description", "") or entry.text("definition", ""))


def _table(entry: Entry) -> TableDefinition:
    required = {key: entry.text(key) for key in ("id", "module", "title", "short", "question")}
    measured = {key: entry.text(key) for key in ("concept", "measure", "unit_measure")}
    judged = {key: entry.text(key, "") for key in ("definition", "population", "unit")}  # by rule table-definition
    mult = entry.text("unit_mult")
    if not re.fullmatch("[0-9]", mult):
        raise entry.fail("unit_mult", f"'{mult}' should be a power of ten such as 0 or 3")
    return TableDefinition(
        **required,
        **measured,
        **judged,
        covers=entry.text("covers", ""),
        unit_mult=int(mult),
        dimensions=entry.texts("dimensions"),
        history=_history(entry),
    )


def _history(entry: Entry) -> tuple[Mapping[str, str], ...]:
    history = entry.plain_records("history")
    if not all(earlier.get("id") for earlier in history):
        raise entry.fail("history", "every earlier name needs an id")
    return history


def _concept(entry: Entry) -> Concept:
    values = {value.get("id", ""): value.get("label", value.get("id")) for value in entry.plain_records("values")}
    if "" in values:
        raise entry.fail("values", "every value needs an id")
    number = entry.text("number")
    if not re.fullmatch("[0-9]{1,4}", number):
        raise entry.fail("number", f"'{number}' should be a whole number")
    return Concept(
        number=int(number),
        id=entry.text("id"),
        title=entry.text("title"),
        question=entry.text("question"),
        form=entry.text("form"),
        values=values,
        strip=entry.text("strip", "") == "true",
        computed=entry.text("computed", "") == "true",
        sims=entry.text("sims", ""),
    )


def _codelists(home: Path, root: Path) -> dict[str, Codelist]:
    codelists: dict[str, Codelist] = {}
    for entry in Entries(home / "codelists.yaml", root).entries("codelists"):
        name = entry.text("id")
        file = home / "codelists" / f"{name}.csv"
        codelists[name] = Codelist(
            id=name,
            title=entry.text("title"),
            description=entry.text("description", ""),
            source=entry.text("source", ""),
            dimension=entry.text("dimension", ""),
            codes=_codes(file, root),
        )
    return codelists


def _codes(path: Path, root: Path) -> dict[str, Code]:
    frame = read_csv(path, root, limit=MAX_AUTHORED_BYTES)
    name = relative(path, root)
    if tuple(frame.columns[:4]) != CODE_COLUMNS[:4]:
        raise IlmsError(f"should start with the columns {','.join(CODE_COLUMNS[:4])}", file=name, row=1)
    codes: dict[str, Code] = {}
    for line, row in records(frame):
        fault = code_fault(row["code"])
        if fault:
            raise IlmsError(fault, file=name, row=line, field="code")
        if row["code"] in codes:
            raise IlmsError(f"the code '{row['code']}' is given twice", file=name, row=line, field="code")
        extra = {key: value for key, value in row.items() if key not in CODE_COLUMNS}
        codes[row["code"]] = Code(
            code=row["code"],
            parent=row["parent"],
            label=row["label"],
            description=row["description"],
            scheme=row.get("scheme", ""),
            overlapping=row.get("overlapping", "") == "yes",
            residual=row.get("residual", "") == "yes",
            extra=extra,
        )
    for code in codes.values():
        if code.parent and code.parent not in codes:
            raise IlmsError(
                f"the parent '{code.parent}' of '{code.code}' is not in the list", file=name, field="parent"
            )
    return codes


def _limitation_types(home: Path, root: Path) -> dict[str, Term]:
    path = home / "limitation_types.csv"
    frame = read_csv(path, root, ("type", "label", "sentence", "group"), MAX_AUTHORED_BYTES)
    types: dict[str, Term] = {}
    for line, row in records(frame):
        fault = identifier_fault(row["type"]) or ("this type is given twice" if row["type"] in types else "")
        if fault:
            raise IlmsError(fault, file=relative(path, root), row=line, field="type")
        types[row["type"]] = Term(row["type"], row["label"], row["sentence"], row["group"])
    return types


def structure_problems(root: Path) -> list[Problem]:
    """Texts of the structure's files that could harm a reader's screen, spreadsheet or log."""
    home = root / STRUCTURE
    problems: list[Problem] = []
    for path in sorted(home.glob("*.yaml")):
        problems += yaml_text_problems(path, root)
    for path in sorted([*home.glob("*.csv"), *(home / "codelists").glob("*.csv")]):
        problems += text_problems(read_csv(path, root, limit=MAX_AUTHORED_BYTES), relative(path, root))
    return problems


def _resolve(structure: Structure, file: str) -> None:
    """Every name used in tables.yaml is defined there or is a codelist."""
    for dimension in structure.dimensions.values():
        if dimension.codelist not in structure.codelists:
            raise IlmsError(
                f"there is no codelist '{dimension.codelist}'", file=file, field=f"dimensions.{dimension.id}"
            )
    for table in structure.tables.values():
        place = f"tables.{table.id}"
        for key, value, known in (
            ("module", table.module, structure.modules),
            ("concept", table.concept, structure.concepts),
        ):
            if value not in known:
                raise IlmsError(f"'{value}' is not defined in this file", file=file, field=f"{place}.{key}")
        unknown = [dimension for dimension in table.dimensions if dimension not in structure.dimensions]
        if unknown:
            raise IlmsError(f"'{unknown[0]}' is not a dimension", file=file, field=f"{place}.dimensions")
