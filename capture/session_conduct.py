"""What people decide while a recording runs: markers, pauses, the announcement."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import TYPE_CHECKING

from app.audio_files.conduct_lines import Announced, Paused, Resumed
from app.audio_files.reserve import keep_reserve, release_reserve
from app.domain.errors import AudioNotStoredError, CaptureError
from app.domain.ids import MarkerId, new_id
from app.domain.sessions import Consent, Marker, Pause
from app.domain.times import iso_utc
from capture.pause_order import PauseOrder
from capture.recorder_clock import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.audio_files.journal import Journal
    from app.audio_files.journal_lines import Line
    from app.domain.ids import SessionId
    from app.domain.sessions import MarkerKind
    from capture.recorder_clock import RecorderClock
    from capture.track_recording import TrackRecording


class SessionConduct:
    """Everything is durable in the journal before it takes effect. Safe from any thread.

    Attributes:
        pause: The pause under way, None if there is none.
        consent: The first announcement, None before it.
    """

    def __init__(
        self,
        session_dir: Path,
        session_id: SessionId,
        journal: Journal,
        tracks: Sequence[TrackRecording],
        *,
        clock: RecorderClock,
        zero_ns: int,
        consent: Consent | None = None,
    ) -> None:
        self._dir = session_dir
        self._session_id = session_id
        self._journal = journal
        self._tracks = tracks
        self._clock = clock
        self._zero_ns = zero_ns
        self._turn = threading.Lock()
        self._is_over = False
        self._order: PauseOrder | None = None
        self.pause: Pause | None = None
        self.consent = consent

    def end(self) -> None:
        """Take nothing more."""
        with self._turn:
            self._is_over = True

    def mark(self, kind: MarkerKind, *, by: str, text: str) -> Marker:
        """Stamp a marker, also during a pause.

        Raises:
            AudioNotStoredError: The disk is full.
            CaptureError: The recording has ended.
        """
        at_ms = self._elapsed_ms()
        marker = Marker(
            MarkerId(new_id("mrk")), self._session_id, at_ms, kind=kind, by=by, text=text
        )
        with self._turn:
            self._require_running()
            self._journal.append(marker)
        return marker

    def announce(self, *, by: str, method: str) -> Consent:
        """Stamp now as the moment of the announcement; return the first such stamp.

        Raises:
            AudioNotStoredError, CaptureError: As ``mark``.
        """
        at = iso_utc(self._clock.utc())
        with self._turn:
            self._require_running()
            self._say(Announced(at, by, method))
            self.consent = self.consent or Consent(datetime.fromisoformat(at), by, method)
            return self.consent

    def begin_pause(self, *, by: str) -> Pause:
        """Let nothing that is heard from now on reach the disk.

        Raises:
            AudioNotStoredError: The disk did not take the word of it; the recording goes on.
            CaptureError: It is paused already, or has ended.
        """
        with self._turn:
            self._require_running()
            if self.pause is not None:
                raise CaptureError("The recording is paused already.", remedy="Resume it first.")
            order, at_ms = PauseOrder(self._clock.now_ns()), self._elapsed_ms()
            for track in self._tracks:
                track.pause(order)
            stands = False
            try:
                self._say(Paused(at_ms, by))
                stands = True
            finally:
                order.decide(stands=stands)
            self._order, self.pause = order, Pause(at_ms, None, by or None)
            return self.pause

    def end_pause(self, *, by: str) -> Pause:
        """Record again; return the pause, which is over.

        Raises:
            AudioNotStoredError: The disk did not take the word of it; the pause goes on.
            CaptureError: The recording is not paused, or has ended.
        """
        with self._turn:
            self._require_running()
            pause, order = self.pause, self._order
            if pause is None or order is None:
                raise CaptureError("The recording is not paused.", remedy="Pause it first.")
            end_ms = max(pause.start_ms + 1, self._elapsed_ms())
            self._say(Resumed(end_ms, by))
            self._order = self.pause = None
            order.lift()
            return Pause(pause.start_ms, end_ms, pause.by)

    def _elapsed_ms(self) -> int:
        return (self._clock.now_ns() - self._zero_ns) // NS_PER_MS

    def _require_running(self) -> None:
        if self._is_over:
            raise CaptureError("The recording has ended.", remedy="Start a new one.")

    def _say(self, line: Line) -> None:
        """Write a line down; on a full disk, with the room that was kept for such words."""
        try:
            self._journal.append(line)
        except AudioNotStoredError:
            release_reserve(self._dir)
            self._journal.append(line)
            self._keep_what_is_left()

    def _keep_what_is_left(self) -> None:
        try:
            keep_reserve(self._dir)
        except AudioNotStoredError:
            return  # it has served its purpose
