"""Sentences of incident bridges, as they are written and as a voice says them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

TALK = Path(__file__).parents[2] / "data" / "incident_talk.toml"
ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ROUND = (100, 200, 250, 300, 400, 500, 600, 800, 1_000, 1_500, 2_000, 3_000, 5_000)
LASTING = (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 20, 25, 30, 40, 45, 60, 90)
GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is to be recognised, and what the voice is given to read."""

    written: str
    spoken: str


@dataclass(frozen=True, slots=True)
class IncidentTalk:
    """Makes sentences up; the same ``chance`` says the same ones in the same order."""

    sentences: tuple[str, ...]
    gaps: dict[str, list[str]] = field(repr=False)

    @classmethod
    def read(cls, path: Path = TALK) -> IncidentTalk:
        """Read the sentences and what may stand in their gaps."""
        known = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(tuple(known["sentences"]), known["gaps"])

    def sentence(self, chance: random.Random) -> Sentence:
        """Return the next sentence."""
        frame = chance.choice(self.sentences)
        fillings = [self._filling(name, chance) for name in GAP.findall(frame)]
        written, spoken = (
            _filled(frame, [getattr(filling, form) for filling in fillings])
            for form in ("written", "spoken")
        )
        return Sentence(written[0].upper() + written[1:], spoken)

    def _filling(self, name: str, chance: random.Random) -> Sentence:
        if name in MADE_UP:
            return MADE_UP[name](chance)
        written, _, spoken = chance.choice(self.gaps[name]).partition("|")
        return Sentence(written, spoken or written)


def _filled(frame: str, fillings: list[str]) -> str:
    remaining = iter(fillings)
    return GAP.sub(lambda _: next(remaining), frame)


def number_in_words(number: int) -> str:
    """Spell a number from 0 to 999,999."""
    if number < len(ONES):
        return ONES[number]
    if number < 100:
        return _compound(TENS[number // 10 - 2], number % 10)
    if number < 1_000:
        return _compound(f"{ONES[number // 100]} hundred", number % 100)
    return _compound(f"{number_in_words(number // 1_000)} thousand", number % 1_000)


def _compound(head: str, rest: int) -> str:
    return f"{head} {number_in_words(rest)}" if rest else head


def _clock(chance: random.Random) -> Sentence:
    hour, minute = chance.randint(0, 23), chance.randint(0, 59)
    hours = number_in_words(hour) if hour else "zero zero"
    if minute == 0:
        minutes = "hundred"
    else:
        minutes = f"oh {ONES[minute]}" if minute < 10 else number_in_words(minute)
    return Sentence(f"{hour:02}:{minute:02}", f"{hours} {minutes}")


def _percent(chance: random.Random) -> Sentence:
    share = chance.randint(1, 100)
    return Sentence(f"{share}%", f"{number_in_words(share)} percent")


def _number(chance: random.Random) -> Sentence:
    number = chance.choice([chance.randint(2, 99), chance.choice(ROUND)])
    return Sentence(str(number), number_in_words(number))


def _minutes(chance: random.Random) -> Sentence:
    lasting = chance.choice(LASTING)
    return Sentence(f"{lasting} minutes", f"{number_in_words(lasting)} minutes")


def _version(chance: random.Random) -> Sentence:
    parts = (chance.randint(1, 9), chance.randint(0, 30), chance.randint(0, 9))
    spoken = " point ".join(number_in_words(part) for part in parts)
    return Sentence(f"v{'.'.join(map(str, parts))}", f"version {spoken}")


MADE_UP = {
    "clock": _clock,
    "percent": _percent,
    "number": _number,
    "minutes": _minutes,
    "version": _version,
}
