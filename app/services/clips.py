"""Use case: hear what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audio_files.flac import flac_of
from app.domain.engine_types import TrackAudio
from app.domain.errors import NotFoundError

if TYPE_CHECKING:
    from app.domain.home import Home
    from app.domain.ids import IncidentId, TrackId
    from app.domain.ports import AudioReader, RecordStore


class Clips:
    """Cuts stretches of audio out of the tracks."""

    def __init__(self, store: RecordStore, reader: AudioReader, *, home: Home) -> None:
        self._store = store
        self._reader = reader
        self._home = home

    def pcm(self, incident_id: IncidentId, track_id: TrackId, start_ms: int, end_ms: int) -> bytes:
        """Return 16 kHz mono s16le samples of a stretch of the session; zeros in gaps.

        Raises:
            NotFoundError: The incident has no such track.
            AudioUnreadableError: A file of the track is missing or damaged.
        """
        owner, track = self._store.track(track_id)
        if owner != incident_id:
            raise NotFoundError(f"Incident “{incident_id}” has no track “{track_id}”.")
        folder = self._home.session_dir(incident_id, track.session_id)
        audio = TrackAudio(track.id, folder, track.label)
        return self._reader.session_pcm(audio, max(0, start_ms), end_ms)

    def flac(
        self, incident_id: IncidentId, track_id: TrackId, start_ms: int, end_ms: int
    ) -> bytes:
        """Return a stretch of the session, of at least one sample, as a FLAC file.

        Raises:
            NotFoundError, AudioUnreadableError: as ``pcm``.
        """
        return flac_of(self.pcm(incident_id, track_id, start_ms, end_ms))
