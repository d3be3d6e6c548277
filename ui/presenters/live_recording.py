"""Connects the recorder strip with the recorder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.domain.events import (
    AudioStored,
    LanguageDetected,
    MomentMarked,
    RecognitionFellBehind,
    RecordingStarted,
    RecordingStopped,
)
from app.domain.incident import IncidentState
from app.domain.languages import detected_sentence
from app.domain.times import MS_PER_SECOND, now_utc
from ui.incident_names import incident_name
from ui.moments import duration_text

if TYPE_CHECKING:
    from app.domain.engine_types import AudioSource
    from app.domain.events import Event
    from app.domain.ids import IncidentId
    from app.domain.sessions import Marker, MarkerKind, Session, SessionKind
    from app.services.incidents import IncidentSummary
    from app.services.program import Program
    from ui.background import Lanes
    from ui.main_window import MainWindow
    from ui.presenters.open_incident import OpenIncident

LIST_AGAIN_MS = 10_000  # devices are listed by starting a helper, so not at each activation

OVER = {IncidentState.RESOLVED, IncidentState.POSTMORTEM_ONLY, IncidentState.CLOSED}


@dataclass(frozen=True, slots=True)
class _Begun:
    """A recording; ``name`` is its incident's, empty where it is not known yet."""

    session: Session
    name: str


