"""Connects the window with the program, once the program has been loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.events import ProblemArose
from app.domain.times import now_utc
from ui.background import Lanes
from ui.event_bridge import EventBridge
from ui.opener import DESKTOP
from ui.presenters.alarm_notices import AlarmNotices
from ui.presenters.documents import Documents
from ui.presenters.elsewhere import Elsewhere
from ui.presenters.empty_transcript import EmptyTranscript
from ui.presenters.entering import Entering
from ui.presenters.entry_life import EntryLife
from ui.presenters.exporting import Exporting
from ui.presenters.listening import Listening
from ui.presenters.live_recording import LiveRecording
from ui.presenters.looking import Looking
from ui.presenters.naming import Naming
from ui.presenters.open_incident import OpenIncident
from ui.presenters.partials import Partials
from ui.presenters.record_editing import RecordEditing
from ui.presenters.recording_conduct import RecordingConduct
from ui.presenters.redacting import Redacting
from ui.presenters.remembered_voices import RememberedVoices
from ui.presenters.session_overview import SessionOverview
from ui.presenters.silence import SilenceNotices
from ui.presenters.source_trials import TryingSources
from ui.presenters.standing import Standing
from ui.presenters.start_mending import StartMending

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.domain.ports import Clock
    from app.services.program import Program
    from ui.main_window import MainWindow
    from ui.opener import Opener
    from ui.playback.output import Output
    from ui.problem_reporter import ProblemReporter


class Desk(QObject):
    """Owns the presenters and the lanes; ``stop`` ends them in reverse order."""

    def __init__(
        self,
        program: Program,
        window: MainWindow,
        reporter: ProblemReporter,
        *,
        output: Output | None = None,
        opener: Opener = DESKTOP,
        clock: Clock = now_utc,
    ) -> None:
        super().__init__(window)
        self.program = program
        self._reporter = reporter
        self.lanes = Lanes.open(reporter.report, self)
        self.incident = OpenIncident(program, self.lanes.storage, window)
        self.recording = LiveRecording(program, self.lanes, window, self.incident)
        self.trials = TryingSources(program, self.lanes.trials, window)
        self.partials = Partials(window, self.incident)
        self.empty_transcript = EmptyTranscript(window, self.incident, self.recording)
        self.silence = SilenceNotices(window, self.recording)
        self.alarms = AlarmNotices(window)
        self.conduct = RecordingConduct(program, self.lanes.recorder, window, self.recording)
        self.editing = RecordEditing(program, self.lanes.storage, window, self.incident)
        self.entering = Entering(program, self.lanes.storage, window, self.incident, clock)
        self.life = EntryLife(program, self.lanes.storage, window, self.incident)
        self.standing = Standing(program, self.lanes.storage, window, self.incident, clock)
        self.looking = Looking(program, self.lanes.looking, window, self.incident, opener)
        self.redacting = Redacting(program, self.lanes.work, window, self.incident)
        self.voices = RememberedVoices(program, self.lanes, window, self.incident)
        self.documents = Documents(program, self.lanes, window, self.incident)
        self.exporting = Exporting(program, self.lanes, window, self.incident)
        self.mending = StartMending(program, self.lanes.storage, window, self.incident)
        self.listening = Listening(program, self.lanes.storage, window, self.incident, output)
        self.naming = Naming(program, self.lanes.storage, window, self.incident, self.listening)
        self.overview = SessionOverview(
            program,
            self.lanes.looking,
            window,
            self.incident,
            recording=self.recording,
            listening=self.listening,
        )
        self.elsewhere = Elsewhere(program, window)
        for failed in (self.recording.failed, self.trials.failed, self.listening.player.failed):
            failed.connect(reporter.report)
        self.lanes.looking.run(lambda: program.model_note, window.transcript.show_note)
        for notice in program.notices:
            reporter.report(notice)
        self._bridge = self._bridged()  # last: from now on events arrive

    def _bridged(self) -> EventBridge:
        """Return what brings the program's events to those who show them."""
        bridge = EventBridge(self.program.bus, self)
        for presenter in (
            self.incident,
            self.recording,
            self.partials,
            self.empty_transcript,
            self.silence,
            self.alarms,
            self.conduct,
            self.elsewhere,
            self.documents,
            self.listening,
            self.overview,
            self,
        ):
            bridge.event_published.connect(presenter.apply)
        return bridge

    def start(self) -> None:
        """Show what there is."""
        self.recording.start()
        self.incident.start()
        self.elsewhere.start()

    def stop(self) -> None:
        """Let go of everything; blocks until work under way has ended. A recorder goes on."""
        self._bridge.stop()
        self.elsewhere.stop()
        self.listening.player.stop()
        self.incident.stop()
        self.exporting.stop()
        self.lanes.close()
        self.program.shutdown()
        self.lanes.join()

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Tell of what failed while nobody was waiting for it."""
        if isinstance(event, ProblemArose):
            self._reporter.report(event.error)
