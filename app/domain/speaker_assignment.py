"""Says whose words are whose: lays the turns of voices over the words of a transcript."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from app.domain.ids import SegmentId, new_id
from app.domain.times import Span
from app.domain.transcript import heard_text_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.engine_types import SpeakerTurn
    from app.domain.transcript import Segment, Word

NEAR_TIE = 0.2  # of a word's length: a voice that leads by less does not take the word over
REACH_MS = 500  # a word in no turn belongs to one this near: word times are that coarse
SHORTEST_PART_MS = 600  # a single word that is shorter is no change of speaker


@dataclass(frozen=True, slots=True)
class LabelledSegment:
    """A segment and the pipeline's label of the voice that said it; None where none was heard."""

    segment: Segment
    label: str | None


def label_segments(
    segments: Sequence[Segment], turns: Sequence[SpeakerTurn]
) -> list[LabelledSegment]:
    """Label each segment by its words, and divide it where the voice changes.

    ``turns`` are exclusive: those of one track never overlap. The first part of a divided segment
    keeps its id. A segment that a person has edited is never divided: its words are not those
    that have times.
    """
    voices: dict[str, _Voices] = {}
    for track_id in {turn.track_id for turn in turns}:
        voices[track_id] = _Voices([turn for turn in turns if turn.track_id == track_id])
    labelled: list[LabelledSegment] = []
    for segment in segments:
        heard = voices.get(segment.track_id, _Voices([]))
        labelled.extend(_labelled(segment, heard))
    return labelled


class _Voices:
    """The turns of one track, in order, to be asked who speaks when."""

    def __init__(self, turns: Sequence[SpeakerTurn]) -> None:
        self._turns = sorted(turns, key=lambda turn: turn.span)
        self._starts = [turn.span.start_ms for turn in self._turns]
        self._ends = [turn.span.end_ms for turn in self._turns]

    def overlaps(self, span: Span) -> dict[str, int]:
        """Return how long each voice speaks within the span."""
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

    def speaker(self, span: Span, before: str | None) -> str | None:
        """Return who says the word at ``span``; ``before`` said the one before it."""
        shares = self.overlaps(span)
        if not shares:
            return self.nearest(span)
        leader = max(shares, key=lambda label: shares[label])
        if before is not None and before in shares:
            lead_ms = shares[leader] - shares[before]
            if lead_ms <= NEAR_TIE * span.duration_ms:
                return before
        return leader


def _distance(one: Span, other: Span) -> int:
    return max(one.start_ms - other.end_ms, other.start_ms - one.end_ms, 0)


def _labelled(segment: Segment, voices: _Voices) -> list[LabelledSegment]:
    parts = _parts(segment, voices)
    if len(parts) < 2 or not _can_be_divided(segment):  # noqa: PLR2004  one part is no division
        return [LabelledSegment(segment, _whole_label(segment, voices))]
    edges = [words[0].start_ms for _, words in parts[1:]]
    starts = [segment.start_ms, *edges]
    ends = [*(words[-1].end_ms for _, words in parts[:-1]), segment.end_ms]
    return [
        LabelledSegment(_part(segment, words, start_ms, end_ms, is_first=n == 0), label)
        for n, ((label, words), start_ms, end_ms) in enumerate(
            zip(parts, starts, ends, strict=True)
        )
    ]


def _whole_label(segment: Segment, voices: _Voices) -> str | None:
    """Return the voice that speaks longest in the segment's words, or else in its span."""
    shares: dict[str, int] = {}
    for word in segment.words:
        for label, share_ms in voices.overlaps(_span(word)).items():
            shares[label] = shares.get(label, 0) + share_ms
    shares = shares or voices.overlaps(segment.span)
    if not shares:
        return voices.nearest(segment.span)
    return max(shares, key=lambda label: shares[label])


def _parts(segment: Segment, voices: _Voices) -> list[tuple[str | None, list[Word]]]:
    """Group the words by who says them; what nobody says goes with the words around it."""
    labels: list[str | None] = []
    before: str | None = None
    for word in segment.words:
        before = voices.speaker(_span(word), before) or before
        labels.append(before)
    known = next((label for label in labels if label is not None), None)
    labels = [label or known for label in labels]
    pairs = zip(labels, segment.words, strict=True)
    runs = [
        (label, [word for _, word in run]) for label, run in groupby(pairs, lambda pair: pair[0])
    ]
    return _without_blips(runs)


def _without_blips(
    runs: list[tuple[str | None, list[Word]]],
) -> list[tuple[str | None, list[Word]]]:
    """Join single short words to the run before them, the first one to the run after it."""
    kept: list[tuple[str | None, list[Word]]] = []
    for label, words in runs:
        if kept and (kept[-1][0] == label or _is_blip(words)):
            kept[-1] = (kept[-1][0], kept[-1][1] + words)
        elif len(kept) == 1 and _is_blip(kept[0][1]):
            kept[0] = (label, kept[0][1] + words)
        else:
            kept.append((label, words))
    return kept


def _is_blip(words: Sequence[Word]) -> bool:
    return len(words) == 1 and words[0].end_ms - words[0].start_ms < SHORTEST_PART_MS


def _can_be_divided(segment: Segment) -> bool:
    return not segment.edited and segment.text == text_of(segment.words)


def _part(
    segment: Segment, words: Sequence[Word], start_ms: int, end_ms: int, *, is_first: bool
) -> Segment:
    return replace(
        segment,
        id=segment.id if is_first else SegmentId(new_id("seg")),
        start_ms=start_ms,
        end_ms=end_ms,
        text=text_of(words),
        original_text=heard_text_of(words),
        words=tuple(words),
    )


def _span(word: Word) -> Span:
    return Span(word.start_ms, max(word.end_ms, word.start_ms + 1))
