"""SHA-256 sums of files, in the form that `sha256sum --check` reads."""

from __future__ import annotations

from collections.abc import Mapping

from ilms_publish.filling import sha256_of
from ilms_publish.formats import SUMS


def sums(files: Mapping[str, bytes], folders: tuple[str, ...]) -> dict[str, bytes]:
    """For each of the folders a list of the sums of all that lies below it."""
    made = {}
    for folder in folders:
        below = {path.removeprefix(f"{folder}/"): path for path in files if path.startswith(f"{folder}/")}
        lines = [f"{sha256_of(files, below[name])}  {name}\n" for name in sorted(below)]
        made[f"{folder}/{SUMS}"] = "".join(lines).encode()
    return made
