"""PNG pictures packed as tightly as the format allows; their pixels stay as they are."""

from __future__ import annotations

import struct
import zlib

HEAD = 8


def tight(picture: bytes) -> bytes:
    """The same picture, its pixels compressed anew. Raises ValueError for what is no PNG."""
    if not picture.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError("this is no PNG picture")
    at, pixels, made = HEAD, b"", picture[:HEAD]
    while at < len(picture):
        size, kind = struct.unpack_from(">I4s", picture, at)
        content = picture[at + 8 : at + 8 + size]
        at += size + 12
        if kind == b"IDAT":
            pixels += content
            continue
        if kind == b"IEND":
            made += _chunk(b"IDAT", zlib.compress(zlib.decompress(pixels), 9))
        made += _chunk(kind, content)
    return made


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
