"""Attaching, with no file read: what it finds and how it ends is for a test to say."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain.errors import WorkCancelledError
from app.domain.events import SegmentsReplaced
from app.services.attachment_plan import Attached, Looked
from tests.builders import a_session

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.domain.errors import AppError
    from app.domain.ids import IncidentId, SessionId
    from app.domain.media import FoundStart, MediaStream
    from app.domain.sessions import Session, SessionKind, TrackLabel
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore


@dataclass
class FakeAttachment:
    """Reads no file; remembers what it was asked to attach."""

    store: SqlRecordStore
    bus: LocalBus
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    asked_for: list[IncidentId] = field(default_factory=list)
    may_end: threading.Event = field(default_factory=threading.Event)
    refusal: AppError | None = None
    found: FoundStart | None = None
    streams: tuple[MediaStream, ...] = ()
    corrected: list[tuple[SessionId, datetime]] = field(default_factory=list)
    remarks: tuple[str, ...] = ()

    def look(self, _incident_id: IncidentId | None, _files: list[Path]) -> Looked:
        return Looked(self.found, self.streams)

    def correct_start(
        self, incident_id: IncidentId, session_id: SessionId, start_utc: datetime
    ) -> Session:
        self.corrected.append((session_id, start_utc))
        return self.store.record(incident_id).session(session_id)

    def cancel(self) -> None:
        self.refusal = WorkCancelledError("You cancelled it.")
        self.may_end.set()

    def attach(
        self,
        incident_id: IncidentId,
        files: list[Path],
        *,
        start_utc: datetime | None,
        kind: SessionKind,
        labels: list[TrackLabel] | None = None,
        stream: int | None = None,
    ) -> list[Attached]:
        self.asked.append((files, start_utc, kind, labels, stream))
        self.asked_for.append(incident_id)
        if self.refusal is not None:
            raise self.refusal
        assert self.may_end.wait(10)
        if isinstance(self.refusal, WorkCancelledError):
            raise self.refusal
        self.bus.publish(SegmentsReplaced(incident_id))
        return [Attached(a_session(), {}, self.remarks)]
