"""Use case: say what is known, and when the next update comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.communications import Audience, StatusUpdate
from app.domain.errors import InvalidRecordError
from app.domain.ids import EntryId, StatusUpdateId, new_id
from app.domain.record import Change
from app.domain.timeline import Anchor, EntryKind, TimelineEntry
from app.domain.times import Precision, time_text
from app.domain.typed_time import ComingTimeError, coming_moment
from app.domain.zones import zone_of

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.ids import IncidentId
    from app.services.steps import Steps


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What an update says; empty where it says nothing."""

    known: str = ""
    unknown: str = ""
    impact: str = ""
    mitigation: str = ""


class StatusUpdates:
    """Adds status updates; each is one step of the history."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def post(
        self,
        incident_id: IncidentId,
        words: StatusWords,
        *,
        next_update: str = "",
        closing: bool = False,
        audience: Audience = Audience.ENGINEERING,
        channel: str = "",
        approved_by: str = "",
        at: datetime | None = None,
        precision: Precision = Precision.SECOND,
    ) -> StatusUpdate:
        """Record an update as of now, and its line of the timeline, in one step.

        ``next_update`` is a time as people type it; ``at`` is when the update went out, if not
        just now, and ``precision`` how finely that is known.

        Raises:
            InvalidRecordError: It says nothing, or not when the next one comes.
        """
        _check_next(next_update, closing=closing)
        incident = self._steps.record(incident_id).incident
        now = at or self._steps.now()
        try:
            zone = zone_of(incident.display_timezone)
            coming = coming_moment(next_update, now=now, zone=zone) if next_update else None
            update = StatusUpdate(
                StatusUpdateId(new_id("sup")),
                incident_id,
                now,
                audience=audience,
                channel=channel or None,
                known=words.known.strip() or None,
                unknown=words.unknown.strip() or None,
                impact=words.impact.strip() or None,
                mitigation=words.mitigation.strip() or None,
                next_update_at=coming,
                closing=closing,
                approved_by=approved_by or None,
            )
        except ComingTimeError as cause:
            raise InvalidRecordError("next", str(cause), remedy=cause.remedy) from cause
        except (ValueError, OverflowError) as cause:
            raise InvalidRecordError("status", str(cause)) from cause
        entry = update_entry(update, precision, self._steps.now())
        self._steps.take(
            incident_id, [Change(None, update), Change(None, entry)], "update the status"
        )
        return update


def _check_next(next_update: str, *, closing: bool) -> None:
    if not next_update and not closing:
        raise InvalidRecordError(
            "next",
            "a status update says when the next one comes",
            remedy="Give it with --next, such as 30m or 14:30, or say --closing.",
        )
    if next_update and closing:
        raise InvalidRecordError(
            "closing",
            "the last update promises no next one",
            remedy="Leave out --closing, or --next.",
        )


def update_entry(
    update: StatusUpdate, precision: Precision, entered_at: datetime
) -> TimelineEntry:
    """Return the line of the timeline that tells of an update; its id is the update's twin."""
    parts = (
        (name, getattr(update, name)) for name in ("known", "unknown", "impact", "mitigation")
    )
    said = [f"{name}: {words.rstrip('. ')}." for name, words in parts if words]
    if update.next_update_at is not None:
        coming = time_text(update.next_update_at, Precision.MINUTE, today=update.at)
        said.append(f"Next update {coming}.")
    elif update.closing:
        said.append("The last update.")
    text = f"Update for {update.audience.value.replace('_', ' ')}: {' '.join(said)}"
    return TimelineEntry(
        entry_id_of(update.id),
        update.incident_id,
        EntryKind.STATUS,
        text,
        occurred_at=update.at,
        noticed_at=update.at,
        precision=precision,
        anchor=Anchor.COMMUNICATION,
        customer_visible=update.audience.is_external,
        created_at=entered_at,
        no_evidence_because="the update itself is kept in this record",
    )


def entry_id_of(update_id: StatusUpdateId) -> EntryId:
    """Return the id of the line of the timeline that tells of an update."""
    return EntryId(f"ent-{update_id.removeprefix('sup-')}")
