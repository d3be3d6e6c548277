"""How far an incident reaches, as far as anybody knows."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import IncidentId
from app.domain.invariants import UNKNOWN, require_said

QUESTIONS = ("users", "fault_domain", "dependency", "recent_change")


@dataclass(frozen=True, slots=True)
class Scope:
    """Four questions asked early; ``unknown`` is an answer, None is none yet.

    ``users`` are users or tenants. It bears the id of its incident.
    """

    id: IncidentId
    users: str | None = None
    fault_domain: str | None = None
    dependency: str | None = None
    recent_change: str | None = None

    def __post_init__(self) -> None:
        require_said(self, *QUESTIONS)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The questions nobody has answered."""
        return tuple(name for name in QUESTIONS if getattr(self, name) is None)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The questions that were looked at without finding an answer."""
        return tuple(name for name in QUESTIONS if getattr(self, name) == UNKNOWN)
