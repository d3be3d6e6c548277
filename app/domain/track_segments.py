"""Finds the transcript that lies at a place on a track."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.ids import TrackId
    from app.domain.times import Span
    from app.domain.transcript import Segment

_START = attrgetter("start_ms")


@dataclass(slots=True)
class _Lane:
    segments: list[Segment] = field(default_factory=list)
    longest_ms: int = 0


class TrackSegments:
    """The segments of a record by track, in order, for many questions about small stretches."""

    def __init__(self, segments: Iterable[Segment]) -> None:
        self._lanes: dict[TrackId, _Lane] = {}
        for segment in segments:
            lane = self._lanes.setdefault(segment.track_id, _Lane())
            lane.segments.append(segment)
            lane.longest_ms = max(lane.longest_ms, segment.end_ms - segment.start_ms)
        for lane in self._lanes.values():
            lane.segments.sort(key=_START)

    def overlapping(self, track_id: TrackId, span: Span) -> list[Segment]:
        """Return what overlaps a stretch of a track, in the order in which it was said."""
        lane = self._lanes.get(track_id)
        if lane is None:
            return []
        first = bisect_left(lane.segments, span.start_ms - lane.longest_ms, key=_START)
        last = bisect_left(lane.segments, span.end_ms, key=_START)
        return [s for s in lane.segments[first:last] if s.end_ms > span.start_ms]
