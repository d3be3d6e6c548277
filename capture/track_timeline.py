"""Puts what a device delivers where it belongs on the session's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audio_files.format import FRAME_BYTES, FRAMES_PER_MS, SAMPLE_RATE
from app.domain.sessions import GapReason
from capture.resampling import Resampler

if TYPE_CHECKING:
    from capture.device_input import Block
    from capture.patient_writer import PatientWriter

NS_PER_SECOND = 1_000_000_000
SHORTEST_GAP = FRAMES_PER_MS


def begin_ns(block: Block, sample_rate: int, channels: int) -> int:
    """Return the monotonic time of the block's first sample."""
    frames = len(block.pcm) // (FRAME_BYTES * channels)
    return block.arrived_ns - frames * NS_PER_SECOND // sample_rate


class TrackTimeline:
    """Samples follow each other by count; only after an interruption does the clock decide.

    Thus two devices keep their own drift, which the journal's clock pairs tell, and jitter in
    the delivery moves nothing. On one thread.
    """

    def __init__(self, writer: PatientWriter, *, zero_ns: int) -> None:
        """Begin a track; ``zero_ns`` is the monotonic time of the session's start."""
        self._writer = writer
        self._zero_ns = zero_ns
        self._sample_rate = SAMPLE_RATE
        self._channels = 1
        self._resampler = Resampler(SAMPLE_RATE, 1)
        self._under_way = False
        self._interruption: GapReason | None = None
        self._silent_from: int | None = None

    @property
    def lag_ns(self) -> int:
        """How much sound has arrived that is not in the files yet."""
        return self._resampler.lag * NS_PER_SECOND // SAMPLE_RATE

    def set_format(self, sample_rate: int, channels: int) -> None:
        """Say what the next blocks are; the device was opened, or opened again."""
        self._end_stretch()
        self._sample_rate, self._channels = sample_rate, channels
        self._resampler = Resampler(sample_rate, channels)

    def take(self, block: Block) -> bytes:
        """Write a block and return the samples that were added."""
        if block.overflowed and self._under_way:
            self.interrupt(GapReason.OVERFLOW)
        if not self._under_way:
            self._fill_until(begin_ns(block, self._sample_rate, self._channels))
            self._under_way = True
        pcm = self._resampler.push(block.pcm)
        self._writer.append(pcm)
        return pcm

    def be_silent(self, until_ns: int) -> None:
        """Go on in silence up to a moment: the source has nothing to deliver, nothing is lost."""
        if self._interruption is not None:
            return  # what is missing is missing until the next block
        self._end_stretch()
        if self._silent_from is None:
            self._silent_from = self._writer.position
        self._write_silence(until_ns)

    def interrupt(self, reason: GapReason) -> None:
        """Say that samples are missing from here to the next block; the first reason counts."""
        self._end_stretch()
        self._end_silence()
        self._interruption = self._interruption or reason

    def begin_anew(self, reason: GapReason) -> None:
        """Go on after a bug: what the last stretch still held is missing, and nothing is moved."""
        self._under_way = False
        self._end_silence()
        self._resampler = Resampler(self._sample_rate, self._channels)
        self._interruption = self._interruption or reason

    def finish(self, now_ns: int) -> None:
        """Write what lags behind; an interruption lasts until now."""
        self._end_stretch()
        if self._interruption is not None:
            self._fill_until(now_ns)
        self._end_silence()

    def _end_stretch(self) -> None:
        if self._under_way:
            self._writer.append(self._resampler.finish())
            self._under_way = False

    def _write_silence(self, until_ns: int) -> None:
        while (missing := min(self._missing(until_ns), SAMPLE_RATE)) > 0:
            self._writer.append(bytes(missing * FRAME_BYTES))

    def _end_silence(self) -> None:
        start, self._silent_from = self._silent_from, None
        if start is not None and self._writer.position > start:
            self._writer.note_silence(start, self._writer.position)

    def _missing(self, moment_ns: int) -> int:
        """Return how many frames the track is behind a moment; negative if it is ahead."""
        due = (moment_ns - self._zero_ns) * SAMPLE_RATE // NS_PER_SECOND
        return due - self._writer.position

    def _fill_until(self, moment_ns: int) -> None:
        if self._silent_from is not None:
            self._write_silence(moment_ns)
            self._end_silence()
            return
        missing = self._missing(moment_ns)
        reason, self._interruption = self._interruption, None
        if reason is not None:
            self._writer.gap(max(missing, SHORTEST_GAP), reason)
        elif missing > 0:
            self._writer.skip(missing)  # the track begins a little after the session
