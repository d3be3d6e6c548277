"""Tells words that a model seems to have made up. They are marked, never deleted."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.transcript import SegmentFlag

SILENCE_PROBABILITY = 0.6
GUESS_LOG_PROBABILITY = -0.7  # every second word a guess: too little where silence is likely
LOW_LOG_PROBABILITY = -1.0
HIGH_COMPRESSION = 2.4
REPEATS = 4  # of one word or phrase, one after the other: nobody says that
LONGEST_PHRASE = 6


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


def doubt(text: str, confidence: Confidence) -> SegmentFlag | None:
    """Return why the words are not to be trusted, None if they are."""
    is_guess = confidence.log_probability < GUESS_LOG_PROBABILITY
    if is_guess and confidence.no_speech > SILENCE_PROBABILITY:
        return SegmentFlag.SILENCE_SUSPECT
    if confidence.compression > HIGH_COMPRESSION or repeats_itself(text):
        return SegmentFlag.REPEATED
    if confidence.log_probability < LOW_LOG_PROBABILITY:
        return SegmentFlag.LOW_CONFIDENCE
    return None


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
