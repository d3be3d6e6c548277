"""A realistic incident, made from the demonstration's script as a scribe would promote it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app.domain.actions import ActionCategory, Horizon
from app.domain.evidence import EvidenceKind
from app.domain.incident import IncidentState
from app.domain.record import Change, Record
from app.domain.timeline import Anchor, EntryKind, HypothesisState, MitigationResult
from app.domain.times import Precision
from app.domain.transcript import Segment, SegmentFlag, Speaker
from drafting.options import ReportOptions
from tests.builders import (
    BRIDGE,
    ROOM,
    a_decision,
    a_gap,
    a_record,
    a_segment,
    a_session,
    a_source,
    a_speaker,
    an_action,
    an_entry,
    an_incident,
    an_operation,
    at,
)
from tests.record_builders import an_evidence

ROOT = Path(__file__).parents[3]
FONTS = ROOT / "resources" / "fonts"
MADE_AT = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)
SHA256 = "9f2c" * 16
OPTIONS = ReportOptions(made_at=MADE_AT, record_sha256=SHA256)

ROLES = {
    "Priya": "incident commander",
    "Marcus": "scribe",
    "Tom": "operations lead",
    "Elena": "communications lead",
    "Daniel": "on-call engineer",
}
POOL_DASHBOARD = an_evidence(kind=EvidenceKind.DASHBOARD, file=None, sha256=None)
K, A, H = EntryKind, Anchor, HypothesisState
# kind, the words, when they say it was, and what the scribe adds
PROMOTED: tuple[tuple[EntryKind, str, str | None, dict[str, Any]], ...] = (
    (K.RESPONSIBILITY, "This is Priya, I am the incident commander.", None, {}),
    (K.RESPONSIBILITY, "I am Elena and I will take communications lead.", None, {}),
    (K.STATUS, "We are declaring a SEV1.", "14:06", {"anchor": A.DECLARED}),
    (K.FACT, "The first alert fired at 14:04.", "14:04", {"anchor": A.DETECTION}),
    (K.FACT, "The checkout error rate went up to 12%.", None, {}),
    (
        K.FACT,
        "We are seeing 503 errors on checkout since 14:02.",
        "14:02",
        {"anchor": A.IMPACT_START, "customer_visible": True},
    ),
    (K.FACT, "The release v4.2.0 went out at 13:58.", "13:58", {"anchor": A.TRIGGER}),
    (
        K.HYPOTHESIS,
        "I think the deploy broke the connection pool.",
        None,
        {"hypothesis_state": H.DISPROVED},
    ),
    (
        K.HYPOTHESIS,
        "It might be the connection pool, but that is not confirmed.",
        "14:10",
        {"precision": Precision.APPROX},
    ),
    (
        K.HYPOTHESIS,
        "Confirmed, the connection pool was exhausted.",
        "14:19:30",
        {"hypothesis_state": H.CONFIRMED, "evidence": (POOL_DASHBOARD.id,)},
    ),
    (K.FACT, "About 20% of customers are affected.", None, {"customer_visible": True}),
    (K.FACT, "Support has 45 tickets from customers.", None, {}),
    (K.STATUS, "I updated the status page at 14:15.", "14:15", {"anchor": A.COMMUNICATION}),
    (
        K.ACTION,
        "We tried restarting the workers, but it did not help.",
        "14:17",
        {"anchor": A.MITIGATION_ATTEMPT, "mitigation_result": MitigationResult.NO},
    ),
    (K.FACT, "The connection pool is at 100%.", "14:19", {}),
    (K.DECISION, "Decision, we roll back the release.", "14:20", {}),
    (K.DECISION, "The service is stable, we keep monitoring for 30 minutes.", "14:31", {}),
    (
        K.ACTION,
        "The rollback started at 14:21.",
        "14:21",
        {"anchor": A.MITIGATION_ATTEMPT, "mitigation_result": MitigationResult.WORKED},
    ),
    (K.FACT, "The rollback finished at 14:26.", "14:26", {"anchor": A.ROLLBACK_OR_FIX}),
    (K.FACT, "We are recovering, error rate is at 2%.", "14:28", {}),
    (K.FACT, "Recovery confirmed at 14:31.", "14:31", {"anchor": A.RECOVERY_CONFIRMED}),
    (K.FACT, "There was no alert on the connection pool.", None, {}),
    (K.FACT, "The release had no canary.", None, {}),
    (K.STATUS, "The incident is resolved at 14:45.", "14:45", {"anchor": A.MONITORING_COMPLETE}),
    (K.FACT, "The impact lasted 29 minutes.", None, {"in_report": False}),
)


def the_checkout_record(**incident: Any) -> Record:
    """25 entries (one kept out of the report), 2 decisions, 3 actions, 5 voices, 1 gap."""
    speakers = {
        name: a_speaker(f"SPEAKER_{n:02d}", name=name, role=role, confirmed=name != "Daniel")
        for n, (name, role) in enumerate(ROLES.items())
    }
    segments = _segments(speakers)
    said = {segment.text: segment for segment in segments}
    roles = {speaker.id: speaker.role for speaker in speakers.values()}
    entries = tuple(
        an_entry(
            text,
            kind=kind,
            occurred=occurred,
            owner_role=roles[said[text].speaker_id or speakers["Tom"].id],
            sources=(a_source(said[text]),),
            **added,
        )
        for kind, text, occurred, added in PROMOTED
    )
    rollback = next(entry for entry in entries if entry.text.startswith("Decision, we roll"))
    disproved = next(e for e in entries if e.hypothesis_state is H.DISPROVED)
    ruling = Change(replace(disproved, hypothesis_state=H.OPEN), disproved)
    fields: dict[str, Any] = {
        "severity": "SEV1",
        "state": IncidentState.RESOLVED,
        "owner": "Priya",
        "classification": "internal",
        "display_timezone": "Europe/Berlin",
    }
    return a_record(
        *entries,
        incident=an_incident(**fields | incident),
        sessions=(a_session(gaps=(a_gap(),)),),
        speakers=tuple(speakers.values()),
        segments=segments,
        decisions=(
            a_decision(
                rollback,
                rationale="The error rate rose right after the release.",
                alternatives=("a hot fix", "restarting the workers again"),
                information_available="The connection pool was at 100%.",
                reversible=True,
            ),
        ),
        actions=(
            an_action(
                "Add an alert on connection pool usage.",
                owner="Daniel",
                owner_role="on-call engineer",
                priority="P1",
                due=date(2026, 3, 19),
                category=ActionCategory.DETECT,
                horizon=Horizon.SHORT,
                verification_plan="Fill the pool in staging; the alert fires.",
                sources=(a_source(said["Action item, add an alert on connection pool usage."]),),
            ),
            an_action("Add a canary stage.", owner="Tom", priority="P0", due=date(2026, 3, 13)),
            an_action("Write the postmortem."),
        ),
        evidence=(POOL_DASHBOARD,),
        operations=(an_operation(ruling, at=at("14:52")),),
    )


def _segments(speakers: dict[str, Speaker]) -> tuple[Segment, ...]:
    script = json.loads((ROOT / "tests" / "data" / "demo_script.json").read_text("utf-8"))
    told = [
        a_segment(
            line["text"],
            round(line["start"] * 1000),
            round(line["end"] * 1000),
            track_id=ROOM if line["track"] == "room" else BRIDGE,
            speaker_id=speakers[line["speaker"]].id,
        )
        for line in script
    ]
    edited = replace(told[5], original_text="I am Daniel, I am the uncle engineer.")
    noise = a_segment(
        "Thanks for watching", 129_000, 129_900, flag=SegmentFlag.SILENCE_SUSPECT, track_id=ROOM
    )
    return (*told[:5], edited, *told[6:], noise)
