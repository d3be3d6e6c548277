"""Taking words out of texts: what is sought, where it stands, and the mark that takes its place.

What was said is sought as whole runs, as any four words of them in a row and as any three that
carry meaning, whatever stands between the words; a word with a digit or an ``@`` also alone. Case
and accents' spelling do not count, nor does how links and markup spell words. Grammar ("that we
have", "the pool is") is no secret: taking it out would spoil statements that nobody chose.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.language.function_words import FUNCTION_WORDS
from app.domain.readings import hides_letters, other_readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MARK = "[redacted]"
RUN = 4  # so many words of what was said, in a row, are sought wherever they stand
TELLING_RUN = 3  # so many in a row are not said again by chance
LONG = 8  # letters; what is so long is found inside other words, too
LONG_MIXED = 4  # the same, of letters and digits: no common word holds them
LEAST_DIGITS = 2  # "4" alone stands in every text
BETWEEN = r"[\W_]{0,12}"
IN_NUMBER = r"[\W_]?"

TOKEN = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
ENDS = re.compile(rf"{re.escape(MARK)}|\n")
MARKS = re.compile(rf"({re.escape(MARK)})(?:[\s.,;:!?\"'\-]*{re.escape(MARK)})+")
NUMBER_BEFORE, NUMBER_AFTER = r"(?<!\w)(?<!\w[-.:,/])", r"(?!\w)(?![-.:,/]\w)"

Spans = list[tuple[int, int]]


def tokens_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: no punctuation, one case, one spelling."""
    return tuple(_plain(found.group()) for found in TOKEN.finditer(text))


def hit_words(words: Sequence[str], hits: Sequence[bool], text: str) -> list[bool]:
    """Carry what is to go from recognised words over to the words of ``text.split()``.

    A person may have corrected the text since: what stands in the place of a hit is one.
    """
    theirs = text.split()
    heard = [tokens_of(word) for word in words]
    matcher = SequenceMatcher(None, heard, [tokens_of(word) for word in theirs], autojunk=False)
    found = [False] * len(theirs)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        for j in range(j1, j2):
            beside = slice(max(0, i1 - 1), i2 + 1) if kind == "insert" else slice(i1, i2)
            found[j] = hits[i1 + j - j1] if kind == "equal" else any(hits[beside])
    return found


def runs_of(words: Sequence[str], hits: Sequence[bool]) -> list[str]:
    """Return the runs of words that are hit, each as one text; former marks part them."""
    runs: list[list[str]] = [[]]
    for word, is_hit in zip(words, hits, strict=True):
        if is_hit and word != MARK:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [" ".join(run) for run in runs if run]


def marked(words: Sequence[str], hits: Sequence[bool]) -> str:
    """Return the words as a text in which each run that is hit is one mark."""
    shown = [MARK if hit else word for word, hit in zip(words, hits, strict=True)]
    return MARKS.sub(r"\1", " ".join(shown))


