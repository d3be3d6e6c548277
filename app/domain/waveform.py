"""What a session's recording looks like: how loud each track is over time, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import TrackId
    from app.domain.sessions import Gap
    from app.domain.times import Span

Peak = tuple[float, float]


class Envelope(Protocol):
    """The lowest and highest samples of a track over the session's time."""

    def columns(self, start_ms: int, end_ms: int, count: int) -> Sequence[Peak | None]:
        """Divide a stretch into columns; each has its lowest and highest sample, full scale 1.0.

        None where the track has no audio.
        """


class NoAudio:
    """The envelope of a track that nobody has looked at, or of which there is nothing here."""

    def columns(self, _start_ms: int, _end_ms: int, count: int) -> list[Peak | None]:
        """Return columns without audio."""
        return [None] * count


@dataclass(frozen=True, slots=True)
class TrackWave:
    """One track; all on the session's time.

    ``until_ms`` is where its audio ends. ``unreadable`` are files that are missing or damaged.
    """

    track_id: TrackId
    until_ms: int
    envelope: Envelope
    gaps: tuple[Gap, ...] = ()
    unreadable: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionWave:
    """The tracks of a session; ``is_whole`` tells whether all that is stored was looked at."""

    tracks: tuple[TrackWave, ...]
    is_whole: bool = True

    @property
    def until_ms(self) -> int:
        """Where the recording ends, a gap at its end included."""
        ends = [track.until_ms for track in self.tracks]
        ends += [gap.end_ms for track in self.tracks for gap in track.gaps]
        return max(ends, default=0)
