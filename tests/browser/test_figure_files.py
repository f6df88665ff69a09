"""Every figure of the finished site, of whatever kind, can be taken away as CSV and as JSON, which say the same."""

import csv
import json
import re
from pathlib import Path

import pytest

CHART = re.compile(r'<svg[^>]*\bclass="ilms-chart\b')
FIGURE = re.compile(r"<figure\b.*?</figure>", re.DOTALL)
KINDS = {"time", "classes", "sides", "largest", "flows", "from"}
"""Kinds of figures, by the first word after the name of the table; those of corridors begin with a country."""


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


@pytest.fixture(scope="module")
def tables(site: Path) -> list[Path]:
    return sorted((site / "charts").rglob("*.csv"))


def test_every_drawing_on_a_page_leads_to_its_figures_as_csv_and_json(site: Path) -> None:
    sections = set()
    for page in site.rglob("*.html"):
        html = page.read_text("utf-8")
        figures = [figure for figure in FIGURE.findall(html) if CHART.search(figure)]
        assert sum(len(CHART.findall(figure)) for figure in figures) == len(CHART.findall(html)), page
        for figure in figures:
            files = re.findall(r'href="([^"]+\.(?:csv|json))"', figure)
            assert {Path(file).suffix for file in files} == {".csv", ".json"}, page
            assert all((page.parent / file).is_file() for file in files), page
            sections.add(page.relative_to(site).parts[0])
    assert sections >= {"index.html", "countries", "tables", "corridors", "estimates", "embed"}


def test_the_json_of_every_figure_has_the_rows_of_its_csv_and_what_they_rest_on(site: Path, tables: list[Path]) -> None:
    seen = set()
    for path in tables:
        header, rows = read(path)
        told = json.loads(path.with_suffix(".json").read_text("utf-8"))
        assert (told["columns"], told["rows"]) == (header, rows), path
        assert rows, path
        assert told["table"]["definition"], path
        assert told["table"]["unit"], path
        assert {row[header.index("source")] for row in rows} == {one["id"] for one in told["sources"]}, path
        touching = {name for row in rows for name in row[header.index("limitations")].split()}
        assert {one["id"] for one in told["limitations"]} == touching, path
        assert all(one["text"] for one in told["limitations"]), path
        assert (site / told["page"] / "index.html").is_file(), path
        seen.add(path.stem.partition("-")[2].partition("-")[0])
    assert seen >= KINDS
    assert seen - KINDS, "those of corridors"


def test_the_rows_of_every_figure_are_usable_rows_of_its_table(site: Path, tables: list[Path]) -> None:
    whole: dict[str, tuple[list[str], set[tuple[str, ...]]]] = {}
    for path in tables:
        name = f"{path.parent.name}/{path.stem.partition('-')[0]}"
        if name not in whole:
            columns, lines = read(site / "data" / f"{name}.csv")
            whole[name] = columns, {tuple(line) for line in lines}
        header, rows = read(path)
        assert header == whole[name][0], path
        assert {tuple(row) for row in rows} <= whole[name][1], path
        assert {row[header.index("use")] for row in rows} == {"published"}, path
