"""Writes one track: files of a minute, each durable within a second and sealed when full."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audio_files.durable import sync_data, sync_folder
from app.audio_files.format import (
    FILE_FRAMES,
    FRAME_BYTES,
    FRAMES_PER_MS,
    PART_SUFFIX,
    file_name,
)
from app.audio_files.journal_lines import Clock, Line, Opened, Sealed, Silent
from app.audio_files.wav import HEADER_BYTES, wav_header
from app.domain.errors import AudioNotStoredError
from app.domain.sessions import Gap, GapReason

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

    from app.audio_files.journal import Journal
    from app.domain.ids import TrackId
    from app.domain.sessions import TrackLabel


@dataclass(slots=True)
class _Part:
    """The file being written; ``file`` is None once its content is final."""

    name: str
    start_frame: int
    file: FileIO | None
    frames: int = 0
    complete: bool = False
    sha256: str = ""


class TrackWriter:
    """One track of a session, on one thread.

    Every method may raise ``AudioNotStoredError`` when the disk is full or gone. Nothing already
    written is harmed then, ``position`` tells how much was taken, and the same call with the rest
    goes on where this one stopped.
    """

    def __init__(
        self,
        session_dir: Path,
        journal: Journal,
        track_id: TrackId,
        label: TrackLabel,
        *,
        file_frames: int = FILE_FRAMES,
    ) -> None:
        self._dir = session_dir
        self._journal = journal
        self._track_id = track_id
        self._label = label
        self._file_frames = file_frames
        self._part: _Part | None = None
        # A folder that was written before keeps every file it has.
        self._number = sum(
            isinstance(line, Opened) and line.label is label for line in journal.found.lines
        )
        self._position = 0
        self._safe = 0
        self._unsaid: list[Line] = []  # the journal is to have these, but had no room

    @property
    def position(self) -> int:
        """The frame, on the session's time, at which the next sample goes."""
        return self._position

    @property
    def safe_until_ms(self) -> int:
        """Up to where a power cut loses nothing."""
        return self._safe // FRAMES_PER_MS

    def append(self, pcm: bytes | memoryview) -> None:
        """Write samples (16 kHz mono s16le, whole frames) behind what is there."""
        left = memoryview(pcm)
        while left:
            part = self._writable_part()
            room = (self._file_frames - part.frames) * FRAME_BYTES
            taken = self._write(part, left[:room])
            left = left[taken * FRAME_BYTES :]

    def skip(self, frames: int) -> None:
        """Leave a stretch out: what is appended next lies so much later. Never raises."""
        self._position += frames
        if self._part is not None:
            self._part.complete = True  # sealed when the disk is next asked for something

    def note_gap(self, start_frame: int, end_frame: int, reason: GapReason) -> None:
        """Say that a stretch holds no audio; in the journal with the next ``sync``."""
        start_ms = start_frame // FRAMES_PER_MS
        end_ms = max(start_ms + 1, -(-end_frame // FRAMES_PER_MS))
        self._unsaid.append(Gap(self._track_id, start_ms, end_ms, reason))

    def note_silence(self, start_frame: int, end_frame: int) -> None:
        """Say that a stretch is zeros because nothing played; in the journal with ``sync``."""
        bounds = start_frame // FRAMES_PER_MS, -(-end_frame // FRAMES_PER_MS)
        self._unsaid.append(Silent(self._track_id, *bounds))

    def gap(self, frames: int, reason: GapReason) -> None:
        """Leave a stretch out and say why. Never raises."""
        self.note_gap(self._position, self._position + frames, reason)
        self.skip(frames)

    def sync(self, *, monotonic_ns: int = 0, utc: str = "") -> None:
        """Wait until all is on the disk; with a time, add it to the track's clock."""
        if self._part is not None and self._part.file is not None:
            try:
                sync_data(self._part.file.fileno())
            except OSError as cause:
                raise AudioNotStoredError(self._path(self._part), cause) from cause
        self._safe = self._position
        if utc and not self._unsaid:
            self._unsaid.append(Clock(self._track_id, self._position, monotonic_ns, utc))
        self._say()

    def seal(self) -> None:
        """Finish the open file: header, disk, hash, its final name, journal."""
        part = self._part
        if part is not None:
            part.complete = True
            try:
                self._finish(part)
            except OSError as cause:
                raise AudioNotStoredError(self._path(part), cause) from cause
            self._part = None
            self._safe = self._position
            self._unsaid.append(
                Sealed(
                    self._track_id,
                    self._label,
                    part.name,
                    part.start_frame,
                    part.frames,
                    part.sha256,
                )
            )
        self._say()

    def close(self) -> None:
        """Seal and let go. If that fails, the part stays as it is, for a later recovery."""
        try:
            self.seal()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go without sealing, as a killed recorder does. Never raises."""
        if self._part is not None and self._part.file is not None:
            self._part.file.close()
            self._part = None

    def _path(self, part: _Part) -> Path:
        return self._dir / (part.name + PART_SUFFIX)

    def _writable_part(self) -> _Part:
        part = self._part
        if part is not None and (part.complete or part.frames >= self._file_frames):
            self.seal()
            part = None
        return part or self._begin()

    def _begin(self) -> _Part:
        name = file_name(self._label, self._number + 1)
        path = self._dir / (name + PART_SUFFIX)
        self._say()
        # First the journal, so that a part is never of unknown position.
        self._journal.append(Opened(self._track_id, self._label, name, self._position))
        try:
            file = path.open("w+b", buffering=0)
        except OSError as cause:
            raise AudioNotStoredError(path, cause) from cause
        try:
            if file.write(wav_header(0)) != HEADER_BYTES:
                raise _no_space()
            sync_folder(self._dir)
        except OSError as cause:
            file.close()
            raise AudioNotStoredError(path, cause) from cause
        self._number += 1
        self._part = _Part(name, self._position, file)
        return self._part

    def _write(self, part: _Part, pcm: memoryview) -> int:
        """Write what fits and return how many frames did."""
        if part.file is None:
            raise AssertionError("a finished part is sealed before anything is written")
        try:
            # Always from the last whole frame: a full disk may have taken half of one.
            part.file.seek(HEADER_BYTES + part.frames * FRAME_BYTES)
            frames = part.file.write(pcm) // FRAME_BYTES
            if frames == 0:
                raise _no_space()
        except OSError as cause:
            raise AudioNotStoredError(self._path(part), cause) from cause
        part.frames += frames
        self._position += frames
        return frames

    def _finish(self, part: _Part) -> None:
        """Bring the part to its final content and name; can be called again after a failure."""
        if part.file is not None:
            part.file.truncate(HEADER_BYTES + part.frames * FRAME_BYTES)
            part.file.seek(0)
            part.file.write(wav_header(part.frames))
            part.file.seek(0)
            part.sha256 = hashlib.sha256(part.file.read()).hexdigest()
            sync_data(part.file.fileno())
            part.file.close()
            part.file = None
        if self._path(part).exists():
            self._path(part).rename(self._dir / part.name)
        sync_folder(self._dir)

    def _say(self) -> None:
        if self._unsaid:
            self._journal.append(*self._unsaid)
            self._unsaid.clear()


def _no_space() -> OSError:
    """Return what a write that took nothing means."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
