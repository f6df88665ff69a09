"""What is installed, and what runs elsewhere, is fixed to the byte."""

import json
import re
from pathlib import Path

import pytest

PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; .+)? \\$")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def versions(lock: Path) -> set[tuple[str, str]]:
    return {(match[1], match[2]) for line in lock.read_text().splitlines() if (match := PINNED.match(line))}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_no_address(repository: Path, name: str) -> None:
    lines = (repository / name).read_text().splitlines()
    assert [line for line in lines if not PINNED.match(line) and not line.startswith("    --hash=sha256:")] == []


def test_the_site_is_built_with_the_versions_that_are_tested(repository: Path) -> None:
    built, tested = (versions(repository / name) for name in LOCKS)
    assert built
    assert built <= tested


def test_actions_are_pinned_to_commits(repository: Path) -> None:
    workflows = sorted((repository / ".github" / "workflows").glob("*.yml"))
    uses = re.findall(r"uses: (.+)", "".join(path.read_text() for path in workflows))
    assert uses
    assert [action for action in uses if not re.fullmatch(r"\S+@[0-9a-f]{40} # v[0-9.]+", action)] == []


def test_the_judges_of_the_site_are_locked_without_an_address(repository: Path) -> None:
    lock = json.loads((repository / "tests" / "browser" / "package-lock.json").read_text())
    fetched = {name: entry for name, entry in lock["packages"].items() if name}
    assert fetched
    for name, entry in fetched.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name
