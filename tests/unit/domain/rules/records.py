"""A record that every rule lets pass, and what the rules say of a changed one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain.actions import ActionCategory, Horizon
from app.domain.analysis import FactorLayer, FactorStatus
from app.domain.ids import RoleId
from app.domain.incident import IncidentState
from app.domain.roles import NEEDED_ROLES, Role
from app.domain.rules.checker import check
from app.domain.timeline import Anchor, EntryKind, TimelineEntry
from tests.builders import INCIDENT, a_due_date, a_record, an_action, an_entry, an_incident, at
from tests.record_builders import a_factor, a_role, a_status_update, an_evidence, an_impact

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.actions import Action
    from app.domain.record import Record
    from app.domain.rules.findings import Circumstances, Finding

PROOF = an_evidence()
NOW = at("18:00")


def a_proven(text: str, occurred: str | None, anchor: Anchor, **changes: Any) -> TimelineEntry:
    """Return an anchor with evidence."""
    changes.setdefault("evidence", (PROOF.id,))
    return an_entry(text, occurred=occurred, anchor=anchor, **changes)


def a_concrete_action(**changes: Any) -> Action:
    """Return a preventing action that lacks nothing."""
    action = an_action(
        "Add alert: connection pool usage > 80 % for 5 min",
        owner="Priya",
        due=a_due_date(),
        category=ActionCategory.PREVENT,
        horizon=Horizon.SHORT,
        verification_plan="A load test with 500 clients fires it",
    )
    return replace(action, **changes)


def a_final_record(**parts: Any) -> Record:
    """Return a resolved incident that may be exported as final, without a warning."""
    factors = (
        a_factor("The pool had no alert", layer=FactorLayer.DETECTION),
        a_factor("The pool is shared by all tenants"),
        a_factor(
            "Migrations run without a lock timeout",
            layer=FactorLayer.CHANGE_ROLLOUT,
            status=FactorStatus.CONFIRMED,
            evidence=(PROOF.id,),
        ),
    )
    record = a_record(
        a_proven("5xx at checkout", "14:02", Anchor.IMPACT_START),
        a_proven("The alert fired", "14:04", Anchor.DETECTION),
        a_proven("The pool is full", "14:10", Anchor.TRIAGE),
        an_entry("Roll back the release", kind=EntryKind.DECISION, occurred="14:20"),
        a_proven("The rollback is done", "14:26", Anchor.ROLLBACK_OR_FIX),
        a_proven("Status page updated", "14:30", Anchor.COMMUNICATION),
        a_proven(
            "Orders go through again", "14:31", Anchor.RECOVERY_CONFIRMED, customer_visible=True
        ),
        a_proven("Watched for two hours", "16:31", Anchor.MONITORING_COMPLETE),
        incident=an_incident(state=IncidentState.RESOLVED, severity="SEV2"),
        roles=(
            *(a_role(name, id=RoleId(f"rol-{name}")) for name in NEEDED_ROLES[:-1]),
            Role(RoleId("rol-scribe"), INCIDENT, NEEDED_ROLES[-1], not_needed=True),
        ),
        evidence=(PROOF,),
        factors=factors,
        actions=(a_concrete_action(factors=tuple(factor.id for factor in factors)),),
        impact=an_impact(),
        status_updates=(a_status_update(next_update_at=None, closing=True),),
    )
    return replace(record, **parts)


def found(
    rule: str, record: Record, *, now: datetime = NOW, told: Circumstances | None = None
) -> list[Finding]:
    """Return what one rule finds."""
    return [finding for finding in check(record, told or now) if finding.rule == rule]
