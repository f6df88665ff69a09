"""Equal things have equal fingerprints in every process, and any difference shows."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from ilms_publish.fingerprints import fingerprint, folder_print, program
from ilms_publish.model import Code
from tests.worlds import REPOSITORY, World

FRAME = pd.DataFrame({"a": ["1", "2"], "b": [1.0, float("nan")]}, index=[2, 3])
THINGS = [
    "",
    "a",
    "ab",
    b"a",
    1,
    1.0,
    True,
    None,
    [],
    ["a"],
    ["a", "b"],
    [["a"], "b"],
    ["ab"],
    {"a": "b"},
    {"a": ["b"]},
    {"b": "a"},
    {"a"},
    Path("a"),
    Code("a", "b", "c"),
    Code("a", "b", "d"),
    Code("a", "b", "c", extra={"x": "y"}),
    FRAME,
    FRAME.rename(columns={"a": "c"}),
    FRAME.set_axis([2, 4]),
    FRAME.replace("2", "3"),
    FRAME.iloc[::-1],
]


@dataclass
class Other:
    """The fields of a code under another name."""

    code: str
    parent: str
    label: str


def test_different_things_differ() -> None:
    for one, other in itertools.combinations(THINGS, 2):
        assert fingerprint(one) != fingerprint(other), (one, other)
    assert fingerprint("a", "b") != fingerprint("ab")
    assert fingerprint(Other("a", "b", "c")) != fingerprint(Code("a", "b", "c"))


def test_what_cannot_be_taken_in_is_refused() -> None:
    with pytest.raises(TypeError, match="no fingerprint of a object"):
        fingerprint({"a": object()})


def test_catalogue_has_the_same_fingerprint_in_every_process(world: World) -> None:
    code = (
        "import sys; from pathlib import Path; from ilms_publish.catalogue import check;"
        "from ilms_publish.fingerprints import fingerprint, program; c = check(Path(sys.argv[1])).catalogue;"
        "print(fingerprint(program(), c.structure, c.packages, c.findings, {k: t.frame for k, t in c.tables.items()}))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(world.root)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "4711")
    }
    assert len(said) == 1


def test_a_changed_answer_changes_the_fingerprint(world: World) -> None:
    made = world.check().catalogue
    assert made is not None
    package = made.packages["zza"]
    assert fingerprint(package) != fingerprint(replace(package, edition=package.edition + " "))
    assert len(program()) == 40


@pytest.mark.parametrize("odd", [os.mkfifo, lambda path: path.symlink_to("a.csv")], ids=["pipe", "link"])
def test_a_folder_with_anything_but_plain_files_has_none(tmp_path: Path, odd: Callable[[Path], None]) -> None:
    (tmp_path / "a.csv").write_text("1")
    assert len(folder_print(tmp_path)) == 40
    odd(tmp_path / "b.csv")
    assert folder_print(tmp_path) == ""
