"""Use cases: open an incident, list them, read one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.events import RecordChanged
from app.domain.ids import IncidentId, new_id
from app.domain.incident import Incident, IncidentState, IncidentTrack
from app.domain.incident_times import incident_times
from app.domain.record import Change
from app.services.security_track import refuse_security

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Record
    from app.domain.rubric import Rubric


@dataclass(frozen=True, slots=True)
class IncidentSummary:
    """One line of the list of incidents."""

    id: IncidentId
    title: str
    severity: str | None
    state: IncidentState
    started_at: datetime | None


class Incidents:
    """Makes and finds incidents."""

    def __init__(
        self, store: RecordStore, bus: EventBus, *, actor: str, rubric: Rubric | None = None
    ) -> None:
        self._store = store
        self._bus = bus
        self._actor = actor
        self._rubric = rubric

    def create(
        self,
        title: str,
        severity: str | None = None,
        *,
        track: IncidentTrack = IncidentTrack.NORMAL,
    ) -> Incident:
        """Open an incident; a severity outside the rubric is taken, so that nothing is held up.

        Raises:
            InvalidRecordError: The title is empty, or it is for the security track.
        """
        refuse_security(track)
        try:
            opened = Incident(IncidentId(new_id("inc")), title.strip())
        except ValueError as cause:
            raise InvalidRecordError("title", str(cause)) from cause
        incident = self._declared(opened, severity)
        operation = self._store.commit(
            incident.id,
            [Change(None, incident)],
            by=self._actor,
            label="open the incident",
            undoable=False,
        )
        self._bus.publish(RecordChanged(incident.id, operation))
        return incident

    def _declared(self, opened: Incident, severity: str | None) -> Incident:
        if self._rubric is None:
            return opened.with_severity(severity or None, at=opened.created_at, by=self._actor)
        return self._rubric.declared(
            opened, severity or None, at=opened.created_at, by=self._actor
        )

    def summaries(self) -> list[IncidentSummary]:
        """Return all incidents, newest first."""
        anchored = self._store.anchored_entries()
        return [
            IncidentSummary(
                incident.id,
                incident.title,
                incident.severity,
                incident.state,
                incident_times(e for e in anchored if e.incident_id == incident.id).started,
            )
            for incident in self._store.incidents()
        ]

    def record(self, incident_id: IncidentId) -> Record:
        """Return everything known of an incident."""
        return self._store.record(incident_id)

    def find(self, wanted: str) -> IncidentId:
        """Return the incident whose id is, or alone begins with, what was typed.

        Raises:
            NotFoundError: None or several do.
        """
        ids = [incident.id for incident in self._store.incidents()]
        if wanted in ids:
            return IncidentId(wanted)
        matches = [known for known in ids if wanted and known.startswith(wanted)]
        if len(matches) == 1:
            return matches[0]
        problem = "Several incidents begin with" if matches else "There is no incident"
        raise NotFoundError(f"{problem} “{wanted}”.", remedy="See “hotwash incidents”.")
