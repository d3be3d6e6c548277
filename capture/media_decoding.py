"""Decodes one audio stream of an open file, in the order and at the places of its own times."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.audio_files.format import FRAME_BYTES, SAMPLE_RATE
from app.domain.times import MS_PER_SECOND, clock_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Holes in the file's own time, such as a meeting program leaves where everyone was muted.
SMALLEST_HOLE = Fraction(1, 10)
SMALLEST_GAP = Fraction(5)  # a shorter one is silence: of these a file can have very many
LARGEST_HOLE = Fraction(600)  # where the file does not say how long it is
LARGEST_OVERLAP = Fraction(1)
SPARE = Fraction(2)  # by how much a length that is stated may be off


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch, in frames at 16 kHz, for which the file has no sound."""

    frames: int


class StreamDecoder:
    """Decodes a stream once, from its beginning; ``remarks`` are complete when it is through."""

    def __init__(
        self, container: Any, stream: Any, damaged: type[Exception], resampler: Callable[..., Any]
    ) -> None:
        self._container = container
        self._stream = stream
        self._damaged = damaged
        self._resampler = _AnyResampler(resampler)
        self._clock = _FileClock(_beginning(container), stated_length(container))
        self._left_out = 0

    def decoded(self, tell: Callable[[float], None]) -> Iterator[bytes | Hole]:
        """Yield 16 kHz mono s16le, and holes; ``tell`` hears the share that was read."""
        for frame in self._frames(tell):
            missing = self._clock.missing_before(frame)
            if missing:
                yield from _pcm(self._resampler.finish())
                yield _silence_or_hole(missing)
            yield from _pcm(self._resampler.take(frame))
        yield from _pcm(self._resampler.finish())

    def remarks(self, length: Fraction) -> tuple[str, ...]:
        """Return a sentence for each thing that is not as it should be, of so many seconds."""
        told = []
        if self._left_out:
            told.append(f"Damaged pieces of its sound were left out: {self._left_out}.")
        if self._clock.filled:
            told.append(f"Short holes in it, {_seconds(self._clock.filled)} in all, are silence.")
        if self._clock.strayed:
            told.append(
                f"Its own times jump by {_seconds(self._clock.strayed)}, which cannot be: "
                "what follows may lie earlier or later than it was."
            )
        stated = stated_length(self._container)
        is_guess = self._container.format.name in {"aac", "amr"}  # from the first frames' size
        if length and stated and not is_guess and length < stated * Fraction(98, 100) - SPARE:
            told.append(f"Its sound ends at {_clock(length)}, though it is {_clock(stated)} long.")
        return tuple(told)

    def _frames(self, tell: Callable[[float], None]) -> Iterator[Any]:
        """Yield frames up to the end, or to where the file breaks off; leave out damaged ones."""
        size = max(1, self._container.size)
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, self._damaged):
                return
            try:
                frames = packet.decode()
            except self._damaged:
                self._left_out += 1
                continue
            yield from frames
            tell(min(0.99, (packet.pos or 0) / size))


def stated_length(container: Any) -> Fraction | None:
    """Return how many seconds the file says, or lets guess, that it is long."""
    return Fraction(container.duration, 1_000_000) if (container.duration or 0) > 0 else None


def _beginning(container: Any) -> Fraction:
    """Return the file's own time at which its first stream begins."""
    return Fraction(container.start_time or 0, 1_000_000)


def _silence_or_hole(missing: Fraction) -> bytes | Hole:
    frames = int(missing * SAMPLE_RATE)
    return Hole(frames) if missing >= SMALLEST_GAP else bytes(frames * FRAME_BYTES)


def _pcm(frames: list[Any]) -> Iterator[bytes]:
    for frame in frames:
        # The plane may be padded beyond the samples.
        yield bytes(frame.planes[0])[: frame.samples * FRAME_BYTES]


def _seconds(length: Fraction) -> str:
    return f"{float(length):.1f} s"


def _clock(length: Fraction) -> str:
    return clock_text(int(length * MS_PER_SECOND))


class _AnyResampler:
    """Resamples files that were joined of parts with different rates or channels.

    FFmpeg's own refuses a frame that is not like the first.
    """

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._form: tuple[Any, ...] = ()
        self._current: Any = None

    def take(self, frame: Any) -> list[Any]:
        """Return frames at 16 kHz; what lags behind of another form comes first."""
        form = (frame.sample_rate, frame.layout.name, frame.format.name)
        rest = []
        if self._current is None or form != self._form:
            rest = self.finish()
            self._current = self._make(format="s16", layout="mono", rate=SAMPLE_RATE)
            self._form = form
        return [*rest, *self._current.resample(frame)]

    def finish(self) -> list[Any]:
        """Return what lags behind."""
        last, self._current = self._current, None
        return [] if last is None else list(last.resample(None))


class _FileClock:
    """Compares the frames' own times with the samples that came, to find holes.

    Counted from the file's beginning: many small holes are found when they add up to one.
    """

    def __init__(self, beginning: Fraction, length: Fraction | None) -> None:
        self._beginning = beginning
        self._length = length
        self._due = Fraction(0)
        self._astray = Fraction(0)  # what is to be added to the file's times, which jumped
        self.filled = Fraction(0)
        self.strayed = Fraction(0)

    def missing_before(self, frame: Any) -> Fraction:
        """Return how many seconds are missing before this frame."""
        missing = Fraction(0)
        if frame.pts is not None and frame.time_base is not None:
            time = frame.pts * frame.time_base - self._beginning
            missing = self._missing(time)
        self._due += missing + Fraction(frame.samples, frame.sample_rate)
        return missing

    def _missing(self, time: Fraction) -> Fraction:
        hole = time + self._astray - self._due
        if -LARGEST_OVERLAP < hole <= SMALLEST_HOLE:
            return Fraction(0)
        if hole < 0 or self._cannot_be(time, hole):
            self._astray -= hole
            self.strayed += abs(hole)
            return Fraction(0)
        if hole < SMALLEST_GAP:
            self.filled += hole
        return hole

    def _cannot_be(self, time: Fraction, hole: Fraction) -> bool:
        return hole > LARGEST_HOLE if self._length is None else time > self._length + SPARE
