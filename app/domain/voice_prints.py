"""Voices that people asked to be remembered, so that a later incident can suggest a name.

A print is biometric. It is made of a voice that a person has named, kept sealed, and forgotten
with the audio it was made from. It suggests, and names nobody by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from app.domain.ids import IncidentId, SessionId, SpeakerId
from app.domain.times import Span, keep_utc
from app.domain.voice_vectors import likeness

VoicePrintId = NewType("VoicePrintId", str)

WHAT_IS_KEPT = (
    "Of a voice that you name and ask to be remembered, Hotwash keeps the name, some hundred "
    "numbers that tell the voice from others (a biometric print), and which stretches of which "
    "incident they come from; sealed with a key of yours, on this machine alone, until you "
    "forget it."
)
CLEAR_LEAD = 0.1  # of likeness: by less than this, somebody else may be meant as well


@dataclass(frozen=True, slots=True)
class HeardStretch:
    """Where a print was made from."""

    session_id: SessionId
    start_ms: int
    end_ms: int

    @property
    def span(self) -> Span:
        """The same, on the session."""
        return Span(self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """How somebody sounds: a vector of length 1, comparable with those of the same model."""

    id: VoicePrintId
    name: str
    vector: tuple[float, ...]
    model_id: str
    incident_id: IncidentId
    speaker_id: SpeakerId
    stretches: tuple[HeardStretch, ...]
    made_at: datetime
    made_by: str

    def __post_init__(self) -> None:
        keep_utc(self, "made_at")

    @property
    def seconds(self) -> float:
        """How much was listened to."""
        return sum(stretch.span.duration_ms for stretch in self.stretches) / 1_000


@dataclass(frozen=True, slots=True)
class VoiceSuggestion:
    """Who a voice may be; ``next_best`` is how like it is the person who comes second."""

    speaker_id: SpeakerId
    label: str
    name: str
    score: float
    next_best: float | None
    print_id: VoicePrintId

    @property
    def margin(self) -> float | None:
        """By how much it is more like this person than like the next; None if there is none."""
        return None if self.next_best is None else self.score - self.next_best

    @property
    def is_clear(self) -> bool:
        """Whether nobody else comes near."""
        return self.margin is None or self.margin >= CLEAR_LEAD

    @property
    def sentence(self) -> str:
        """What to tell people."""
        second = "" if self.next_best is None else f", next best {self.next_best:.2f}"
        doubt = "" if self.is_clear else "; it is close"
        return f"{self.label} may be {self.name} ({self.score:.2f}{second}{doubt})."


def best_print(
    vector: Sequence[float], prints: Iterable[VoicePrint], *, least: float
) -> tuple[VoicePrint, float, float | None] | None:
    """Return the print most like a voice, how much, and how like the next person's best is.

    None where none is at least ``least`` like it. ``prints`` are of the vector's model.
    """
    by_name: dict[str, tuple[float, VoicePrint]] = {}
    for known in prints:
        score = likeness(vector, known.vector)
        if known.name not in by_name or score > by_name[known.name][0]:
            by_name[known.name] = score, known
    ranked = sorted(by_name.values(), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < least:
        return None
    return ranked[0][1], ranked[0][0], ranked[1][0] if len(ranked) > 1 else None
