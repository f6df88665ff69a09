"""Names that become addresses and file names: fit for every file system, and nothing strange in a package's folder."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from ilms_publish.problems import Problem, Severity, printable
from ilms_publish.reading import relative

IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
MAX_NAME = 80
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for devices, so that nobody there could clone the repository."""
UNSEEN = (".DS_Store",)
"""Files that a desktop leaves behind and git ignores."""


def identifier_fault(name: str) -> str:
    """Why a name may not be the id of a package, source or limitation, or an empty string."""
    if not IDENTIFIER.fullmatch(name):
        return f"'{name[:MAX_NAME]}' should be lower-case letters, digits and single hyphens"
    return _size_fault(name)


def code_fault(name: str) -> str:
    """Why a name may not be a code or an id of the structure, or an empty string."""
    if not CODE.fullmatch(name):
        return f"'{name[:MAX_NAME]}' should be letters, digits, hyphens and underscores"
    return _size_fault(name)


def _size_fault(name: str) -> str:
    if len(name) > MAX_NAME:
        return f"'{name[:20]}…' has {len(name):,} characters; the limit is {MAX_NAME}"
    if name.lower() in RESERVED:
        return f"'{name}' is a name that Windows keeps for itself; choose another"
    return ""


def strangers(folder: Path, root: Path, known: Collection[str]) -> Iterator[Problem]:
    """Everything in a folder that is not one of the known files, and known files that are links or folders."""
    for path in sorted(folder.iterdir()):
        if path.name in UNSEEN:
            continue
        file = printable(relative(path, root))
        if path.is_symlink():
            sentence = "This is a link. Put the file itself there, or remove it."
        elif path.name not in known:
            sentence = f"A package has no such file; it may hold {', '.join(sorted(known))}. Rename or remove it."
        else:
            continue
        yield Problem(file, 0, "", "known-file", Severity.ERROR, sentence)