@dataclass(frozen=True, slots=True, eq=False)  # searches are remembered by it
class SoughtWords:
    """Words that are to be found and taken out.

    ``short`` matches what is sought as it is, ``triples`` are words in a row by the middle one,
    ``content`` single words that are sought only where a text is known to cite what was said.
    ``pairs`` are neighbours of what carries meaning, grammar apart: two of them prove nothing and
    stay, but a person should look where they stand. Where none of the ``needles`` stands, no
    text needs a closer look. ``told`` is what is sought, as people write it. ``certain`` are the
    phrases that nobody says again by chance, word by word.
    """

    short: re.Pattern[str] | None
    triples: dict[str, frozenset[tuple[str, str]]]
    content: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    needles: frozenset[str]
    told: tuple[str, ...]
    certain: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def of(cls, spoken: Iterable[str], also: Iterable[str] = ()) -> SoughtWords:
        """Seek what was ``spoken``, a run each, and ``also`` other words, as they are."""
        given_words = [words for words in also if tokens_of(words)]
        named = {tokens_of(words) for words in given_words}
        phrases = set(named)
        told = {tokens_of(words): " ".join(words.split()) for words in given_words}
        triples: dict[str, set[tuple[str, str]]] = {}
        content: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        for run in sorted(spoken):
            tokens = tokens_of(run)
            if shown := _told(run, tokens):
                told[tokens_of(shown)] = shown
            carrying = [token for token in tokens if _carries(token)]
            content |= set(carrying)
            pairs |= set(pairwise(carrying))
            phrases |= {tokens_of(word) for word in run.split() if _is_telling(word)}
            phrases |= set(_phrases_of(tokens))
            for first, middle, last in zip(tokens, tokens[1:], tokens[2:], strict=False):
                if all(map(_carries, (first, middle, last))):
                    triples.setdefault(middle, set()).add((first, last))
        patterns = {_pattern(phrase) for phrase in phrases}
        longest_first = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
        # Looked for at every place, so that what overlaps is found as well.
        short = re.compile(f"(?=({'|'.join(longest_first)}))", re.IGNORECASE)
        frozen = {middle: frozenset(pairs) for middle, pairs in triples.items()}
        # Three that carry meaning are two pairs of neighbours.
        needles = frozenset(max(words, key=len) for words in (*phrases, *pairs))
        given = frozenset(content), frozenset(pairs), needles
        certain = named | {phrase for phrase in phrases if _is_no_chance(phrase)}
        by_words = tuple(told.values()), frozenset(certain)
        return cls(short if patterns else None, frozen, *given, *by_words)

    @property
    def seeks(self) -> bool:
        """Whether there is anything to find."""
        return self.short is not None or bool(self.triples)

    def spans(self, text: str, *, citing: bool = False) -> Spans:
        """Return where sought words stand, in order, apart from each other; never in a mark."""
        found: Spans = []
        start = 0
        for piece in text.split(MARK):
            found += [(start + a, start + b) for a, b in self._in_piece(piece, citing=citing)]
            start += len(piece) + len(MARK)
        return _united(found, text)

    def blank(self, text: str, *, citing: bool = False) -> str:
        """Return the text with a mark for each run of sought words; itself if there is none."""
        spans = self.spans(text, citing=citing)
        if not spans:
            return text
        parts, end = [], 0
        for a, b in spans:
            parts += [text[end:a], MARK]
            end = b
        return MARKS.sub(r"\1", "".join([*parts, text[end:]]))

    def holds(self, text: str) -> bool:
        """Whether any sought words stand in the text."""
        return bool(self.spans(text))

    def may_hold(self, text: str) -> bool:
        """Whether the text is worth a search, in full or in part; much quicker than that."""
        shown = _as_read(text) if hides_letters(text) else (text,)
        return any(self._has_needle(_plain(each)) for each in shown)

    def holds_some(self, text: str) -> bool:
        """Whether two neighbours of what was said stand in the text, beside each other.

        Only grammar may stand between them, no mark and no end of a line.
        """
        return bool(self.pairs) and any(map(self._has_pair, _as_read(text)))

    def _has_needle(self, text: str) -> bool:
        return any(needle in text for needle in self.needles)

    def _has_pair(self, text: str) -> bool:
        for piece in ENDS.split(text):
            before = ""
            for found in TOKEN.finditer(piece):
                token = _plain(found.group())
                if _carries(token):
                    if (before, token) in self.pairs:
                        return True
                    before = token
        return False

    def _in_piece(self, piece: str, *, citing: bool) -> Iterator[tuple[int, int]]:
        yield from self._as_written(piece, citing=citing)
        for reading in other_readings(piece):
            for start, end in self._as_written(reading.text, citing=citing):
                places = reading.origin(start, end)
                yield from (place for place in places if TOKEN.search(piece, *place))

    def _as_written(self, piece: str, *, citing: bool) -> Iterator[tuple[int, int]]:
        if self.short is not None:
            yield from (found.span(1) for found in self.short.finditer(piece))
        if not self.triples and not citing:
            return
        places = [(found.start(), found.end()) for found in TOKEN.finditer(piece)]
        tokens = [_plain(piece[a:b]) for a, b in places]
        for i, token in enumerate(tokens):
            if citing and token in self.content:
                yield places[i]
            pairs = self.triples.get(token)
            if pairs and 0 < i < len(tokens) - 1:
                before, behind = tokens[i - 1], tokens[i + 1]
                if any(before.endswith(x) and behind.startswith(y) for x, y in pairs):
                    yield places[i - 1][0], places[i + 1][1]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _as_read(text: str) -> Iterator[str]:
    """Yield the text, and how else it reads."""
    yield text
    yield from (reading.text for reading in other_readings(text))


