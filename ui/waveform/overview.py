"""What the strip shows of a session, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from app.domain.times import MS_PER_SECOND, after

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.sessions import Marker, Session, Track, TrackLabel
    from app.domain.times import Span
    from app.domain.waveform import TrackWave
    from ui.waveform.lacks import Lack

STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400)
MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Lane:
    """A track and what is known of its audio."""

    track: Track
    wave: TrackWave


@dataclass(frozen=True, slots=True)
class Overview:
    """A session as the strip shows it; ``bleed`` is where the room only repeats the bridge."""

    session: Session
    lanes: tuple[Lane, ...]
    until_ms: int
    lacks: tuple[Lack, ...] = ()
    markers: tuple[Marker, ...] = ()
    bleed: tuple[Span, ...] = ()

    def utc(self, at_ms: int) -> datetime:
        """Return the moment of a position."""
        return after(self.session.start_utc, at_ms)

    def names(self, names: dict[TrackLabel, str]) -> dict[TrackLabel, str]:
        """Return, of what tracks are called, what those of this session are."""
        return {lane.track.label: names[lane.track.label] for lane in self.lanes}

    def lacks_of(self, label: TrackLabel) -> list[Lack]:
        """Return what one track lacks."""
        return [lack for lack in self.lacks if label in lack.tracks]


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the widget the session's time lies, and its lanes; all in pixels."""

    left: float
    width: float
    top: float
    lane_height: float
    until_ms: int

    def x(self, at_ms: int) -> float:
        """Return where a position lies."""
        return self.left + self.width * at_ms / max(1, self.until_ms)

    def at_ms(self, x: float) -> int:
        """Return the position at a pixel, within the session."""
        share = (x - self.left) / max(1.0, self.width)
        return round(min(1.0, max(0.0, share)) * self.until_ms)

    def lane(self, number: int) -> QRectF:
        """Return the ground of a lane."""
        top = self.top + number * self.lane_height
        return QRectF(self.left, top, self.width, self.lane_height)

    def lane_at(self, y: float, count: int) -> int:
        """Return the lane at a height; above and below, the nearest."""
        return min(count - 1, max(0, int((y - self.top) // self.lane_height)))

    def stretch(self, span: Span, lane: QRectF, narrowest: float) -> QRectF:
        """Return where a stretch lies in a lane; a short one is as wide as can be seen."""
        x, end = self.x(span.start_ms), self.x(span.end_ms)
        return QRectF(x, lane.top(), max(narrowest, end - x), lane.height())


def ticks(overview: Overview, place: Place, apart: float) -> list[tuple[int, str]]:
    """Return positions at round clock times, UTC, at least so many pixels apart, and the times."""
    per_second = place.width * MS_PER_SECOND / max(1, overview.until_ms)
    step = next((s for s in STEPS_S if s * per_second >= apart), STEPS_S[-1])
    started = overview.session.start_utc.timestamp()
    first = -(-started // step) * step
    count = int((overview.until_ms / MS_PER_SECOND - (first - started)) // step) + 1
    found = []
    for number in range(max(0, count)):
        at_ms = round((first + number * step - started) * MS_PER_SECOND)
        moment = overview.utc(at_ms)
        found.append((at_ms, f"{moment:%H:%M:%S}" if step < MINUTE_S else f"{moment:%H:%M}"))
    return found
