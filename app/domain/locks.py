"""Named snapshots of the record: what changed after one is visible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import IncidentId, LockId
from app.domain.invariants import require_sha256, require_words
from app.domain.times import keep_utc


@dataclass(frozen=True, slots=True)
class LockedPart:
    """One entity as it was: its kind, its id and the hash of its JSON.

    A copy of its words would outlive their redaction; they are in the history.
    """

    type: str
    id: str
    sha256: str

    def __post_init__(self) -> None:
        require_sha256(self.sha256, "sha256")


@dataclass(frozen=True, slots=True)
class Lock:
    """A snapshot. ``record_sha256`` is the hash of the whole record just before it."""

    id: LockId
    incident_id: IncidentId
    name: str
    at: datetime
    by: str
    record_sha256: str
    parts: tuple[LockedPart, ...] = ()

    def __post_init__(self) -> None:
        require_words(self.name, "a lock needs a name")
        keep_utc(self, "at")
        require_sha256(self.record_sha256, "record_sha256")

    @property
    def is_final(self) -> bool:
        """Whether its name says that the postmortem is final (R19)."""
        return self.name.casefold().startswith("final")
