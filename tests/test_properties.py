"""Reading and packaging on made-up input without end: what is written is read back, and nothing breaks a reader."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pytest
import yaml
from frictionless import Package as Frictionless
from frictionless import system
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from ilms_publish.model import Package, Structure
from ilms_publish.packages import load_package
from ilms_publish.packaging import committed, descriptor
from ilms_publish.plain_yaml import parse_yaml
from ilms_publish.problems import IlmsError, printable
from ilms_publish.reading import decode, parse_csv, text_fault, text_problems
from ilms_publish.structure import load_structure
from ilms_publish.validation import gate_one
from ilms_publish.writing import to_csv
from tests.worlds import World, fictitious

FEW = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""The same few examples in every run: a failure is the code's, never the day's."""
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=20)
"""Without carriage returns, which no text may hold and no file of ours has."""
PLAIN = CELL.filter(lambda text: text == " ".join(text.split()) and not text_fault(text))
NAMES = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=5, unique=True)
DATA = "zza/data/mst_ncte_sex_cct_nb.csv"
LISTS = ("limitations.csv", "collection.csv", "imports.csv", "reported.csv", "revisions.csv", "changes.csv")


Read = TypeVar("Read")


def outcome(read: Callable[[], Read]) -> Read | IlmsError:
    """What was read, or why it was refused."""
    try:
        return read()
    except IlmsError as error:
        return error


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """A table of text cells."""
    names = draw(NAMES)
    rows = draw(st.lists(st.lists(CELL, min_size=len(names), max_size=len(names)), max_size=5))
    return pd.DataFrame(rows, columns=names, dtype="str")


@FEW
@given(frame=frames())
@example(frame=pd.DataFrame([['"', "a,b"], ["NA", "001"], ["a\nb", "\n"]], columns=["a", "b"], dtype="str"))
def test_a_table_that_is_written_is_read_back(frame: pd.DataFrame) -> None:
    assume(len(frame.columns) > 1 or "" not in frame.iloc[:, 0].tolist())  # a blank line is no row
    again = parse_csv(decode(to_csv(frame), "a.csv"), "a.csv", tuple(frame.columns))
    assert again.values.tolist() == frame.values.tolist()
    assert to_csv(again) == to_csv(frame)


@FEW
@given(frame=frames())
def test_every_cell_is_judged_and_told_safely(frame: pd.DataFrame) -> None:
    told = {(problem.row, problem.field): problem for problem in text_problems(frame, "a.csv")}
    for column in frame.columns:
        for line, text in frame[column].items():
            expected = bool(text_fault(text)) and not (text.startswith("-") and text[1:].isdecimal() and text.isascii())
            assert ((line, column) in told) == expected
    assert all(printable(str(problem)) == str(problem) for problem in told.values())


@FEW
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
@example(data=b"\xef\xbb\xbfa,b\n")
@example(data=b'a,b\n"1,2\n')
@example(data=b"a,b\r1,2\r")
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    read = outcome(lambda: parse_csv(decode(data, "a.csv"), "a.csv"))
    if isinstance(read, IlmsError):
        assert read.file == "a.csv"
        assert 1 <= read.row <= data.count(b"\n") + data.count(b"\r") + 2
        assert printable(str(read)) == str(read)
    else:
        assert read.index.is_monotonic_increasing
        assert all(isinstance(cell, str) for row in read.values.tolist() for cell in row)


TREES = st.recursive(
    st.one_of(PLAIN, st.just("")),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3), st.dictionaries(PLAIN.filter(bool), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@FEW
@given(content=st.dictionaries(PLAIN.filter(bool), TREES, min_size=1, max_size=4))
@example(content={"code": "no", "year": "2018", "number": "010", "blank": "", "list": ["~", "null", "1e3"]})
def test_plain_yaml_that_is_written_is_read_back(content: dict[str, object]) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, default_style='"', width=10_000)
    document = parse_yaml(text, "a.yaml")
    assert document.content == content
    assert all(1 <= one.line <= text.count("\n") + 1 for one in document.texts)


@FEW
@given(text=st.text(st.sampled_from("ab:- \n[]{}'\"&*!|>#?,\t%@`~."), max_size=60))
@example(text="? a\n: b\n")
@example(text="--- a\n--- b\n")
@example(text="<<: {a: b}\n")
def test_any_text_is_plain_yaml_or_refused(text: str) -> None:
    read = outcome(lambda: parse_yaml(text, "a.yaml"))
    if isinstance(read, IlmsError):
        assert read.file == "a.yaml"
        assert 0 <= read.row <= text.count("\n") + 2
        assert printable(str(read)) == str(read)
    else:
        assert isinstance(read.content, dict)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The fictitious countries; each example spoils a copy of one package."""
    return fictitious(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def structure(home: World) -> Structure:
    return load_structure(home.root)


def copied(home: World, folder: Path) -> World:
    """One package in a folder of its own, made anew."""
    shutil.rmtree(folder / "datapackages", ignore_errors=True)
    shutil.copytree(home.path("zza"), folder / "datapackages" / "zza")
    return World(folder)


@FEW
@given(
    file=st.sampled_from(["package.yaml", "sources.yaml", DATA.removeprefix("zza/"), *LISTS]),
    cut=st.integers(0, 2000),
    length=st.integers(0, 40),
    put=st.one_of(st.binary(max_size=12), st.text(max_size=12).map(lambda text: text.encode("utf-8", "replace"))),
)
def test_no_damage_to_a_file_breaks_the_check(
    home: World, structure: Structure, tmp_path: Path, file: str, cut: int, length: int, put: bytes
) -> None:
    world = copied(home, tmp_path)
    path = world.path(f"zza/{file}")
    whole = path.read_bytes() if path.is_file() else b""
    at = cut % (len(whole) + 1)
    path.write_bytes(whole[:at] + put + whole[at + length :])
    package, problems = load_package(world.root, "zza", structure)
    if package is not None:
        problems += gate_one(package, structure)
    assert package is not None or problems
    for problem in problems:
        assert problem.file.startswith("datapackages/zza/")
        assert printable(str(problem)) == str(problem)


def described(home: World, folder: Path, structure: Structure, texts: dict[str, str]) -> Package:
    """A package whose description has these texts."""
    world = copied(home, folder)
    content = yaml.load(world.path("zza/package.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader)
    made = yaml.safe_dump(content | texts, allow_unicode=True, sort_keys=False, default_style='"', width=10_000)
    world.path("zza/package.yaml").write_text(made, "utf-8")
    package, problems = load_package(world.root, "zza", structure)
    assert package is not None, problems
    assert not problems
    return package


@FEW
@given(texts=st.fixed_dictionaries({key: PLAIN.filter(bool) for key in ("title", "description", "edition")}))
@example(texts={"title": "</script>", "description": "{{ 7 * 7 }}", "edition": "[x](y)"})
def test_what_is_declared_stands_in_the_descriptor(
    home: World, structure: Structure, tmp_path: Path, texts: dict[str, str]
) -> None:
    package = described(home, tmp_path, structure, texts)
    made = committed(package, structure)
    assert made == committed(package, structure), "the same again"
    read = json.loads(made["datapackage.json"])
    assert read == descriptor(package, structure)
    assert (read["title"], read["description"]) == (texts["title"], texts["description"])
    with system.use_context(trusted=False):
        known = Frictionless.from_descriptor(read, basepath=str(package.path))
    assert [resource.name for resource in known.resources] == sorted(name.lower() for name in package.held)
    assert f"# {texts['title']}\n" in made["README.md"].decode()
