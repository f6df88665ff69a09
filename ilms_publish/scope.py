"""Scopes as written by people: years, table patterns, and cells; used by supplies and limitations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import pandas as pd

from ilms_publish.problems import IlmsError

FIRST, LAST = "1800", "2199"
YEARS = re.compile(r"(?:[0-9]{4})(?:-(?:[0-9]{4}))?")


@lru_cache(maxsize=4096)
def years(text: str) -> frozenset[int] | None:
    """`2023`, `2006-2014` or `2006,2008-2010` as a set of years; None for all years.

    Raises IlmsError when the text is neither.
    """
    if not text:
        return None
    chosen: set[int] = set()
    for part in re.split(r"\s*[,|]\s*", text.strip()):
        if not YEARS.fullmatch(part):
            raise IlmsError(f"years '{text[:40]}': write 2023, 2006-2014 or 2006,2008-2010")
        first, _, last = part.partition("-")
        if not FIRST <= first <= LAST or (last and not FIRST <= last <= LAST):
            raise IlmsError(f"years '{text[:40]}': there are figures from {FIRST} to {LAST} at most")
        chosen.update(range(int(first), int(last or first) + 1))
    return frozenset(chosen)


def spelled(chosen: Iterable[int]) -> str:
    """Years as people write them: `2006,2008-2010`."""
    runs: list[list[int]] = []
    for year in sorted(set(chosen)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def matches(patterns: Sequence[str], table: str) -> bool:
    """Whether a table id is named, by itself or by a pattern ending in `*`; no pattern names all."""
    return not patterns or any(
        table.startswith(pattern[:-1]) if pattern.endswith("*") else pattern == table for pattern in patterns
    )


@lru_cache(maxsize=4096)
def conditions(where: str) -> Mapping[str, tuple[str, ...]]:
    """`cds=CDS_DES_KOR|CDS_DES_JPN; sex=SEX_F` as column -> codes. Raises IlmsError when malformed."""
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (piece.strip() for piece in where.split(";"))):
        column, sign, codes = part.partition("=")
        if not sign or not codes.strip():
            raise IlmsError(f"where '{where[:80]}': write column=CODE|CODE; column=CODE")
        found[column.strip()] = tuple(code.strip() for code in codes.split("|"))
    return found


def covered(frame: pd.DataFrame, where: str, when: str, sources: Iterable[str] = ()) -> pd.Series[bool]:
    """Which rows of a table a scope covers. A scope naming a column that the table lacks covers none of it."""
    mask = pd.Series(True, index=frame.index)
    for column, codes in conditions(where).items():
        if column not in frame.columns:
            return pd.Series(False, index=frame.index)
        mask &= frame[column].isin(codes)
    chosen = years(when)
    if chosen is not None:
        mask &= frame["time_period"].isin({str(year) for year in chosen})
    named = tuple(sources)
    if named:
        mask &= frame["source"].isin(named)
    return mask
