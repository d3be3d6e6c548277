"""Says whose words are whose: lays the turns of voices over the words of a transcript."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from app.domain.segment_parts import can_be_divided, divided
from app.domain.times import Span
from app.domain.voice_turns import VoiceTurns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.transcript import Segment, Word

NEAR_TIE = 0.2  # of a word's length: a voice that leads by less does not take the word over
SHORTEST_PART_MS = 600  # a single word that is shorter is no change of speaker


@dataclass(frozen=True, slots=True)
class LabelledSegment:
    """A segment and the pipeline's label of the voice that said it; None where none was heard."""

    segment: Segment
    label: str | None


def labelled_parts(segment: Segment, voices: VoiceTurns) -> list[LabelledSegment]:
    """Label a segment by its words, and divide it where the voice changes.

    The first part keeps the segment's id. A segment that a person has edited is never divided: its
    words are not those that have times.
    """
    parts = _parts(segment, voices)
    if len(parts) < 2 or not can_be_divided(segment):  # noqa: PLR2004  one part is no division
        return [LabelledSegment(segment, _whole_label(segment, voices))]
    whole = divided(segment, [words for _, words in parts])
    return [LabelledSegment(part, label) for part, (label, _) in zip(whole, parts, strict=True)]


def _speaker(heard: VoiceTurns, span: Span, before: str | None) -> str | None:
    """Return who says the word at ``span``; ``before`` said the one before it."""
    shares = heard.overlaps(span)
    if not shares:
        return heard.nearest(span)
    leader = max(shares, key=lambda label: shares[label])
    if before is not None and before in shares:
        lead_ms = shares[leader] - shares[before]
        if lead_ms <= NEAR_TIE * span.duration_ms:
            return before
    return leader


def _whole_label(segment: Segment, voices: VoiceTurns) -> str | None:
    """Return the voice that speaks longest in the segment's words, or else in its span."""
    shares: dict[str, int] = {}
    for word in segment.words:
        for label, share_ms in voices.overlaps(_span(word)).items():
            shares[label] = shares.get(label, 0) + share_ms
    shares = shares or voices.overlaps(segment.span)
    if not shares:
        return voices.nearest(segment.span)
    return max(shares, key=lambda label: shares[label])


def _parts(segment: Segment, voices: VoiceTurns) -> list[tuple[str | None, list[Word]]]:
    """Group the words by who says them; what nobody says goes with the words around it."""
    labels: list[str | None] = []
    before: str | None = None
    for word in segment.words:
        before = _speaker(voices, _span(word), before) or before
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


def _span(word: Word) -> Span:
    return Span(word.start_ms, max(word.end_ms, word.start_ms + 1))
