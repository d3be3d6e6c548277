"""Use case: say what is known, and when the next update comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.communications import Audience, StatusUpdate
from app.domain.errors import InvalidRecordError
from app.domain.events import RecordChanged
from app.domain.ids import StatusUpdateId, new_id
from app.domain.record import Change
from app.domain.times import now_utc
from app.domain.typed_time import coming_moment
from app.domain.zones import zone_of

if TYPE_CHECKING:
    from app.domain.ids import IncidentId
    from app.domain.ports import EventBus, RecordStore


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What an update says; empty where it says nothing."""

    known: str = ""
    unknown: str = ""
    impact: str = ""
    mitigation: str = ""


class StatusUpdates:
    """Adds status updates; each is one step of the history."""

    def __init__(self, store: RecordStore, bus: EventBus, *, actor: str) -> None:
        self._store = store
        self._bus = bus
        self._actor = actor

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
    ) -> StatusUpdate:
        """Record an update as of now; ``next_update`` is a time as people type it.

        Raises:
            InvalidRecordError: It says nothing, or not when the next one comes.
        """
        if not next_update and not closing:
            raise InvalidRecordError(
                "next",
                "a status update says when the next one comes",
                remedy="Give it with --next, such as 30m or 14:30, or say --closing.",
            )
        incident = self._store.record(incident_id).incident
        now = now_utc()
        try:
            zone = zone_of(incident.display_timezone)
            coming = coming_moment(next_update, now=now, zone=zone) if next_update else None
            update = StatusUpdate(
                StatusUpdateId(new_id("sup")),
                incident_id,
                now,
                audience=audience,
                channel=channel or None,
                known=words.known or None,
                unknown=words.unknown or None,
                impact=words.impact or None,
                mitigation=words.mitigation or None,
                next_update_at=coming,
                closing=closing,
                approved_by=approved_by or None,
            )
        except ValueError as cause:
            raise InvalidRecordError("status", str(cause)) from cause
        operation = self._store.commit(
            incident_id, [Change(None, update)], by=self._actor, label="update the status"
        )
        self._bus.publish(RecordChanged(incident_id, operation))
        return update
