"""Chooses what tells best how a voice sounds: to a person who asks, and to a model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.merged_voices import MergedVoices
from app.domain.times import Span, after

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from app.domain.ids import SegmentId, SpeakerId, TrackId
    from app.domain.record import Record
    from app.domain.transcript import Segment

HOW_MANY = 3
SHORTEST_MS, LONGEST_MS = 2_000, 8_000  # shorter tells little, longer nothing new
SHORTEST_FOR_MODELS_MS = 1_500
WITHOUT_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class VoiceSample:
    """A stretch of a track on which a voice is heard alone, on the session's positions."""

    segment_id: SegmentId
    track_id: TrackId
    span: Span
    text: str


def voice_samples(record: Record, speaker_id: SpeakerId) -> tuple[VoiceSample, ...]:
    """Return up to three stretches in which a voice is clearest, spread over the incident.

    Never from words that were redacted, where several speak at once, or what loudspeakers say.
    Where nothing of a good length is said, what is shorter is taken.
    """
    voices = MergedVoices(record.speakers)
    lines = (line for line in record.segments if voices.id_of(line.speaker_id) == speaker_id)
    clear = [line for line in lines if _is_clear(line) and not _is_redacted(record, line)]
    long = [line for line in clear if line.span.duration_ms >= SHORTEST_MS]
    short = [line for line in clear if line.span.duration_ms < SHORTEST_MS]
    began = {session.id: record.utc(session.id, 0) for session in record.sessions}

    def by_clock(line: Segment) -> datetime:
        return after(began[line.session_id], line.start_ms)

    chosen = _spread(sorted(long, key=by_clock))
    chosen += sorted(short, key=_worth, reverse=True)[: HOW_MANY - len(chosen)]
    return tuple(_sample(line) for line in sorted(chosen, key=by_clock))


def clearest(lines: Iterable[Segment], *, most: int) -> list[Segment]:
    """Return the lines that tell a model best how a voice sounds: the longest clear ones."""
    clear = [
        line
        for line in lines
        if _is_clear(line) and line.span.duration_ms >= SHORTEST_FOR_MODELS_MS
    ]
    return sorted(clear, key=lambda line: -line.span.duration_ms)[:most]


def _is_clear(line: Segment) -> bool:
    """Whether a line is surely of one person, and heard where it was said."""
    doubtful = line.flag is not None and not line.edited
    return not (doubtful or line.bleed or line.redacted or line.overlap)


def _is_redacted(record: Record, line: Segment) -> bool:
    return any(
        line.track_id in taken.track_ids and line.span.overlap_ms(taken.span) > 0
        for taken in record.redactions
    )


def _spread(lines: Sequence[Segment]) -> list[Segment]:
    """Return the best of the beginning, of the middle and of the end."""
    count = min(HOW_MANY, len(lines))
    edges = [len(lines) * part // count for part in range(count + 1)] if count else []
    return [max(lines[first:last], key=_worth) for first, last in pairwise(edges)]


def _worth(line: Segment) -> tuple[float, int]:
    """Tell how good a sample a line is: how sure its words are, then how long it is."""
    sure = WITHOUT_CONFIDENCE if line.confidence is None else line.confidence
    return round(sure, 1), min(line.span.duration_ms, LONGEST_MS)


def _sample(line: Segment) -> VoiceSample:
    end_ms = min(line.end_ms, line.start_ms + LONGEST_MS)
    return VoiceSample(line.id, line.track_id, Span(line.start_ms, end_ms), line.text)
