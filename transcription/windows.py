"""Puts utterances together, for a recogniser that does better with more at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.times import Span
from transcription.doubts import HARDLY_A_VOICE
from transcription.utterances import Utterance

if TYPE_CHECKING:
    from collections import deque

LONGEST_PAUSE_MS = 2_000  # Whisper fills longer silences with words of its own


def next_window(found: deque[Utterance], window_ms: int) -> Utterance:
    """Take the first utterance, with those after it that fit into ``window_ms`` of audio.

    With 0 it is always one. The audio between them is part of it. What is hardly a voice stands
    alone: words that a model makes of it are to be marked, and those of people are not.
    """
    taken = found.popleft()
    while found and _fits(taken, found[0], window_ms):
        last = found.popleft()
        taken = Utterance(
            Span(taken.speech.start_ms, last.speech.end_ms),
            Span(taken.audio.start_ms, last.audio.end_ms),
            _mean_heard(taken, last),
        )
    return taken


def _mean_heard(first: Utterance, second: Utterance) -> float:
    first_ms, second_ms = first.speech.duration_ms, second.speech.duration_ms
    heard = first.heard * first_ms + second.heard * second_ms
    return heard / (first_ms + second_ms)


def _fits(taken: Utterance, following: Utterance, window_ms: int) -> bool:
    whole_ms = following.audio.end_ms - taken.audio.start_ms
    pause_ms = following.speech.start_ms - taken.speech.end_ms
    are_voices = min(taken.heard, following.heard) >= HARDLY_A_VOICE
    return are_voices and whole_ms <= window_ms and pause_ms <= LONGEST_PAUSE_MS
