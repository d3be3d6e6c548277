"""Searches files for words that go, a block at a time: a log may be larger than the memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from app.domain.raw_redaction import found_in, overwriting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.redacting import SoughtWords, Spans

BLOCK_BYTES = 512 * 1024
# How documents and archives begin that are compressed inside; a PDF may look like text outside.
PACKED_STARTS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"\xfd7zXZ",
    b"(\xb5/\xfd",
)
MARGIN_BYTES = 64 * 1024  # what is searched of its neighbours, too; longer than any run of words


@dataclass(frozen=True, slots=True)
class FileWords:
    """What a file says: where sought words stand, and whether parts of phrases would be left.

    ``is_packed``: there may be more inside, in a form that was not read.
    """

    is_text: bool
    is_packed: bool
    spans: tuple[tuple[int, int], ...]
    leaves_some: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of a file; what is found from ``first`` to ``last`` is no neighbour's."""

    start: int
    content: bytes
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WordSearch:
    """Remembers what was found: the same files are asked for by the plan and by the deed."""

    known: dict[tuple[Path, int, int, SoughtWords], FileWords] = field(default_factory=dict)

    def words_in(self, path: Path, sought: SoughtWords) -> FileWords:
        """Return what a file says, searched once for as long as it does not change."""
        found = path.stat()
        key = path, found.st_size, found.st_mtime_ns, sought
        if key not in self.known:
            with path.open("rb") as file:
                self.known[key] = _words_in(file, sought)
        return self.known[key]


def _words_in(file: BinaryIO, sought: SoughtWords) -> FileWords:
    is_packed = file.read(max(map(len, PACKED_STARTS))).startswith(PACKED_STARTS)
    file.seek(0)
    is_text, leaves_some, spans = True, False, list[tuple[int, int]]()
    for block in _blocks(file):
        is_text = is_text and b"\0" not in block.content
        if not sought.may_hold(block.content.decode("utf-8", "replace")):
            continue
        found = found_in(block.content, sought)
        left = overwriting(block.content, found).decode("utf-8", "replace")
        leaves_some = leaves_some or sought.holds_some(left)
        for start, end in found:
            _add(spans, block.start + max(start, block.first), block.start + min(end, block.last))
    return FileWords(is_text, is_packed, tuple(spans), leaves_some)


def _blocks(file: BinaryIO) -> Iterator[_Block]:
    start, kept, first = 0, b"", 0
    while len(fresh := file.read(BLOCK_BYTES)) == BLOCK_BYTES:
        content = kept + fresh
        yield _Block(start, content, first, len(content) - MARGIN_BYTES)
        kept, first = content[-2 * MARGIN_BYTES :], MARGIN_BYTES
        start += len(content) - len(kept)
    content = kept + fresh
    yield _Block(start, content, first, len(content))


def _add(spans: Spans, start: int, end: int) -> None:
    """Add what lies in a block, joined to what ends where it begins."""
    if spans and spans[-1][1] == start < end:
        spans[-1] = (spans[-1][0], end)
    elif start < end:
        spans.append((start, end))
