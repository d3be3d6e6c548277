"""Alarms that need to know whether anybody speaks: the recorder does not, recognition does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.alarms import Alarm, AlarmKind
from app.domain.sessions import TrackLabel
from app.domain.transcript import SegmentFlag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.domain.engine_types import RecorderStatus, TrackStatus
    from app.domain.ids import TrackId
    from app.domain.transcript import Segment

LOUD_RMS = 0.01  # -40 dBFS: people speaking, or a noise as loud as people
LOUD_WITHOUT_WORDS_MS = 90_000
FORGOTTEN_AFTER_MS = 600_000
CAUGHT_UP_MS = 20_000  # with more than that waiting, words may still come
LONGEST_STEP_MS = 2_000
NAMES = {TrackLabel.ROOM: "the room", TrackLabel.BRIDGE: "the bridge"}


@dataclass(slots=True)
class SpeechAlarms:
    """Follows one recording: how loud it is, and where words were found.

    Each alarm ends with the next words, or with the next sound where no words are looked for.
    """

    _step_from_ms: int = 0
    _lively_ms: int = 0
    _loud_ms: dict[TrackId, int] = field(default_factory=dict)

    def heard_words(self, track_id: TrackId, segments: Sequence[Segment]) -> None:
        """Note words; what silence made the recogniser say are none."""
        spoken = [s.end_ms for s in segments if s.flag is not SegmentFlag.SILENCE_SUSPECT]
        if spoken:
            self._loud_ms[track_id] = 0
            self._lively_ms = max(self._lively_ms, *spoken)

    def update(
        self, status: RecorderStatus, *, recognises: bool, backlog_ms: int
    ) -> Iterator[Alarm]:
        """Yield what is wrong now."""
        step_ms = min(LONGEST_STEP_MS, max(0, status.elapsed_ms - self._step_from_ms))
        self._step_from_ms = status.elapsed_ms
        if status.pause is not None:
            self._lively_ms = status.elapsed_ms
            return
        for track in status.tracks:
            is_sure = recognises and backlog_ms < CAUGHT_UP_MS
            yield from self._of_track(track, step_ms, is_sure=is_sure)
            if not recognises and track.rms >= LOUD_RMS:
                self._lively_ms = status.elapsed_ms
        quiet_ms = status.elapsed_ms - self._lively_ms
        if quiet_ms >= FORGOTTEN_AFTER_MS and backlog_ms < CAUGHT_UP_MS:
            yield _FORGOTTEN

    def _of_track(self, track: TrackStatus, step_ms: int, *, is_sure: bool) -> Iterator[Alarm]:
        if track.rms >= LOUD_RMS:
            self._loud_ms[track.track_id] = self._loud_ms.get(track.track_id, 0) + step_ms
        if is_sure and self._loud_ms.get(track.track_id, 0) >= LOUD_WITHOUT_WORDS_MS:
            yield Alarm(
                AlarmKind.ENERGY_WITHOUT_SPEECH,
                f"There is sound in {NAMES[track.label]}, and nobody is understood.",
                "Listen to it: is this the right source, and is there music or a fan beside it?",
                track.label,
            )


_FORGOTTEN = Alarm(
    AlarmKind.NOBODY_SPEAKS,
    "Nobody has spoken for 10 minutes, and the recording is running.",
    "Stop it if the call is over, or pause it.",
)
