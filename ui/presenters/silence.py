"""Tells of tracks on which nothing is to be heard: often it is the wrong source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.events import AudioStored, RecordingStopped
from app.domain.sessions import TrackLabel
from app.domain.times import after
from ui.moments import utc_text
from ui.widgets.banner import Tone

if TYPE_CHECKING:
    from app.domain.engine_types import TrackStatus
    from app.domain.events import Event
    from app.domain.ids import TrackId
    from app.domain.sessions import Session
    from ui.main_window import MainWindow
    from ui.presenters.live_recording import LiveRecording

SILENT_PEAK = 10 ** (-70 / 20)  # -70 dBFS: quieter than any room, or any call in which people sit
SILENT_FOR_MS = 10_000


@dataclass(slots=True)
class _Quiet:
    """Since when, on the session's time, a track is silent; the sentence once it was told."""

    since_ms: int
    told: str = ""


class SilenceNotices(QObject):
    """One notice per track and silence; it goes when there is sound again."""

    def __init__(self, window: MainWindow, recording: LiveRecording) -> None:
        super().__init__(window)
        self._banner = window.banner
        self._recording = recording
        self._quiet: dict[TrackId, _Quiet] = {}

    @Slot(object)
    def apply(self, event: Event) -> None:
        """Follow the levels, by the recorder's own clock."""
        match event:
            case AudioStored(status=status):
                session = self._recording.session
                if status.running and session is not None and session.id == status.session_id:
                    for track in status.tracks:
                        is_paused = status.pause is not None
                        self._follow(track, session, status.elapsed_ms, is_paused=is_paused)
            case RecordingStopped():
                for track_id in list(self._quiet):
                    self._end(track_id)
            case _:
                pass

    def _follow(
        self, track: TrackStatus, session: Session, elapsed_ms: int, *, is_paused: bool
    ) -> None:
        # A track with a problem says so itself, and then it is no question of the source
        if track.peak >= SILENT_PEAK or track.problem or is_paused:
            self._end(track.track_id)
            return
        quiet = self._quiet.setdefault(track.track_id, _Quiet(elapsed_ms))
        if not quiet.told and elapsed_ms - quiet.since_ms >= SILENT_FOR_MS:
            quiet.told = self._sentence(track.label, session, quiet.since_ms)
            self._banner.tell(Tone.PROBLEM, quiet.told, self.tr("Is this the right source?"))

    def _end(self, track_id: TrackId) -> None:
        quiet = self._quiet.pop(track_id, None)
        if quiet is not None and quiet.told:
            self._banner.forget(quiet.told)

    def _sentence(self, label: TrackLabel, session: Session, since_ms: int) -> str:
        names = {TrackLabel.ROOM: self.tr("Room"), TrackLabel.BRIDGE: self.tr("Bridge")}
        moment = utc_text(after(session.start_utc, since_ms))
        return self.tr("{0}: nothing heard since {1}.").format(names[label], moment)
