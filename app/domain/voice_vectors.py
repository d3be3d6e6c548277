"""How voices sound: numbers that tell one person from another.

They are biometric: kept in memory only, but for what a person has asked to be remembered.
"""

from __future__ import annotations

import math
import operator
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.engine_types import TrackAudio
from app.domain.times import Span

# What a model makes of a stretch of speech: of length 1, so that a product tells how alike two are
Vector: TypeAlias = "array[float]"


@dataclass(frozen=True, slots=True)
class VoiceModel:
    """What makes vectors. Only those of one ``id`` (a hash of its weights) can be compared.

    Two vectors at least ``same_above`` alike (a cosine) are of one voice, as far as it can tell.
    """

    id: str
    same_above: float


@dataclass(frozen=True, slots=True)
class SpokenStretch:
    """Where somebody speaks: a stretch of the session, as a track heard it."""

    track: TrackAudio
    span: Span


def vector_of(numbers: Iterable[float]) -> Vector | None:
    """Return numbers as a vector of length 1; None for zeros, which say nothing."""
    values = array("f", numbers)
    length = math.sqrt(sum(map(operator.mul, values, values)))
    return array("f", (value / length for value in values)) if length > 0 else None


def likeness(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how alike two vectors are: 1 for the same, about 0 for strangers."""
    return math.fsum(map(operator.mul, one, other))


def middle_of(parts: Iterable[tuple[Vector, float]]) -> Vector | None:
    """Return what lies between vectors, each by its weight; None where there is nothing."""
    total: list[float] = []
    for vector, weight in parts:
        total = total or [0.0] * len(vector)
        total = [known + weight * value for known, value in zip(total, vector, strict=True)]
    return vector_of(total)
