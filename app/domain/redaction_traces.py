"""Telling words that were redacted, without keeping them.

Of each phrase that a redaction sought a keyed hash is kept. The key lies apart from the hashes and
leaves the data folder with nothing. Whoever has both can try out a guess, as they could with any
hash, and cannot read a word; numbers that are quickly guessed are not kept at all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.readings import other_readings
from app.domain.redacting import MARK, RUN, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.domain.redacting import SoughtWords

HASH_BYTES = 16
FEWEST_DIGITS = 10  # alone; beside other words a shorter number is kept with them


@dataclass(frozen=True, slots=True)
class Traces:
    """The hashes (hex) of what was redacted from one incident, and the key (bytes) to them."""

    key: bytes
    hashes: frozenset[str]

    @classmethod
    def of(cls, sought: SoughtWords, key: bytes) -> Traces:
        """Return the traces of what a redaction takes out."""
        triples = {
            (first, middle, last)
            for middle, pairs in sought.triples.items()
            for first, last in pairs
        }
        kept = [phrase for phrase in sought.certain | triples if not _is_guessed(phrase)]
        return cls(key, frozenset(_trace(key, phrase) for phrase in kept))

    def stand_in(self, text: str) -> bool:
        """Whether words that were redacted stand in the text, as it is or as links spell it."""
        return any(True for _hash in self.standing_in(text))

    def standing_in(self, text: str) -> Iterator[str]:
        """Yield the hashes of the phrases that stand in the text."""
        for reading in (text, *(reading.text for reading in other_readings(text))):
            for piece in reading.split(MARK):
                traces = (_trace(self.key, run) for run in _runs(tokens_of(piece)))
                yield from (trace for trace in traces if trace in self.hashes)


def _runs(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + RUN, len(tokens)) + 1):
            yield tokens[start:end]


def _trace(key: bytes, words: Sequence[str]) -> str:
    return hashlib.blake2b(" ".join(words).encode(), key=key, digest_size=HASH_BYTES).hexdigest()


def _is_guessed(phrase: Sequence[str]) -> bool:
    letters = "".join(phrase)
    return len(phrase) > RUN or (letters.isdigit() and len(letters) < FEWEST_DIGITS)
