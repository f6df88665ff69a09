"""Where measurements are kept: one file for each benchmark, with the day and the machine."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.worlds import REPOSITORY

KEPT = REPOSITORY / "build" / "bench"


def keep(name: str, content: dict[str, Any] | list[Any]) -> None:
    """Writes what a benchmark measured."""
    KEPT.mkdir(parents=True, exist_ok=True)
    day = datetime.now(UTC).date().isoformat()
    made = {"measured": day, "program": program(), "machine": machine(), "results": content}
    (KEPT / f"{name}.json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")


def program() -> str:
    """The commit that was measured; empty outside a repository."""
    told = subprocess.run(["git", "rev-parse", "--short=7", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True)
    return told.stdout.strip()


def machine() -> dict[str, str]:
    """What a reader must know to judge the times; nothing that names the machine."""
    memory = re.search(r"MemTotal:\s+([0-9]+)", Path("/proc/meminfo").read_text("utf-8"))
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory[1]) / 2**20:.0f} GiB" if memory else "",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": f"{os.getloadavg()[0]:.1f}",
    } | {name: version(name) for name in ("mkdocs", "mkdocs-material", "frictionless", "pandas")}
