"""One package to spoil beside a structure that is read once, so that hundreds of inputs take seconds."""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from ilms_publish.findings import findings, obliging
from ilms_publish.model import Structure
from ilms_publish.packages import load_package
from ilms_publish.problems import Problem, printable
from ilms_publish.rules import view
from ilms_publish.structure import load_structure
from ilms_publish.validation import gate_one
from tests.conftest import OutsideError
from tests.worlds import World

Look = Callable[[], list[Problem]]


def inert(line: str) -> bool:
    """Whether a line is safe in a terminal and in the log of a workflow: nothing unseen, no command."""
    return printable(line) == line and "##[" not in line and not line.lstrip().startswith("::")


@pytest.fixture(autouse=True)
def no_connection(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection at all, not even to this machine: hostile input must reach for nothing.

    A test in the browser, which speaks to it and to a site served here, has the guard of all tests.
    """
    if "browser" not in request.fixturenames:
        for owner, name in ((socket.socket, "connect"), (socket.socket, "connect_ex"), (socket, "getaddrinfo")):
            monkeypatch.setattr(owner, name, refused)


def refused(*asked: object, **also: object) -> NoReturn:
    """Stands in for everything that would connect."""
    raise OutsideError(f"hostile input tried to reach {asked[1:]}")


@pytest.fixture(scope="session")
def structure(sound: World) -> Structure:
    """Its structure."""
    return load_structure(sound.root)


@pytest.fixture
def zza(sound: World, tmp_path: Path) -> World:
    """One package of its own to spoil."""
    shutil.copytree(sound.path("zza"), tmp_path / "datapackages" / "zza")
    return World(tmp_path)


@pytest.fixture
def look(zza: World, structure: Structure) -> Look:
    """Both gates over that package: its errors, or, when there are none, what is to be mended or acknowledged."""

    def look() -> list[Problem]:
        package, errors = load_package(zza.root, "zza", structure)
        if package is not None:
            errors += gate_one(package, structure)
        return errors if errors or package is None else obliging(findings(view(package, structure)))

    return look
