"""Shows the waveform of the session that the transcript is at, and goes where a person points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from app.domain.errors import AppError
from app.domain.events import AudioStored, RecordingStarted, RecordingStopped
from app.domain.times import Span, after
from app.domain.waveform import NoAudio, SessionWave, TrackWave
from ui.presenters.listening import LONGEST_MS
from ui.transcript.selection import TextSelection
from ui.waveform.lacks import lacks_of
from ui.waveform.overview import Lane, Overview
from ui.waveform.rows import bleed_of, passages_from

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.domain.ids import SessionId
    from app.domain.sessions import Session, Track
    from app.services.program import Program
    from ui.background import Lane as WorkLane
    from ui.main_window import MainWindow
    from ui.presenters.listening import Listening
    from ui.presenters.live_recording import LiveRecording
    from ui.presenters.open_incident import OpenIncident
    from ui.transcript.row import Passage

GROWS_MS, GROWS_SLOWLY_MS = 1_000, 10_000  # how often a recording is looked at
COLUMNS = 600  # about as many has the strip: more often than a column grows nothing is seen


class SessionOverview(QObject):
    """Asks for the peaks on the lane ``looking``; the window's thread only paints them."""

    def __init__(
        self,
        program: Program,
        looking: WorkLane,
        window: MainWindow,
        incident: OpenIncident,
        *,
        recording: LiveRecording,
        listening: Listening,
    ) -> None:
        super().__init__(window)
        self._program = program
        self._looking = looking
        self._incident = incident
        self._recording = recording
        self._listening = listening
        self._strip = window.transcript.waveform
        self._transcript = window.transcript.view
        self._rows = window.transcript.model
        self._begun: dict[SessionId, tuple[Session, tuple[Track, ...]]] = {}
        self._shown: Session | None = None
        self._tracks: tuple[Track, ...] = ()
        self._wave: SessionWave | None = None
        self._problem = ""
        self._bleed: tuple[Span, ...] | None = None  # None: the rows have changed
        self._asking = self._ask_again = False
        self._grows = QTimer(self)
        self._grows.setSingleShot(True)
        self._grows.timeout.connect(self._ask)
        incident.record_changed.connect(self._on_record_changed)
        self._rows.dataChanged.connect(self._on_rows_changed)
        self._rows.modelReset.connect(self._on_rows_changed)
        bar = self._transcript.verticalScrollBar()
        bar.valueChanged.connect(self._on_scrolled)
        bar.rangeChanged.connect(self._on_scrolled)
        self._strip.view.moved.connect(self._on_moved)
        self._strip.view.play_requested.connect(self._on_play_requested)
        self._strip.view.stop_requested.connect(listening.player.stop)
        listening.heard.connect(self._on_heard)

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Follow a recording: it is looked at as it grows, and once more when it is over."""
        match event:
            case RecordingStarted(session=session, tracks=tracks):
                self._begun[session.id] = session, tracks
                self._choose()
            case AudioStored(status=status) if self._is_shown(status.session_id):
                self._ask_soon()
            case RecordingStopped(session_id=session_id) if self._is_shown(session_id):
                self._ask()
            case _:
                pass

    # Which session

    @Slot()
    def _on_record_changed(self) -> None:
        self._choose()
        if self._is_recorded:
            self._show()  # a marker is there at once
            self._ask_soon()
        else:
            self._ask()  # also of the same session: what was redacted must not stay on screen

    @Slot()
    def _on_rows_changed(self) -> None:
        self._bleed = None
        self._choose()
        if self._is_recorded:
            self._ask_soon()
        else:
            self._ask()

    @Slot()
    def _on_scrolled(self) -> None:
        self._choose()
        self._show_in_view()

    def _choose(self) -> None:
        """Show the session that is recorded, while its words are followed; else that in view."""
        chosen = self._known(self._chosen_id())
        if chosen is None:
            self._shown, self._tracks, self._wave = None, (), None
            self._strip.show_overview(None)
            return
        session, tracks = chosen
        is_other = self._shown is None or self._shown.id != session.id
        self._shown, self._tracks = session, tracks
        if is_other:
            self._wave, self._bleed, self._problem = None, None, ""
            self._show()
            self._ask()

    def _chosen_id(self) -> SessionId | None:
        live = self._recording.session
        is_here = live is not None and live.incident_id == self._incident.incident_id
        if live is not None and is_here and self._transcript.follows_end:
            return live.id
        in_view = [self._rows.row(number).session_id for number in self._transcript.rows_in_view]
        if in_view:
            return self._shown.id if self._shown and self._shown.id in in_view else in_view[0]
        sessions = [session for session, tracks in self._all_known() if tracks]
        return max(sessions, key=lambda session: session.start_utc).id if sessions else None

    def _all_known(self) -> list[tuple[Session, tuple[Track, ...]]]:
        """Return what the record has, and what began since it was read."""
        record = self._incident.record
        known = [(one, record.tracks_of(one.id)) for one in record.sessions] if record else []
        ids = {session.id for session, tracks in known if tracks}
        return known + [
            (session, tracks)
            for session, tracks in self._begun.values()
            if session.incident_id == self._incident.incident_id and session.id not in ids
        ]

    def _known(self, session_id: SessionId | None) -> tuple[Session, tuple[Track, ...]] | None:
        found = [known for known in self._all_known() if known[0].id == session_id and known[1]]
        return found[-1] if found else None

    def _is_shown(self, session_id: SessionId) -> bool:
        return self._shown is not None and self._shown.id == session_id

    @property
    def _is_recorded(self) -> bool:
        """Whether what is shown is being recorded."""
        live = self._recording.session
        return live is not None and self._is_shown(live.id)

    # Looking

    def _ask_soon(self) -> None:
        """Ask when the recording will have grown by as much as can be seen."""
        if not self._grows.isActive():
            until_ms = self._wave.until_ms if self._wave else 0
            self._grows.start(min(GROWS_SLOWLY_MS, max(GROWS_MS, until_ms // COLUMNS)))

    @Slot()
    def _ask(self) -> None:
        session = self._shown
        if session is None:
            return
        if self._asking:
            self._ask_again = True
            return
        self._asking, self._ask_again = True, False
        track_ids = [track.id for track in self._tracks]
        rows = self._rows.rows() if self._bleed is None else None
        bleed = self._bleed or ()

        def look() -> tuple[Session, SessionWave, tuple[Span, ...]]:
            heard = bleed if rows is None else bleed_of(rows, session.id)
            return session, self._program.waveforms.of(session, track_ids), heard

        self._looking.run(look, self._on_looked, self._on_failed)

    def _on_looked(self, looked: tuple[Session, SessionWave, tuple[Span, ...]]) -> None:
        session, wave, bleed = looked
        self._asking = False
        if self._is_shown(session.id):
            self._wave, self._bleed, self._problem = wave, bleed, ""
            self._show()
        if self._ask_again or not wave.is_whole:
            self._ask()

    def _on_failed(self, error: Exception) -> None:
        self._asking = False
        if not isinstance(error, AppError):
            self._looking.failed.emit(error)
        elif not self._ask_again:
            self._problem, self._wave = str(error), None
            self._show()
        if self._ask_again:
            self._ask()

    def _show(self) -> None:
        session, record = self._shown, self._incident.record
        if session is None:
            return
        waves = {wave.track_id: wave for wave in self._wave.tracks} if self._wave else {}
        lanes = tuple(
            Lane(track, waves.get(track.id) or _unseen(track, session)) for track in self._tracks
        )
        markers = record.markers if record else ()
        self._strip.show_overview(
            Overview(
                session,
                tuple(sorted(lanes, key=lambda lane: lane.track.label, reverse=True)),
                SessionWave(tuple(lane.wave for lane in lanes)).until_ms,
                lacks_of((lane.track, lane.wave) for lane in lanes),
                tuple(marker for marker in markers if marker.session_id == session.id),
                self._bleed or (),
            ),
            problem=self._problem,
        )
        self._show_in_view()

    def _show_in_view(self) -> None:
        rows = [self._rows.row(number) for number in self._transcript.rows_in_view]
        seen = [row.passage() for row in rows if self._is_shown(row.session_id)]
        span = None
        if seen:
            span = Span(min(p.start_ms for p in seen), max(p.end_ms for p in seen))
        self._strip.view.show_in_view(span)

    # Going and hearing

    @Slot(str, int)
    def _on_moved(self, track_id: str, at_ms: int) -> None:
        session = self._shown
        if session is None:
            return
        number = self._number_at(session, at_ms)
        if number is not None:
            word = self._rows.row(number).word_at(at_ms)
            self._transcript.select(TextSelection.of_row(number, word or 0))
        if self._listening.player.is_playing:
            self._play(track_id, at_ms)

    @Slot(str, int)
    def _on_play_requested(self, track_id: str, at_ms: int) -> None:
        if self._listening.player.is_playing:
            self._listening.player.stop()
        else:
            self._play(track_id, at_ms)

    def _play(self, track_id: str, at_ms: int) -> None:
        overview = self._strip.view.overview
        track = next((track for track in self._tracks if track.id == track_id), None)
        if overview is None or track is None or at_ms >= overview.until_ms:
            return
        until_ms = min(overview.until_ms, at_ms + LONGEST_MS)
        number = self._number_at(overview.session, at_ms)
        rows = [] if number is None else self._rows.rows()[number:]
        self._listening.play(passages_from(rows, track, Span(at_ms, until_ms)))

    def _number_at(self, session: Session, at_ms: int) -> int | None:
        """Return the row of the session that is nearest to a position; None without one."""
        number = self._rows.number_at(after(session.start_utc, at_ms))
        if number is None:
            return None
        following = min(number + 1, self._rows.rowCount() - 1)
        near = (number, following)
        return next((n for n in near if self._rows.row(n).session_id == session.id), None)

    @Slot(object, int)
    def _on_heard(self, passage: Passage | None, at_ms: int) -> None:
        ids = {track.id for track in self._tracks}
        is_here = passage is not None and passage.track_id in ids
        self._strip.view.show_playing(at_ms if is_here else None)


def _unseen(track: Track, session: Session) -> TrackWave:
    """Return what the record knows of a track, while or where its files cannot be looked at."""
    gaps = tuple(gap for gap in session.gaps if gap.track_id == track.id)
    return TrackWave(track.id, track.duration_ms or 0, NoAudio(), gaps)
