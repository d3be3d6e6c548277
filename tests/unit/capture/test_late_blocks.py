"""What comes after a silence goes where it belongs, whether it was late or is missing."""

import numpy as np
import pytest

from app.audio_files.format import SAMPLE_RATE
from app.domain.sessions import GapReason
from capture.device_input import Block
from capture.track_timeline import NS_PER_SECOND, TrackTimeline

BLOCK = SAMPLE_RATE // 10
STEP_NS = NS_PER_SECOND // 10


class MemoryWriter:
    """Keeps the samples at their places, zeros in gaps."""

    def __init__(self) -> None:
        self.samples = bytearray()
        self.gaps: list[tuple[float, float, GapReason]] = []

    @property
    def position(self) -> int:
        return len(self.samples) // 2

    def append(self, pcm: bytes) -> None:
        self.samples += pcm

    def skip(self, frames: int) -> None:
        self.samples += bytes(2 * frames)

    def gap(self, frames: int, reason: GapReason) -> None:
        start = self.position
        self.skip(frames)
        self.gaps.append((start / SAMPLE_RATE, self.position / SAMPLE_RATE, reason))


def a_block(number: int, arrived_s: float, *, overflowed: bool = False) -> Block:
    """Samples that tell their number, 1 for the first tenth of a second."""
    pcm = np.full(BLOCK, number, dtype="<i2").tobytes()
    return Block(pcm, round(arrived_s * NS_PER_SECOND), overflowed)


def heard_at(writer: MemoryWriter, second: float) -> int:
    """Return the number of the block at a place in the middle of a tenth of a second."""
    samples = np.frombuffer(bytes(writer.samples), dtype="<i2")
    return int(samples[round((second + 0.05) * SAMPLE_RATE)])


@pytest.fixture
def writer() -> MemoryWriter:
    return MemoryWriter()


@pytest.fixture
def timeline(writer: MemoryWriter) -> TrackTimeline:
    timeline = TrackTimeline(writer, zero_ns=0)  # type: ignore[arg-type]
    for number in range(1, 21):  # two seconds
        timeline.take(a_block(number, number / 10))
    return timeline


def test_what_was_only_late_leaves_no_gap_and_moves_nothing(
    writer: MemoryWriter, timeline: TrackTimeline
) -> None:
    for number in range(21, 61):  # four seconds, all at once
        timeline.take(a_block(number, 6.0 + (number - 20) / 1_000))
    assert timeline.is_settling
    for number in range(61, 81):
        timeline.take(a_block(number, number / 10))
    timeline.finish(8 * NS_PER_SECOND)

    assert not timeline.is_settling
    assert writer.gaps == []
    assert [heard_at(writer, second) for second in (1.0, 3.0, 5.9, 7.0)] == [11, 31, 60, 71]


def test_what_is_missing_after_a_burst_is_a_gap_behind_it(
    writer: MemoryWriter, timeline: TrackTimeline
) -> None:
    for number in range(21, 31):  # the first second of four, at once; the server kept no more
        timeline.take(a_block(number, 6.0 + (number - 20) / 1_000))
    for number in range(61, 81):
        timeline.take(a_block(number, number / 10 + 0.01))
    timeline.finish(8 * NS_PER_SECOND)

    ((start, end, reason),) = writer.gaps
    assert reason is GapReason.STALL
    assert (start, end) == (pytest.approx(3.0, abs=0.01), pytest.approx(6.0, abs=0.03))
    assert [heard_at(writer, second) for second in (2.5, 4.0, 7.0)] == [26, 0, 71]


def test_a_silence_of_the_device_is_a_gap_as_long_as_it(
    writer: MemoryWriter, timeline: TrackTimeline
) -> None:
    for number in range(51, 71):
        timeline.take(a_block(number, number / 10))
    timeline.finish(7 * NS_PER_SECOND)

    assert writer.gaps == [(2.0, 5.0, GapReason.STALL)]
    assert [heard_at(writer, second) for second in (1.9, 3.0, 5.0, 6.9)] == [20, 0, 51, 70]


def test_an_end_soon_after_a_silence_keeps_what_was_held(
    writer: MemoryWriter, timeline: TrackTimeline
) -> None:
    timeline.take(a_block(51, 5.1, overflowed=True))
    timeline.finish(round(5.1 * NS_PER_SECOND))

    assert writer.gaps == [(2.0, 5.0, GapReason.OVERFLOW)]
    assert heard_at(writer, 5.0) == 51
