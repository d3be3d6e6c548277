"""Looks twice a second at how a recording does, and keeps the list of what is wrong."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AudioNotStoredError
from capture.disk_alarms import DiskAlarms
from capture.signal_alarms import SignalAlarms, SignalFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from app.domain.alarms import Alarm
    from app.domain.engine_types import RecorderStatus
    from capture.track_recording import TrackRecording

EVERY_S = 0.5


class WatchedRecorder(Protocol):
    """What of a ``SessionRecorder`` is watched."""

    alarms: tuple[Alarm, ...]

    @property
    def session_dir(self) -> Path:
        """Where it records."""

    @property
    def tracks(self) -> Sequence[TrackRecording]:
        """Its tracks."""

    def status(self) -> RecorderStatus:
        """Return how it goes."""

    def now_ns(self) -> int:
        """Return the time on its clock."""


class AlarmWatch:
    """On a thread of its own: asking a disk how full it is may take long."""

    def __init__(
        self,
        recorder: WatchedRecorder,
        tell: Callable[[Alarm], None],
        *,
        free_bytes: Callable[[Path], int | None] | None = None,
    ) -> None:
        """Watch; ``tell`` is called on this thread once for each alarm that begins."""
        self._recorder = recorder
        self._tell = tell
        self._free_bytes = free_bytes or free_bytes_at
        self._signals = {track.plan.track_id: SignalAlarms() for track in recorder.tracks}
        self._disk = DiskAlarms(len(recorder.tracks))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alarm-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._ended.set()
        self._thread.join(EVERY_S * 4)

    def _run(self) -> None:
        while not self._ended.wait(EVERY_S):
            self.look()

    def look(self) -> None:
        """Bring the recorder's alarms up to date."""
        status = self._recorder.status()
        if not status.running:
            return
        known = {alarm.key: alarm for alarm in self._recorder.alarms}
        now = [
            known.get(alarm.key) or replace(alarm, since_ms=status.elapsed_ms)
            for alarm in self._found(is_paused=status.pause is not None)
        ]
        self._recorder.alarms = tuple(now)
        for alarm in now:
            if alarm.key not in known:
                self._tell(alarm)

    def _found(self, *, is_paused: bool) -> Iterator[Alarm]:
        tracks = self._recorder.tracks
        disk = self._disk.update(
            self._free_bytes(self._recorder.session_dir),
            is_full=any(isinstance(track.disk_error, AudioNotStoredError) for track in tracks),
        )
        if disk is not None:
            yield disk
        if not is_paused:
            now_ns = self._recorder.now_ns()
            for track in tracks:
                yield from self._signals[track.plan.track_id].update(_facts(track), now_ns)


def free_bytes_at(folder: Path) -> int | None:
    """Return how much a program of this user may still write there; None if nobody says."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _facts(track: TrackRecording) -> SignalFacts:
    signal, plan = track.signal, track.plan
    return SignalFacts(
        plan.label,
        plan.source,
        track.source,
        signal.missing,
        signal.sounded_ns,
        signal.clipped_blocks,
        plan.follow_default,
    )
