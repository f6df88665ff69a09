"""A folder holds what was put in and nothing else; what is the same already is not touched, no link is followed."""

import hashlib
from pathlib import Path

import pytest

from ilms_publish.filling import Filled, joined, length_of, put, sha256_of


def test_only_what_differs_is_written_and_the_rest_is_swept_out(tmp_path: Path) -> None:
    first = Filled(tmp_path / "docs")
    first.update({"a/same.txt": b"same", "a/other.txt": b"old", "gone/x.txt": b"x"})
    first.sweep()
    untouched = (tmp_path / "docs/a/same.txt").stat().st_mtime_ns
    second = Filled(tmp_path / "docs")
    second.update({"a/same.txt": b"same", "a/other.txt": b"new"})
    second.sweep()
    assert (tmp_path / "docs/a/same.txt").stat().st_mtime_ns == untouched
    assert dict(second) == {"a/same.txt": b"same", "a/other.txt": b"new"}
    assert second.lengths == {"a/same.txt": 4, "a/other.txt": 3}
    assert not (tmp_path / "docs/gone").exists()


def test_what_lies_there_from_before_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/foreign.txt").write_bytes(b"x")
    docs = Filled(tmp_path / "docs")
    assert "foreign.txt" not in docs
    with pytest.raises(KeyError):
        docs["foreign.txt"]
    docs.sweep()
    assert not (tmp_path / "docs/foreign.txt").exists()


def test_links_are_taken_away_and_not_followed(tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "kept.txt").write_bytes(b"kept")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/inside").symlink_to(away)
    docs = Filled(tmp_path / "docs")
    docs["inside/kept.txt"] = b"other"
    docs.sweep()
    assert (away / "kept.txt").read_bytes() == b"kept"
    assert (tmp_path / "docs/inside/kept.txt").read_bytes() == b"other"


def test_a_file_that_comes_in_pieces_is_left_as_it_is_when_it_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "docs/a/joined.txt"
    before = tmp_path / "before.txt"
    before.touch()
    for pieces in ([b"one ", b"two"], [b"one ", b"two ", b"three"], [b"one ", b"2"], [b"one", b" 2"], [b"", b"o"], []):
        docs = Filled(tmp_path / "docs")
        docs.put("a/joined.txt", pieces)
        assert path.read_bytes() == b"".join(pieces)
        assert docs.lengths == {"a/joined.txt": path.stat().st_size}
        assert path.samefile(before) == (path.read_bytes() == before.read_bytes())
        before.unlink()
        before.hardlink_to(path)


@pytest.mark.parametrize("content", [b"other", b"same and more", b"sa", b""])
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "in pieces"])
def test_what_shares_the_bytes_of_a_file_keeps_them(tmp_path: Path, content: bytes, whole: bool) -> None:
    docs = Filled(tmp_path / "docs")
    docs["a.txt"] = b"same"
    (tmp_path / "site.txt").hardlink_to(tmp_path / "docs/a.txt")
    if whole:
        docs["a.txt"] = content
    else:
        docs.put("a.txt", [content[:2], content[2:]])
    assert docs["a.txt"] == content
    assert (tmp_path / "site.txt").read_bytes() == b"same"


def test_length_and_sum_are_of_what_was_put_in_last(tmp_path: Path) -> None:
    plain: dict[str, bytes] = {}
    for held in (plain, Filled(tmp_path / "docs")):
        for content in (b"old", b"new, and longer"):
            held["a.txt"] = content
            assert length_of(held, "a.txt") == len(content)
            assert sha256_of(held, "a.txt") == hashlib.sha256(content).hexdigest()
        put(held, "a.txt", [b"in ", b"pieces"])
        assert sha256_of(held, "a.txt") == hashlib.sha256(b"in pieces").hexdigest()


def test_files_are_joined_under_one_header(tmp_path: Path) -> None:
    files: dict[str, bytes] = {"a": b"x,y\n1,2\n", "b": b"x,y\n3,4\n", "other": b"x,z\n5,6\n", "empty": b"x,y\n"}
    for held in (files, Filled(tmp_path / "docs")):
        held.update(files)
        put(held, "all", joined(held, ["a", "empty", "b"]))
        assert held["all"] == b"x,y\n1,2\n3,4\n"
        put(held, "none", joined(held, []))
        assert "none" not in held
    with pytest.raises(ValueError, match="other has other columns than a"):
        put(files, "wrong", joined(files, ["a", "other"]))
