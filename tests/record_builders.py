"""More valid things to test with: live work, sources, analysis, communications."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain.actions import Action, Ticket
from app.domain.analysis import Factor, FactorLayer, Rca, Why
from app.domain.closeout import CloseOut, CloseOutItem, Waiver
from app.domain.communications import Audience, Checkpoint, Communication, StatusUpdate
from app.domain.evidence import Evidence, EvidenceKind
from app.domain.ids import (
    CheckpointId,
    CommunicationId,
    EventId,
    EvidenceId,
    FactorId,
    ImportId,
    LockId,
    MessageId,
    ReconciliationId,
    RedactionId,
    RoleId,
    SeriesId,
    SloId,
    StatusUpdateId,
    SuggestionId,
)
from app.domain.impact import Basis, BusinessImpact, CustomerImpact, Impact, Quantity
from app.domain.impact import TechnicalImpact as Technical
from app.domain.imported import Event, EventKind, Message, Point, Reconciliation, Series
from app.domain.incident import Depth, Incident, NextCheckpoint, SeverityChange, Tags
from app.domain.learnings import Learnings
from app.domain.locks import Lock, LockedPart
from app.domain.recognitions import Recognition, RecognitionPass
from app.domain.redactions import Redaction
from app.domain.roles import Role
from app.domain.scope import Scope
from app.domain.sessions import ClockEvent, ClockEventKind, Consent, Pause, Session, Track
from app.domain.slos import BudgetUse, Slo
from app.domain.suggestions import Suggestion, SuggestionKind, SuggestionSource
from tests.builders import (
    BRIDGE,
    INCIDENT,
    SESSION,
    START,
    a_decision,
    a_due_date,
    a_gap,
    a_marker,
    a_segment,
    a_session,
    a_source,
    a_speaker,
    a_track,
    an_action,
    an_entry,
    an_incident,
    at,
)

if TYPE_CHECKING:
    from app.domain.record import Entity

SHA = "0123456789abcdef" * 4
SOURCE = ImportId("imp-slack")
_numbers = itertools.count(1)


def _next(prefix: str) -> str:
    return f"{prefix}-{next(_numbers):06d}"


def a_full_incident(**changes: Any) -> Incident:
    """Return an incident with every field set."""
    incident = an_incident(
        severity="SEV1",
        severity_history=(SeverityChange(None, "SEV1", START, "Marcus", "checkout is down"),),
        codename="Blue Heron",
        business_critical_period="payday",
        channels=("#inc-42",),
        detection_method="alert",
        current_risk="the queue may fill again",
        next_checkpoint=NextCheckpoint(at("16:00"), "Priya"),
        follow_up_review_date=a_due_date(),
        systems=("checkout",),
        depth=Depth.LIGHT,
        template="web",
        tags=Tags(("pool exhaustion",), ("5xx",)),
    )
    return replace(incident, **changes)


def a_consented_session(**changes: Any) -> Session:
    """Return a session that was announced, with a pause; the machine's clock was set."""
    consent = Consent(START, "Marcus", "said aloud")
    return a_session(
        consent=consent,
        pauses=(Pause(1_000, 2_000, "Marcus"),),
        clock_events=(ClockEvent(ClockEventKind.STEPPED, 61_000, -3_600_000),),
        recognised=(Recognition(RecognitionPass.FINAL, "whisper-1", "de", "asr.example.org"),),
        **changes,
    )


def a_drifting_track(**changes: Any) -> Track:
    """Return a track whose clock ran fast."""
    return a_track(drift_ppm=12.5, **changes)


def a_role(role: str = "incident commander", person: str | None = "Marcus", **more: Any) -> Role:
    """Return a role that is held since the start; ``not_needed`` goes with no person."""
    since = START if person else None
    return Role(**{"id": RoleId(_next("rol")), "from_": since} | more, **_held(role, person))


def _held(role: str, person: str | None) -> dict[str, Any]:
    return {"incident_id": INCIDENT, "role": role, "person": person}


def a_scope(**changes: Any) -> Scope:
    """Return a scope of which half is unknown and a part unanswered."""
    return replace(Scope(INCIDENT, "EU tenants", "unknown"), **changes)


def a_message(text: str = "rolling back now", **changes: Any) -> Message:
    """Return a line of chat."""
    message = Message(
        MessageId(_next("msg")), INCIDENT, SOURCE, START, text, "1.0", "priya", "#inc"
    )
    return replace(message, **changes)


def an_event(**changes: Any) -> Event:
    """Return an alert."""
    name = EventId(_next("evt"))
    return replace(Event(name, INCIDENT, SOURCE, START, EventKind.ALERT, "5xx > 5 %"), **changes)


def a_series(**changes: Any) -> Series:
    """Return two minutes of an error rate."""
    points = (Point(START, 1), Point(at("14:47"), 12.5))
    name = SeriesId(_next("srs"))
    return replace(Series(name, INCIDENT, SOURCE, "5xx", "%", points=points), **changes)


def a_quantity(value: float | None = 12, unit: str = "%", **changes: Any) -> Quantity:
    """Return a measured number, or an unknown one."""
    basis = Basis.UNKNOWN if value is None else Basis.MEASURED
    return replace(Quantity(value, unit, basis), **changes)


