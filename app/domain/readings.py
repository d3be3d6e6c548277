r"""How a text also reads: links and markup spell words in ways of their own.

``?q=root%20password``, ``<b>root</b>&nbsp;password`` and ``pass\u0077ord`` say what they say to
whoever follows them. Each reading knows where in the text its pieces lie.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PERCENT = r"%(?:25)*"  # also encoded once more, as a link inside of a link is
ASCII = rf"{PERCENT}[0-7][0-9A-Fa-f]"
UTF_8 = rf"{PERCENT}[C-Fc-f][0-9A-Fa-f](?:{PERCENT}[89ABab][0-9A-Fa-f]){{1,3}}"
HEX = re.compile(rf"{PERCENT}([0-9A-Fa-f]{{2}})")
ENCODED = re.compile(
    rf"(?P<escape>\\(?:u(?P<code>[0-9A-Fa-f]{{4}})|[nrtbf\"\\/]))|(?P<percent>{UTF_8}|{ASCII})"
    r"|&(?:amp;)*(?P<entity>\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
)
# Within a word, these are not seen; every other tag parts what it stands between.
INLINE = r"a|abbr|b|big|code|em|font|i|ins|mark|s|small|span|strong|sub|sup|tt|u|wbr"
UNSEEN = re.compile(
    rf"(?P<unseen></?(?:{INLINE})(?:\s[^<>]{{0,500}})?>|[\u00ad\u200b-\u200d\u2060\ufeff])"
    r"|<[!/]?[A-Za-z-][^<>]{0,500}>",
    re.IGNORECASE,
)

# What spells a letter, or stands within a word unseen. Logs are full of what only parts words.
HIDING = re.compile(
    r"\\u|%(?:25)*(?:3[0-9Cc]|[4-7C-Fc-f])|[\u00ad\u200b-\u200d\u2060\ufeff]"
    rf"|</?(?:{INLINE})[\s>]|&(?:amp;)*+(?!(?:amp|gt|quot|apos|nbsp)\b)\#?\w{{1,31}};",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it reads, and where its pieces lie in what it was read from.

    ``outer`` is the reading that it was read from in turn, None where that is the text itself.
    """

    text: str
    starts: tuple[int, ...]  # of each piece, in the text
    places: tuple[tuple[int, int], ...]  # of each piece, where it came from
    outer: Reading | None = None

    def origin(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where a stretch of the text came from."""
        for place in self._origin(start, end):
            if self.outer is None:
                yield place
            else:
                yield from self.outer.origin(*place)

    def _origin(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        for i in range(max(0, bisect_right(self.starts, start) - 1), len(self.starts)):
            begins, (a, b) = self.starts[i], self.places[i]
            if begins >= end:
                return
            ends = self.starts[i + 1] if i + 1 < len(self.starts) else len(self.text)
            if start >= ends:
                continue
            if b - a <= ends - begins:  # letter for letter, maybe with a space behind
                yield a + max(0, start - begins), a + min(b - a, end - begins)
            else:
                yield a, b


def reading_of(
    parts: Iterable[tuple[str, tuple[int, int]]], between: str = "", outer: Reading | None = None
) -> Reading:
    """Join pieces, each with its place, to a reading, with ``between`` between them."""
    texts: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    position = 0
    for text, place in parts:
        texts.append(text)
        starts.append(position)
        places.append(place)
        position += len(text) + len(between)
    return Reading(between.join(texts), tuple(starts), tuple(places), outer)


def hides_letters(text: str) -> bool:
    """Whether another reading may have a word that the text as it is has not."""
    return HIDING.search(text) is not None


def other_readings(text: str) -> list[Reading]:
    """Return the text decoded, and that without markup; what does not differ is left out."""
    readings: list[Reading] = []
    last = None
    for pattern, meaning in ((ENCODED, _decoded), (UNSEEN, _seen)):
        shown = last.text if last else text
        if pattern.search(shown):
            last = reading_of(_pieces(pattern, meaning, shown), outer=last)
            readings.append(last)
    return readings


def _pieces(
    pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], str], text: str
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield what is found as what it means, and what stands between as it is."""
    end = 0
    for found in pattern.finditer(text):
        for part, place in (
            (text[end : found.start()], (end, found.start())),
            (meaning(found), found.span()),
        ):
            if part:
                yield part, place
        end = found.end()
    yield text[end:], (end, len(text))


def _decoded(found: re.Match[str]) -> str:
    if found["escape"]:
        return chr(int(found["code"], 16)) if found["code"] else " "
    if found["percent"]:
        letters = bytes.fromhex("".join(HEX.findall(found["percent"])))
        return letters.decode("utf-8", "replace")
    return unescape(f"&{found['entity']};")


def _seen(found: re.Match[str]) -> str:
    return "" if found["unseen"] else " "
