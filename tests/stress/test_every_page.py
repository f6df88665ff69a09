"""No page at all of the hostile sites runs or fetches anything, not only the worst of each section."""

import os
import subprocess
import sys

from tests.hostile.test_pages import EACH
from tests.worlds import REPOSITORY


def test_no_page_at_all_runs_or_fetches_anything() -> None:
    words = ["-p", "no:cacheprovider", "tests/hostile/test_pages.py", "-k", "no_page_runs_or_fetches_anything"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=REPOSITORY, env={**os.environ, EACH: "1000"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-5000:]
