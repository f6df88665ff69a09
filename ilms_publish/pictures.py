"""PNG pictures made light: drawings know few colours, so one byte tells a pixel, packed as tightly as is quick."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]

SIGN = b"\x89PNG\r\n\x1a\n"
SHADES = 5
"""Steps from the ground to an ink, with which the edges of letters and lines are smoothed."""
BITS = 5
"""Bits of each colour by which the nearest shade is looked up."""
SPARE = 8 - BITS
RGBA, SUB, LEVEL = (8, 6, 0, 0, 0), 1, 6


def light(picture: bytes, colours: Sequence[str]) -> bytes:
    """The same picture in the shades between the first colour, its ground, and each of the others.

    picture: PNG as vl-convert writes it; colours: `#rrggbb`. Raises ValueError for what is no such picture.
    """
    width, height, (red, green, blue), which = _pixels(picture)
    shades = _shades(tuple(colours))
    place = (red >> SPARE).astype(np.int32) << 2 * BITS | (green >> SPARE).astype(np.int32) << BITS | blue >> SPARE
    rows = np.zeros((height, width + 1), np.uint8)  # the first byte of each row says that it is not filtered
    rows[:, 1:] = _nearest(tuple(colours))[place][which]
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = {b"IHDR": head, b"PLTE": shades.tobytes(), b"IDAT": zlib.compress(rows.tobytes(), LEVEL), b"IEND": b""}
    return SIGN + b"".join(_chunk(kind, content) for kind, content in parts.items())


def _pixels(picture: bytes) -> tuple[int, int, Pixels, Rows]:
    """Width, height, the colours of rows that differ from the one above as (3, rows, width), and which each row is."""
    if not picture.startswith(SIGN):
        raise ValueError("this is no PNG picture")
    at, packed, head = len(SIGN), b"", b""
    while at < len(picture):
        size, kind = struct.unpack_from(">I4s", picture, at)
        content = picture[at + 8 : at + 8 + size]
        at += size + 12
        packed += content if kind == b"IDAT" else b""
        head = content if kind == b"IHDR" else head
    width, height, *kinds = struct.unpack(">IIBBBBB", head)
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, -1)
    if tuple(kinds) != RGBA or set(rows[:, 0].tolist()) - {0, SUB}:
        raise ValueError("this picture is not written as vl-convert writes them")
    fresh = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)])  # most of a drawing is empty ground
    few = rows[fresh]
    told = few[:, 0] == SUB  # each pixel of these rows is written as its difference from the one before
    colours = np.stack([few[:, at::4] for at in (1, 2, 3)])
    colours[:, told] = np.cumsum(colours[:, told], axis=2, dtype=np.uint8)
    return width, height, colours, np.cumsum(fresh) - 1


@functools.cache
def _shades(colours: tuple[str, ...]) -> Pixels:
    ground, *inks = (np.array([int(one[at : at + 2], 16) for at in (1, 3, 5)], float) for one in colours)
    found = [ground, *(ground + (ink - ground) * step / SHADES for ink in inks for step in range(1, SHADES + 1))]
    return np.unique(np.round(found).astype(np.uint8), axis=0)


@functools.cache
def _nearest(colours: tuple[str, ...]) -> Pixels:
    """For every colour, coarsely, the number of the shade next to it."""
    shades, levels = _shades(colours).astype(float), (np.arange(1 << BITS) + 0.5) * (256 >> BITS)
    red, green, blue = np.meshgrid(levels, levels, levels, indexing="ij")
    away = [(red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2 for r, g, b in shades]
    found: Pixels = np.argmin(np.stack(away), axis=0).astype(np.uint8).ravel()
    return found


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