def _phrases_of(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield what is sought of a run as it is."""
    yield from ((t,) for t in tokens if _is_mixed(t) and len(t) >= LONG_MIXED)
    told = _trimmed(tokens)
    if told != tokens and "".join(told).isdigit():
        yield tokens  # a bare number is not sought inside of others
    for start in range(max(1, len(told) - RUN + 1)):
        some = told[start : start + RUN]
        if not FUNCTION_WORDS.issuperset(some) and not _is_small_number(some):
            yield some


def _trimmed(tokens: Sequence[str]) -> tuple[str, ...]:
    """Leave out the grammar at both ends: nobody repeats it."""
    telling = [i for i, token in enumerate(tokens) if token not in FUNCTION_WORDS]
    return tuple(tokens[telling[0] : telling[-1] + 1]) if telling else ()


def _told(run: str, tokens: tuple[str, ...]) -> str:
    """Return what of a run is sought, from its first telling word to the last; "" if none."""
    telling = [i for i, token in enumerate(tokens) if token not in FUNCTION_WORDS]
    if not telling or not next(_phrases_of(tokens), None):
        return ""
    places = [found.span() for found in TOKEN.finditer(run)]
    return run[places[telling[0]][0] : places[telling[-1]][1]]


def _carries(token: str) -> bool:
    return token not in FUNCTION_WORDS and len(token) > 1 and not token.isdigit()


def _is_telling(word: str) -> bool:
    """Whether one word is worth seeking alone: it holds a digit or an ``@``."""
    tokens = tokens_of(word)
    telling = "@" in word or any(char.isdigit() for char in word)
    return telling and bool(tokens) and not _is_small_number(tokens)


def _is_mixed(letters: str) -> bool:
    return any(char.isdigit() for char in letters) and not letters.isdigit()


def _is_no_chance(phrase: tuple[str, ...]) -> bool:
    return len(phrase) >= TELLING_RUN or (len(phrase) == 1 and _is_mixed(phrase[0]))


def _is_small_number(tokens: Sequence[str]) -> bool:
    return len("".join(tokens)) < LEAST_DIGITS


def _pattern(tokens: Sequence[str]) -> str:
    letters = "".join(tokens)
    if letters.isdigit() and len(letters) < LONG:  # no part of a date, a version, an address
        return NUMBER_BEFORE + IN_NUMBER.join(tokens) + NUMBER_AFTER
    body = BETWEEN.join(_spellings(token) for token in tokens)
    if len(letters) >= (LONG_MIXED if _is_mixed(letters) else LONG):
        return body
    return rf"(?<!\w){body}(?!\w)"


def _spellings(token: str) -> str:
    forms = {token, token.upper(), unicodedata.normalize("NFD", token)}
    forms |= {form.replace("ss", "ß") for form in forms}
    return f"(?:{'|'.join(sorted(map(re.escape, forms), key=lambda f: (-len(f), f)))})"


def _united(spans: Spans, text: str) -> Spans:
    """Join spans that meet, or that only space and punctuation part."""
    united: Spans = []
    for a, b in sorted(spans):
        if united and (a <= united[-1][1] or not TOKEN.search(text, united[-1][1], a)):
            united[-1] = (united[-1][0], max(b, united[-1][1]))
        else:
            united.append((a, b))
    return united
