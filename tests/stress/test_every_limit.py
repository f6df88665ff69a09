"""Every heavy file that was ever thought of is told within limits, not only one of each kind."""

import os
import subprocess
import sys

from tests.hostile.test_limits import ALIKE, EVERY
from tests.worlds import REPOSITORY


def test_every_heavy_file_is_told_within_limits() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rp", "tests/hostile/test_limits.py"],
        cwd=REPOSITORY, env={**os.environ, EVERY: "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-5000:]
    assert all(f"[{name}]" in run.stdout for name in ALIKE), "a heavy file was left out"
