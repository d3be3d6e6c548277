"""Lets a person hear what is behind words and entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.events import RecordingStarted
from ui.playback.player import Player
from ui.transcript.row import Passage

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.domain.timeline import TimelineEntry
    from app.services.program import Program
    from ui.background import Lane
    from ui.main_window import MainWindow
    from ui.playback.output import Output
    from ui.presenters.open_incident import OpenIncident

LONGEST_MS = 600_000  # ten minutes at a go: what is selected by Shift+End would fill the memory


class Listening(QObject):
    """Fetches audio on the storage lane, plays it, and lights up the words meanwhile.

    Silent while a recording hears this machine's own output: what is played would become
    evidence of the call.

    Signals:
        heard: What is heard now, a ``Passage``, and the position in it on its session; None and 0
            when there is silence again.
    """

    heard = Signal(object, int)

    def __init__(
        self,
        program: Program,
        storage: Lane,
        window: MainWindow,
        incident: OpenIncident,
        output: Output | None = None,
    ) -> None:
        super().__init__(window)
        self.player = Player(output, self)
        self._program = program
        self._storage = storage
        self._incident = incident
        self._window = window
        self._view = window.transcript.view
        self._passages: list[Passage] = []
        self._asked = 0
        self._view.play_requested.connect(self.play)
        self._view.stop_requested.connect(self.player.stop)
        timeline = window.record.timeline
        timeline.play_requested.connect(self._on_entry_play_requested)
        timeline.stop_requested.connect(self.player.stop)
        self.player.moved.connect(self._on_moved)
        self.player.ended.connect(self._on_ended)
        incident.opened.connect(self._on_opened)
        window.recorder.start_requested.connect(self._on_start_requested)

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Be silent when a recording was found that nobody asked for here."""
        if isinstance(event, RecordingStarted):
            self._on_start_requested()

    @Slot(object)
    def play(self, passages: list[Passage]) -> None:
        """Play passages one after the other; asked for the same again, be silent."""
        again = self.player.is_playing and passages == self._passages
        self._be_silent()
        if passages and self._window.recorder.records_output:
            self._window.status.say(
                self.tr("Playing now would be recorded as the bridge. Stop the recording first.")
            )
            return
        incident_id, asked = self._incident.incident_id, self._asked
        wanted = _as_far_as(passages, LONGEST_MS)
        if again or incident_id is None or not wanted:
            return
        clips = self._program.clips

        def fetch() -> tuple[int, list[Passage], bytes]:
            pieces = [
                clips.pcm(incident_id, part.track_id, part.start_ms, part.end_ms)
                for part in wanted
            ]
            return asked, wanted, b"".join(pieces)

        self._storage.run(fetch, self._on_fetched)

    def _on_fetched(self, fetched: tuple[int, list[Passage], bytes]) -> None:
        asked, passages, pcm = fetched
        if asked == self._asked:  # else something else was asked for meanwhile
            self._passages = passages
            self.player.play(pcm)

    @Slot(object)
    def _on_entry_play_requested(self, entry: TimelineEntry) -> None:
        self.play(
            [
                Passage(
                    audio.track_id,
                    audio.span.start_ms,
                    audio.span.end_ms,
                    self._view.model.said_in(source),
                )
                for source in entry.sources
                if (audio := source.audio) is not None
            ]
        )

    @Slot(int)
    def _on_moved(self, played_ms: int) -> None:
        offset_ms = played_ms
        for passage in self._passages:
            duration_ms = passage.end_ms - passage.start_ms
            if offset_ms < duration_ms:
                self._view.show_playing(passage, passage.start_ms + offset_ms)
                self.heard.emit(passage, passage.start_ms + offset_ms)
                return
            offset_ms -= duration_ms

    @Slot()
    def _on_ended(self) -> None:
        self._view.show_playing(None)
        self.heard.emit(None, 0)

    @Slot(str)
    def _on_opened(self, _incident_id: str) -> None:
        self._be_silent()

    @Slot()
    def _on_start_requested(self) -> None:
        if self._window.recorder.records_output:
            self._be_silent()

    def _be_silent(self) -> None:
        self._asked += 1  # what is being fetched is not played either
        self.player.stop()


def _as_far_as(passages: list[Passage], limit_ms: int) -> list[Passage]:
    wanted: list[Passage] = []
    for passage in passages:
        limit_ms -= passage.end_ms - passage.start_ms
        if limit_ms < 0 and wanted:
            break
        wanted.append(passage)
    return wanted
