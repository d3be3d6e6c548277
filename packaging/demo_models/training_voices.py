"""The voices that speak to train: espeak-ng's variants, our own ones, flite's made into others."""

from __future__ import annotations

import os
import random
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import soxr

from tests.bench.material.voices import Voice
from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from transcription.vad import Samples

LISTS = Path(__file__).with_name("voices.toml")
WORDS_PER_MINUTE = (138, 186)
PITCH = (30, 70)
DEEPEST_HZ, HIGHEST_HZ = 65, 240
OWN = "own"
BREATHY, TONED, KLATT, FLAT = 0.35, 0.3, 0.12, 0.2  # how often our own are so


@dataclass(frozen=True, slots=True)
class TrainingVoice:
    """A voice; ``shift`` says how much higher and faster than itself it is played."""

    voice: Voice
    shift: float = 1.0

    def say(self, text: str) -> Samples:
        """Return the spoken text, 16 kHz; shape (n,)."""
        samples = self.voice.say(text)
        if self.shift == 1.0:
            return samples
        return soxr.resample(samples, SAMPLE_RATE * self.shift, SAMPLE_RATE)


def lists() -> dict[str, Any]:
    """Return who speaks in what."""
    return tomllib.loads(LISTS.read_text(encoding="utf-8"))


def training_voices(scratch: Path) -> list[TrainingVoice]:
    """Return all voices to train with; the same ones each time.

    Our own are written below ``scratch``, and espeak-ng is told to look there.
    """
    training = lists()["training"]
    chance = random.Random(training["seed"])  # noqa: S311  the same voices each time, no secret
    own = [f"{OWN}{number:03}" for number in range(training["own"])]
    _teach_espeak(scratch, {name: own_variant(name, chance) for name in own})
    variants = [*own, *training["espeak"], *training["espeak"]]
    spoken = [_somehow(variant, training["accents"], chance) for variant in variants]
    flite = [
        TrainingVoice(Voice(name, stretch=shift), shift)
        for name in training["flite"]
        for shift in training["flite_shifts"]
    ]
    return [*(TrainingVoice(voice) for voice in spoken), *flite]


def development_voices(scratch: Path) -> list[Voice]:
    """Return the voices to choose settings by, half of them of our own making."""
    chosen = lists()
    chance = random.Random(chosen["training"]["seed"] + 1)  # noqa: S311  as above
    own = [f"dev{number:03}" for number in range(8)]
    _teach_espeak(scratch, {name: own_variant(name, chance) for name in own})
    names = [*chosen["development"], *own]
    return [_somehow(name, chosen["training"]["accents"], chance) for name in names]


def own_variant(name: str, chance: random.Random) -> str:
    """Return a variant's definition in espeak-ng's format, drawn by chance."""
    size = chance.uniform(0.86, 1.26)
    base = DEEPEST_HZ + (HIGHEST_HZ - DEEPEST_HZ) * chance.random() ** 1.3
    lines = [
        "language variant",
        f"name {name}",
        f"pitch {base:.0f} {base * chance.uniform(1.2, 1.65):.0f}",
        f"flutter {chance.randint(0, 6)}",
        f"roughness {chance.randint(0, 4)}",
        f"voicing {chance.randint(70, 150)}",
        f"consonants {chance.randint(60, 140)} {chance.randint(60, 140)}",
    ]
    width = chance.uniform(80, 150)
    for formant in range(9):
        place = 100 * size * chance.uniform(0.94, 1.06)
        loud = chance.uniform(60, 125)
        lines.append(f"formant {formant} {place:.0f} {loud:.0f} {width:.0f}")
    if chance.random() < BREATHY:
        lines.append("breath " + " ".join(str(chance.randint(0, 5)) for _ in range(8)))
    if chance.random() < TONED:
        treble = f"1200 {chance.randint(60, 255)} 2400 {chance.randint(20, 255)}"
        lines.append(f"tone 200 255 600 {chance.randint(100, 255)} {treble}")
    if chance.random() < KLATT:
        lines.append(f"klatt {chance.randint(1, 4)}")
    if chance.random() < FLAT:
        lines.append(f"intonation {chance.randint(1, 3)}")
    return "\n".join(lines) + "\n"


def _somehow(variant: str, accents: list[str], chance: random.Random) -> Voice:
    return Voice(
        f"{chance.choice(accents)}+{variant}",
        words_per_minute=chance.randint(*WORDS_PER_MINUTE),
        pitch=chance.randint(*PITCH),
    )


def _teach_espeak(scratch: Path, variants: dict[str, str]) -> None:
    """Make variants known to every espeak-ng that this process starts from now on."""
    data = scratch / "espeak-ng-data"
    if not data.exists():
        _link_english(_installed_data(), data)
    for name, text in variants.items():
        (data / "voices" / "!v" / name).write_text(text, encoding="ascii")
    os.environ["ESPEAK_DATA_PATH"] = str(scratch)


def _installed_data() -> Path:
    told = subprocess.run(["espeak-ng", "--version"], check=True, capture_output=True, text=True)
    return Path(told.stdout.strip().rpartition("Data at: ")[2])


def _link_english(installed: Path, data: Path) -> None:
    """Link what English needs: espeak-ng knows 350 languages and variants at most."""
    english, variants = data / "lang" / "gmw", data / "voices" / "!v"
    english.mkdir(parents=True)
    variants.mkdir(parents=True)
    known = [path for path in installed.iterdir() if path.name not in {"voices", "lang"}]
    for path in known:
        (data / path.name).symlink_to(path)
    for path in (installed / "lang" / "gmw").glob("en*"):
        (english / path.name).symlink_to(path)
    for name in [*lists()["training"]["espeak"], *lists()["development"]]:
        (variants / name).symlink_to(installed / "voices" / "!v" / name)
