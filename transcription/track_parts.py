"""Divides long tracks, since what telling voices apart costs grows with the square of the length.

A part ends where nobody speaks, so that no turn is cut; where that is, is known once it is heard.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from app.domain.times import MS_PER_MINUTE, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

PART_MS = 60 * MS_PER_MINUTE
STRETCHES = 1.25  # times as long as meant, rather than to be followed by a short one
LOOK_BACK = 1 / 12  # of a part, at its end: there it is divided, and what follows is heard again
PAUSE_MS = 1_000


def next_part(from_ms: int, end_ms: int, part_ms: int) -> Span:
    """Return what to hear next of a track that ends at ``end_ms``: about ``part_ms`` long."""
    left_ms = end_ms - from_ms
    count = ceil(left_ms / (part_ms * STRETCHES))
    return Span(from_ms, from_ms + ceil(left_ms / count))


def division_ms(turns: Sequence[Span], part: Span) -> int:
    """Return where to divide after a part: in the last pause of its end, else the longest one.

    ``turns`` are in order and apart. Where there is no pause a change of voices does; where one
    voice goes on all the time, its turn is cut at the end of the part.
    """
    earliest_ms = part.end_ms - int(part.duration_ms * LOOK_BACK)
    ends = [part.start_ms, *(turn.end_ms for turn in turns)]
    starts = [*(turn.start_ms for turn in turns), part.end_ms]
    pauses = [
        (max(end_ms, earliest_ms), start_ms)
        for end_ms, start_ms in zip(ends, starts, strict=True)
        if start_ms > earliest_ms and end_ms < part.end_ms
    ]
    long_enough = [pause for pause in pauses if _length(pause) >= PAUSE_MS]
    chosen = long_enough[-1] if long_enough else max(pauses, key=_length, default=None)
    if chosen is None:
        return part.end_ms
    return chosen[1] - min(PAUSE_MS, _length(chosen)) // 2


def _length(pause: tuple[int, int]) -> int:
    return pause[1] - pause[0]
