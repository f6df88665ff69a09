"""What an import brings: observations already in our columns, or a reason why a row cannot be placed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ilms_publish.problems import IlmsError, Problem, Severity

OTHER_AREAS = "other-areas"
PLACE = re.compile(r"(?P<file>[^:]+):(?P<lines>[0-9]{1,7}(?:-[0-9]{1,7})?(?:,[0-9]{1,7}(?:-[0-9]{1,7})?)*)")


@dataclass(frozen=True, slots=True)
class Carrier:
    """One file to import, and who issued it in which edition."""

    path: Path
    layout: str
    publisher: str
    edition: str

    @property
    def name(self) -> str:
        """The file's own name, without its folder."""
        return self.path.name

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


@dataclass(slots=True)
class Incoming:
    """The rows of one carrier.

    rows: package, table and the table's columns as text, one frame per (package, table), index = line of
    the carrier; refused: rows that cannot be placed.
    """

    carrier: Carrier
    frames: dict[tuple[str, str], list[pd.DataFrame]] = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)

    def add(self, package: str, table: str, frame: pd.DataFrame) -> None:
        """Rows for one table of one package."""
        if len(frame):
            self.frames.setdefault((package, table), []).append(frame)

    def refuse(self, lines: Iterable[object], column: str, rule: str, sentence: str) -> None:
        """Rows that cannot be placed, each with its line."""
        for line in lines:
            row = int(str(line))
            self.refused.append(Problem(self.carrier.name, row, column, rule, Severity.ERROR, sentence))


class LeaveOut:
    """Which rows the user has told us to leave out: `file.csv:12,15-20`, a code, or `other-areas`."""

    def __init__(self, wishes: Sequence[str]) -> None:
        self.codes: set[str] = set()
        self.lines: dict[str, set[int]] = {}
        self.other_areas = OTHER_AREAS in wishes
        for wish in wishes:
            place = PLACE.fullmatch(wish)
            if place:
                chosen = self.lines.setdefault(place["file"], set())
                for part in place["lines"].split(","):
                    first, _, last = part.partition("-")
                    chosen.update(range(int(first), int(last or first) + 1))
            elif re.fullmatch(r"[A-Za-z0-9_-]+", wish):
                self.codes.add(wish.upper())
            else:
                raise IlmsError(f"--leave-out {wish}: write FILE:LINE, FILE:LINE-LINE, a code, or {OTHER_AREAS}")

    def keep(self, frame: pd.DataFrame, file: str) -> pd.DataFrame:
        """The rows that are not left out by line or by one of their codes."""
        mask = ~frame.index.isin(list(self.lines.get(file, ())))
        if self.codes:
            mask &= ~frame.isin(self.codes).any(axis=1).to_numpy()
        return frame[mask]
