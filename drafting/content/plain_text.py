"""Somebody's words without what no document may hold, whatever its form."""

from __future__ import annotations

import re

# No XML may hold these, and no page shows them. A form feed or a NUL is replaced, not dropped,
# so that words stay apart and a reader sees that something was there.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# They turn around what is written beside somebody's words, too.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return a text whose lines end alike, without tabs and control characters."""
    lines = re.sub(r"\r\n?", "\n", _TURNING.sub("", text)).replace("\t", " ")
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", lines)
