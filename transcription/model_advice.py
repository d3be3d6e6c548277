"""Which recognition model suits a machine, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcription.compute import CPU
from transcription.machine import GIB, Machine
from transcription.model_names import PARAMETERS, REPOSITORIES

if TYPE_CHECKING:
    from app.domain.engine_types import RecognitionModel
    from transcription.model_speeds import Measurement

LIVE_SPEED = 2.0  # both tracks at once, each in real time
CARD_GIGABYTES, LARGE_CARD_GIGABYTES = 4, 8  # for the turbo model, and for the large one


@dataclass(frozen=True, slots=True)
class Tier:
    """A model, and the least a machine without a card has to have for it."""

    model: str
    cores: int
    gigabytes: int


# An utterance of three or four seconds costs one turn of the encoder, and decoding on top: on a
# server's core 0.4 s for tiny, 0.9 s for base, 3.1 s for small (int8, random weights, 2026-11).
# With less than six cores, recognition takes two.
LIVE = (Tier("small", 6, 4), Tier("base", 2, 2), Tier("tiny", 0, 0))
FINAL = (Tier("large-v3-turbo", 8, 8), Tier("small", 2, 4), Tier("base", 2, 2), Tier("tiny", 0, 0))


@dataclass(frozen=True, slots=True)
class Advice:
    """The names of the models to install, and a sentence on why."""

    live: str
    final: str
    reason: str

    def __str__(self) -> str:
        """Return it in words."""
        if self.live == self.final:
            return f"{self.live}. {self.reason}"
        return f"{self.live} live, {self.final} for the final pass. {self.reason}"


def advise(machine: Machine, *, language: str = "") -> Advice:
    """Return what suits a machine.

    Live, each utterance costs a whole turn of the encoder, however short it is; the final pass
    has time. These are rules of thumb: what a model does here, ``models measure`` tells.
    """
    if machine.card_memory >= CARD_GIGABYTES * GIB:
        large = machine.card_memory >= LARGE_CARD_GIGABYTES * GIB
        return Advice(
            "large-v3-turbo",
            "large-v3" if large else "large-v3-turbo",
            f"{machine}: the card follows both tracks with a large model.",
        )
    live = _in_language(_first(LIVE, machine), language)
    final = _in_language(_first(FINAL, machine), language)
    if live == final:
        return Advice(live, final, f"{machine}: the best that follows both tracks at once.")
    return Advice(
        live,
        final,
        f"{machine}: {live} follows both tracks at once; {final} is better and slower, "
        "for when the call is over.",
    )


def slowness(model: RecognitionModel, measured: Measurement, machine: Machine) -> str:
    """Return what to do about a model that is slower than it has to be; empty if it is not."""
    if machine.card and measured.device == CPU != model.device:
        return (
            f"{machine.card} is not used: bring NVIDIA's driver and CUDA up to date, then measure "
            "again, or set “device” in the settings to cpu."
        )
    if measured.speed >= LIVE_SPEED:
        return ""
    late = (
        f"Live, words come late: below {LIVE_SPEED:.0f} times real time two tracks are not "
        "followed."
    )
    quicker = _quicker(model, machine)
    if not quicker:
        return f"{late} No smaller model is known; the final pass has time for all of them."
    return f"{late} Choose another: hotwash models download {quicker}"


def _quicker(model: RecognitionModel, machine: Machine) -> str:
    """Return the best model that is smaller than one; empty if there is none."""
    language = model.language or ""
    size = PARAMETERS.get(model.name, max(PARAMETERS.values()) + 1)
    names = [advise(machine, language=language).live]
    names += [_in_language(tier.model, language) for tier in LIVE]
    return next((name for name in names if PARAMETERS[name] < size), "")


def preference(name: str, machine: Machine, speed: float | None) -> tuple[int, int]:
    """Return how good a choice a model is for live recognition; the least is the best.

    First those that keep up, the best first; then the others, the smallest first. A model of
    another name was added by hand, so it is wanted. ``speed`` is what was measured here, if any.
    """
    if speed is None:
        keeps_up = PARAMETERS.get(name, 0) <= PARAMETERS[advise(machine).live]
    else:
        keeps_up = speed >= LIVE_SPEED
    if name not in PARAMETERS:
        return (0 if keeps_up else 2, 0)
    place = list(PARAMETERS).index(name)
    return (1, place) if keeps_up else (3, -place)


def _first(tiers: tuple[Tier, ...], machine: Machine) -> str:
    return next(tier.model for tier in tiers if _is_enough(tier, machine))


def _is_enough(tier: Tier, machine: Machine) -> bool:
    # What is sold as 8 GB has a little less; where nobody knows, there is enough.
    has_memory = not machine.memory or machine.memory > (tier.gigabytes - 0.5) * GIB
    return has_memory and machine.cores >= tier.cores


def _in_language(name: str, language: str) -> str:
    """Return the English-only sister of a model where English is spoken: it makes fewer errors."""
    english = f"{name}.en"
    return english if language == "en" and english in REPOSITORIES else name
