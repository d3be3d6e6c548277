"""Use case: see where a recording is loud, and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.home import Home
    from app.domain.ids import TrackId
    from app.domain.sessions import Session
    from app.domain.sound_ports import PeakReader
    from app.domain.waveform import SessionWave

PATIENCE_S = 0.5  # after so long what is there is shown; the rest comes with the next call


class Waveforms:
    """Looks at the audio of sessions; to be asked from one thread at a time."""

    def __init__(self, reader: PeakReader, *, home: Home) -> None:
        self._reader = reader
        self._home = home

    def of(self, session: Session, track_ids: Sequence[TrackId]) -> SessionWave:
        """Return the tracks as far as they have been looked at; ask again until it is whole.

        Raises:
            AudioUnreadableError: The session's folder is missing or cannot be read.
        """
        folder = self._home.session_dir(session.incident_id, session.id)
        return self._reader.waves(folder, track_ids, patience_s=PATIENCE_S)
