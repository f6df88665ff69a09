"""What is remembered is what was made; anything doubtful is made anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ilms_publish.remembering import Memory


def counted(memory: Memory, made_from: str, made: str, calls: list[str]) -> str:
    def make() -> str:
        calls.append(made_from)
        return made

    return memory.text(made_from, make)


def test_a_piece_is_made_once_for_one_content(tmp_path: Path) -> None:
    calls: list[str] = []
    assert counted(Memory(tmp_path), "a", "drawing\nof a", calls) == "drawing\nof a"
    assert counted(Memory(tmp_path), "a", "never made", calls) == "drawing\nof a"
    assert counted(Memory(tmp_path), "b", "drawing of b", calls) == "drawing of b"
    assert calls == ["a", "b"]


@pytest.mark.parametrize("damage", [b"", b"half", b"\xff\xfe", b"0" * 64 + b"\n<svg onload=alert(1)>"])
def test_a_damaged_or_foreign_piece_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    calls: list[str] = []
    counted(Memory(tmp_path), "a", "sound", calls)
    next(tmp_path.iterdir()).write_bytes(damage)
    assert counted(Memory(tmp_path), "a", "sound", calls) == "sound"
    assert calls == ["a", "a"]


def test_unused_pieces_are_forgotten(tmp_path: Path) -> None:
    calls: list[str] = []
    counted(Memory(tmp_path), "old", "old", calls)
    memory = Memory(tmp_path)
    counted(memory, "new", "new", calls)
    memory.forget_unused()
    assert len(list(tmp_path.iterdir())) == 1


def test_without_a_folder_nothing_is_kept() -> None:
    calls: list[str] = []
    memory = Memory()
    counted(memory, "a", "x", calls)
    counted(memory, "a", "x", calls)
    memory.forget_unused()
    assert calls == ["a", "a"]


def test_files_come_back_as_they_were_made(tmp_path: Path) -> None:
    made = {"data/b.csv": b"x\n\xff", "data/a.csv": b"", "ç": b"\n"}
    for make in (lambda: made, dict):
        assert list(Memory(tmp_path).files("all", make).items()) == list(made.items())


def test_files_are_remembered_one_by_one(tmp_path: Path) -> None:
    made: list[str] = []

    def make() -> Iterator[tuple[str, bytes]]:
        for name in ("a", "b", "c"):
            made.append(name)
            yield name, name.encode() * 3

    wanted = dict(make())
    made.clear()
    assert dict(Memory(tmp_path).each("these", make)) == wanted
    assert made == ["a", "b", "c"]
    assert dict(Memory(tmp_path).each("these", make)) == wanted
    assert made == ["a", "b", "c"], "nothing was made twice"
    for path in sorted(tmp_path.iterdir()):
        piece = path.read_bytes()
        path.write_bytes(piece[:-1])
        assert dict(Memory(tmp_path).each("these", make)) == wanted, "a damaged piece is made anew"
        assert path.read_bytes() == piece
    assert dict(Memory().each("these", make)) == wanted


def test_files_of_which_only_some_were_made_are_made_anew(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[str, bytes]]:
        yield "a", b"old"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dict(Memory(tmp_path).each("these", broken))
    whole = [("a", b"new"), ("b", b"new")]
    assert list(Memory(tmp_path).each("these", lambda: whole)) == whole
