"""Builds packages from the example tables of a rule, filling in what the example leaves out."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ilms_publish.findings import findings
from ilms_publish.model import Code, Structure, TableDefinition
from ilms_publish.packages import COLLECTION_COLUMNS, LIMITATION_COLUMNS, REVISION_COLUMNS, load_package
from ilms_publish.rules import RULES, Case, PackageView, view
from ilms_publish.rules.explained import Example
from ilms_publish.writing import to_csv

HOME = "zza"
LIMITATION = {"type": "sums-differ", "action": "publish", "text": "Invented.", "evidence": "Invented."}
COLLECTION = {"round": "2026-02", "state": "published"}


def with_home(structure: Structure) -> Structure:
    """The structure with one area more: the country that the examples are about, which is no real one."""
    areas = structure.codelists["CL_AREA"]
    country = Code(HOME.upper(), "", "Exampleland", extra={"kind": "country"})
    areas = replace(areas, codes={**areas.codes, country.code: country})
    return replace(structure, codelists={**structure.codelists, areas.id: areas})


@dataclass(frozen=True)
class Workshop:
    """Where example packages are written and read back as real ones are."""

    folder: Path
    structure: Structure

    def blamed(self, rule: str, example: Example) -> list[str]:
        """The places that a rule blames in an example, as the example would write them."""
        looked_at = self.build(example)
        if rule == "limitation-stale":
            return [f"limitations.csv:{f.problem.row}" for f in findings(looked_at) if f.rule == rule]
        return sorted({place for case in RULES[rule].cases(looked_at) for place in places(case)})

    def build(self, example: Example) -> PackageView:
        """The example's own package with the others beside it."""
        mine = self._package(self.folder, HOME, example.tables, example)
        beside = {HOME: mine}
        for name, tables in example.packages.items():
            beside[name] = self._package(self.folder, name, tables, Example(""))
        for table, key in (one.split(".") for one in example.undefined):
            blank: dict[str, Any] = {key: ""}
            held = mine.tables[table]
            emptied = replace(held, definition=replace(held.definition, **blank))
            mine = replace(mine, tables={**mine.tables, table: emptied})
        return replace(mine, beside=beside)

    def _package(self, root: Path, name: str, tables: Mapping[str, str], example: Example) -> PackageView:
        folder = root / "datapackages" / name
        (folder / "data").mkdir(parents=True)
        frames = {table: self._table(name, table, text) for table, text in tables.items()}
        for table, frame in frames.items():
            (folder / "data" / f"{table.lower()}.csv").write_bytes(to_csv(frame))
        sources = yaml.safe_load(example.sources) or [_source(one, frames) for one in _sources(name, frames)]
        about = {
            "id": name, "title": name, "description": "Invented.", "version": "1.0.0",
            "licences": [{"name": "CC0-1.0"}],
            "contributors": [], "keywords": [], "issued": example.issued or "2026-02",
        }  # fmt: skip
        if name not in ("undesa", "worldbank"):
            about["area"] = name.upper()
        (folder / "package.yaml").write_text(yaml.safe_dump(about), "utf-8")
        (folder / "sources.yaml").write_text(yaml.safe_dump({"sources": sources}, allow_unicode=True), "utf-8")
        limitations = filled(example.limitations, LIMITATION_COLUMNS, LIMITATION)
        (folder / "limitations.csv").write_bytes(to_csv(limitations))
        collection = example.collection or "\n".join(["table", *frames])
        (folder / "collection.csv").write_bytes(to_csv(filled(collection, COLLECTION_COLUMNS, COLLECTION)))
        if example.revisions:
            (folder / "revisions.csv").write_bytes(to_csv(filled(example.revisions, REVISION_COLUMNS, {})))
        package, problems = load_package(root, name, self.structure)
        assert package is not None, problems
        assert not problems, problems
        return view(package, self.structure)

    def _table(self, package: str, name: str, text: str) -> pd.DataFrame:
        definition = self.structure.tables[name]
        defaults = {column: self._default(column, definition) for column in definition.dimensions}
        defaults |= {"ref_area": package.upper(), "sex": "SEX_T", "time_period": "2020", "obs_status": "A"}
        return filled(text, definition.columns, defaults | {"source": f"{package}-register"})

    def _default(self, column: str, definition: TableDefinition) -> str:
        codes = self.structure.codelist(column).codes.values()
        return next((c.code for c in codes if c.code.endswith(("_TOTAL", "CUR_TYPE_LCU"))), "")


def filled(text: str, columns: tuple[str, ...], defaults: Mapping[str, str]) -> pd.DataFrame:
    """CSV text with the missing columns filled in. A column that the file does not have is a slip of the example."""
    header, *rows = list(csv.reader(io.StringIO(text.strip()))) if text.strip() else [[]]
    assert set(header) <= set(columns), set(header) - set(columns)
    assert all(len(row) == len(header) for row in rows), text
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    for column in columns:
        if column not in frame:
            frame[column] = defaults.get(column, "")
    return frame[list(columns)]


def places(case: Case) -> list[str]:
    """`TABLE:line` for each cell, or the file with its line or key."""
    cells = [f"{table}:{line}" for table, line in case.cells]
    return cells or [f"{Path(case.file).name}:{case.row or case.field}"]


def _sources(package: str, frames: Mapping[str, pd.DataFrame]) -> list[str]:
    return sorted({name for frame in frames.values() for name in frame["source"]} or {f"{package}-register"})


def _source(name: str, frames: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """A source that says of everything that it is not yet documented, and supplies every table."""
    supply = {"tables": list(frames) or ["MNA_*"], "basis": "documented", "evidence": "Invented."}
    return {"id": name, "title": name, "type": "AR_REGISTER", "rest": "not_yet_documented", "supplies": [supply]}
