"""Texts that are made from the record, and what they claim: numbers, times, dates, names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, time
from functools import lru_cache

from app.domain.learnings import Learnings
from app.domain.record import Record
from app.domain.rules.findings import Place
from app.domain.spoken_time import WRITTEN_CLOCK

ELSEWHERE = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b24/7\b")
DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
UNITS = r"(?:st|nd|rd|th|ms|s|sec|m|min|h|d|x|k|K|M|B|bn|%|kB|MB|GB|TB|KiB|MiB|GiB|rps|qps|am|pm)"
NUMBER = re.compile(rf"(?<![\w.,:/-])(\d+(?:[.,]\d+)*){UNITS}?(?![\w:])")
CODE = re.compile(r"(?<![\w-])(?=[\w.-]*\d)(?=[\w.-]*[A-Za-z])\w[\w-]*(?:\.\w+)*")
NAME = re.compile(r"(?<![\w-])[A-Z][\w&-]*(?:['\u2019][A-Z]\w+)?")
BEGINS_A_SENTENCE = re.compile(r"(?:^|[.!?:;]|\n|[-*\u2022\u2013])[\s\"'\u201c\u201d\u2018(]*$")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")

# Written with a capital by everybody, and nobody's name.
COMMON = frozenset(
    word
    for line in (
        "i we our you your january february march april may june july august september october",
        "november december monday tuesday wednesday thursday friday saturday sunday utc gmt cet",
        "cest est edt pst pdt api apis http https url urls dns cpu ram tcp tls ssl ip id ids ui",
        "sla slo sli ok eta faq pdf csv json sql ic english internet web",
        # what sentences begin with, even before a name
        "the a an this that these those then there it its they he she as at by for from in of on",
        "to with without after before since until while when once during because although if but",
        "and or so no not some many most all both each every other however also only later",
        "now today yesterday please dear thanks thank customers users engineers responders",
    )
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a text says that can be looked up; each with the words it stands in."""

    numbers: dict[str, float] = field(default_factory=dict)
    clocks: dict[str, time] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def drafts_of(record: Record) -> Iterator[tuple[Place, str]]:
    """Return the texts that may only say what the record says."""
    for text in record.communications:
        yield Place("communication", text.id, "text"), text.text
    learnings = record.learnings
    if learnings is not None:
        for name in (one.name for one in fields(Learnings) if one.name != "id"):
            lines: tuple[str, ...] = getattr(learnings, name)
            for index, line in enumerate(lines):
                yield Place("learnings", learnings.id, f"{name}[{index}]"), line


@lru_cache(maxsize=512)
def claims_of(text: str) -> Claims:
    """Read what a text claims; links and addresses claim nothing."""
    rest = ELSEWHERE.sub(_blank, text)
    dates: dict[str, date] = {}
    for match in DATE.finditer(rest):
        try:
            dates[match[0]] = date(*(int(part) for part in match.groups()))
        except ValueError:
            continue  # 2026-13-40 is some other number
    rest = DATE.sub(_blank, rest)
    clocks = {
        m[0]: time(int(m[1]), int(m[2]), int(m[3] or 0)) for m in WRITTEN_CLOCK.finditer(rest)
    }
    rest = WRITTEN_CLOCK.sub(_blank, rest)
    numbers = {match[0]: number_of(match[1]) for match in NUMBER.finditer(rest)}
    rest = NUMBER.sub(_blank, rest)
    codes = tuple(dict.fromkeys(match[0] for match in CODE.finditer(rest)))
    return Claims(numbers, clocks, dates, codes, _names(CODE.sub(_blank, rest)))


def number_of(written: str) -> float:
    """Return what ``1,200``, ``12.5`` and ``12,5`` mean; of ``2.4.1`` the beginning."""
    if THOUSANDS.fullmatch(written):
        return float(written.replace(",", ""))
    whole, _, rest = written.replace(",", ".").partition(".")
    return float(f"{whole}.{rest.partition('.')[0] or 0}")


def _names(text: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    matches = list(NAME.finditer(text))
    followed = {m.start(): n.start() == m.end() + 1 for m, n in itertools.pairwise(matches)}
    for match in matches:
        word = match[0]
        inner_capital = not word.isupper() and any(letter.isupper() for letter in word[1:])
        begins = BEGINS_A_SENTENCE.search(text[: match.start()]) is not None
        # The first word of a sentence has its capital from there, unless more shows a name.
        if word.casefold() in COMMON or len(word) == 1:
            continue
        if not begins or inner_capital or followed.get(match.start(), False):
            found[word] = None
    return tuple(found)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
