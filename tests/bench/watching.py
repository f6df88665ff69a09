"""Runs a command as a user would and watches it from outside: time, processor time, memory and bytes written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.worlds import REPOSITORY

EVERY = 0.25
"""Seconds between two looks at the memory."""
WRITTEN = re.compile(r"^wchar: ([0-9]+)", re.M)
SHARED_OUT = re.compile(r"^Pss:\s+([0-9]+) kB", re.M)


@dataclass(frozen=True)
class Run:
    """What one command cost.

    seconds: by the clock; busy: of all processors together; largest: peak memory of the largest process; together:
    peak memory of the command and all it started, what they share counted once; written: bytes handed to the system.
    """

    seconds: float
    busy: float
    largest: int
    together: int
    written: int
    said: str = ""

    def noted(self) -> dict[str, float]:
        """The figures, as they go into the file of results."""
        figures = asdict(self)
        del figures["said"]
        return {name: round(value, 3) for name, value in figures.items()}


class FailedError(RuntimeError):
    """A command that was to be measured did not end well."""


def ilms(*words: str, env: Mapping[str, str] | None = None) -> Run:
    """The `ilms` of this repository with these words."""
    return run([sys.executable, "-c", "from ilms_publish.cli import main; main()", *words], env=env)


def run(command: Sequence[str], cwd: Path = REPOSITORY, env: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its end. Raises FailedError when it fails."""
    before, started = _written(), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "NO_MKDOCS_2_WARNING": "1", **(env or {})}
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    watch = _Watch(process.pid)
    watch.start()
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    watch.stop()
    if process.returncode:
        raise FailedError(f"{' '.join(command[-6:])}: exit code {process.returncode}\n{said[-3000:]}")
    return Run(
        seconds,
        used.ru_utime + used.ru_stime,
        1024 * used.ru_maxrss,
        max(watch.most, 1024 * used.ru_maxrss),
        _written() - before,
        said,
    )


def _written() -> int:
    """Bytes that this process and all its children that have ended have handed to the system."""
    found = WRITTEN.search(Path("/proc/self/io").read_text("utf-8"))
    return int(found[1]) if found else 0


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most = pid, 0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(EVERY):
            self.most = max(self.most, sum(_memory(pid) for pid in _family(self.pid)))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _family(pid: int) -> list[int]:
    found = [pid]
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("utf-8").split():
                found += _family(int(child))
    except OSError:  # it has ended
        pass
    return found


def _memory(pid: int) -> int:
    """Bytes of a process, what it shares with others divided among them."""
    try:
        found = SHARED_OUT.search(Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8"))
    except OSError:
        return 0
    return 1024 * int(found[1]) if found else 0