class LiveRecording(QObject):
    """Starts, shows and stops recordings; finds one that runs already.

    Signals:
        failed: An exception; the recording did not start, stop, or ended by itself.
        changed: Another session is recorded, or none; ``session`` says which.
    """

    failed = Signal(object)
    changed = Signal()

    def __init__(
        self, program: Program, lanes: Lanes, window: MainWindow, incident: OpenIncident
    ) -> None:
        super().__init__(window)
        self.session: Session | None = None
        self._program = program
        self._lanes = lanes
        self._window = window
        self._strip = window.recorder
        self._incident = incident
        self._may_list = QTimer(self)
        self._may_list.setSingleShot(True)
        self._may_list.setInterval(LIST_AGAIN_MS)
        self._strip.start_requested.connect(self._on_start_requested)
        self._strip.stop_requested.connect(self._on_stop_requested)
        self._strip.markers.mark_requested.connect(self._on_mark_requested)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.applicationStateChanged.connect(self._on_application_state_changed)

    @property
    def incident_id(self) -> IncidentId | None:
        """The incident that is recorded."""
        return None if self.session is None else self.session.incident_id

    def start(self) -> None:
        """Look for a recorder that runs, then allow to record."""
        self._lanes.recorder.run(self._program.recording.reattach, self._on_reattached)
        self._list_sources()

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Show what the recorder says."""
        match event:
            case RecordingStarted():
                self._strip.show_started(event.tracks)
                self._window.transcript.view.set_live(live=True)
                self._window.setWindowTitle(self.tr("● Recording · Hotwash"))
                self._follow(event.session)
            case AudioStored() if self._strip.is_recording:
                self._strip.show_status(event.status)
            case RecordingStopped():
                self._show_stopped()
                if event.error is not None:
                    self.failed.emit(event.error)
            case MomentMarked(marker=marker):
                self._show_marked(marker)
            case RecognitionFellBehind():
                self._window.status.show_backlog(event.backlog_ms // MS_PER_SECOND, event.pace)
            case LanguageDetected():
                self._window.status.say(detected_sentence(event.language, settled=event.settled))
            case _:
                pass

    def _show_stopped(self) -> None:
        self._strip.show_stopped()
        self._window.transcript.view.set_live(live=False)
        self._window.setWindowTitle("Hotwash")
        saved = duration_text(self._strip.saved_ms)
        self._window.status.say(self.tr("Stopped; {0} saved").format(saved))
        self._follow(None)

    def _follow(self, session: Session | None) -> None:
        self.session = session
        self.changed.emit()

    # Starting and stopping

    @Slot(object, str, str)
    def _on_start_requested(self, kind: SessionKind, mic: str, bridge: str) -> None:
        self._strip.show_busy(self.tr("Starting…"))
        incident_id, shown = self._incident.incident_id, self._incident.summary
        # A debrief or a handoff looks back: it belongs to the incident even when that is over.
        is_over = shown is not None and shown.state in OVER and not kind.is_retrospective
        over = shown if is_over else None
        name = incident_name(shown) if shown is not None else ""
        self._lanes.recorder.run(
            lambda: self._begin(None if over else incident_id, name, kind, mic, bridge),
            lambda begun: self._on_started(begun, over),
            self._on_start_failed,
        )

    def _begin(
        self, incident_id: IncidentId | None, name: str, kind: SessionKind, mic: str, bridge: str
    ) -> _Begun:
        """Record; without an incident, into a new one: it can be named later. Recorder lane."""
        if incident_id is None:
            name = self.tr("Untitled incident, {0} UTC").format(f"{now_utc():%Y-%m-%d %H:%M}")
            incident_id = self._program.incidents.create(name, None).id
        settings = self._program.settings
        session = self._program.recording.start(
            incident_id,
            kind=kind,
            mic=mic,
            bridge=bridge,
            mic_fallback=settings.microphone_fallback,
            bridge_fallback=settings.bridge_fallback,
        )
        return _Begun(session, name)

    def _on_started(self, begun: _Begun, over: IncidentSummary | None) -> None:
        if self._incident.incident_id != begun.session.incident_id:
            self._incident.open(begun.session.incident_id)
        if over is not None:
            self._window.banner.show_info(
                self.tr("This is recorded into a new incident: “{0}” is {1}.").format(
                    incident_name(over), over.state.value.replace("_", " ")
                ),
                self.tr("The new one is called “{0}”.").format(begun.name),
            )
        into = self.tr("Recording into {0}.") if begun.name else self.tr("Recording.")
        keys = self.tr("Closing this window does not stop it; Shift+F9 does.")
        self._window.status.say(f"{into.format(begun.name)} {keys}")

    def _on_start_failed(self, error: Exception) -> None:
        self._strip.show_stopped()
        self.failed.emit(error)

    @Slot()
    def _on_stop_requested(self) -> None:
        self._strip.show_busy(self.tr("Stopping…"))
        self._lanes.recorder.run(self._program.recording.stop, None, self._on_stop_failed)

    def _on_stop_failed(self, error: Exception) -> None:
        self._strip.button.setEnabled(True)
        self.failed.emit(error)

    def _on_reattached(self, session: Session | None) -> None:
        self._strip.setEnabled(True)
        if session is None:
            return
        if not self._strip.is_recording:  # found before this window could hear of it
            self._strip.show_started(())
            self._window.transcript.view.set_live(live=True)
            self._follow(session)
        self._incident.open(session.incident_id)
        self._window.banner.show_info(
            self.tr("The recording went on while no window was open."),
            self.tr("It began at {0} UTC.").format(f"{session.start_utc:%H:%M:%S}"),
        )

    # Markers and sources

    @Slot(object)
    def _on_mark_requested(self, kind: MarkerKind) -> None:
        self._lanes.recorder.run(lambda: self._program.recording.mark(kind))

    def _show_marked(self, marker: Marker) -> None:
        moment = duration_text(marker.at_ms)
        self._window.status.say(
            self.tr("Marked at {0}: {1}, for the 20 seconds before").format(
                moment, marker.kind.value
            )
        )

    def _list_sources(self) -> None:
        self._may_list.start()
        self._lanes.storage.run(self._program.recording.sources, self._on_sources)

    def _on_sources(self, sources: list[AudioSource]) -> None:
        if not self._strip.is_recording:
            self._strip.show_sources(sources, self._program.settings)

    @Slot(Qt.ApplicationState)
    def _on_application_state_changed(self, state: Qt.ApplicationState) -> None:
        active = state == Qt.ApplicationState.ApplicationActive
        if active and not self._may_list.isActive() and not self._strip.is_recording:
            self._list_sources()
