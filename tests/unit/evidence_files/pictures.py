"""Pictures to test with, made on the spot."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def a_picture(
    width: int = 640, height: int = 400, *, form: str = "PNG", color: str = "red", **saved: Any
) -> bytes:
    """Return the bytes of a plain picture."""
    spelled = BytesIO()
    Image.new("RGB", (width, height), color).save(spelled, form, **saved)
    return spelled.getvalue()


def a_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a PNG of a few bytes that claims to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
