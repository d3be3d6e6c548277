"""Finds the same voice in stretches of audio that were listened to one by one.

Voices of one stretch were told apart there and never become one. The others are joined best first,
as agglomerative clustering does it, so that the order of the stretches does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

VoiceKey: TypeAlias = tuple[int, str]  # which stretch, and the voice's label in it
NEVER = -np.inf


@dataclass(frozen=True, slots=True)
class VoiceCentre:
    """The mean embedding of a voice, shape (n,), and how much of the voice it was taken from.

    One that is zero, or not finite, says nothing: such a voice is found nowhere else.
    """

    embedding: NDArray[np.float32]
    heard_ms: int


@dataclass(slots=True)
class _Group:
    """What is one voice, as far as is known; ``direction`` is of length 1, or 0."""

    members: list[VoiceKey]
    direction: NDArray[np.float64]
    heard_ms: int

    @property
    def stretches(self) -> set[int]:
        return {stretch for stretch, _ in self.members}

    def take_in(self, other: _Group) -> None:
        """Join; the one that was heard for longer counts for more."""
        middle = self.direction * self.heard_ms + other.direction * other.heard_ms
        self.direction = _direction(middle)
        self.heard_ms += other.heard_ms
        self.members = sorted(self.members + other.members)


def link_voices(
    stretches: Sequence[Mapping[str, VoiceCentre]], *, alike_from: float, most: int | None = None
) -> dict[VoiceKey, VoiceKey]:
    """Return under which key each voice was heard first, by stretch and label.

    Voices are the same from a likeness of ``alike_from`` on (the cosine between them); those that
    are less alike as well, while there are more than ``most``.
    """
    groups = [
        _Group([(number, label)], _direction(centre.embedding), centre.heard_ms)
        for number, voices in enumerate(stretches)
        for label, centre in voices.items()
    ]
    while len(groups) > 1:
        likeness = _likeness(groups)
        one, other = np.unravel_index(int(likeness.argmax()), likeness.shape)
        least = likeness[one, other]
        too_many = most is not None and len(groups) > most
        if least == NEVER or (least < alike_from and not too_many):
            break
        groups[one].take_in(groups.pop(other))
    return {member: group.members[0] for group in groups for member in group.members}


def _likeness(groups: Sequence[_Group]) -> NDArray[np.float64]:
    """Return how alike each group and each later one are, shape (n, n); elsewhere ``NEVER``."""
    directions = np.stack([group.direction for group in groups])
    likeness = directions @ directions.T
    for one, group in enumerate(groups):
        for other, later in enumerate(groups):
            may_join = one < other and group.direction.any() and later.direction.any()
            if not (may_join and group.stretches.isdisjoint(later.stretches)):
                likeness[one, other] = NEVER
    return likeness


def _direction(embedding: NDArray[np.floating]) -> NDArray[np.float64]:
    wide = embedding.astype(np.float64)
    length = np.linalg.norm(wide)
    return wide / length if np.isfinite(length) and length > 0 else np.zeros(len(wide))
