"""What a person must be told at once about a recording, wherever they are looking."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from app.domain.sessions import TrackLabel


class AlarmKind(enum.StrEnum):
    """What is wrong; there are no others."""

    NO_SIGNAL = "no_signal"  # the source is there and delivers nothing
    ZEROS = "zeros"  # a microphone delivers perfect silence, which no microphone can
    CLIPPING = "clipping"
    ENERGY_WITHOUT_SPEECH = "energy_without_speech"
    NOBODY_SPEAKS = "nobody_speaks"  # a recording that was forgotten
    LOW_DISK = "low_disk"
    DISK_ENDING = "disk_ending"  # room for a quarter of an hour
    DISK_FULL = "disk_full"
    DEVICE_LOST = "device_lost"
    RECORDER_GONE = "recorder_gone"

    @property
    def is_urgent(self) -> bool:
        """Whether words are being lost, or soon will be."""
        return self in _URGENT


_URGENT = frozenset(
    {
        AlarmKind.NO_SIGNAL,
        AlarmKind.ZEROS,
        AlarmKind.DISK_ENDING,
        AlarmKind.DISK_FULL,
        AlarmKind.DEVICE_LOST,
        AlarmKind.RECORDER_GONE,
    }
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is wrong now.

    ``sentence`` stays the same from the alarm's beginning to its end; ``label`` is the track it
    is about, None for the whole recording; ``since_ms`` is on the session's time.
    """

    kind: AlarmKind
    sentence: str
    remedy: str
    label: TrackLabel | None = None
    since_ms: int = 0

    @property
    def key(self) -> tuple[AlarmKind, TrackLabel | None]:
        """What tells it from the others of its time."""
        return self.kind, self.label


SAME_AGAIN_S = 60.0
MOST_IN_A_MINUTE = 4


@dataclass(slots=True)
class NoticePace:
    """How often a person may be told: the same once a minute, and four things a minute at most."""

    _last: dict[tuple[AlarmKind, TrackLabel | None], float] = field(default_factory=dict)

    def allows(self, alarm: Alarm, now_s: float) -> bool:
        """Whether to tell of it now; if so, that is remembered. An urgent one always has room."""
        if now_s - self._last.get(alarm.key, -SAME_AGAIN_S) < SAME_AGAIN_S:
            return False
        lately = sum(now_s - at < SAME_AGAIN_S for at in self._last.values())
        if lately >= MOST_IN_A_MINUTE and not alarm.kind.is_urgent:
            return False
        self._last[alarm.key] = now_s
        return True
