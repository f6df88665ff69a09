"""A new folder takes the place of the old one whole, or the old one stays."""

import os
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
