"""Builds elsewhere, at once, without room or killed give the same site or leave the last good one."""

import os
import random
import resource
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from ilms_publish.remembering import DRAWINGS
from tests.building import built, ended, killed, one_core, start, tree
from tests.worlds import World, fictitious

ROOM = 100_000
"""Bytes of the largest file that may be written: less than the search index takes."""
NEAR = {"TZ": "Asia/Manila", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "LANG": "C.UTF-8"}
FAR = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "LANG": "C", "PYTHONUTF8": "0"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A world with its finished site, and how long that took; for reading and copying only."""
    world = fictitious(tmp_path_factory.mktemp("near"))
    began = time.monotonic()
    built(world, NEAR, lambda: os.umask(0o022))
    return SimpleNamespace(world=world, site=tree(world.root / "site"), seconds=time.monotonic() - began)


@pytest.fixture
def copied(made: SimpleNamespace, tmp_path: Path) -> Iterator[World]:
    """The world with its finished site, to be spoilt."""
    shutil.copytree(made.world.root, tmp_path / "copy")
    world = World(tmp_path / "copy")
    before = tree(world.root / "datapackages")
    yield world
    assert tree(world.root / "datapackages") == before, "a build changed an input"


def forget(world: World) -> None:
    """Nothing is left of earlier work but the drawings."""
    for path in (world.root / "build").iterdir():
        if path.is_file():
            path.unlink()
        elif path.name != DRAWINGS:
            shutil.rmtree(path)


def strange() -> None:
    """Another mask for new files, and another number of cores than the first build had."""
    os.umask(0o077)
    one_core()


def test_place_time_locale_and_seed_do_not_show(made: SimpleNamespace, tmp_path: Path) -> None:
    world = fictitious(tmp_path / "quite" / "elsewhere")
    (world.root / "build" / DRAWINGS).unlink(missing_ok=True)  # those of the first build say nothing about drawing here
    built(world, FAR, strange)
    assert tree(world.root / "site") == made.site


def test_warm_build_gives_the_same_bytes(made: SimpleNamespace, copied: World) -> None:
    built(copied, FAR)
    assert tree(copied.root / "site") == made.site


def test_spoilt_work_folder_does_not_show(made: SimpleNamespace, copied: World) -> None:
    rng = random.Random(7)
    for path in sorted((copied.root / "build").rglob("*")):
        if path.is_file() and rng.random() < 0.3:
            path.write_bytes(path.read_bytes()[: rng.randrange(40)] + b"foreign")
    built(copied)
    assert tree(copied.root / "site") == made.site


@pytest.mark.parametrize("part", [0.6, 0.95])
def test_killed_build_leaves_the_last_good_site(made: SimpleNamespace, copied: World, part: float) -> None:
    (copied.root / "site" / "index.html").write_text("the last good site")
    good = tree(copied.root / "site")
    killed(copied, made.seconds * part)
    assert tree(copied.root / "site") in (good, made.site)
    if part > 0.9:
        built(copied)
        assert tree(copied.root / "site") == made.site


def test_two_builds_at_once_both_succeed(made: SimpleNamespace, copied: World) -> None:
    forget(copied)
    for code, said in [ended(one) for one in [start(copied, "build"), start(copied, "build", before=one_core)]]:
        assert code == 0, said
    assert tree(copied.root / "site") == made.site


def test_full_disk_is_told_and_leaves_the_last_good_site(made: SimpleNamespace, copied: World) -> None:
    forget(copied)
    code, said = ended(start(copied, "build", before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))))
    assert code == 2
    assert "the site could not be written, the last good one stays" in said
    assert "Traceback" not in said
    assert tree(copied.root / "site") == made.site
