"""Ten thousand spoilt files, and not one on which gate 1 and Frictionless differ."""

import os
from pathlib import Path

import pytest

from tests.verdicts import disagreements

FILES = int(os.environ.get("ILMS_FUZZ_FILES", "10000"))
START = int(os.environ.get("ILMS_FUZZ_START", "1000"))
PARTS = 20


@pytest.mark.parametrize("part", range(PARTS))
def test_reports_agree(tmp_path: Path, part: int) -> None:
    size = FILES // PARTS
    differ, invalid = disagreements(tmp_path, range(START + part * size, START + (part + 1) * size))
    assert differ == []
    assert invalid > size // 2, "too few of the files were spoilt to tell"
