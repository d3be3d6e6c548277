"""Use case: mark what the room's track only repeats from the bridge."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.bleed import bled_segments
from app.domain.engine_types import TrackAudio
from app.domain.sessions import TrackLabel

if TYPE_CHECKING:
    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.domain.ports import AudioReader, RecordStore
    from app.domain.sessions import Session


class BleedPass:
    """Compares the two tracks of a session and marks utterances; no words go."""

    def __init__(self, store: RecordStore, *, home: Home, reader: AudioReader) -> None:
        self._store = store
        self._home = home
        self._reader = reader

    def run(self, incident_id: IncidentId, session: Session) -> None:
        """Mark the room's utterances of one session anew; what a person said of one stays.

        Raises:
            AudioUnreadableError: A file of a track is missing or damaged.
        """
        # numpy: a command that lists or shows does without
        from app.audio_files.bleed import bleed_spans  # noqa: PLC0415

        record = self._store.record(incident_id)
        folder = self._home.session_dir(incident_id, session.id)
        tracks = {track.label: track for track in record.tracks_of(session.id)}
        if tracks.keys() < set(TrackLabel):
            return
        room, bridge = tracks[TrackLabel.ROOM], tracks[TrackLabel.BRIDGE]
        bridge_pcm, room_pcm = (
            partial(self._reader.session_pcm, TrackAudio(track.id, folder, track.label))
            for track in (bridge, room)
        )
        heard = bleed_spans(bridge_pcm, room_pcm, room.duration_ms or 0)
        said = [segment for segment in record.segments if segment.track_id == room.id]
        self._store.mark_bleed(room.id, bled_segments(said, heard))
