"""How cost grows: invented regions of several sizes, checked and built cold, warm, and after one figure changed.

`ILMS_BENCH_SIZES="10x20x5 20x40x6"` names the sizes: countries x tables of each x years. At the size of the yardstick
the same observations also go through plain tools, in the same run.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.bench import peers
from tests.bench.conftest import Note
from tests.bench.region import Size, region
from tests.bench.results import keep
from tests.bench.watching import Run, ilms

SIZES = os.environ.get("ILMS_BENCH_SIZES", "5x10x4 10x20x5").split()
YARDSTICK = "10x20x5"
"""The size at which other publishers were measured: about 100,000 observations on 200 pages of data."""
DISK = 20_000
"""Bytes of disk for one observation while a site is built beside the last good one, with room to spare."""
PAGES = re.compile(r"([0-9,]+) pages in")
PAY = "data/ear_emta_sex_cct_cur_nb.csv"
POINTS: list[dict[str, Any]] = []
KINDS = ("check", "cold", "warm", "one figure")


@pytest.fixture(scope="module", autouse=True)
def heading(note: Note) -> None:
    note("scale", "observations", "pages", "what", "seconds", "processor seconds", "memory MB", "written MB", "site MB")


@pytest.mark.parametrize("size", SIZES)
def test_scale(tmp_path: Path, note: Note, size: str) -> None:
    root = tmp_path / "region"
    root.mkdir()
    try:
        point = measured(root, Size.of(size))
    finally:
        for folder in (root, root.with_name("plain")):
            shutil.rmtree(folder, ignore_errors=True)
    POINTS.append(point)
    keep("scale", POINTS)
    for kind in KINDS:
        run = point["runs"][kind]
        memory, written = f"{run['together'] / 1e6:.0f}", f"{run['written'] / 1e6:.0f}"
        cells = (f"{run['seconds']:.1f}", f"{run['busy']:.1f}", memory, written, f"{point['bytes'] / 1e6:.0f}")
        note(size, f"{point['observations']:,}", f"{point['pages']:,}", kind, *cells)


def measured(root: Path, size: Size) -> dict[str, Any]:
    """The costs of one size, and what came out."""
    observations = region(root, size)
    free = shutil.disk_usage(root).free
    if free < observations * DISK:
        pytest.skip(f"{observations:,} observations need {observations * DISK / 1e9:.0f} GB of disk")
    runs: dict[str, Run] = {"check": ilms("check", "--root", str(root))}
    assert runs["check"].said.rstrip().splitlines()[-1].startswith("0 errors, 0 findings"), runs["check"].said
    runs["cold"] = _build(root)
    runs["warm"] = _build(root)
    change_a_figure(root)
    runs["one figure"] = _build(root)
    files = [path for path in (root / "site").rglob("*") if path.is_file()]
    beside = peers.measured(root, root.with_name("plain")) if str(size) == YARDSTICK else {}
    said = PAGES.search(runs["cold"].said)
    assert said is not None
    return {
        "size": str(size),
        "countries": size.countries,
        "data pages": size.countries * size.tables,
        "observations": observations,
        "pages": int(said[1].replace(",", "")),
        "html": sum(path.suffix == ".html" for path in files),
        "files": len(files),
        "bytes": sum(path.stat().st_size for path in files),
        "input": sum(path.stat().st_size for path in (root / "datapackages").rglob("*.csv")),
        "runs": {kind: run.noted() for kind, run in runs.items()},
    } | ({"peers": beside} if beside else {})


def _build(root: Path) -> Run:
    return ilms("build", "--root", str(root), "--out", str(root / "site"))


def change_a_figure(root: Path) -> None:
    """A hundredth more pay in one country, year and group: nothing adds up to it."""
    path = root / "datapackages" / "zza" / PAY
    lines = path.read_text("utf-8").splitlines(keepends=True)
    cells = lines[-1].split(",")
    cells[5] = f"{float(cells[5]) + 0.01:.2f}"
    path.write_text("".join([*lines[:-1], ",".join(cells)]), "utf-8")
