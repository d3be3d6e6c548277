"""How severity, state and roles moved on, as the program wrote it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.report import MoveRow
from drafting.time_words import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.domain.incident import Incident
    from app.domain.record import Record

NONE = "none"


def move_rows(record: Record) -> tuple[MoveRow, ...]:
    """Return every change of severity and state and every acknowledged handover, in their order.

    A handover that nobody acknowledged has not taken place.
    """
    moves = [*_severities(record.incident), *_states(record.incident), *_handovers(record)]
    return tuple(row for _, row in sorted(moves, key=lambda move: move[0]))


def _severities(incident: Incident) -> Iterator[tuple[datetime, MoveRow]]:
    for change in incident.severity_history:
        before, after = change.from_ or NONE, change.to or NONE
        reason = change.reason or ""
        yield change.at, MoveRow(stamp(change.at), "severity", before, after, change.by, reason)


def _states(incident: Incident) -> Iterator[tuple[datetime, MoveRow]]:
    for change in incident.state_history:
        before, after = (state.value.replace("_", " ") for state in (change.from_, change.to))
        reason = change.reason or ""
        yield change.at, MoveRow(stamp(change.at), "state", before, after, change.by, reason)


def _handovers(record: Record) -> Iterator[tuple[datetime, MoveRow]]:
    for checkpoint in record.checkpoints:
        at = checkpoint.acknowledged_at
        if at is not None:
            yield (
                at,
                MoveRow(
                    at=stamp(at),
                    what=checkpoint.role or "role",
                    before=checkpoint.from_ or NONE,
                    after=checkpoint.to or NONE,
                    by=checkpoint.acknowledged_by or "",
                    reason="handover acknowledged",
                ),
            )
