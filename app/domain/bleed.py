"""Which utterances of the room are the bridge, as its loudspeakers say it again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.ids import SegmentId
    from app.domain.times import Span
    from app.domain.transcript import Segment

# Less would take in who speaks up in the room before the bridge has ended.
MOSTLY = 0.8


def bled_segments(segments: Iterable[Segment], heard: Sequence[Span]) -> frozenset[SegmentId]:
    """Return those of the room's segments that are bleed for the most part.

    ``heard`` are the stretches in which the room's track has the bridge and nobody of the room,
    in order and apart.
    """
    starts = [span.start_ms for span in heard]
    bled = set()
    for segment in segments:
        first = max(0, bisect_right(starts, segment.start_ms) - 1)
        last = bisect_left(starts, segment.end_ms)
        covered_ms = sum(segment.span.overlap_ms(span) for span in heard[first:last])
        if covered_ms >= MOSTLY * segment.span.duration_ms:
            bled.add(segment.id)
    return frozenset(bled)
