"""Versions of packages: which step a change calls for, and how a new number is written into a package."""

from __future__ import annotations

import re
from pathlib import Path

from ilms_publish.model import Package, Structure
from ilms_publish.packages import HOME
from ilms_publish.packaging import committed
from ilms_publish.problems import IlmsError

NONE, PATCH, MINOR, MAJOR = range(4)
STEPS = ("no step", "a patch (third number)", "a minor step (second number)", "a major step (first number)")
LINE = re.compile(r"(?m)^version:.*$")


def next_version(version: str, step: int) -> str:
    """The version that a step leads to."""
    major, minor, patch = (int(part) for part in version.split("."))
    return {
        MAJOR: f"{major + 1}.0.0",
        MINOR: f"{major}.{minor + 1}.0",
        PATCH: f"{major}.{minor}.{patch + 1}",
    }.get(step, version)


def with_version(package: Package, structure: Structure) -> dict[Path, bytes]:
    """package.yaml with the version of the package, and the generated files that carry it. Raises IlmsError."""
    path = package.path / "package.yaml"
    text, count = LINE.subn(f"version: {package.version}", path.read_text("utf-8"))
    if count != 1:
        raise IlmsError("should have one line that starts with 'version:'", file=f"{HOME}/{package.id}/package.yaml")
    made = committed(package, structure)
    return {path: text.encode()} | {package.path / name: content for name, content in made.items()}
