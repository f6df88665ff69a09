"""A new folder takes the place of the old one whole, or the old one stays."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from ilms_publish import placing
from ilms_publish.placing import replacing
from tests.building import tree

OLD, NEW = {"index.html": b"old"}, {"index.html": b"new"}


def old_site(root: Path, name: str = "site") -> Path:
    out = root / name
    out.mkdir()
    (out / "index.html").write_bytes(b"old")
    return out


def fill(fresh: Path) -> None:
    fresh.mkdir()
    (fresh / "index.html").write_bytes(b"new")


@pytest.mark.parametrize("exchange", [True, False], ids=["in one step", "where the system cannot exchange names"])
def test_new_takes_the_place_of_the_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool) -> None:
    if not exchange:
        monkeypatch.setattr(placing, "EXCHANGE", 1 << 30)  # no such flag: the system refuses
    out = old_site(tmp_path)
    with replacing(out) as fresh:
        fill(fresh)
        assert tree(out) == OLD
    assert tree(out) == NEW
    assert os.listdir(tmp_path) == ["site"]


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="renameat2 is Linux's own")
def test_linux_exchanges_names_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "rename", None)
    out = old_site(tmp_path)
    with replacing(out) as fresh:
        fill(fresh)
    assert tree(out) == NEW


def test_first_site_needs_no_old_one(tmp_path: Path) -> None:
    with replacing(tmp_path / "deep" / "site") as fresh:
        fill(fresh)
    assert tree(tmp_path / "deep" / "site") == NEW


@pytest.mark.parametrize("exchange", [True, False])
def test_old_stays_when_the_new_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool) -> None:
    if not exchange:
        monkeypatch.setattr(placing, "EXCHANGE", 1 << 30)
    out = old_site(tmp_path)
    with pytest.raises(FileNotFoundError), replacing(out):
        pass
    assert tree(out) == OLD
    assert os.listdir(tmp_path) == ["site"]


def test_old_stays_when_the_work_fails(tmp_path: Path) -> None:
    out = old_site(tmp_path)
    with pytest.raises(FileExistsError), replacing(out) as fresh:  # noqa: PT012 - the work in it fails
        fill(fresh)
        fresh.mkdir()
    assert tree(out) == OLD
    assert os.listdir(tmp_path) == ["site"]


def test_stop_between_two_renames_is_mended_by_the_next_run(tmp_path: Path) -> None:
    old_site(tmp_path, ".site.old")
    with pytest.raises(RuntimeError), replacing(tmp_path / "site"):
        raise RuntimeError
    assert tree(tmp_path / "site") == OLD


def test_what_is_the_same_stays_the_same_file(tmp_path: Path) -> None:
    out = old_site(tmp_path)
    old = {"same.txt": b"same", "deep/same.txt": b"same", "longer.txt": b"old", "other.txt": b"old", "gone.txt": b"old"}
    for name, content in old.items():
        write(out / name, content)
    (out / "rights.txt").write_bytes(b"same")
    (out / "rights.txt").chmod(0o600)
    (tmp_path / "away.txt").write_bytes(b"same")
    (out / "link.txt").symlink_to(tmp_path / "away.txt")
    before = shutil.copytree(out, tmp_path / "held", copy_function=os.link, symlinks=True)
    new = {**old, "longer.txt": b"longer", "other.txt": b"new", "rights.txt": b"same", "link.txt": b"same"}
    del new["gone.txt"]
    with replacing(out) as fresh:
        for name, content in new.items():
            write(fresh / name, content)
    assert tree(out) == new
    assert {name for name in new if (out / name).samefile(before / name)} == {"same.txt", "deep/same.txt"}
    assert not (out / "link.txt").is_symlink()
    assert tree(before) == {**OLD, **old, "rights.txt": b"same", "link.txt": b"same"}, "what stood there is as it was"


def test_where_a_file_can_have_one_name_only_the_new_ones_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = old_site(tmp_path)

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no second names here")

    monkeypatch.setattr(os, "link", refused)
    with replacing(out) as fresh:
        fill(fresh)
        write(fresh / "same.txt", b"same")
    with replacing(out) as fresh:
        fill(fresh)
        write(fresh / "same.txt", b"same")
    assert tree(out) == {**NEW, "same.txt": b"same"}


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
