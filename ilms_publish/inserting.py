"""Inserts finished fragments into a built page, under any host."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ilms_publish.problems import IlmsError

PLACE = re.compile(r'<div data-ilms="(?P<name>[a-z0-9-]+)"></div>')


def insert(html: str, fragments: Mapping[str, str]) -> str:
    """The page with every placeholder replaced. Raises IlmsError when one has no fragment or one is not placed."""
    left = dict(fragments)

    def put(place: re.Match[str]) -> str:
        if place["name"] not in left:
            raise IlmsError(f"the page asks for the fragment '{place['name']}', which is missing or already placed")
        return left.pop(place["name"])

    filled = PLACE.sub(put, html)
    if left:
        raise IlmsError(f"the page has no place for the fragment '{next(iter(left))}'")
    return filled
