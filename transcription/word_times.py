"""Makes a model's word times fit to be clicked on.

Alignment by attention is coarse: it leaves words without length, breaks ``14:02`` in two and may
reach beyond the speech.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.transcript import least_probability

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.times import Span
    from app.domain.transcript import Word

WRITTEN_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
SHORTEST_MS = 60  # what is shorter is not a spoken word but an alignment that gave up


def joined_words(words: Iterable[Word], *, language: str) -> list[Word]:
    """Join pieces of one word, those that no space sets off; drop what is empty."""
    joined: list[Word] = []
    for word in words:
        text = word.text.strip()
        if not text:
            continue
        apart = word.text[0].isspace() or language in WRITTEN_WITHOUT_SPACES
        if joined and not apart:
            whole = joined[-1]
            joined[-1] = replace(
                whole,
                text=whole.text + text,
                end_ms=max(whole.end_ms, word.end_ms),
                probability=least_probability([whole, word]),
            )
        else:
            joined.append(replace(word, text=text))
    return joined


def spread_words(words: Sequence[Word], speech: Span) -> list[Word]:
    """Return the words in order inside ``speech``, none without length, none overlapping.

    Words that the alignment left no room share the stretch of their neighbour by their letters.
    """
    placed: list[Word] = []
    at_ms = speech.start_ms
    for group in _crowds(_within(words, speech)):
        end_ms = max(at_ms, group[-1].end_ms)
        start_ms = max(at_ms, group[0].start_ms)
        placed.extend(_shared(group, start_ms, end_ms))
        at_ms = end_ms
    return _with_length(placed, speech)


def _within(words: Sequence[Word], speech: Span) -> list[Word]:
    def clamped(position_ms: int) -> int:
        return min(max(position_ms, speech.start_ms), speech.end_ms)

    return [
        replace(word, start_ms=clamped(word.start_ms), end_ms=clamped(word.end_ms))
        for word in words
    ]


def _crowds(words: Sequence[Word]) -> list[list[Word]]:
    """Group each word that has no room with those after it up to one that has some."""
    groups: list[list[Word]] = []
    is_open = False
    for word in words:
        if is_open:
            groups[-1].append(word)
        else:
            groups.append([word])
        is_open = groups[-1][-1].end_ms - groups[-1][0].start_ms < SHORTEST_MS * len(groups[-1])
    if is_open and len(groups) > 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _shared(group: Sequence[Word], start_ms: int, end_ms: int) -> list[Word]:
    letters = [len(word.text) for word in group]
    total = sum(letters)
    edges = [start_ms + (end_ms - start_ms) * sum(letters[:n]) // total for n in range(len(group))]
    edges.append(end_ms)
    if len(group) == 1:
        return [replace(group[0], start_ms=start_ms, end_ms=end_ms)]
    return [replace(word, start_ms=edges[n], end_ms=edges[n + 1]) for n, word in enumerate(group)]


def _with_length(words: Sequence[Word], speech: Span) -> list[Word]:
    """Give each word at least 1 ms, where there is that much; drop what cannot have any."""
    kept = list(words[: speech.duration_ms])
    for n, word in enumerate(kept):
        earliest = kept[n - 1].end_ms if n else speech.start_ms
        start_ms = max(word.start_ms, earliest)
        kept[n] = replace(word, start_ms=start_ms, end_ms=max(word.end_ms, start_ms + 1))
    latest = speech.end_ms
    for n in reversed(range(len(kept))):
        end_ms = min(kept[n].end_ms, latest)
        latest = min(kept[n].start_ms, end_ms - 1)
        kept[n] = replace(kept[n], start_ms=latest, end_ms=end_ms)
    return kept
