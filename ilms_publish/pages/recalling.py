"""Pages made in earlier builds are taken again as long as nothing that they read has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from ilms_publish.fingerprints import fingerprint, program
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.page import Draft, Page
from ilms_publish.pages.watching import Note
from ilms_publish.remembering import Memory, packed, unpacked

ITSELF = ""
"""Name under which a page is kept among the files that stand beside it."""


def recalled(edition: Edition, draft: Draft, memory: Memory) -> Page:
    """The page of a draft.

    Kept are, under the address, what the page read when it was last made, and under what stood there, the page. All
    that is not on a watched shelf is part of every key: what is declared, the program, the address of the site.
    """
    here = f"page {edition.site} {edition.shelves.marks.declared} {program()} /{draft.address}/"
    noted = memory.recall(here)
    if noted is not None:
        kept = memory.recall(_stands(edition, here, _notes(noted)))
        if kept is not None:
            return _page(kept)
    with edition.shelves.trace.noting() as read:
        page = draft.make()
    memory.keep(here, json.dumps(sorted(read, key=repr)).encode())
    memory.keep(_stands(edition, here, read), _kept(page))
    return page


def _stands(edition: Edition, here: str, notes: Iterable[Note]) -> str:
    """What stands now where a page read."""
    return f"{here} {fingerprint({repr(note): edition.shelves.mark(note) for note in sorted(notes, key=repr)})}"


def _notes(text: bytes) -> list[Note]:
    return [(shelf, tuple(key) if isinstance(key, list) else key) for shelf, key in json.loads(text)]


def _kept(page: Page) -> bytes:
    itself = {name: value for name, value in asdict(replace(page, files={})).items() if name != "files"}
    return packed({ITSELF: json.dumps(itself).encode(), **page.files})


def _page(piece: bytes) -> Page:
    files = unpacked(piece)
    itself: dict[str, Any] = json.loads(files.pop(ITSELF))
    return Page(**itself | {"also": tuple(itself["also"])}, files=files)
