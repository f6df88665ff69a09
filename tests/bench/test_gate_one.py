"""Gate 1 beside Frictionless on the same files in the same run: how many times sooner, and in how much memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.conftest import Note
from tests.bench.results import keep
from tests.flows import flows, write_package

CASES = {
    "100,000 rows": (1, 100_000, ">= 25"),
    "1,000,000 rows": (1, 1_000_000, ">= 50"),
    "40 tables of 200 rows": (40, 200, ">= 5"),
    "100,000 rows, 100 faults": (1, 100_000, ""),
}
KEPT: list[dict[str, Any]] = []
MEASURE = """
import json, re, sys, time
from pathlib import Path
from frictionless import Package, Resource, system
from ilms_publish.validation import validate
who, folder, repeats = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
def theirs():
    with system.use_context(trusted=False):
        return Package.from_descriptor(descriptor, basepath=str(folder)).validate()
validate(json.loads(sys.argv[4]), folder / "small")
run = theirs if who == "theirs" else lambda: validate(descriptor, folder)
def peak():
    return 1024 * int(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])
before, seconds, busy = peak(), [], []
for _ in range(repeats):
    started, worked = time.perf_counter(), time.process_time()
    report = run()
    seconds.append(time.perf_counter() - started)
    busy.append(time.process_time() - worked)
middle = repeats // 2
print(json.dumps({"seconds": sorted(seconds)[middle], "busy": sorted(busy)[middle], "memory": peak() - before,
                  "errors": report.stats["errors"]}))
"""


@pytest.fixture(scope="module", autouse=True)
def heading(note: Note) -> None:
    note(
        "gate 1",
        "files",
        "Frictionless",
        "ours",
        "times sooner",
        "by processor time",
        "wanted",
        "memory / bytes read (Frictionless)",
    )


@pytest.mark.parametrize("form", ["enum", "keys"])
@pytest.mark.parametrize("case", CASES)
def test_gate_one(tmp_path: Path, note: Note, case: str, form: str) -> None:
    tables, rows, wanted = CASES[case]
    data = flows(rows)
    if "faults" in case:
        lines = data.split(b"\n")
        lines[50 : 100 * 900 : 900] = [line.replace(b"SEX_", b"SEX-") for line in lines[50 : 100 * 900 : 900]]
        data = b"\n".join(lines)
    descriptor = write_package(tmp_path, {f"flows_{n}": data for n in range(tables)}, form)
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    small = write_package(tmp_path / "small", {"flows": flows(10)}, form)
    size = sum(path.stat().st_size for path in tmp_path.rglob("*.csv"))
    theirs = measured("theirs", tmp_path, 1 if rows > 500_000 else 3, small)
    mine = measured("ours", tmp_path, 5, small)
    assert mine["errors"] == theirs["errors"] == (100 if "faults" in case else 0)
    KEPT.append({"case": case, "form": form, "bytes": size, "theirs": theirs, "ours": mine})
    keep("gate-one", KEPT)
    note(
        f"{case}, {form}",
        f"{size / 1e6:.1f} MB",
        f"{theirs['seconds']:.3f} s",
        f"{mine['seconds']:.3f} s",
        f"{theirs['seconds'] / mine['seconds']:.1f}",
        f"{theirs['busy'] / mine['busy']:.1f}",
        wanted,
        f"{mine['memory'] / size:.1f} ({theirs['memory'] / size:.1f})",
    )


def measured(who: str, folder: Path, repeats: int, small: dict[str, Any]) -> dict[str, float]:
    """Median seconds, growth of the peak of memory in bytes, and errors, in a fresh process."""
    command = [sys.executable, "-c", MEASURE, who, str(folder), str(repeats), json.dumps(small)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    found: dict[str, float] = json.loads(done.stdout)
    return found
