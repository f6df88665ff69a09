"""Every text that people write into the packages, and a way to put a hostile one there."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from ilms_publish.writing import write_all
from tests.worlds import World

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Field:
    """A cell (line and column) or a text of a YAML file (keys from the top, list entries from 1)."""

    file: str
    key: Key

    @property
    def name(self) -> str:
        """The field as a problem names it."""
        return str(self.key[1]) if self.file.endswith(".csv") else ".".join(map(str, self.key))

    def __str__(self) -> str:
        return f"{self.file}:{self.name}"


KEYS: dict[str, list[Key]] = {
        "zza/package.yaml": [
            ("title",), ("description",), ("edition",), ("keywords", 1), ("licences", 1, "title"),
            ("licences", 1, "name"), ("contributors", 1, "title"), ("contributors", 1, "roles", 1),
        ],
        "zza/sources.yaml": [
            ("sources", 1, "title"), ("sources", 1, "licence", "title"), ("sources", 1, "answers", "provider"),
            ("sources", 1, "answers", "irregular_covered", "text"), ("sources", 1, "supplies", 1, "evidence"),
            ("sources", 1, "ilostat", 1),
        ],
        "zza/limitations.csv": [(2, "text"), (2, "evidence")],
        "zza/collection.csv": [(4, "reason")],
        "zza/imports.csv": [(2, "file"), (2, "publisher"), (2, "edition")],
        "zza/reported.csv": [(2, "concept"), (2, "dimension"), (2, "category"), (2, "unit"), (2, "agency")],
        "zza/data/mst_ncte_sex_cct_nb.csv": [(2, "note")],
        "zza/data/mst_temp_sex_eco_cct_nb.csv": [(3, "note")],
        "structure/tables.yaml": [
            ("modules", 1, "title"), ("modules", 1, "description"), ("dimensions", 1, "title"),
            ("dimensions", 1, "description"), ("concepts", 1, "title"), ("tables", 1, "title"), ("tables", 1, "short"),
            ("tables", 1, "question"), ("tables", 1, "definition"), ("tables", 1, "population"), ("tables", 1, "unit"),
        ],
        "structure/quality.yaml": [
            ("concepts", 1, "title"), ("concepts", 1, "question"), ("gap_codes", 1, "label"),
            ("gap_codes", 1, "description"),
        ],
        "structure/codelists.yaml": [
            ("codelists", 1, "title"), ("codelists", 1, "description"), ("codelists", 1, "source"),
        ],
        "structure/codelists/CL_AREA.csv": [(2, "label"), (2, "description")],
        "structure/codelists/CL_CCT.csv": [(2, "label"), (2, "description")],
        "structure/limitation_types.csv": [(2, "label"), (2, "sentence"), (2, "group")],
        "structure/rounds.csv": [(2, "title"), (2, "evidence")],
}  # fmt: skip
FIELDS = tuple(Field(file, key) for file, keys in KEYS.items() for key in keys)
NEIGHBOUR: dict[str, list[Key]] = {
        "zzb/package.yaml": [("title",), ("description",), ("edition",), ("contributors", 1, "title")],
        "zzb/sources.yaml": [
            ("sources", 1, "title"), ("sources", 1, "licence", "title"), ("sources", 1, "answers", "provider"),
            ("sources", 1, "supplies", 1, "evidence"),
        ],
        "zzb/limitations.csv": [(2, "text"), (2, "evidence"), (3, "text"), (4, "evidence")],
        "zzb/collection.csv": [(3, "reason")],
        "zzb/data/mna_oemp_sex_cds_nb.csv": [(2, "note"), (6, "note")],
        "zza/revisions.csv": [(2, "reason"), (2, "noticed_by")],
        "structure/codelists/CL_AREA.csv": [(3, "label"), (4, "label")],
}  # fmt: skip
"""Texts of a second country, which pages show beside those of the first, and of a file that only changes make."""
REVISIONS = "date,table,where,years,kind,reason,noticed_by\n2026-02-25,MST_NCTE_SEX_CCT_NB,,2018,correction,x,y\n"


def put(world: World, text: str, fields: Iterable[Field] = FIELDS) -> None:
    """Writes a text into all these fields, whatever it does to the files."""
    by_file: defaultdict[str, list[Key]] = defaultdict(list)
    for field in fields:
        by_file[field.file].append(field.key)
    for file, keys in by_file.items():
        (put_cells if file.endswith(".csv") else put_texts)(world, file, keys, text)


def put_cells(world: World, file: str, keys: Iterable[Key], text: str) -> None:
    path = world.path(file)
    with path.open(newline="", encoding="utf-8") as source:
        rows = list(csv.reader(source))
    if file == "zza/imports.csv" and len(rows) == 1:
        rows.append(["a.csv", "ilostat", "Nobody", "Test", "0" * 64, "MST_NCTE_SEX_CCT_NB", "1"])
    for line, column in keys:
        rows[int(line) - 1][rows[0].index(str(column))] = text
    with path.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target, lineterminator="\n").writerows(rows)


def put_texts(world: World, file: str, keys: Iterable[Key], text: str) -> None:
    path = world.path(file)
    content = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)
    for key in keys:
        held: Any = content
        for part in key[:-1]:
            held = held[part - 1] if isinstance(part, int) else held[part]
        last = key[-1]
        held[last - 1 if isinstance(last, int) else last] = text
    made = yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, default_style='"', width=1_000_000)
    write_all({path: made.encode()})
