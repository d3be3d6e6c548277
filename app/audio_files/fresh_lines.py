"""Reads a journal as it grows: each call costs what was added since the last."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

from app.audio_files.format import JOURNAL_FILE
from app.audio_files.journal_lines import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.audio_files.journal_lines import Line

BLOCK_BYTES = 1 << 16  # the journal of eight hours has 20 MB


class FreshLines:
    """Whole lines of one journal, each given once. On one thread."""

    def __init__(self, session_dir: Path) -> None:
        self._path = session_dir / JOURNAL_FILE
        self._offset = 0
        self._last = b""

    def is_as_read(self) -> bool:
        """Whether what was read stands there still.

        The last line tells: it is chained to all before it.

        Raises:
            OSError: The journal cannot be read.
        """
        if not self._last:
            return True
        with self._path.open("rb") as file:
            file.seek(self._offset - len(self._last) - 1)
            return file.read(len(self._last) + 1) == self._last + b"\n"

    def __iter__(self) -> Iterator[bytes]:
        """Yield what is new, if anything.

        Raises:
            OSError: The journal cannot be read.
        """
        with contextlib.ExitStack() as at_end:
            try:
                if self._path.stat().st_size <= self._offset:
                    return
                file = at_end.enter_context(self._path.open("rb"))
            except FileNotFoundError:
                return
            file.seek(self._offset)
            rest = b""
            while block := file.read(BLOCK_BYTES):
                *whole, rest = (rest + block).split(b"\n")
                for text in whole:
                    self._offset += len(text) + 1
                    self._last = text
                    yield text


def line_of(text: bytes, *kinds: bytes) -> Line | None:
    """Return a line if it is of one of the kinds; None also for one that makes no sense.

    Nearly all lines are of the clock: those of other kinds are not taken apart.
    """
    # A quote inside a text is escaped, so that no text looks like a kind.
    if not any(b'"type":"' + kind + b'"' in text for kind in kinds):
        return None
    try:
        return decode(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # told by verification; what else there is still reads
