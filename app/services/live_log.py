"""Use case: enter what one line of typing says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.entry_line import EntryLine, understand
from app.domain.errors import InvalidRecordError, LineNotUnderstoodError
from app.domain.ids import EntryId, new_id
from app.domain.line_problem import LineProblem
from app.domain.line_words import understood_words
from app.domain.past_time import PastTimeError, past_moment
from app.domain.record import Change
from app.domain.role_line import RoleLine, RoleStep
from app.domain.timeline import TimelineEntry
from app.domain.times import Precision
from app.domain.zones import zone_of
from app.services.promotion import companions
from app.services.role_changes import When
from app.services.status_updates import StatusWords, entry_id_of
from app.services.typed_moment import own_day

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.communications import StatusUpdate
    from app.domain.entry_line import Understood
    from app.domain.ids import IncidentId
    from app.domain.record import Record
    from app.domain.status_line import StatusLine
    from app.services.role_changes import RoleChange, RoleChanges
    from app.services.status_updates import StatusUpdates
    from app.services.steps import Steps


@dataclass(frozen=True, slots=True)
class Logged:
    """What a line became; ``entry`` is always there, the others where the line was of theirs."""

    understood: Understood
    entry: TimelineEntry
    status_update: StatusUpdate | None = None
    role_change: RoleChange | None = None


class LiveLog:
    """Reads lines as they are typed; a line that is entered is one step of the history."""

    def __init__(self, steps: Steps, *, status_updates: StatusUpdates, roles: RoleChanges) -> None:
        self._steps = steps
        self._status_updates = status_updates
        self._roles = roles

    def understand(self, record: Record, text: str) -> Understood | LineProblem:
        """Return what a line would enter, or what is wrong with it; touches no database."""
        return _understood(record, text, self._steps.now())

    def preview(self, record: Record, text: str) -> str | LineProblem:
        """Return in words what a line would enter, or what is wrong with it; for each key."""
        now = self._steps.now()
        line = _understood(record, text, now)
        return line if isinstance(line, LineProblem) else understood_words(line, now=now)

    def moment(self, incident_id: IncidentId, typed: str) -> When | None:
        """Return the past time that was typed, in the incident's zone; None for nothing.

        Raises:
            InvalidRecordError: It is no such time.
        """
        if not typed:
            return None
        record = self._steps.record(incident_id)
        zone = zone_of(record.incident.display_timezone)
        near = None if record.incident.state.is_running else own_day(record)
        try:
            found = past_moment(typed, now=self._steps.now(), zone=zone, near=near)
        except PastTimeError as cause:
            raise InvalidRecordError("at", str(cause), remedy=cause.remedy) from cause
        return When(found.at, found.precision)

    def enter(self, incident_id: IncidentId, text: str) -> Logged:
        """Enter a line.

        Raises:
            LineNotUnderstoodError: It is not understood; it names the column.
            InvalidRecordError: It does not fit the record.
        """
        record, now = self._steps.record(incident_id), self._steps.now()
        line = _understood(record, text, now)
        if isinstance(line, LineProblem):
            raise LineNotUnderstoodError(line)
        if isinstance(line, EntryLine):
            return self._enter(incident_id, line, now)
        if isinstance(line, RoleLine):
            change = self._change_role(incident_id, line)
            return Logged(line, change.entry, role_change=change)
        update = self._post(incident_id, line, now)
        entries = self._steps.record(incident_id).entries
        entry = next(one for one in entries if one.id == entry_id_of(update.id))
        return Logged(line, entry, status_update=update)

    def _enter(self, incident_id: IncidentId, line: EntryLine, now: datetime) -> Logged:
        entry = TimelineEntry(
            EntryId(new_id("ent")),
            incident_id,
            line.kind,
            line.text,
            occurred_at=line.occurred_at,
            noticed_at=now,
            precision=line.precision,
            anchor=line.anchor,
            owner_role=line.owner_role,
            hypothesis_state=line.hypothesis_state,
            mitigation_result=line.mitigation_result,
            created_at=now,
        )
        changes = [Change(None, entry), *companions(entry)]
        self._steps.take(incident_id, changes, f"enter a {line.kind.value}")
        return Logged(line, entry)

    def _change_role(self, incident_id: IncidentId, line: RoleLine) -> RoleChange:
        when = None if line.at is None else When(line.at, line.precision)
        if line.step is RoleStep.NOT_NEEDED:
            return self._roles.mark_not_needed(incident_id, line.role, when=when)
        if line.step is RoleStep.ENDED:
            return self._roles.end(incident_id, line.role, when=when)
        return self._roles.assign(incident_id, line.role, line.person or "", when=when)

    def _post(self, incident_id: IncidentId, line: StatusLine, now: datetime) -> StatusUpdate:
        words = StatusWords(line.known, line.unknown, line.impact, line.mitigation)
        return self._status_updates.post(
            incident_id,
            words,
            next_update=line.next_update,
            closing=line.closing,
            at=line.at or now,
            precision=Precision.SECOND if line.at is None else line.precision,
        )


def _understood(record: Record, text: str, now: datetime) -> Understood | LineProblem:
    incident = record.incident
    zone, running = zone_of(incident.display_timezone), incident.state.is_running
    near = None if running else own_day(record)
    return understand(text, now=now, zone=zone, running=running, near=near)
