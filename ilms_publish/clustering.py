"""Lets an existing Dask cluster prepare the packages; its workers need this program and share no files with us."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ilms_publish.preparing import Step, inputs, pieces_of, unprepared
from ilms_publish.problems import IlmsError
from ilms_publish.remembering import WORK
from ilms_publish.writing import write_all

PIECE = re.compile(r"[a-z]+/[0-9a-f]{40}")
RETRIES = 2
"""How often a package whose worker was lost is given to another."""
PATIENCE = 30
"""Seconds to wait for the scheduler."""


def prepare_there(address: str, root: Path, names: Iterable[str], today: date, step: Step) -> list[str]:
    """Has packages prepared by the cluster at an address such as `tcp://10.0.0.5:8786`, and takes over the pieces.

    Returns the packages that no worker prepared, for whatever reason: the build makes them itself, and the site is the
    same. Raises IlmsError when there is no cluster at the address, or Dask is not installed.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise IlmsError("--dask needs Dask: install ilms-publish with its extra 'dask'") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise IlmsError(f"there is no Dask scheduler at '{address}': {error}") from None
    with client:
        begun = {client.submit(pieces_of, inputs(root, name), name, today, pure=False, retries=RETRIES): name
                 for name in names}  # fmt: skip
        for one in as_completed(begun, loop=client.loop):
            if one.exception() is None:
                write_all({root / WORK / path: piece for path, piece in one.result().items() if PIECE.fullmatch(path)})
            step(begun[one])
    return unprepared(root, begun.values(), today)
