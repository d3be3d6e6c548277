"""Keeps in memory what the disk does not take, and hands it over when it does again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audio_files.format import FRAME_BYTES, SAMPLE_RATE
from app.domain.errors import AudioNotStoredError
from app.domain.sessions import GapReason

if TYPE_CHECKING:
    from app.audio_files.writer import TrackWriter

LIMIT_FRAMES = 10 * 60 * SAMPLE_RATE
# A shorter gap is filled with zeros: a file for each dropped block would slow the disk further.
FILLED_GAP_FRAMES = SAMPLE_RATE


@dataclass(slots=True)
class _Hole:
    """A stretch that is left out; without a reason it is no gap."""

    frames: int
    reason: GapReason | None


class PatientWriter:
    """A ``TrackWriter`` that never refuses. On one thread.

    Attributes:
        error: Why the disk does not take what is waiting; None when nothing is.
    """

    def __init__(self, writer: TrackWriter, *, limit_frames: int = LIMIT_FRAMES) -> None:
        self._writer = writer
        self._limit = limit_frames
        self._waiting: deque[bytes | _Hole] = deque()
        self._position = writer.position
        self._waiting_frames = 0
        self.error: AudioNotStoredError | None = None

    @property
    def position(self) -> int:
        """The frame at which the next sample goes, as if the disk had taken everything."""
        return self._position

    @property
    def safe_until_ms(self) -> int:
        """Up to where a power cut loses nothing."""
        return self._writer.safe_until_ms

    def append(self, pcm: bytes) -> None:
        """Add samples; past ten minutes without a disk they are lost, and a gap says so."""
        frames = len(pcm) // FRAME_BYTES
        if not frames:
            return
        if self._waiting_frames + frames > self._limit:
            self._leave_out(frames, GapReason.DISK_FULL)
            return
        self._position += frames
        self._waiting_frames += frames
        self._waiting.append(pcm)
        if self.error is None:
            self._hand_over()

    def skip(self, frames: int) -> None:
        """Leave a stretch out without calling it a gap: the track begins here."""
        self._leave_out(frames, None)

    def gap(self, frames: int, reason: GapReason) -> None:
        """Leave a stretch out and say why."""
        if frames <= FILLED_GAP_FRAMES and self._waiting_frames + frames <= self._limit:
            self._writer.note_gap(self._position, self._position + frames, reason)
            self.append(bytes(frames * FRAME_BYTES))
        else:
            self._leave_out(frames, reason)

    def note_silence(self, start_frame: int, end_frame: int) -> None:
        """Say that a stretch is zeros because the source had nothing to deliver."""
        self._writer.note_silence(start_frame, end_frame)

    def sync(self, *, monotonic_ns: int, utc: str) -> None:
        """Twice a second: try again what waits, and wait for the disk."""
        if self._hand_over():
            self._attempt_sync(monotonic_ns, utc)

    def close(self) -> None:
        """Hand over what waits, and seal.

        Raises:
            AudioNotStoredError: The disk still does not take it; ``give_up`` is next.
        """
        if not self._hand_over() and self.error is not None:
            raise self.error
        try:
            self._writer.seal()
        except AudioNotStoredError as error:
            self.error = error
            raise

    def give_up(self) -> None:
        """Seal what the disk has taken and say that it was full from there on, then let go.

        Raises:
            AudioNotStoredError: Not even that could be written; a later recovery seals.
        """
        self._waiting.clear()
        self._waiting_frames = 0
        if self._position > self._writer.position:
            self._writer.note_gap(self._writer.position, self._position, GapReason.DISK_FULL)
        self._writer.close()

    def _leave_out(self, frames: int, reason: GapReason | None) -> None:
        self._position += frames
        last = self._waiting[-1] if self._waiting else None
        if isinstance(last, _Hole) and last.reason is reason:
            last.frames += frames
        else:
            self._waiting.append(_Hole(frames, reason))

    def _hand_over(self) -> bool:
        try:
            while self._waiting:
                self._hand_over_first()
        except AudioNotStoredError as error:
            self.error = error
            return False
        self.error = None
        return True

    def _hand_over_first(self) -> None:
        first = self._waiting.popleft()
        if isinstance(first, _Hole):
            if first.reason is None:
                self._writer.skip(first.frames)
            else:
                self._writer.gap(first.frames, first.reason)
            return
        before = self._writer.position
        try:
            self._writer.append(first)
        except AudioNotStoredError:
            taken = self._writer.position - before
            self._waiting_frames -= taken
            self._waiting.appendleft(first[taken * FRAME_BYTES :])
            raise
        self._waiting_frames -= len(first) // FRAME_BYTES

    def _attempt_sync(self, monotonic_ns: int, utc: str) -> None:
        try:
            self._writer.sync(monotonic_ns=monotonic_ns, utc=utc)
        except AudioNotStoredError as error:
            self.error = error
