"""Keeps what is on screen like the record of the incident that is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.events import (
    RecordChanged,
    RecordingStarted,
    SegmentsReplaced,
    SegmentsTranscribed,
    VoicesHeard,
)
from app.domain.evidence import Evidence
from app.domain.ids import IncidentId
from app.domain.incident import Incident
from app.domain.record_after import knows, record_after
from app.domain.sessions import Marker, Session, Track
from app.domain.timeline import TimelineEntry
from app.domain.transcript import Segment, Speaker
from ui.transcript.row import Row, RowMaker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.domain.events import Event
    from app.domain.ids import SegmentId, SpeakerId
    from app.domain.record import Change, Entity, Operation, Record
    from app.services.incidents import IncidentSummary
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow

# How often other programs' writing is looked for: a person sees it within a second, reading it
# included. Looking is one pragma, and costs some 50 µs.
POLL_MS = 250


@dataclass(frozen=True, slots=True)
class _Loaded:
    record: Record
    maker: RowMaker
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class _List:
    summaries: list[IncidentSummary]
    created: dict[IncidentId, datetime]


class OpenIncident(QObject):
    """Reads records on the storage lane and follows them by events.

    Events that arrive while a record is read are kept and applied after it: applying one twice
    changes nothing.

    Signals:
        opened: Another incident is on screen; its id.
        record_changed: ``record`` stands otherwise.
    """

    opened = Signal(str)
    record_changed = Signal()

    def __init__(self, program: Program, storage: Lane, window: MainWindow) -> None:
        super().__init__(window)
        self.incident_id: IncidentId | None = None
        # What is on screen, without the transcript; None while it is being read
        self.record: Record | None = None
        self._program = program
        self._storage = storage
        self._window = window
        self._transcript = window.transcript.model
        self._timeline = window.record.timeline_model
        self._listed: dict[IncidentId, IncidentSummary] = {}
        self._maker: RowMaker | None = None
        self._waiting: list[Event] | None = None  # a list while a record is being read
        self._stale = False
        self._asking = False
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._on_poll)
        window.incidents.incident_chosen.connect(self.open)
        window.form.create_requested.connect(self.create)

    @property
    def summary(self) -> IncidentSummary | None:
        """What the list of incidents says of the one on screen; None while it is being read."""
        return None if self.incident_id is None else self._listed.get(self.incident_id)

    def voice_of(self, segment: Segment) -> SpeakerId | None:
        """Return as whose a line counts; None where nobody is said to speak."""
        voice = None if self._maker is None else self._maker.voices.get(segment.speaker_id)
        return None if voice is None else voice.id

    def start(self) -> None:
        """Show the newest incident, unless one is opened meanwhile, and begin to follow."""
        self._storage.run(self._read_list, self._on_first_list)
        self._poll.start()

    def stop(self) -> None:
        """Follow no longer."""
        self._poll.stop()

    @Slot(str, str)
    def create(self, title: str, severity: str) -> None:
        """Make an incident and open it."""
        self._storage.run(
            lambda: self._program.incidents.create(title, severity or None), self._on_created
        )

    @Slot(str)
    def open(self, incident_id: str) -> None:
        """Show an incident."""
        self.incident_id = IncidentId(incident_id)
        self._maker = None
        self.record = None
        self._transcript.replace_all([])
        self._timeline.replace_all([])
        if not self._window.recorder.is_recording:
            self._window.transcript.view.go_to_start()
        self._read()
        self._list()
        self.opened.emit(incident_id)
        self.record_changed.emit()

    # Reading

    def _list(self) -> None:
        self._storage.run(self._read_list, self._on_list)

    def _read_list(self) -> _List:
        """Read all incidents, newest first, and when each was entered. Storage lane."""
        created = {entered.id: entered.created_at for entered in self._program.store.incidents()}
        return _List(self._program.incidents.summaries(), created)

    def _read(self) -> None:
        if self._waiting is not None:
            self._stale = True
            return
        incident_id = self.incident_id
        if incident_id is not None:
            self._waiting = []
            self._storage.run(
                lambda: _load(self._program, incident_id), self._on_loaded, self._on_load_failed
            )

    def _on_first_list(self, listed: _List) -> None:
        if self.incident_id is None and listed.summaries:
            self.open(listed.summaries[0].id)
        self._on_list(listed)

    def _on_list(self, listed: _List) -> None:
        self._listed = {incident.id: incident for incident in listed.summaries}
        self._window.incidents.show_incidents(
            listed.summaries, self.incident_id or "", created=listed.created
        )
        if not listed.summaries:
            self._window.transcript.view.empty_text = self.tr(
                "No incident yet.\nCtrl+N names one; F9 records at once."
            )

    def _on_created(self, incident: Incident) -> None:
        self.open(incident.id)

    def _on_load_failed(self, error: Exception) -> None:
        self._waiting = None
        self._storage.failed.emit(error)

    def _on_loaded(self, loaded: _Loaded) -> None:
        waiting, self._waiting = self._waiting or [], None
        if loaded.record.incident.id != self.incident_id or self._stale:
            self._stale = False
            self._read()
            return
        self._maker = loaded.maker
        self.record = loaded.record
        self._transcript.replace_all(loaded.rows)
        self._timeline.know_evidence(loaded.record.evidence)
        self._timeline.begin_with(loaded.record.incident.created_at.date())
        self._timeline.replace_all(loaded.record.entries)
        for event in waiting:
            self.apply(event)
        self.record_changed.emit()

    # Following

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Follow what has happened to the open incident, or to the list of them."""
        if isinstance(event, RecordChanged) and _concerns_list(event):
            self._list()
        if _incident_of(event) != self.incident_id or self.incident_id is None:
            return
        if self._waiting is not None:
            self._waiting.append(event)
            return
        match event:
            case SegmentsTranscribed():
                self._add(event.segments)
            case VoicesHeard():
                self._label(event.voices)
            case SegmentsReplaced():
                self._read()
            case RecordingStarted():
                self._learn([event.session, *event.tracks])
            case RecordChanged(operation=None):
                self._read()
            case RecordChanged(operation=operation) if operation is not None:
                self._follow(operation)
            case _:
                pass

    def _add(self, segments: Sequence[Segment]) -> None:
        maker = self._maker
        is_known = maker is not None and all(maker.knows(segment) for segment in segments)
        if maker is None or not is_known or self._transcript.gives_way_to(segments):
            self._read()
            return
        self._transcript.add(maker.rows(segments))

    def _label(self, voices: Mapping[SegmentId, SpeakerId]) -> None:
        if self._maker is not None:
            for segment in self._transcript.segments(voices):
                if not segment.speaker_by_person:
                    labelled = replace(segment, speaker_id=voices[segment.id])
                    self._transcript.update(self._maker.row(labelled))

    def _follow(self, operation: Operation) -> None:
        if self.record is not None and knows(self.record, operation):
            return  # what was read is newer: this step must not bring back what was before
        changes = operation.changes
        if operation.undone:
            changes = tuple(change.inverse for change in reversed(changes))
        self._show(changes)
        if self.record is not None:
            self.record = replace(record_after(self.record, operation), segments=())
            self.record_changed.emit()

    def _show(self, changes: Sequence[Change]) -> None:
        self._learn([change.after for change in changes if change.after is not None])
        for change in changes:
            match change.before, change.after:
                case _, TimelineEntry() as entry:
                    self._timeline.put(entry)
                case TimelineEntry() as entry, None:
                    self._timeline.remove(entry.id)
                case Segment(), Segment() as segment if self._maker is not None:
                    self._transcript.update(self._maker.row(segment))
                case None, Marker() as marker if self._maker and self._maker.has(marker):
                    self._transcript.add([self._maker.marker_row(marker)])
                case _:
                    pass
        if any(map(_shows_elsewhere, changes)):
            self._read()

    def _learn(self, entities: Sequence[Entity]) -> None:
        if self._maker is None:
            return
        for entity in entities:
            match entity:
                case Session():
                    self._maker.sessions[entity.id] = entity
                case Track():
                    self._maker.tracks[entity.id] = entity
                case Evidence():
                    self._timeline.know_evidence([entity])
                case _:
                    pass

    @Slot()
    def _on_poll(self) -> None:
        if not self._asking:  # a slow disk must not pile questions up
            self._asking = True
            self._storage.run(
                self._program.changed_elsewhere, self._on_changed_elsewhere, self._on_poll_failed
            )

    def _on_changed_elsewhere(self, changed: bool) -> None:  # noqa: FBT001  a callback
        self._asking = False
        if changed:
            self._list()
            self._read()

    def _on_poll_failed(self, error: Exception) -> None:
        self._asking = False
        self._storage.failed.emit(error)


def _load(program: Program, incident_id: IncidentId) -> _Loaded:
    """Read a record and make its rows; on the storage lane, since long ones take a while."""
    record = program.incidents.record(incident_id)
    maker = RowMaker(record)
    rows = maker.rows(record.segments, record.markers)
    return _Loaded(replace(record, segments=()), maker, rows)


def _shows_elsewhere(change: Change) -> bool:
    """Whether other rows than its own change.

    Each line of a voice says its name, and a line that is divided makes new ones.
    """
    came_or_went = None in {change.before, change.after} and isinstance(change.entity, Segment)
    gone = change.after is None and isinstance(change.entity, Marker)
    return came_or_went or gone or isinstance(change.entity, Speaker)


def _incident_of(event: Event) -> IncidentId | None:
    match event:
        case RecordingStarted():
            return event.session.incident_id
        case SegmentsTranscribed() | VoicesHeard() | SegmentsReplaced() | RecordChanged():
            return event.incident_id
        case _:
            return None


def _concerns_list(event: RecordChanged) -> bool:
    operation = event.operation
    return operation is None or any(
        isinstance(change.entity, Incident) for change in operation.changes
    )
