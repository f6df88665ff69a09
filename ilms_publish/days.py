"""Days: how they are written, and which day it is for whoever publishes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime

from ilms_publish.problems import IlmsError

EPOCH = "SOURCE_DATE_EPOCH"


def day(text: str) -> date | None:
    """The day that a text such as 2026-12-01 names, else None."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-01") else None
    except ValueError:
        return None


def moment(environ: Mapping[str, str] = os.environ) -> datetime | None:
    """The moment that SOURCE_DATE_EPOCH names; None when it is not set. Raises IlmsError when it is no number."""
    epoch = environ.get(EPOCH, "")
    if not epoch:
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise IlmsError(f"{EPOCH} is '{epoch}'; it should be a number of seconds") from None


def today(given: str = "", environ: Mapping[str, str] = os.environ) -> date:
    """The day for which something is published: the one given, that of SOURCE_DATE_EPOCH, or the present one (UTC).

    Raises IlmsError when the day given is none.
    """
    if given:
        named = day(given)
        if named is None:
            raise IlmsError(f"'{given}' is no day; write it like 2026-12-01")
        return named
    return (moment(environ) or datetime.now(UTC)).date()
