"""The decision log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import DecisionId, EntryId, IncidentId
from app.domain.timeline import Source
from app.domain.times import keep_utc


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what was chosen, by which role, over what, and knowing what.

    It always belongs to a timeline entry; ``at`` is None where nobody said when.
    """

    id: DecisionId
    incident_id: IncidentId
    entry_id: EntryId
    decision: str
    at: datetime | None = None
    who: str | None = None
    rationale: str | None = None
    alternatives: tuple[str, ...] = ()
    information_available: str | None = None
    reversible: bool | None = None
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if not self.decision.strip():
            raise ValueError("a decision needs words")
        keep_utc(self, "at")
