"""Half hours in which nobody speaks, though something sounds.

They are made up by chance, and the same each time. Each minute has a loudness of its own, from
hardly audible to a shout's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.bench.material.shaping import (
    PHONE_BAND_HZ,
    at_level,
    banded,
    coloured_noise,
    decibels,
)
from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from transcription.vad import Samples

    Minute = Callable[[np.random.Generator], Samples]

MINUTE = 60 * SAMPLE_RATE
LEVELS_DB = (-60.0, -12.0)
DITHER_DB = -80.0
DECEPTION = "talking synthesiser"
HUM_HZ = 50.0
MAJOR, MINOR = (0, 4, 7), (0, 3, 7)
CHORDS = ((0, MAJOR), (9, MINOR), (5, MAJOR), (7, MAJOR), (2, MINOR), (4, MINOR))
SCALE = (0, 2, 4, 5, 7, 9, 11, 12)
MIDDLE_C_HZ = 261.63
FORMANTS_HZ = ((700, 90), (1_200, 110), (2_600, 160))  # with their widths
OVERTONES, HIGHEST_HZ = 25, 7_500
SLIDE_S = 0.05  # from one note to the next
# What a line says of itself: the frequencies, and for how long on and off (s).
LINE_TONES = (
    ((350.0, 440.0), 10.0, 0.0),  # dial tone
    ((440.0, 480.0), 2.0, 4.0),  # ringing
    ((425.0,), 1.0, 4.0),  # ringing, Europe
    ((480.0, 620.0), 0.5, 0.5),  # busy
    ((425.0,), 0.25, 0.25),  # congestion
    ((1_400.0,), 0.4, 14.6),  # the beep of a recorded line
    ((950.0,), 0.33, 0.0),  # the three of “number not in service”
    ((1_400.0,), 0.33, 0.0),
    ((1_800.0,), 0.33, 1.0),
)
DTMF_LOW_HZ = (697.0, 770.0, 852.0, 941.0)
DTMF_HIGH_HZ = (1_209.0, 1_336.0, 1_477.0, 1_633.0)


def sounds() -> dict[str, Minute]:
    """Return what can sound, by name: each makes the next minute."""
    return {
        "silence": _silence,
        "white noise": lambda dice: coloured_noise(MINUTE, 0.0, dice),
        "pink noise": lambda dice: coloured_noise(MINUTE, 1.0, dice),
        "office hum": _office,
        "music": _music,
        "hold tones": _hold_tones,
        "keypad tones": _keypad_tones,
        DECEPTION: _talking_synthesiser,
    }


def sound(name: str, *, minutes: int, seed: int) -> Samples:
    """Return so much of a sound, 16 kHz, full scale 1.0; shape (n,)."""
    make, dice = sounds()[name], np.random.default_rng(seed)
    parts = []
    for _ in range(minutes):
        minute = make(dice)
        if name != "silence":
            minute = at_level(minute, dice.uniform(*LEVELS_DB))
        parts.append(minute)
    return np.concatenate(parts)


def _silence(dice: np.random.Generator) -> Samples:
    """Return nothing at all, or the faint noise of a sound card."""
    if dice.random() < 0.5:
        return np.zeros(MINUTE, dtype=np.float32)
    return at_level(dice.standard_normal(MINUTE).astype(np.float32), DITHER_DB)


def _office(dice: np.random.Generator) -> Samples:
    """Return a fan, the mains and their overtones, and things put down."""
    fan = coloured_noise(MINUTE, dice.uniform(1.0, 2.0), dice)
    mains = sum(_tone([HUM_HZ * n], MINUTE) * dice.uniform(0.1, 1) / n for n in range(1, 8))
    samples = fan + mains * dice.uniform(0.1, 1.0)
    for at in dice.integers(0, MINUTE - SAMPLE_RATE, 20):
        length = int(dice.integers(200, 4_000))
        knock = dice.standard_normal(length) * np.exp(-np.linspace(0, 8, length))
        samples[at : at + length] += knock * dice.uniform(0.5, 5)
    return np.asarray(samples, dtype=np.float32)


def _music(dice: np.random.Generator) -> Samples:
    """Return chords, a melody with vibrato, and a drum; half of the time as a telephone has it."""
    samples = np.zeros(MINUTE, dtype=np.float32)
    beat = int(SAMPLE_RATE * dice.uniform(0.3, 0.7))
    key = int(dice.integers(-5, 6))
    overtones = dice.uniform(0.2, 1.0, 6) / np.arange(1, 7)
    drums = dice.random() < 0.5
    for number, at in enumerate(range(0, MINUTE - 8 * beat, beat)):
        if number % 4 == 0:
            root, chord = CHORDS[int(dice.integers(len(CHORDS)))]
            for step in chord:
                _add(samples, at, _note(key + root + step - 12, 4 * beat, overtones) * 0.4)
        if dice.random() < 0.8:
            length = beat * int(dice.choice([1, 1, 2]))
            step = key + SCALE[int(dice.integers(len(SCALE)))]
            _add(samples, at, _note(step, length, overtones, vibrato=dice.uniform(0, 0.3)))
        if drums:
            stroke = dice.standard_normal(1_600) * np.exp(-np.linspace(0, 8, 1_600))
            _add(samples, at, stroke.astype(np.float32) * 0.5)
    return banded(samples, *PHONE_BAND_HZ) if dice.random() < 0.5 else samples


def _talking_synthesiser(dice: np.random.Generator) -> Samples:
    """Return a gliding melody through formants that move as fast as syllables do.

    That is how a voice works, and what speech detectors take it for.
    """
    seconds = np.arange(MINUTE) / SAMPLE_RATE
    ends = np.cumsum(dice.uniform(0.2, 0.8, MINUTE // SAMPLE_RATE * 5))
    steps = np.repeat(dice.integers(-8, 5, len(ends)), 2)
    moments = np.column_stack([ends, ends + SLIDE_S]).ravel()
    hz = MIDDLE_C_HZ * 2 ** (np.interp(seconds, moments[:-1], steps[1:]) / 12)
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE
    rate = dice.uniform(3, 6)
    vowel = 1 + 0.35 * np.sin(2 * np.pi * rate * seconds)
    samples = np.zeros(MINUTE)
    for n in range(1, OVERTONES):
        weight = sum(
            1 / (1 + ((n * hz - formant * vowel) / width) ** 2) for formant, width in FORMANTS_HZ
        )
        samples += np.where(n * hz < HIGHEST_HZ, weight / n**0.3 * np.sin(n * phase), 0)
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * rate * 1.3 * seconds)
    return (samples * syllables).astype(np.float32)


def _note(step: int, count: int, overtones: Sequence[float], *, vibrato: float = 0.0) -> Samples:
    """Return a note ``step`` half tones above the middle C; ``vibrato`` in half tones."""
    seconds = np.arange(count) / SAMPLE_RATE
    wobble = vibrato * np.sin(2 * np.pi * 5.5 * seconds)
    hz = MIDDLE_C_HZ * 2 ** ((step + wobble) / 12)
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE
    swelling = np.minimum(1, seconds / 0.02) * np.exp(-2 * seconds * SAMPLE_RATE / count)
    tones = sum(weight * np.sin(n * phase) for n, weight in enumerate(overtones, 1))
    return np.asarray(tones * swelling, dtype=np.float32)


def _hold_tones(dice: np.random.Generator) -> Samples:
    parts: list[Samples] = []
    while sum(map(len, parts)) < MINUTE:
        tones, on_s, off_s = LINE_TONES[int(dice.integers(len(LINE_TONES)))]
        for _ in range(int(dice.integers(1, 6))):
            parts += [_tone(tones, _samples(on_s)), np.zeros(_samples(off_s), dtype=np.float32)]
    return _with_line_noise(np.concatenate(parts)[:MINUTE], dice)


def _keypad_tones(dice: np.random.Generator) -> Samples:
    parts: list[Samples] = []
    while sum(map(len, parts)) < MINUTE:
        for _ in range(int(dice.integers(1, 13))):
            pair = [float(dice.choice(DTMF_LOW_HZ)), float(dice.choice(DTMF_HIGH_HZ))]
            parts.append(_tone(pair, _samples(dice.uniform(0.05, 0.4))))
            parts.append(np.zeros(_samples(dice.uniform(0.05, 0.4)), dtype=np.float32))
        parts.append(np.zeros(_samples(dice.uniform(0.5, 4)), dtype=np.float32))
    return _with_line_noise(np.concatenate(parts)[:MINUTE], dice)


def _with_line_noise(samples: Samples, dice: np.random.Generator) -> Samples:
    hiss = banded(coloured_noise(len(samples), 0.0, dice), *PHONE_BAND_HZ)
    return at_level(samples, 0.0) + hiss * np.float32(decibels(dice.uniform(-50, -20)))


def _tone(frequencies_hz: Sequence[float], count: int) -> Samples:
    seconds = np.arange(count) / SAMPLE_RATE
    waves = sum(np.sin(2 * np.pi * hz * seconds) for hz in frequencies_hz)
    return np.asarray(waves / len(frequencies_hz), dtype=np.float32)


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def _add(samples: Samples, at: int, part: Samples) -> None:
    end = min(len(samples), at + len(part))
    samples[at:end] += part[: end - at]
