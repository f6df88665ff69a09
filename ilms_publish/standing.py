"""Whether the finished site that stands is the one that would be built, so that nothing needs to be done."""

from __future__ import annotations

import json
from pathlib import Path

from ilms_publish.fingerprints import folder_print
from ilms_publish.writing import write_all

STAMP = "standing.json"


def pages_standing(out: Path, work: Path, made_from: str) -> int | None:
    """The number of pages of the site at `out` when it was made from just this, and no file of it changed since.

    made_from: fingerprint of all that the site rests on; blank when it is not to be trusted.
    """
    try:
        said = json.loads((work / STAMP).read_bytes())
        known = said["out"], said["made_from"], said["site"], int(said["pages"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not made_from or known[:2] != (str(out), made_from) or not known[2] or folder_print(out) != known[2]:
        return None
    return known[3]


def note_standing(out: Path, work: Path, made_from: str, pages: int) -> None:
    """Writes down what the site at `out` was made from, and what it is."""
    said = {"out": str(out), "made_from": made_from, "site": folder_print(out), "pages": pages}
    write_all({work / STAMP: json.dumps(said).encode()})
