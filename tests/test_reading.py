"""Authored files are read strictly: plain text or a located error."""

from pathlib import Path

import pytest

from ilms_publish.problems import IlmsError
from ilms_publish.reading import parse_csv, read_bytes, read_csv, read_yaml, text_fault


def test_cells_stay_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\nNA,001\n"x, y",\n')
    frame = read_csv(tmp_path / "a.csv", tmp_path)
    assert frame.values.tolist() == [["NA", "001"], ["x, y", ""]]
    assert frame.index.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("content", "row", "says"),
    [
        (b"", 1, "empty"),
        (b"a,b\n1\n", 2, "1 cells"),
        (b"a,b\n1,2\n1,2,3\n", 3, "3 cells"),
        (b"a,a\n1,2\n", 1, "twice"),
        (b'a,b\n"1,2\n', 2, "not readable CSV"),
        (b"\xef\xbb\xbfa,b\n", 1, "byte order mark"),
        (b"a,b\n\xff,2\n", 2, "UTF-8"),
        (b"a,b\n1,\x002\n", 2, "NUL"),
    ],
)
def test_broken_csv_is_located(tmp_path: Path, content: bytes, row: int, says: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(IlmsError, match=says) as caught:
        read_csv(tmp_path / "a.csv", tmp_path)
    assert (caught.value.file, caught.value.row) == ("a.csv", row)


def test_other_columns_are_refused() -> None:
    with pytest.raises(IlmsError, match="should be a,c"):
        parse_csv("a,b\n", "a.csv", ("a", "c"))


def test_yaml_guesses_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("code: no\ndate: 2026-02-01\nnumber: 010\nblank:\n")
    assert read_yaml(tmp_path / "a.yaml", tmp_path) == {
        "code": "no",
        "date": "2026-02-01",
        "number": "010",
        "blank": "",
    }


def test_text_over_several_lines_is_one_line_unless_it_is_a_block_that_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("folded: >-\n  x\n  y\nblock: |\n  a,b\n  1,2\nquoted: 'x\n\n  y'\n")
    folded = {"folded": "x y", "block": "a,b 1,2", "quoted": "x y"}
    assert read_yaml(tmp_path / "a.yaml", tmp_path) == folded
    assert read_yaml(tmp_path / "a.yaml", tmp_path, keep_lines=True) == folded | {"block": "a,b\n1,2\n"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a: 1\na: 2\n", "given twice"),
        ("a: &x [1]\nb: *x\n", "alias"),
        ("a: !!python/object:os.system {}\n", "tags"),
        ("a: !x 1\n", "tags"),
        ("- a\n", "keys with values"),
        ("a: [1\n", "not readable"),
        ("a: " + "[" * 30 + "]" * 30 + "\n", "nested"),
        ("[" * 5000, "not readable"),
    ],
)
def test_yaml_that_is_not_plain_is_refused(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "a.yaml").write_text(content)
    with pytest.raises(IlmsError, match=says):
        read_yaml(tmp_path / "a.yaml", tmp_path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("a\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    (tmp_path / "folder").symlink_to(tmp_path)
    for path in ("link.csv", "folder/real.csv"):
        with pytest.raises(IlmsError, match="link"):
            read_bytes(tmp_path / path, tmp_path)


def test_size_is_limited(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a" * 11)
    with pytest.raises(IlmsError, match="limit"):
        read_bytes(tmp_path / "a.csv", tmp_path, limit=10)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-x", "@cmd", "\tx", "a\u202eb", "zero\u200bwidth", "e\u0301", " x", "x\x07", "x" * 5000]
)
def test_harmful_text_is_named(text: str) -> None:
    assert text_fault(text)


@pytest.mark.parametrize("text", ["", "Côte d'Ivoire", "a - b", "<b>markup is inert</b>", "{{ x }}"])
def test_plain_text_passes(text: str) -> None:
    assert not text_fault(text)
