"""Taking words out of bytes that keep their length: logs, evidence, databases that do not read."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.redacting import SoughtWords, Spans

FILLER = b"x"
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|[nrtbf\"\\/])")
# A transcript as JSON has each word on its own.
WORD = re.compile(r'\\?"text\\?": ?\\?"((?:[^"\\]|\\u[0-9a-fA-F]{4})*)\\?"')


@dataclass(frozen=True, slots=True)
class _View:
    """A text as it reads, and where its pieces lie in what it was read from."""

    text: str
    starts: tuple[int, ...]  # of each piece, in the text
    places: tuple[tuple[int, int], ...]  # of each piece, where it came from

    def origin(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        """Yield where a stretch of the text came from."""
        for i in range(bisect_right(self.starts, start) - 1, len(self.starts)):
            begins, (a, b) = self.starts[i], self.places[i]
            if begins >= end:
                return
            ends = self.starts[i + 1] if i + 1 < len(self.starts) else len(self.text)
            if start >= ends:
                continue
            if b - a <= ends - begins:  # letter for letter, maybe with a space behind
                yield a + max(0, start - begins), a + min(b - a, end - begins)
            else:
                yield a, b


def found_in(content: bytes, sought: SoughtWords) -> Spans:
    """Return where sought words stand in the bytes, also escaped or word by word as in JSON."""
    text = content.decode("utf-8", "surrogateescape")
    spans = [*sought.spans(text), *_seen_through(_words(text), sought)]
    if "\\" in text:
        read = _unescaped(text)
        found = [*sought.spans(read.text), *_seen_through(_words(read.text), sought)]
        spans += [place for span in found for place in read.origin(*span)]
    return _as_bytes(text, spans)


def overwriting(content: bytes, spans: Spans) -> bytes:
    """Return the bytes with a filler of the same length over each stretch."""
    new = bytearray(content)
    for start, end in spans:
        new[start:end] = FILLER * (end - start)
    return bytes(new)


def _seen_through(view: _View, sought: SoughtWords) -> Spans:
    return [place for span in sought.spans(view.text) for place in view.origin(*span)]


def _unescaped(text: str) -> _View:
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    end = 0
    for found in ESCAPE.finditer(text):
        for part, place in (
            (text[end : found.start()], (end, found.start())),
            (chr(int(found[1], 16)) if found[1] else " ", found.span()),
        ):
            if part:
                parts.append(part)
                places.append(place)
        end = found.end()
    parts.append(text[end:])
    places.append((end, len(text)))
    return _view(parts, places, "")


def _words(text: str) -> _View:
    found = list(WORD.finditer(text))
    return _view([match[1] for match in found], [match.span(1) for match in found], " ")


def _view(parts: list[str], places: list[tuple[int, int]], between: str) -> _View:
    starts, position = [], 0
    for part in parts:
        starts.append(position)
        position += len(part) + len(between)
    return _View(between.join(parts), tuple(starts), tuple(places))


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