def an_impact(**changes: Any) -> Impact:
    """Return an impact in all three layers."""
    impact = Impact(
        INCIDENT,
        Technical(components=("checkout",), error_rate=a_quantity()),
        CustomerImpact(affected_count=a_quantity(None, "customers"), data_loss="none"),
        BusinessImpact(revenue=a_quantity(5_000, "EUR", basis=Basis.ESTIMATED, assumption="x")),
    )
    return replace(impact, **changes)


def an_slo(**changes: Any) -> Slo:
    """Return 99.9 % over 30 days, with an hour of 20 % failures."""
    used = (BudgetUse(60, 0.2),)
    return replace(Slo(SloId(_next("slo")), INCIDENT, "Checkout", 0.999, 43_200, used), **changes)


def an_rca(**changes: Any) -> Rca:
    """Return an analysis."""
    rca = Rca(INCIDENT, "A deploy", "5 whys", whys=(Why("Why did it fail?", "The pool was full"),))
    return replace(rca, **changes)


def a_factor(text: str = "The pool had no alert", **changes: Any) -> Factor:
    """Return a candidate in the technical layer."""
    factor = Factor(FactorId(_next("fac")), INCIDENT, text, FactorLayer.TECHNICAL)
    return replace(factor, **changes)


def a_status_update(**changes: Any) -> StatusUpdate:
    """Return an update that promises the next one in half an hour."""
    name = StatusUpdateId(_next("sup"))
    update = StatusUpdate(name, INCIDENT, START, known="5xx", next_update_at=at("15:16"))
    return replace(update, **changes)


def a_checkpoint(**changes: Any) -> Checkpoint:
    """Return a handover of the incident commander that is not acknowledged yet."""
    name = CheckpointId(_next("chk"))
    return replace(Checkpoint(name, INCIDENT, START, "Marcus", "Priya", "IC"), **changes)


def an_evidence(**changes: Any) -> Evidence:
    """Return a screenshot of a dashboard, as link and file."""
    evidence = Evidence(
        EvidenceId(_next("evi")),
        INCIDENT,
        EvidenceKind.SCREENSHOT,
        "https://grafana.example/d/1",
        "shot.png",
        SHA,
        START,
    )
    return replace(evidence, **changes)


def a_communication(**changes: Any) -> Communication:
    """Return an approved text for the status page."""
    communication = Communication(
        CommunicationId(_next("com")),
        INCIDENT,
        Audience.STATUS_PAGE,
        "We are investigating errors.",
        approver="Priya",
        approved_at=START,
        created_at=START,
    )
    return replace(communication, **changes)


def some_learnings(**changes: Any) -> Learnings:
    """Return what went well."""
    return replace(Learnings(INCIDENT, went_well=("The alert came early",)), **changes)


def a_lock(**changes: Any) -> Lock:
    """Return a snapshot of one thing."""
    parts = (LockedPart("incident", INCIDENT, SHA),)
    lock = Lock(LockId(_next("lck")), INCIDENT, "before analysis", START, "Marcus", SHA, parts)
    return replace(lock, **changes)


def a_closeout(**changes: Any) -> CloseOut:
    """Return a checklist with one item done and one waived."""
    waiver = Waiver(CloseOutItem.RUNBOOK_UPDATED, "Marcus", "there is none")
    closeout = CloseOut(
        INCIDENT, review_held=True, review_dates=(date(2026, 4, 12),), waivers=(waiver,)
    )
    return replace(closeout, **changes)


def a_reconciliation(**changes: Any) -> Reconciliation:
    """Return a choice between chat and alert."""
    name = ReconciliationId(_next("rec"))
    members = ("msg-1", "evt-1")
    made = Reconciliation(name, INCIDENT, members, "evt-1", "Marcus", "the alert has the clock")
    return replace(made, **changes)


def a_suggestion(**changes: Any) -> Suggestion:
    """Return an open candidate for a decision."""
    suggestion = Suggestion(
        SuggestionId(_next("sug")),
        INCIDENT,
        SuggestionKind.DECISION,
        "Roll back",
        (SuggestionSource("seg-1", "let us roll back", START),),
        "“let us”",
        0.8,
    )
    return replace(suggestion, **changes)


def a_ticketed_action(**changes: Any) -> Action:
    """Return an action that a tracker keeps."""
    return an_action(ticket=Ticket("jira", "OPS-42"), **changes)


def a_redaction(**changes: Any) -> Redaction:
    """Return two seconds that were taken out of ``BRIDGE``."""
    name = RedactionId(_next("red"))
    redaction = Redaction(
        name, INCIDENT, SESSION, (BRIDGE,), 1_000, 3_000, START, "Priya", "a password was said"
    )
    return replace(redaction, **changes)


def one_of_each() -> list[Entity]:
    """Return an entity of every kind; they hold together in one record."""
    entry = an_entry(occurred="14:02", sources=(a_source(),))
    return [
        a_full_incident(),
        a_consented_session(gaps=(a_gap(),)),
        a_drifting_track(),
        a_marker(),
        a_speaker(),
        a_segment(confidence=0.5, overlap=True, bleed=True),
        entry,
        a_decision(entry, alternatives=("hot fix",)),
        a_ticketed_action(),
        a_role(),
        a_scope(),
        a_message(),
        an_event(),
        a_series(),
        an_impact(),
        an_slo(),
        an_rca(),
        a_factor(),
        a_status_update(),
        a_checkpoint(),
        an_evidence(),
        a_communication(),
        some_learnings(),
        a_lock(),
        a_closeout(),
        a_reconciliation(),
        a_suggestion(),
        a_redaction(),
    ]
