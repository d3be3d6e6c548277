"""Packs utterances into windows as long as a model is good at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.transcript import Word
    from transcription.utterances import Utterance


@dataclass(frozen=True, slots=True)
class SpeechWindow:
    """Utterances that a model hears at once, one behind the other without the silence between.

    Where a window ends depends on the utterances after its beginning alone, so recognition that
    starts again after a window finds the same ones.
    """

    utterances: tuple[Utterance, ...]

    @property
    def duration_ms(self) -> int:
        """How much audio it holds."""
        return sum(utterance.audio.duration_ms for utterance in self.utterances)

    @property
    def end_ms(self) -> int:
        """Where it ends on its track."""
        return self.utterances[-1].audio.end_ms

    def divided(self, words: Sequence[Word]) -> list[list[Word]]:
        """Return the words of each utterance, on the track; ``words`` are in window time.

        A word belongs where its middle lies, but never before the word that precedes it.
        """
        lengths = (utterance.audio.duration_ms for utterance in self.utterances)
        starts = list(accumulate(lengths, initial=0))[:-1]
        parts: list[list[Word]] = [[] for _ in self.utterances]
        at = 0
        for word in words:
            middle_ms = (word.start_ms + word.end_ms) // 2
            at = max(at, bisect_right(starts, middle_ms) - 1)
            shift_ms = self.utterances[at].audio.start_ms - starts[at]
            parts[at].append(
                replace(
                    word,
                    start_ms=max(0, word.start_ms + shift_ms),
                    end_ms=max(0, word.end_ms + shift_ms),
                )
            )
        return parts


def packed(utterances: Iterable[Utterance], *, most_ms: int) -> list[SpeechWindow]:
    """Pack utterances in order, as many into a window as fit; one that is longer stands alone.

    With ``most_ms`` 0 each stands alone. The last window may have room for what is yet to come.
    """
    windows: list[SpeechWindow] = []
    for utterance in utterances:
        if windows and windows[-1].duration_ms + utterance.audio.duration_ms <= most_ms:
            windows[-1] = SpeechWindow((*windows[-1].utterances, utterance))
        else:
            windows.append(SpeechWindow((utterance,)))
    return windows
