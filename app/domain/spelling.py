"""Puts the team's spellings in the place of what was heard for them, and takes them back.

Whole words are compared, hyphens count as spaces and case does not; the longest wins. What was
heard stays with the word, so that nothing is lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.transcript import HeardWord, Segment, Word, least_probability, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from app.domain.glossary import Glossary

TOKEN = re.compile(r"[^\W_]+")
# A word between its punctuation; the genitive's ending is none of the term.
PARTS = re.compile(r"(?P<head>\W*)(?P<core>.*?)(?P<tail>(?:['’]s)?\W*)", re.DOTALL)  # noqa: RUF001  the typographer's apostrophe is meant

Tokens = tuple[str, ...]


def tokens_of(text: str) -> Tokens:
    """Return the words of a text as spellings are compared."""
    return tuple(TOKEN.findall(text.casefold()))


@dataclass(frozen=True, slots=True)
class SpellingMap:
    """The spelling that belongs in the place of what is heard; ``longest`` in tokens."""

    spellings: Mapping[Tokens, str]
    longest: int

    @classmethod
    def of(cls, glossary: Glossary) -> SpellingMap:
        """Return the map of a glossary."""
        spellings = {
            tokens_of(heard): term.text for term in glossary.terms for heard in term.heard_as
        }
        return cls(spellings, max(map(len, spellings), default=0))

    def respelled(self, segment: Segment) -> Segment:
        """Return the segment with the team's spellings; itself where there is nothing to spell.

        Where a person wrote the text, or words have no times, it stands as it is.
        """
        if not self.spellings or " ".join(segment.text.split()) != text_of(segment.words):
            return segment
        words = self._spelled(segment.words)
        if words == segment.words:
            return segment
        return replace(segment, text=text_of(words), words=words)

    def _spelled(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        spelled: list[Word] = []
        at = 0
        while at < len(words):
            count, spelling = self._longest_at(words, at)
            run = words[at : at + count]
            spelled += _in_place_of(run, spelling) if spelling else run
            at += count
        return tuple(spelled)

    def _longest_at(self, words: Sequence[Word], at: int) -> tuple[int, str]:
        """Return how many words from ``at`` on are one spelling, and it; 1 and "" for none."""
        found = 1, ""
        tokens: Tokens = ()
        for count, word in enumerate(words[at:], start=1):
            head, core, tail = _parts(word.text)
            tokens += tokens_of(core)
            if word.heard or (head and count > 1) or len(tokens) > self.longest:
                break
            if tokens in self.spellings:
                found = count, self.spellings[tokens]
            if tail:
                break
        return found


def as_heard(segment: Segment, chosen: Collection[int] | None = None) -> Segment:
    """Return the segment with what was heard in place of ``chosen`` words, by default of all.

    Numbers of words that stand as they were heard change nothing.
    """
    if segment.edited or not segment.respelled:
        return segment
    words = tuple(
        each
        for number, word in enumerate(segment.words)
        for each in (_restored(word) if chosen is None or number in chosen else (word,))
    )
    return replace(segment, text=text_of(words), words=words)


def _restored(word: Word) -> tuple[Word, ...]:
    heard = (Word(one.text, one.start_ms, one.end_ms, one.probability) for one in word.heard)
    return tuple(heard) or (word,)


def _in_place_of(run: Sequence[Word], spelling: str) -> Sequence[Word]:
    """Return the word that stands for a run; the run where it is spelled so already."""
    head, tail = _parts(run[0].text)[0], _parts(run[-1].text)[2]
    text = f"{head}{spelling}{tail}"
    if text == text_of(run):
        return run
    least = least_probability(run)
    return [Word(text, run[0].start_ms, run[-1].end_ms, least, tuple(map(_heard, run)))]


def _heard(word: Word) -> HeardWord:
    return HeardWord(word.text, word.start_ms, word.end_ms, word.probability)


def _parts(text: str) -> tuple[str, str, str]:
    found = PARTS.fullmatch(text)
    return ("", text, "") if found is None else (found["head"], found["core"], found["tail"])
