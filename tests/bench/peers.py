"""The same observations in plain tools: MkDocs Material with Markdown tables, and Frictionless."""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path
from typing import Any

from ilms_publish.model import Structure, TableDefinition
from ilms_publish.packages import package_ids
from ilms_publish.structure import load_structure
from tests.bench.watching import Run, run

CONFIG = """
site_name: International Labour Migration Statistics
theme: {name: material, font: false}
plugins: [search]
markdown_extensions: [tables]
"""
VALIDATE = """
import sys
from frictionless import Package, system
with system.use_context(trusted=False):
    for path in sys.argv[1:]:
        report = Package(path).validate()
        assert report.valid, report.to_summary()
"""
DESCRIPTORS = "datapackages/{}/datapackage.json"


def frictionless(root: Path) -> Run:
    """Frictionless over every package of a repository, in one process."""
    paths = [str(root / DESCRIPTORS.format(name)) for name in package_ids(root)]
    return run([sys.executable, "-c", VALIDATE, *paths])


def plain_mkdocs(root: Path, folder: Path) -> tuple[Run, dict[str, Any]]:
    """MkDocs Material over one Markdown page for each table of each country, a row for every observation."""
    structure = load_structure(root)
    made = 0
    for path in sorted((root / "datapackages").glob("*/data/*.csv")):
        table = next(table for table in structure.tables.values() if table.slug == path.stem)
        page = folder / "docs" / path.parts[-3] / f"{path.stem}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(_page(path, table, structure), "utf-8")
        made += 1
    (folder / "docs" / "index.md").write_text("# Tables\n", "utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG, "utf-8")
    cost = run([sys.executable, "-m", "mkdocs", "build", "--quiet"], folder)
    return cost, {"pages": made + 1} | sizes(folder / "site")


def _page(path: Path, table: TableDefinition, structure: Structure) -> str:
    """Title, definition and all observations in words."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    words = []
    for column in header:
        coded = column in ("ref_area", "sex", "obs_status") or column in table.dimensions
        words.append({c.code: c.label for c in structure.codelist(column).codes.values()} if coded else {})
    lines = [" | ".join(named.get(cell, cell) for named, cell in zip(words, row, strict=True)) for row in rows]
    head = [f"# {table.title}", "", table.definition, "", f"Unit: {table.unit}.", ""]
    return "\n".join([*head, " | ".join(header), " | ".join("---" for _ in header), *lines, ""])


def sizes(site: Path) -> dict[str, float]:
    """Bytes of a site, and of the page of one table as it is sent."""
    files = [path for path in site.rglob("*") if path.is_file()]
    page = next(path for path in files if path.match("mst_temp_sex_eco_cct_nb/index.html") and "embed" not in str(path))
    return {
        "bytes": sum(path.stat().st_size for path in files),
        "page": len(gzip.compress(page.read_bytes(), mtime=0)),
    }


def measured(root: Path, folder: Path) -> dict[str, Any]:
    """What the plain tools cost on the files of a repository whose site is built."""
    folder.mkdir()
    mkdocs, made = plain_mkdocs(root, folder)
    return {
        "frictionless": frictionless(root).noted(),
        "mkdocs": mkdocs.noted() | made,
        "ours": sizes(root / "site" / "countries"),
    }
