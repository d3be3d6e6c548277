"""When a person must hear of the disk: at 2 GB, at a quarter of an hour, and when it is full."""

from __future__ import annotations

from app.audio_files.format import FRAME_BYTES, SAMPLE_RATE
from app.domain.alarms import Alarm, AlarmKind

LOW_BYTES = 2_000_000_000
ENDING_SECONDS = 15 * 60
# It is over only when there is clearly more: other programs write and delete all the time.
CLEARLY_MORE = 1.1
BYTES_PER_SECOND = SAMPLE_RATE * FRAME_BYTES


class DiskAlarms:
    """The worst that is true of the disk. It ends some way above where it begins."""

    def __init__(self, tracks: int) -> None:
        self._ending_bytes = ENDING_SECONDS * BYTES_PER_SECOND * tracks
        self._told: AlarmKind | None = None

    def update(self, free_bytes: int | None, *, is_full: bool) -> Alarm | None:
        """Return what is wrong now; ``free_bytes`` None: the system does not say."""
        if is_full:
            self._told = AlarmKind.DISK_FULL
        elif free_bytes is not None:
            self._told = self._of(free_bytes)
        elif self._told is AlarmKind.DISK_FULL:
            self._told = None
        return None if self._told is None else _ALARMS[self._told]

    def _of(self, free_bytes: int) -> AlarmKind | None:
        was_ending = self._told in {AlarmKind.DISK_ENDING, AlarmKind.DISK_FULL}
        if free_bytes < self._ending_bytes * (CLEARLY_MORE if was_ending else 1):
            return AlarmKind.DISK_ENDING
        if free_bytes < LOW_BYTES * (CLEARLY_MORE if self._told else 1):
            return AlarmKind.LOW_DISK
        return None


_ALARMS = {
    AlarmKind.LOW_DISK: Alarm(
        AlarmKind.LOW_DISK,
        "Less than 2 GB are free on the disk that is recorded to.",
        "Free some disk space before the call is over.",
    ),
    AlarmKind.DISK_ENDING: Alarm(
        AlarmKind.DISK_ENDING,
        "The disk has room for less than 15 minutes of this recording.",
        "Free some disk space now.",
    ),
    AlarmKind.DISK_FULL: Alarm(
        AlarmKind.DISK_FULL,
        "The disk is full: what is heard now is kept in memory, for ten minutes.",
        "Free some disk space now; nothing that is recorded is lost by it.",
    ),
}
