"""The append-only journal of a session: each line carries the hash of the one before."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.audio_files.durable import sync_data, sync_folder
from app.audio_files.folder_lock import FolderLock
from app.audio_files.format import JOURNAL_FILE, session_hash
from app.audio_files.journal_lines import Line, canonical, decode, encode
from app.domain.errors import AudioNotStoredError, AudioUnreadableError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class JournalContent:
    """A journal as read.

    Attributes:
        lines: What is understood, in order.
        head: The hash of the last line; that of ``session.json`` if there is no line.
        count: How many whole lines there are.
        intact: Whether every line fits the chain.
        begins_with: The hash that the first line builds on.
        torn: Bytes after the last whole line: what a kill left of a line being written.
        size: Length in bytes without the torn part.
    """

    lines: tuple[Line, ...]
    head: str
    count: int
    intact: bool
    begins_with: str
    torn: bytes
    size: int


def read_journal(session_dir: Path) -> JournalContent:
    """Read the journal; a missing one reads as empty.

    Raises:
        AudioUnreadableError: The system does not let it be read.
    """
    return parse_journal(_read(session_dir), session_hash(session_dir))


def parse_journal(data: bytes, start: str) -> JournalContent:
    """Read a journal from its bytes; ``start`` is the hash that its chain should begin with."""
    whole, newline, torn = data.rpartition(b"\n")
    chain = _Chain(start)
    for text in whole.split(b"\n") if newline else ():
        chain.add(text)
    return JournalContent(
        tuple(chain.lines),
        chain.head,
        chain.count,
        chain.intact,
        chain.begins_with,
        torn,
        len(whole) + len(newline),
    )


def glance_at_journal(session_dir: Path) -> list[Line]:
    """Return the lines, whether or not they fit the chain, without those of the clock.

    Eight hours of two tracks are 58 000 ticks of the clock: this is what shows a session quickly.

    Raises:
        AudioUnreadableError: The system does not let it be read.
    """
    lines = []
    for text in _read(session_dir).split(b"\n")[:-1]:
        if b'"type":"clock"' not in text:  # a quote inside a text is escaped and does not match
            with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
                line = decode(json.loads(text))
                lines += [] if line is None else [line]
    return lines


def _read(session_dir: Path) -> bytes:
    path = session_dir / JOURNAL_FILE
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as cause:
        raise AudioUnreadableError(path, str(cause.strerror)) from cause


class _Chain:
    """Follows the hashes from line to line."""

    def __init__(self, start: str) -> None:
        self.lines: list[Line] = []
        self.head = self.begins_with = start
        self.count = 0
        self.intact = True

    def add(self, text: bytes) -> None:
        """Take the next line; one that makes no sense breaks the chain and is passed over."""
        self.count += 1
        try:
            fields: dict[str, Any] = json.loads(text)
            prev, stated = fields.pop("prev"), fields.pop("hash")
            line = decode(fields)
            fits = stated == _line_hash(prev, canonical(fields)) and fields["n"] == self.count
        except (ValueError, KeyError, TypeError, AttributeError):
            self.intact = False
            return
        if self.count == 1:
            self.begins_with = prev
        elif prev != self.head:
            fits = False
        self.intact = self.intact and fits
        self.head = stated
        if line is not None:
            self.lines.append(line)


class Journal:
    """Appends lines, durably. Safe from any thread; one writer per folder at a time.

    Attributes:
        path: The file.
        found: What stood in it when it was opened.
    """

    def __init__(self, session_dir: Path, *, lock: FolderLock | None = None) -> None:
        """Open the journal for appending and take the folder's lock, unless it was taken before.

        The lock is the journal's from now on; ``close`` releases it.

        Raises:
            FolderInUseError: A recorder writes there.
            AudioNotStoredError: The folder cannot be written.
        """
        self.path = session_dir / JOURNAL_FILE
        self._mutex = threading.Lock()
        try:
            self._lock = lock or FolderLock(session_dir)
        except OSError as cause:
            raise AudioNotStoredError(self.path, cause) from cause
        try:
            content = read_journal(session_dir)
            self._file = self.path.open("ab", buffering=0)
            self._file.truncate(content.size)  # what is torn is kept by ``found`` instead
            sync_folder(session_dir)
        except OSError as cause:
            self._lock.release()
            raise AudioNotStoredError(self.path, cause) from cause
        self.found = content
        self._size = content.size
        self._count = content.count
        self._head = content.head

    def append(self, *lines: Line) -> None:
        """Add lines; they are on the disk when this returns, or none of them is.

        Raises:
            AudioNotStoredError: The disk is full or gone.
        """
        with self._mutex:
            count, head, texts = self._count, self._head, []
            for line in lines:
                count += 1
                text, head = chained(encode(line, count), head)
                texts.append(text)
            data = "".join(texts).encode()
            try:
                self._write(data)
            except OSError as cause:
                raise AudioNotStoredError(self.path, cause) from cause
            self._size, self._count, self._head = self._size + len(data), count, head

    def close(self) -> None:
        """Release the file and the folder."""
        with self._mutex:
            self._file.close()
            self._lock.release()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
            sync_data(self._file.fileno())
        except OSError:
            self._file.truncate(self._size)  # half a line would break the chain
            raise


def chained(text: str, prev: str) -> tuple[str, str]:
    """Return a line's text with its place in the chain, and the hash that the next builds on."""
    line_hash = _line_hash(prev, text)
    return f'{text[:-1]},"prev":"{prev}","hash":"{line_hash}"}}\n', line_hash


def _line_hash(prev: str, text: str) -> str:
    return hashlib.sha256((prev + text).encode()).hexdigest()
