"""Packages prepared apart, on other cores or other machines, give the site that one process would have made."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from ilms_publish import cli, clustering
from ilms_publish.preparing import inputs, pieces_of, prepare, prepare_here, unprepared
from ilms_publish.remembering import WORK
from tests.building import built, ended, one_core, start, tree
from tests.worlds import REPOSITORY, World, fictitious

TODAY = date(2026, 11, 22)
ALL = ["zza", "zzb"]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site as one process makes it."""
    world = fictitious(tmp_path_factory.mktemp("plain"))
    built(world, date=TODAY, before=one_core)
    return tree(world.root / "site")


def pieces(world: World) -> set[str]:
    kinds = ("checks/", "drawings/", "downloads/")
    return {path for path in tree(world.root / WORK) if path.startswith(kinds)}


def test_packages_prepared_in_new_processes_are_ready(world: World) -> None:
    assert unprepared(world.root, ALL, TODAY) == ALL
    told: list[str] = []
    prepare_here(world.root, ALL, TODAY, told.append, workers=2)
    assert sorted(told) == ALL
    assert unprepared(world.root, ALL, TODAY) == []
    world.edit("zzb/package.yaml", "Test edition", "Another edition")
    assert unprepared(world.root, ALL, TODAY) == ["zzb"]


def test_pieces_made_elsewhere_are_taken(world: World, plain: dict[str, bytes]) -> None:
    for name in ALL:
        made = pieces_of(inputs(world.root, name), name, TODAY)
        for path, piece in made.items():
            (world.root / WORK / path).parent.mkdir(parents=True, exist_ok=True)
            (world.root / WORK / path).write_bytes(piece)
    assert unprepared(world.root, ALL, TODAY) == []
    before = {path: (world.root / WORK / path).stat().st_ino for path in pieces(world)}
    built(world, date=TODAY)
    assert tree(world.root / "site") == plain
    after = {path: (world.root / WORK / path).stat().st_ino for path in pieces(world)}
    assert before.items() <= after.items(), "a piece that was there was made again or thrown away"
    assert {path.partition("/")[0] for path in after.keys() - before.keys()} <= {"drawings", "downloads"}


def test_a_package_with_errors_is_not_called_prepared(world: World) -> None:
    world.edit("zzb/data/mna_oemp_sex_cds_nb.csv", "SEX_F,CDS_DES_TOTAL,2016,5.500", "SEX_F,CDS_DES_TOTAL,2016,5 500")
    assert not prepare(world.root, "zzb", TODAY)
    assert unprepared(world.root, ALL, TODAY) == ALL


def test_damaged_pieces_do_not_show(world: World, plain: dict[str, bytes]) -> None:
    prepare_here(world.root, ALL, TODAY, lambda name: None, workers=2)
    for number, path in enumerate(sorted(pieces(world))):
        if number % 2:
            (world.root / WORK / path).write_bytes(b"half")
    built(world, date=TODAY)
    assert tree(world.root / "site") == plain


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and workers, each in a folder of its own, with nothing of the repository but the program."""
    running: list[subprocess.Popen[bytes]] = []
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}

    def begin(*words: str) -> subprocess.Popen[bytes]:
        place = folder / str(len(running))
        place.mkdir(parents=True)
        command = [sys.executable, "-m", "dask", *words]
        own = {**env, "TMPDIR": str(place)}
        process = subprocess.Popen(command, cwd=place, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running.append(process)
        return process

    try:
        known = folder / "scheduler.json"
        begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(known))
        wait(known.exists)
        working = [
            begin("worker", "--scheduler-file", str(known), "--nthreads", "1", "--no-nanny", "--no-dashboard",
                  "--host", "127.0.0.1")
            for _ in range(workers)
        ]  # fmt: skip
        address = known.read_text("utf-8").partition('"address": "')[2].partition('"')[0]
        yield address, working
    finally:
        for process in reversed(running):
            process.send_signal(signal.SIGKILL)
            process.wait()


def wait(until: Callable[[], object], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


def test_a_cluster_makes_the_same_site(world: World, plain: dict[str, bytes], tmp_path: Path) -> None:
    with cluster(tmp_path / "cluster", 2) as (address, _):
        code, said = ended(start(world, "build", "--date", TODAY.isoformat(), "--dask", address))
    assert code == 0, said
    assert "made here" not in said
    assert tree(world.root / "site") == plain


def test_a_lost_worker_costs_time_but_nothing_else(world: World, plain: dict[str, bytes], tmp_path: Path) -> None:
    with cluster(tmp_path / "cluster", 2) as (address, workers):
        process = start(world, "build", "--date", TODAY.isoformat(), "--dask", address)
        wait(lambda: process.poll() is not None or any((tmp_path / "cluster").glob("*/ilms-*")))
        busy = next((tmp_path / "cluster").glob("*/ilms-*"))
        workers[int(busy.parent.name) - 1].send_signal(signal.SIGKILL)
        code, said = ended(process)
    assert code == 0, said
    assert tree(world.root / "site") == plain


def test_no_cluster_is_said_in_one_line(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(clustering, "PATIENCE", 1)
    monkeypatch.setattr("sys.argv", ["ilms", "build", "--dask", "tcp://127.0.0.1:9", "--root", str(world.root)])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 2
    assert "there is no Dask scheduler at 'tcp://127.0.0.1:9'" in " ".join(capsys.readouterr().err.split())
    assert not (world.root / "site").exists()


def test_inputs_are_all_that_pieces_rest_on(world: World) -> None:
    held = inputs(world.root, "zza")
    assert {path.split("/")[1] for path in held} <= {"structure", "zza", "releases.csv"}
    link = world.path("zza/data/elsewhere.csv")
    link.symlink_to(world.root / "mkdocs.yml")
    assert inputs(world.root, "zza") == held
    shutil.rmtree(world.path("zzb"))
    assert pieces_of(held, "zza", TODAY)
