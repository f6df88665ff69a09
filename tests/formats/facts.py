"""What each format says of each figure, read by a reader that is not ours, as comparable facts."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import openpyxl

from ilms_publish.catalogue import Catalogue, PublishedTable
from ilms_publish.downloads.described import basis
from ilms_publish.model import TableDefinition
from ilms_publish.reading import records

Key = tuple[str, ...]
"""Package, table, codes of the series, year, source."""


class Fact(NamedTuple):
    """One figure with everything that must travel with it."""

    value: Decimal | None
    status: str
    withheld: bool
    basis: str
    limitations: frozenset[str]
    definition: str
    unit: str


Facts = dict[Key, Fact]


def number(text: object) -> Decimal | None:
    """A value as issued; trailing zeros do not count."""
    return None if text in ("", None) else Decimal(str(text)).normalize()


def wanted(catalogue: Catalogue, tables: Iterable[PublishedTable]) -> Facts:
    """The facts of the catalogue itself."""
    found: Facts = {}
    for table in tables:
        how = basis(table)
        for (_, row), known in zip(records(table.frame), how, strict=True):
            key = (table.package.id, table.definition.id, *(row[c] for c in table.definition.series))
            found[(*key, row["time_period"], row["source"])] = Fact(
                number(row["obs_value"]), row["obs_status"], row["use"] == "withheld", known,
                frozenset(row["limitations"].split()), table.definition.definition, table.definition.unit,
            )  # fmt: skip
    return found


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def labelled(content: bytes, catalogue: Catalogue) -> Facts:
    """Labelled CSV; texts of limitations must be those of the ids."""
    found: Facts = {}
    for row in rows(content):
        definition = catalogue.structure.tables[row["table"]]
        texts = {one.id: one.text for one in catalogue.packages[row["package"]].limitations}
        assert row["limitations_text"] == " | ".join(texts[name] for name in row["limitations"].split())
        assert bool(row["withheld_because"]) == (row["use"] == "withheld")
        for column in definition.series:
            assert row[f"{column}_label"] == catalogue.structure.codelist(column).label(row[column])
        key = (row["package"], row["table"], *(row[c] for c in definition.series), row["time_period"], row["source"])
        found[key] = Fact(
            number(row["obs_value"]), row["obs_status"], row["use"] == "withheld", row["source_basis"],
            frozenset(row["limitations"].split()), row["definition"], row["unit"],
        )  # fmt: skip
    return found


def workbook(path: Path, package: str) -> Facts:
    """The worksheets of a workbook, notes and definitions looked up where the workbook has them."""
    book = openpyxl.load_workbook(path)
    notes = {row["Note"]: row["Id"] for row in sheet(book["Notes"])} if "Notes" in book.sheetnames else {}
    statuses = {row["Status"]: row["Status code"] for row in sheet(book["Symbols"])}
    found: Facts = {}
    for about in sheet(book["Definitions"]):
        for row in sheet(book[about["Table"]]):
            codes = tuple(str(value) for head, value in row.items() if head.endswith(", code"))
            marks = [f"[{part}" for part in row["Notes"].split("[")[1:]]
            withheld = row["Value"] == "[withheld]"
            assert withheld == (row["Use"] == "withheld")
            assert withheld or row["Value"] == row["As issued"]
            issued = row["As issued"]
            found[(package, about["Table"], *codes, row["Year"], row["Source"])] = Fact(
                None if isinstance(issued, str) else number(repr(issued)), statuses[row["Status"]], withheld,
                row["Basis of the source"], frozenset(notes[mark.strip()] for mark in marks),
                about["Definition"], about["Unit"],
            )  # fmt: skip
    return found


def sheet(page: Any) -> list[dict[str, Any]]:
    """The one table of a worksheet, found by its mark-up as a table."""
    (area,) = page.tables.values()
    head, *body = [[cell.value for cell in row] for row in page[area.ref]]
    return [dict(zip(head, row, strict=True)) for row in body]


def parquet(path: Path, catalogue: Catalogue) -> Facts:
    """The whole database by DuckDB."""
    found: Facts = {}
    told = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)])
    names = [column[0] for column in told.description or ()]
    for values in told.fetchall():
        row: Mapping[str, Any] = dict(zip(names, values, strict=True))
        withheld = row["use"] == "withheld"
        assert row["usable_value"] == (None if withheld else row["obs_value"])
        assert bool(row["withheld_because"]) == withheld
        if row["obs_value"] is not None:
            assert Decimal(repr(row["obs_value"])) == Decimal(row["obs_value_issued"])
        series = catalogue.structure.tables[row["table"]].series
        key = (row["package"], row["table"], *(row[c] for c in series), str(row["time_period"]), row["source"])
        found[key] = Fact(
            number(row["obs_value_issued"]), row["obs_status"], withheld, row["source_basis"],
            frozenset((row["limitations"] or "").split()), row["definition"], row["unit"],
        )  # fmt: skip
    return found


def series(files: Mapping[str, bytes], path: str, definition: TableDefinition) -> Facts:
    """The JSON of a table, by area where it has several files."""
    head = json.loads(files[path])
    pieces = [head] if "series" in head else [json.loads(files[place]) for place in head["areas"].values()]
    found: Facts = {}
    for piece in pieces:
        assert set(piece["limitations"]) >= {name for names in piece["caveats"] for name in names}
        for line in piece["series"]:
            for values in line["observations"]:
                row = dict(zip(piece["columns"], values, strict=True))
                names = piece["caveats"][row["caveats"]]
                withheld = row["use"] == "withheld"
                assert row["status"] in piece["statuses"]
                assert row["source"] in piece["sources"]
                assert withheld == any(piece["limitations"][name]["action"] == "withhold" for name in names)
                usable = None if withheld else number(row["issued"])
                assert (None if row["value"] is None else Decimal(repr(row["value"])).normalize()) == usable
                codes = [line["codes"][name] for name in definition.series]
                key = (piece["package"], piece["table"]["id"], *codes, str(row["year"]), row["source"])
                found[key] = Fact(
                    number(row["issued"]), row["status"], withheld, row["basis"], frozenset(names),
                    piece["table"]["definition"], piece["table"]["unit"],
                )  # fmt: skip
    return found
