"""Tells words that a model seems to have made up. They are marked, never deleted.

The model's word alone is not enough: given music or keypad tones, one that was taught with speech
only tells sentences it is sure of, and finds no silence in them. So the speech detector is asked
too: how likely there was a voice at all, and whether there was time to say so much.

The limits were chosen on generated bridges and sounds with other seeds, voices and sentences than
those that `tests/bench` measures on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.domain.transcript import SegmentFlag

SILENCE_PROBABILITY = 0.6
GUESS_LOG_PROBABILITY = -0.7  # every second word a guess: too little where silence is likely
LOW_LOG_PROBABILITY = -1.0
HIGH_COMPRESSION = 2.4
REPEATS = 4  # of one word or phrase, one after the other: nobody says that
LONGEST_PHRASE = 6
HARDLY_A_VOICE = (
    0.62  # no utterance of a telephone bridge was below 0.67, no instrument above 0.57
)
EVEN_ODDS = 0.5
FASTEST_WORDS_PER_S = 8  # auctioneers; speech on a call has 2 to 4, a short "yes it is" up to 6


@dataclass(frozen=True, slots=True)
class Confidence:
    """What the model says of its own words.

    Attributes:
        no_speech: Probability that there was no speech.
        log_probability: Mean log probability of the tokens.
        compression: How much smaller the text gets when compressed.
    """

    no_speech: float
    log_probability: float
    compression: float


@dataclass(frozen=True, slots=True)
class Sound:
    """What is known of the sound that the words were found in, whoever recognised them.

    Attributes:
        heard: Probability that it is a voice: the speech detector's, on average.
        duration_ms: How long that voice speaks.
    """

    heard: float
    duration_ms: int


def doubt(text: str, confidence: Confidence, sound: Sound) -> SegmentFlag | None:
    """Return why the words are not to be trusted, None if they are."""
    is_guess = confidence.log_probability < GUESS_LOG_PROBABILITY
    if is_guess and confidence.no_speech > SILENCE_PROBABILITY:
        return SegmentFlag.SILENCE_SUSPECT
    if _is_no_voice(confidence, sound) or _leaves_no_time(text, sound):
        return SegmentFlag.SILENCE_SUSPECT
    if confidence.compression > HIGH_COMPRESSION or repeats_itself(text):
        return SegmentFlag.REPEATED
    if confidence.log_probability < LOW_LOG_PROBABILITY:
        return SegmentFlag.LOW_CONFIDENCE
    return None


def _is_no_voice(confidence: Confidence, sound: Sound) -> bool:
    """Whether it is less likely than not that there was a voice and that it said this."""
    if sound.heard >= HARDLY_A_VOICE:
        return False
    return sound.heard * math.exp(confidence.log_probability) < EVEN_ODDS


def _leaves_no_time(text: str, sound: Sound) -> bool:
    return len(text.split()) * 1_000 > FASTEST_WORDS_PER_S * sound.duration_ms


def repeats_itself(text: str) -> bool:
    """Whether a phrase of a few words comes four times in a row."""
    words = [word.strip(".,!?;:").casefold() for word in text.split()]
    return any(_repeats(words, length) for length in range(1, LONGEST_PHRASE + 1))


def _repeats(words: list[str], length: int) -> bool:
    run = 0
    for at in range(length, len(words)):
        run = run + 1 if words[at] == words[at - length] else 0
        if run >= length * (REPEATS - 1):
            return True
    return False
