"""The page of measurements: a table, drawings, and the same in words for those who do not see them."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.bench import report
from tests.bench.report import fitted, plot, ticks


def point(observations: int, pages: int) -> dict[str, Any]:
    busy = 2 + observations / 1000 + pages / 20
    run = {"seconds": 2 * busy, "busy": busy, "largest": 1e8, "together": 1e8 + 1000 * observations, "written": 5e6}
    runs = {"check": run, "cold": run, "warm": {**run, "busy": 1.0}, "one figure": {**run, "busy": 3.0}}
    return {"size": "5x10x4", "countries": 5, "data pages": pages // 2, "observations": observations, "pages": pages,
            "html": pages, "files": 900, "bytes": 7e7, "input": 1e6, "runs": runs}  # fmt: skip


POINTS = [point(10_000, 300), point(40_000, 400), point(100_000, 1200), point(20_000, 900)]


def test_the_fit_finds_what_the_costs_were_made_of() -> None:
    found = fitted(POINTS)
    assert found.start == pytest.approx(2)
    assert found.observations == pytest.approx(1)
    assert found.pages == pytest.approx(0.1)
    assert found.worst == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("value", "words"), [(0.2199, "0.22"), (41.16, "41.2"), (704.7, "705"), (2096.7, "2,097")])
def test_a_number_is_told_without_powers_of_ten(value: float, words: str) -> None:
    assert report.told(value) == words


@pytest.mark.parametrize("most", [0.03, 1, 7.2, 40, 99, 345, 2_088_750])
def test_an_axis_has_two_to_five_steps_and_reaches_the_largest(most: float) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert found[-2] < most <= found[-1] * (1 + 1e-9)
    assert 3 <= len(found) <= 6


def test_names_at_the_ends_of_lines_stand_apart() -> None:
    heights = sorted(curve.name.y for curve in plot(POINTS, "observations", "together").curves)
    assert all(below - above >= 13 for above, below in pairwise(heights))


def test_the_page_shows_every_size_and_tells_every_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {
        "measured": "2026-11-22",
        "program": "1234567",
        "machine": dict.fromkeys(("cores", "memory", "system", "python", "load"), "2"),
    }
    (tmp_path / "scale.json").write_text(json.dumps(kept | {"results": POINTS}), "utf-8")
    monkeypatch.setattr(report, "KEPT", tmp_path)
    text = report.page()
    assert text.startswith("---\ntitle: Benchmarks\n")
    assert all(f"{one['observations']:,}" in text for one in POINTS)
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) == 4
    assert all("<title id=" in one and "<desc id=" in one and "style=" not in one for one in drawings)
    assert len(set(re.findall(r' id="([^"]+)"', text))) == len(re.findall(r' id="([^"]+)"', text))
    assert "Beside plain tools" not in text, "nothing is said of what was not measured"
