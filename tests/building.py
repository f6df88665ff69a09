"""Builds in processes of their own, as a machine runs them: elsewhere, at once with others, or cut short."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from tests.worlds import REPOSITORY, World

RUN = "from ilms_publish.cli import main; main()"


def start(
    world: World, *words: str, env: Mapping[str, str] | None = None, before: Callable[[], object] | None = None
) -> subprocess.Popen[str]:
    """`ilms` with these words in the world's folder. before: run in the new process before anything else."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *words],
        cwd=world.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **(env or {})},
        preexec_fn=before,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def one_core() -> None:
    """Given as `before`: all the work of a build is done in that process, and no others are started."""
    os.sched_setaffinity(0, {random.choice(sorted(os.sched_getaffinity(0)))})


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and all that was said."""
    said, _ = process.communicate(timeout=300)
    return process.returncode, said


def built(
    world: World,
    env: Mapping[str, str] | None = None,
    before: Callable[[], object] | None = None,
    out: str = "site",
    date: date | None = None,
) -> None:
    """A build that must succeed."""
    words = ["--date", date.isoformat()] if date else []
    code, said = ended(start(world, "build", "--out", out, *words, env=env, before=before))
    assert code == 0, said


def killed(world: World, seconds: float) -> bool:
    """A build that is killed after so long; False when it had ended before."""
    process = start(world, "build")
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    return False


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
