"""Writes files so that a reader never meets half of one."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ilms_publish.model import Codelist
from ilms_publish.structure import CODE_COLUMNS


def to_csv(frame: pd.DataFrame) -> bytes:
    """The frame as the CSV that is committed: UTF-8, LF, quotes only where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(zip(*(frame[column].tolist() for column in frame.columns), strict=True))  # thrice as fast as rows
    return out.getvalue().encode()


def codelist_csv(codelist: Codelist) -> bytes:
    """A codelist in the columns in which it is committed."""
    extra = list(next(iter(codelist.codes.values())).extra) if codelist.codes else []
    rows = [
        [c.code, c.parent, c.label, c.description, c.scheme, _yes(c.overlapping), _yes(c.residual), *c.extra.values()]
        for c in codelist.codes.values()
    ]
    return to_csv(pd.DataFrame(rows, columns=[*CODE_COLUMNS, *extra]))


def _yes(mark: bool) -> str:
    return "yes" if mark else ""


def write_all(files: Mapping[Path, bytes]) -> int:
    """Writes every file whose bytes differ, all prepared beforehand and moved into place; returns how many."""
    ready: list[tuple[Path, Path]] = []
    try:
        for path, content in files.items():
            if path.is_file() and path.read_bytes() == content:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.new")
            ready.append((draft, path))
            draft.unlink(missing_ok=True)  # a link left there must not be followed
            with draft.open("xb") as file:
                file.write(content)
        for draft, path in ready:
            os.replace(draft, path)
    finally:
        for draft, _ in ready:
            draft.unlink(missing_ok=True)
    return len(ready)
