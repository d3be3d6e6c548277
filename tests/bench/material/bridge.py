"""A bridge call made up by chance: who says what and when, and how both tracks sound.

Two thirds of the time somebody speaks. People run on without a pause, fall in across the two
tracks and now and then talk over one another on the same one. The bridge is a telephone line;
the room has a fan and somebody who types. The same plan gives the same samples.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_path

from app.domain.sessions import TrackLabel
from tests.bench.material.incident_talk import TALK, IncidentTalk
from tests.bench.material.recording import Line, Recording
from tests.bench.material.shaping import (
    PHONE_BAND_HZ,
    at_level,
    banded,
    coloured_noise,
    decibels,
    pcm_of,
)
from tests.bench.material.voices import Voice, require_voices
from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from transcription.vad import Samples

ROOM_VOICES = (
    Voice("slt", stretch=1.0),
    Voice("rms", stretch=1.0),
    Voice("en-us+m4", words_per_minute=165, pitch=45),
    Voice("en-gb+f3", words_per_minute=160, pitch=60),
)
BRIDGE_VOICES = (
    Voice("awb", stretch=1.02),
    Voice("en-gb+f2", words_per_minute=158, pitch=55),
    Voice("en-us+m3", words_per_minute=162, pitch=42),
    Voice("kal16", stretch=0.95),
)
STAYS = 0.4  # how often whoever spoke goes on
FALLS_IN = 0.1  # how often somebody begins before the other has ended
PAUSES_S = ((0.05, 0.28), (0.35, 1.2), (1.2, 4.0), (6.0, 15.0))
PAUSE_WEIGHTS = (15, 55, 26, 4)
SPEECH_DB = (-27.0, -19.0)
NOISE_BELOW_DB = (16.0, 28.0)  # how far below speech the noise of a minute lies
KEYS_A_MINUTE = 12
KEY_SAMPLES = 240


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides about a bridge: the ``seed`` of all chance, its length, and who is there."""

    seed: int
    minutes: int
    room: tuple[Voice, ...] = ROOM_VOICES
    bridge: tuple[Voice, ...] = BRIDGE_VOICES

    @property
    def name(self) -> str:
        """What figures call it."""
        return f"generated bridge of {self.minutes} min"

    @property
    def people(self) -> list[tuple[TrackLabel, Voice]]:
        """Everybody, with their track."""
        room = [(TrackLabel.ROOM, voice) for voice in self.room]
        return room + [(TrackLabel.BRIDGE, voice) for voice in self.bridge]


def kept(plan: Plan) -> Recording:
    """Return the bridge; it is made once and kept in the user's cache, outside of the checkout.

    Raises:
        EnvironmentMissingError: It is to be made, and the programs that speak are not installed.
    """
    folder = user_cache_path("hotwash") / "generated_bridges" / _digest(plan)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
        generate(plan).save(half)
        if folder.exists():  # another program has made it meanwhile
            shutil.rmtree(half)
        else:
            half.rename(folder)
    return Recording.load(plan.name, folder)


def _digest(plan: Plan) -> str:
    """Return what changes with the plan and with all that the samples depend on here."""
    makers = sorted(Path(__file__).parent.glob("*.py"))
    content = b"".join(path.read_bytes() for path in [*makers, TALK])
    return hashlib.sha256(repr(plan).encode() + content).hexdigest()[:16]


def generate(plan: Plan) -> Recording:
    """Make the bridge: about a minute of work for half an hour.

    Raises:
        EnvironmentMissingError: The programs that speak are not installed.
    """
    require_voices()
    chance = random.Random(plan.seed)  # noqa: S311  the same bridge each time, no secret
    count = plan.minutes * 60 * SAMPLE_RATE
    tracks = {label: np.zeros(count, dtype=np.float32) for label in TrackLabel}
    lines = _spoken_into(tracks, plan, chance)
    dice = np.random.default_rng(plan.seed)
    tracks[TrackLabel.BRIDGE] = banded(tracks[TrackLabel.BRIDGE], *PHONE_BAND_HZ)
    tracks[TrackLabel.BRIDGE] += banded(_noise(count, 0.0, dice), *PHONE_BAND_HZ)
    tracks[TrackLabel.ROOM] += _noise(count, 1.0, dice) + _keys(count, dice)
    pcm = {label: pcm_of(samples) for label, samples in tracks.items()}
    return Recording(plan.name, pcm, tuple(lines), runs_on=True)


def _spoken_into(
    tracks: dict[TrackLabel, Samples], plan: Plan, chance: random.Random
) -> list[Line]:
    talk = IncidentTalk.read()
    loudness = {voice: chance.uniform(*SPEECH_DB) for _, voice in plan.people}
    lines: list[Line] = []
    label, voice = chance.choice(plan.people)
    at = SAMPLE_RATE
    while True:
        sentence = talk.sentence(chance)
        samples = at_level(voice.say(sentence.spoken), loudness[voice] + chance.uniform(-2, 2))
        end = at + len(samples)
        if end > len(tracks[label]):
            return lines
        tracks[label][at:end] += samples
        lines.append(Line(label, _ms(at), _ms(end), sentence.written, voice.name))
        if chance.random() > STAYS:
            others = [person for person in plan.people if person != (label, voice)]
            label, voice = chance.choice(others)
            at = max(at, end + _pause(chance, may_fall_in=True))
        else:
            at = end + _pause(chance, may_fall_in=False)


def _pause(chance: random.Random, *, may_fall_in: bool) -> int:
    """Return the samples until the next one speaks; negative where they fall in."""
    if may_fall_in and chance.random() < FALLS_IN:
        return -round(chance.uniform(0.2, 1.2) * SAMPLE_RATE)
    (kind,) = chance.choices(PAUSES_S, PAUSE_WEIGHTS)
    return round(chance.uniform(*kind) * SAMPLE_RATE)


def _noise(count: int, slope: float, dice: np.random.Generator) -> Samples:
    """Return noise that changes its loudness from minute to minute."""
    minutes = count // (60 * SAMPLE_RATE)
    middle_db = sum(SPEECH_DB) / 2
    knots = [decibels(middle_db - dice.uniform(*NOISE_BELOW_DB)) for _ in range(minutes + 1)]
    loudness = np.interp(np.linspace(0, minutes, count), range(minutes + 1), knots)
    return (coloured_noise(count, slope, dice) * loudness).astype(np.float32)


def _keys(count: int, dice: np.random.Generator) -> Samples:
    """Return somebody typing."""
    samples = np.zeros(count, dtype=np.float32)
    fading = np.exp(-np.linspace(0, 6, KEY_SAMPLES))
    pressed = KEYS_A_MINUTE * count // (60 * SAMPLE_RATE)
    for at in dice.integers(0, count - KEY_SAMPLES, pressed):
        stroke = dice.standard_normal(KEY_SAMPLES) * fading
        samples[at : at + KEY_SAMPLES] += stroke * decibels(dice.uniform(-40, -26))
    return samples


def _ms(sample: int) -> int:
    return sample * 1_000 // SAMPLE_RATE
