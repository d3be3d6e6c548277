"""Why it could happen: contributing factors, and what the analysis says around them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from app.domain.ids import EntryId, EvidenceId, FactorId, IncidentId
from app.domain.invariants import require_words


class FactorLayer(enum.StrEnum):
    """Where in the system, of people and machines, a factor lies."""

    TECHNICAL = "technical"
    OPERATIONAL = "operational"
    DETECTION = "detection"
    CHANGE_ROLLOUT = "change_rollout"
    RESPONSIBILITY_RUNBOOK = "responsibility_runbook"
    ORGANISATIONAL = "organisational"


class FactorRole(enum.StrEnum):
    """What a factor did."""

    TRIGGERING = "triggering"
    CONTRIBUTING = "contributing"


class FactorStatus(enum.StrEnum):
    """How sure it is; what is inferred is a candidate."""

    CONFIRMED = "confirmed"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Factor:
    """One contributing factor, and the evidence and timeline entries it rests on."""

    id: FactorId
    incident_id: IncidentId
    text: str
    layer: FactorLayer
    role: FactorRole = FactorRole.CONTRIBUTING
    status: FactorStatus = FactorStatus.CANDIDATE
    evidence: tuple[EvidenceId, ...] = ()
    entries: tuple[EntryId, ...] = ()

    def __post_init__(self) -> None:
        require_words(self.text, "a factor needs words")


@dataclass(frozen=True, slots=True)
class Why:
    """One step of a chain of whys; the answer is None while it is open."""

    question: str
    answer: str | None = None
    evidence: tuple[EvidenceId, ...] = ()

    def __post_init__(self) -> None:
        require_words(self.question, "a why needs its question")


@dataclass(frozen=True, slots=True)
class Rca:
    """The analysis of one incident, whose id it bears; its factors are beside it.

    ``recurrence_stopping_condition`` is what would keep the whole class from coming back.
    """

    id: IncidentId
    trigger: str | None = None
    method: str | None = None
    detection_gap: str | None = None
    mitigation_gap: str | None = None
    prevention_gap: str | None = None
    whys: tuple[Why, ...] = ()
    recurrence_stopping_condition: str | None = None
    unconfirmed: tuple[str, ...] = ()
    missed_defenses: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()
    first_occurrence: bool | None = None
