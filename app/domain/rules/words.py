"""A body of words that numbers, times and names are looked up in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from functools import cached_property

from app.domain.rules.drafts import number_of
from app.domain.spoken_time import WRITTEN_CLOCK

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
GENITIVE = re.compile(r"['\u2019]?s\b")


class Words:
    """Texts without their capitals; what they hold is read when first asked for."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.text = "\n".join(texts).casefold()
        self._asked: dict[str, bool] = {}

    def __contains__(self, words: str) -> bool:
        """Whether the words stand there, by themselves or in the genitive; in lower case."""
        if words not in self._asked:
            self._asked[words] = self._stands(words)
        return self._asked[words]

    def _stands(self, words: str) -> bool:
        at = self.text.find(words)
        while at >= 0:
            end = at + len(words)
            goes_on = self.text[end : end + 1].isalnum() and not GENITIVE.match(self.text, end)
            if not goes_on and not self.text[at - 1 : at].isalnum():
                return True
            at = self.text.find(words, at + 1)
        return False

    @cached_property
    def numbers(self) -> frozenset[float]:
        """The numbers that are written with digits."""
        return frozenset(number_of(text) for text in set(NUMBER.findall(self.text)))

    @cached_property
    def clocks(self) -> frozenset[tuple[time, bool]]:
        """The times of day, and whether each is told to the second."""
        told = set(WRITTEN_CLOCK.findall(self.text)) if ":" in self.text else set()
        return frozenset(
            (time(int(hour), int(minute), int(second or 0)), bool(second))
            for hour, minute, second in told
        )


class ManyWords:
    """Many small bodies of words, of which an edit replaces one."""

    def __init__(self, bodies: Iterable[Words]) -> None:
        self._bodies = list(bodies)

    def __contains__(self, words: str) -> bool:
        """Whether the words stand in one of them; in lower case."""
        return any(words in body.text and words in body for body in self._bodies)

    @cached_property
    def numbers(self) -> frozenset[float]:
        """The numbers that are written with digits."""
        return frozenset[float]().union(*(body.numbers for body in self._bodies))

    @cached_property
    def clocks(self) -> frozenset[tuple[time, bool]]:
        """The times of day, and whether each is told to the second."""
        return frozenset[tuple[time, bool]]().union(*(body.clocks for body in self._bodies))
