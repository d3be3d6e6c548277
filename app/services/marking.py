"""Use case: mark a moment, on a running recording, on a finished one, or without any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.domain.errors import CaptureError, InvalidRecordError, NotFoundError
from app.domain.events import RecordChanged
from app.domain.ids import EntryId, MarkerId, new_id
from app.domain.limits import refuse_text
from app.domain.record import Change
from app.domain.sessions import Marker, MarkerKind
from app.domain.timeline import EntryKind, HypothesisState, TimelineEntry
from app.domain.times import Precision, now_utc
from app.services.promotion import companions

if TYPE_CHECKING:
    from app.domain.ids import IncidentId, SessionId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.sessions import Session


class RunningRecording(Protocol):
    """What of the recording desk is needed here."""

    def reattach(self, wanted: IncidentId | None = None) -> Session | None:
        """Find the recording that runs; None if none does."""

    def mark(self, kind: MarkerKind, text: str = "") -> Marker:
        """Have the recorder stamp a marker."""


class Marking:
    """Markers need no words and no window."""

    def __init__(
        self, store: RecordStore, bus: EventBus, recording: RunningRecording, *, actor: str
    ) -> None:
        self._store = store
        self._bus = bus
        self._recording = recording
        self._actor = actor

    def mark(self, incident_id: IncidentId, kind: MarkerKind, text: str) -> Marker | TimelineEntry:
        """Mark this moment.

        On the incident's running recording it is a marker. Where nothing is being recorded, the
        words become an entry of their kind that occurred now: they are not to be lost.

        Raises:
            CaptureError: Nothing is being recorded, and there are no words to keep.
            InvalidRecordError: The words are more than is to be entered.
        """
        refuse_text(text, "text")  # before the recorder makes them durable
        session = self._recording.reattach(incident_id)
        if session is not None and session.incident_id == incident_id:
            return self._recording.mark(kind, text)
        if kind is MarkerKind.LOOK or not text.strip():
            raise CaptureError(
                "Nothing of this incident is being recorded.",
                remedy="Start a recording, or give the words of a fact, hypothesis, decision or "
                "action, which are then an entry.",
            )
        return self._enter(incident_id, EntryKind(kind.value), text.strip())

    def mark_at(
        self,
        incident_id: IncidentId,
        session_id: SessionId,
        at_ms: int,
        kind: MarkerKind,
        text: str,
    ) -> Marker:
        """Mark a position of a recording that is there.

        Raises:
            NotFoundError: The incident has no such session.
            InvalidRecordError: The position is beyond its end, or the words are too many.
        """
        refuse_text(text, "text")
        record = self._store.record(incident_id)
        if session_id not in {session.id for session in record.sessions}:
            raise NotFoundError(f"There is no session “{session_id}”.", remedy="See “show”.")
        lengths = [track.duration_ms for track in record.tracks_of(session_id)]
        known = [length for length in lengths if length is not None]
        if known and len(known) == len(lengths) and at_ms > max(known):
            raise InvalidRecordError("at", f"the recording ends after {max(known) // 1000} s")
        marker = Marker(MarkerId(new_id("mrk")), session_id, at_ms, kind, self._actor, text)
        self._keep(incident_id, [Change(None, marker)], "mark")
        return marker

    def _enter(self, incident_id: IncidentId, kind: EntryKind, text: str) -> TimelineEntry:
        now = now_utc()
        entry = TimelineEntry(
            id=EntryId(new_id("ent")),
            incident_id=incident_id,
            kind=kind,
            text=text,
            occurred_at=now,
            noticed_at=now,
            precision=Precision.SECOND,
            hypothesis_state=HypothesisState.OPEN if kind is EntryKind.HYPOTHESIS else None,
            created_at=now,
        )
        self._keep(incident_id, [Change(None, entry), *companions(entry)], f"enter a {kind.value}")
        return entry

    def _keep(self, incident_id: IncidentId, changes: list[Change], label: str) -> None:
        operation = self._store.commit(incident_id, changes, by=self._actor, label=label)
        self._bus.publish(RecordChanged(incident_id, operation))
