"""Hours of recording in minutes: devices with a quartz of their own, through the real writer.

What they hear is a click at each whole minute of the session, all else is silence, so that every
click that is read back tells how far off it is.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import numpy as np

from app.audio_files.format import write_session_info
from app.audio_files.journal import Journal
from app.audio_files.journal_lines import Began, Ended
from app.audio_files.writer import TrackWriter
from app.domain.ids import TrackId
from app.domain.sessions import GapReason, TrackLabel
from app.domain.times import iso_utc
from capture.device_input import Block
from capture.patient_writer import PatientWriter
from capture.track_timeline import NS_PER_SECOND, TrackTimeline
from tests.unit.audio_files.recordings import BRIDGE, ROOM, START, a_session_info

RATE = 16_000
BLOCK = RATE // 10
CLICK_EVERY_S = 60
CLICK = 20_000
ZERO_NS = 7_000 * NS_PER_SECOND
LABELS = {ROOM: TrackLabel.ROOM, BRIDGE: TrackLabel.BRIDGE}


@dataclass
class DriftingDevice:
    """A device that counts ``ppm`` too fast; blocks arrive up to ``late_ms`` late.

    ``outages`` are seconds, from and to, of which nothing arrives.
    """

    track_id: TrackId
    ppm: float
    late_ms: float = 100.0
    outages: tuple[tuple[float, float], ...] = ()
    seed: int = 1
    random: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.random = np.random.default_rng(self.seed)

    def blocks(self, seconds: float) -> Iterator[tuple[float, Block]]:
        """Yield each block with the true second at which it ends, in order of arrival."""
        rate = RATE * (1 + self.ppm / 1e6)
        number = 0
        while (number + 1) * BLOCK / rate <= seconds:
            start_s, end_s = number * BLOCK / rate, (number + 1) * BLOCK / rate
            number += 1
            if any(start_s < to_s and end_s > from_s for from_s, to_s in self.outages):
                continue
            samples = np.zeros(BLOCK, dtype="<i2")
            minute = np.ceil(start_s / CLICK_EVERY_S) * CLICK_EVERY_S
            at = round((minute - start_s) * rate)
            if at < BLOCK:
                samples[at] = CLICK
            arrived_s = end_s + self.random.uniform(0, self.late_ms) / 1_000
            arrived_ns = ZERO_NS + round(arrived_s * NS_PER_SECOND)
            yield end_s, Block(samples.tobytes(), arrived_ns, overflowed=False)


def record_drifting(
    folder: Path,
    devices: list[DriftingDevice],
    seconds: float,
    *,
    each_minute: Callable[[int], None] = lambda _minute: None,
) -> None:
    """Record the devices' tracks into a session's folder, one hour of time after the other."""
    write_session_info(folder, a_session_info())
    with contextlib.closing(Journal(folder)) as journal:
        journal.append(Began(ZERO_NS, iso_utc(START)))
        tracks = [_Track(folder, journal, device, seconds) for device in devices]
        for second in range(1, int(seconds) + 2):
            for track in tracks:
                track.until(second)
            if second % 60 == 0:
                each_minute(second // 60)
        for track in tracks:
            track.writer.close()
        journal.append(Ended())


class _Track:
    """One track being recorded, as ``TrackRecording`` does it in real time."""

    def __init__(
        self, folder: Path, journal: Journal, device: DriftingDevice, seconds: float
    ) -> None:
        writer = TrackWriter(folder, journal, device.track_id, LABELS[device.track_id])
        self.writer = PatientWriter(writer)
        self._timeline = TrackTimeline(self.writer, zero_ns=ZERO_NS)
        self._blocks = device.blocks(seconds)
        self._next = next(self._blocks, None)
        self._last_ns = ZERO_NS
        self._last_end_s = 0.0

    def until(self, second: int) -> None:
        while self._next is not None and self._next[0] <= second:
            end_s, block = self._next
            if end_s - self._last_end_s > 0.15:
                self._timeline.interrupt(GapReason.STALL)
            self._timeline.take(block)
            self._last_ns, self._last_end_s = block.arrived_ns, end_s
            self._next = next(self._blocks, None)
        since = timedelta(microseconds=(self._last_ns - ZERO_NS) // 1_000)
        moment = self._last_ns - self._timeline.lag_ns
        self.writer.sync(monotonic_ns=moment, utc=iso_utc(START + since))
