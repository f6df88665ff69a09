"""What all tests share: the repository, a real browser, and no way out to the network."""

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from ilms_publish import charts
from ilms_publish.catalogue import Catalogue
from ilms_publish.fingerprints import fingerprint, folder_print
from ilms_publish.remembering import Memory
from tests.browser import chromium
from tests.worlds import DRAWINGS, World, fictitious


class OutsideError(OSError):
    """A test reached for another machine."""


def pytest_configure(config: pytest.Config) -> None:
    """A place for drawings that all worlds of this run share, so that each is made once; few searches for garbage.

    Some millions of objects are loaded with the libraries; each search that looks at all of them finds next to nothing.
    """
    gc.set_threshold(100_000, 30, 30)
    if not hasattr(config, "workerinput"):
        os.environ[DRAWINGS] = mkdtemp(prefix="drawings-of-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing is taken over into the next run."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(DRAWINGS), ignore_errors=True)


def pytest_collection_finish() -> None:
    """What is loaded now stays: no search for garbage looks at it again."""
    gc.collect()
    gc.freeze()


DEAR = ("browser", "formats", "hostile", "durability", "preparing", "serving", "standing", "embargo")
"""Folders and files of many seconds. They are begun first, so that no process is left alone with one at the end."""


def dear(item: pytest.Item) -> int:
    """The place of a test's file or folder among the dear ones; after all of them for any other."""
    path = item.nodeid.partition("::")[0].removeprefix("tests/")
    names = (path.partition("/")[0], path.removeprefix("test_").removesuffix(".py"))
    return next((number for number, name in enumerate(DEAR) if name in names), len(DEAR))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files by what they cost, and mark every test that takes the browser."""
    items.sort(key=dear)
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: those that drive a browser or a program wait for it half the time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "ByFile":
    """What a file makes for its tests is made in one process only."""
    return ByFile(config, log)


SHARING = ("tests/browser", "tests/formats")
"""Folders whose files share what is dear: the finished site, and every file and page of two catalogues."""


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """One file after the other goes to whichever process is free, and some folders as one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in SHARING if file.startswith(f"{folder}/")), file)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Only this machine may be reached: a test that needs more would be a test of the weather."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium that knows no host but this machine."""
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium or Chrome found: run `python -m tests.browser.chromium`, or `make test`.")
    hosts = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS, hosts])
        yield running
        running.close()


def guarded(connect: Any) -> Any:
    """The given method of a socket, for this machine only."""

    def checked(self: socket.socket, address: Any) -> Any:
        if not is_here(self.family, address):
            raise OutsideError(f"a test tried to reach {address!r}")
        return connect(self, address)

    return checked


def is_here(family: int, address: Any) -> bool:
    """Whether an address is this machine's own."""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = address[0]
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A repository of fictitious countries."""
    return fictitious(tmp_path)


@pytest.fixture(scope="session", autouse=True)
def drawings() -> Iterator[None]:
    """A page that is made in a test, and by no build, finds the drawings of the other tests too."""
    before, charts.memory = charts.memory, Memory(Path(os.environ[DRAWINGS]))
    yield
    charts.memory = before


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The fictitious countries as they are, for reading only: a test that changes something takes `world`."""
    made = fictitious(tmp_path_factory.mktemp("sound"))
    before = folder_print(made.root / "datapackages")
    yield made
    assert folder_print(made.root / "datapackages") == before, "a test has changed what others read"


@pytest.fixture(scope="session")
def sound_catalogue(sound: World) -> Iterator[Catalogue]:
    """What is published of them; for reading only too."""
    made = sound.check().catalogue
    assert made is not None
    before = {key: fingerprint(table.frame) for key, table in made.tables.items()}
    yield made
    after = {key: fingerprint(table.frame) for key, table in made.tables.items()}
    assert after == before, "a test has changed figures that others read"


@pytest.fixture
def one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build here does all its work in this process; on more cores it starts others, which load the program anew."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
