"""Taking words out of bytes that keep their length: logs, evidence, databases that do not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.domain.readings import other_readings, reading_of

if TYPE_CHECKING:
    from app.domain.redacting import SoughtWords, Spans

FILLER = b"x"
# A transcript as JSON has each word on its own.
WORD = re.compile(r'\\?"text\\?": ?\\?"((?:[^"\\]|\\u[0-9a-fA-F]{4})*)\\?"')


def found_in(content: bytes, sought: SoughtWords) -> Spans:
    """Return where sought words stand in the bytes, also escaped or word by word as in JSON."""
    text = content.decode("utf-8", "surrogateescape")
    spans = sought.spans(text)
    for outer in (None, *other_readings(text)):
        shown = outer.text if outer else text
        words = reading_of(((m[1], m.span(1)) for m in WORD.finditer(shown)), " ", outer)
        spans += [place for span in sought.spans(words.text) for place in words.origin(*span)]
    return _as_bytes(text, spans)


def overwriting(content: bytes, spans: Spans) -> bytes:
    """Return the bytes with a filler of the same length over each stretch."""
    new = bytearray(content)
    for start, end in spans:
        new[start:end] = FILLER * (end - start)
    return bytes(new)


def _as_bytes(text: str, spans: Spans) -> Spans:
    """Turn places in a text into places in its bytes, in order and apart from each other."""
    found: Spans = []
    at_char = at_byte = 0
    for start, end in sorted(spans):
        if end <= at_char:
            continue
        first = max(start, at_char)
        begin = at_byte + len(text[at_char:first].encode("utf-8", "surrogateescape"))
        length = len(text[first:end].encode("utf-8", "surrogateescape"))
        if length:
            found.append((begin, begin + length))
        at_char, at_byte = end, begin + length
    return found
