"""The turns of one track's voices, to be asked who speaks when."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.engine_types import SpeakerTurn
    from app.domain.ids import TrackId
    from app.domain.times import Span

REACH_MS = 500  # a word in no turn belongs to one this near: word times are that coarse


class VoiceTurns:
    """Turns of one track that never overlap, asked by bisection."""

    def __init__(self, turns: Iterable[SpeakerTurn] = ()) -> None:
        self._turns = sorted(turns, key=lambda turn: turn.span)
        self._starts = [turn.span.start_ms for turn in self._turns]
        self._ends = [turn.span.end_ms for turn in self._turns]

    @classmethod
    def by_track(cls, turns: Iterable[SpeakerTurn]) -> dict[TrackId, VoiceTurns]:
        """Return the turns of each track."""
        of_track: dict[TrackId, list[SpeakerTurn]] = {}
        for turn in turns:
            of_track.setdefault(turn.track_id, []).append(turn)
        return {track_id: cls(found) for track_id, found in of_track.items()}

    def overlaps(self, span: Span) -> dict[str, int]:
        """Return how long each voice speaks within the span, in milliseconds."""
        first = bisect_right(self._ends, span.start_ms)
        last = bisect_left(self._starts, span.end_ms)
        shares: dict[str, int] = {}
        for turn in self._turns[first:last]:
            shares[turn.label] = shares.get(turn.label, 0) + turn.span.overlap_ms(span)
        return shares

    def nearest(self, span: Span) -> str | None:
        """Return the voice of the turn nearest to the span, if it is near at all."""
        after = bisect_left(self._starts, span.end_ms)
        around = self._turns[max(0, after - 1) : after + 1]
        distances = [(_distance(turn.span, span), turn.label) for turn in around]
        nearest = min(distances, default=(REACH_MS + 1, ""))
        return nearest[1] if nearest[0] <= REACH_MS else None


def _distance(one: Span, other: Span) -> int:
    return max(one.start_ms - other.end_ms, other.start_ms - one.end_ms, 0)
