"""Divides a segment at its words, so that each part can be somebody else's."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from app.domain.ids import SegmentId, new_id
from app.domain.transcript import heard_text_of, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.domain.ids import SpeakerId
    from app.domain.transcript import Segment, Word


def can_be_divided(segment: Segment) -> bool:
    """Whether the words that stand are those that have times; not once a person rewrote them."""
    return bool(segment.words) and not segment.edited and segment.text == text_of(segment.words)


def divided(segment: Segment, runs: Sequence[Sequence[Word]]) -> list[Segment]:
    """Return a part for each run of its words; the first keeps the segment's id.

    Together they reach as far as the segment did: a part begins with its first word, and what is
    before the first or behind the last word stays with it.
    """
    starts = [segment.start_ms, *(words[0].start_ms for words in runs[1:])]
    ends = [*(words[-1].end_ms for words in runs[:-1]), segment.end_ms]
    return [
        replace(
            segment,
            id=SegmentId(new_id("seg")) if number else segment.id,
            start_ms=start_ms,
            end_ms=max(end_ms, start_ms + 1),  # a last word may have no length
            text=text_of(words),
            original_text=heard_text_of(words),
            words=tuple(words),
        )
        for number, (words, start_ms, end_ms) in enumerate(zip(runs, starts, ends, strict=True))
    ]


def given_to(segment: Segment, voice: SpeakerId, words: Collection[int]) -> list[Segment]:
    """Return the segment's parts where a person says that these of its words are a voice's.

    ``words`` are numbers; all of them, where it cannot be divided. By dividing a line a person has
    said of each part whose it is.
    """
    runs = [list(run) for _, run in groupby(range(len(segment.words)), lambda n: n in words)]
    if len(runs) < 2:  # noqa: PLR2004  one run is the whole segment
        return [replace(segment, speaker_id=voice, speaker_by_person=True)]
    parts = divided(segment, [[segment.words[n] for n in run] for run in runs])
    return [
        replace(
            part,
            speaker_id=voice if run[0] in words else segment.speaker_id,
            speaker_by_person=True,
        )
        for part, run in zip(parts, runs, strict=True)
    ]
