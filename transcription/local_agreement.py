"""Which words of an utterance that goes on can be shown: LocalAgreement-2.

What a model says of speech that is cut off is wrong at the cut. Words that two hypotheses in a
row, made of more and more audio, begin with are right nearly as often as those of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.engine_types import PartialText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.times import Span

STEP_MS = 480  # of new audio that is worth a hypothesis
AROUND_WORDS = ".,;:?!…“”\"'"


class LocalAgreement:
    """Compares the hypotheses of a track's utterances, one utterance after the other."""

    def __init__(self) -> None:
        self._start_ms = self._until_ms = -1
        self._last: list[str] = []
        self._shown: list[str] = []

    def is_due(self, heard: Span) -> bool:
        """Whether so much was said since the last hypothesis that another is worth its time."""
        until_ms = self._until_ms if heard.start_ms == self._start_ms else heard.start_ms
        return heard.end_ms - until_ms >= STEP_MS

    def take(self, heard: Span, hypothesis: str) -> PartialText | None:
        """Take what the model says of ``heard``; return what to show when that has changed.

        Words that were shown stay until two hypotheses agree on others in their place.
        """
        if heard.start_ms != self._start_ms:
            self._start_ms, self._last, self._shown = heard.start_ms, [], []
        before, self._last = self._last, hypothesis.split()
        self._until_ms = heard.end_ms
        agreed = self._last[: _agreeing(before, self._last)]
        if _agreeing(agreed, self._shown) == len(agreed):
            return None
        self._shown = agreed
        return PartialText(heard.start_ms, " ".join(agreed))


def _agreeing(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many words both begin with; signs around them and capitals do not count."""
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if _plain(one) != _plain(other):
            return number
    return min(len(first), len(second))


def _plain(word: str) -> str:
    return word.strip(AROUND_WORDS).casefold()
