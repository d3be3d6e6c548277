"""What was told to whom, when it was due, and what was handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.cadence import asked_for, in_order, late_updates
from drafting.report_charts import Bar, CadenceStrip, Mark
from drafting.report_conduct import CheckpointRow, CommunicationRow, UpdateRow
from drafting.time_axis import axis_of
from drafting.time_words import stamp
from drafting.wording import spaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from app.domain.communications import Checkpoint, StatusUpdate
    from app.domain.record import Record

CLOSING = "closing update"
NONE_DUE = "none promised"
_SAID = ("known", "unknown", "impact", "mitigation")
_HANDED_OVER = {
    "state": "state",
    "hypothesis": "hypothesis",
    "customer_impact": "customer impact",
    "in_flight": "in flight",
    "decision_point": "last decision",
    "comms_cadence": "updates",
    "next_decision_point": "next look",
}


def update_rows(record: Record, cadence: Mapping[str, int | None]) -> tuple[UpdateRow, ...]:
    """Return the status updates as they were sent."""
    late = {one.update_id: one for one in late_updates(record, cadence)}
    return tuple(
        UpdateRow(
            at=stamp(update.at),
            audience=spaced(update.audience.value),
            channel=update.channel or "",
            words=tuple((name, said) for name in _SAID if (said := getattr(update, name))),
            promised=_promised(update),
            late=_lateness(late[update.id].minutes) if update.id in late else "",
            approved_by=update.approved_by or "",
        )
        for update in in_order(record.status_updates)
    )


def _promised(update: StatusUpdate) -> str:
    if update.next_update_at is not None:
        return f"next by {stamp(update.next_update_at)}"
    return CLOSING if update.closing else NONE_DUE


def _lateness(minutes: float) -> str:
    return f"{int(minutes)} min late" if minutes >= 1 else "under 1 min late"


def cadence_strip(record: Record, cadence: Mapping[str, int | None]) -> CadenceStrip | None:
    """Return what was due and what was sent; None unless there are two moments to draw."""
    updates = in_order(record.status_updates)
    dues = list(_dues(updates, record, cadence))
    axis, offset = axis_of([*(update.at for update in updates), *dues])
    if axis is None or not updates:
        return None
    return CadenceStrip(
        axis=axis,
        sent=tuple(Mark(offset(u.at), "sent", f"{u.at:%H:%M}") for u in updates),
        due=tuple(Mark(offset(due), "due", f"{due:%H:%M}") for due in dues),
        late=tuple(
            Bar(offset(one.due_at), offset(one.at), _lateness(one.minutes))
            for one in late_updates(record, cadence)
        ),
    )


def _dues(
    updates: list[StatusUpdate], record: Record, cadence: Mapping[str, int | None]
) -> Iterator[datetime]:
    for update in updates:
        due = asked_for(update, record.incident, cadence)
        if due is not None and update is not updates[-1]:
            yield due


def communication_rows(record: Record) -> tuple[CommunicationRow, ...]:
    """Return the texts for other readers, with who approved each."""
    return tuple(
        CommunicationRow(
            at=stamp(one.created_at),
            audience=" · ".join(filter(None, (spaced(one.audience.value), one.tier))),
            text=one.text,
            approved=f"{one.approver}, {stamp(one.approved_at)}" if one.approved_at else "",
        )
        for one in sorted(record.communications, key=lambda one: (one.created_at, one.text))
    )


def checkpoint_rows(record: Record) -> tuple[CheckpointRow, ...]:
    """Return what was handed over, also where nobody has acknowledged it."""
    return tuple(
        CheckpointRow(
            at=stamp(one.at),
            handover=f"{one.role or 'role'}: {one.from_ or 'nobody'} → {one.to or 'nobody'}",
            words=tuple(_words(one)),
            acknowledged=_acknowledged(one),
        )
        for one in sorted(record.checkpoints, key=lambda one: (one.at, one.role or ""))
    )


def _words(checkpoint: Checkpoint) -> Iterator[tuple[str, str]]:
    for name, label in _HANDED_OVER.items():
        said: str | tuple[str, ...] | None = getattr(checkpoint, name)
        if said:
            yield label, said if isinstance(said, str) else "; ".join(said)


def _acknowledged(checkpoint: Checkpoint) -> str:
    if checkpoint.acknowledged_at is None:
        return ""
    by = f"{checkpoint.acknowledged_by}, " if checkpoint.acknowledged_by else ""
    return f"{by}{stamp(checkpoint.acknowledged_at)}"
