"""What the tests of the formats prove of some packages holds for every table of every package."""

import os
import subprocess
import sys

from tests.worlds import REPOSITORY


def test_every_format_of_every_table_says_the_same() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/formats", "-k", "not fictitious"],
        cwd=REPOSITORY, env={**os.environ, "ILMS_TEST_PACKAGES": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-5000:]
