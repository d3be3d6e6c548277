"""Voices named after their track, as long as nothing tells them apart better."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.domain.engine_types import SpeakerTurn
from app.domain.ids import IncidentId, SpeakerId
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import Speaker
from app.domain.voice_turns import VoiceTurns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.ids import TrackId
    from app.domain.ports import RecordStore
    from app.domain.transcript import Segment

BY = "hotwash"


def track_speaker(incident_id: IncidentId, label: TrackLabel) -> Speaker:
    """Return the voice that stands for a whole track; the same one each time."""
    name = label.value.capitalize()
    return Speaker(SpeakerId(f"spk-{incident_id}-{label.value}"), incident_id, name, label)


def whole_tracks(incident_id: IncidentId) -> set[SpeakerId]:
    """Return the voices that stand for whole tracks: nobody's, until a person says whose."""
    return {track_speaker(incident_id, label).id for label in TrackLabel}


def voices_before(segments: Iterable[Segment]) -> dict[TrackId, VoiceTurns]:
    """Return who spoke when, by track, as words that are on record say."""
    return VoiceTurns.by_track(
        SpeakerTurn(line.track_id, line.span, line.speaker_id)
        for line in segments
        if line.speaker_id is not None
    )


class TrackSpeakers:
    """Sees to it that the voices named after tracks are in the record."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._known: set[SpeakerId] = set()
        self._lock = threading.Lock()

    def ensure(self, incident_id: IncidentId, label: TrackLabel) -> SpeakerId:
        """Return the id of the track's voice, adding it to the record where it is missing."""
        speaker = track_speaker(incident_id, label)
        with self._lock:
            if speaker.id not in self._known:
                present = {known.id for known in self._store.record(incident_id).speakers}
                if speaker.id not in present:
                    self._store.commit(
                        incident_id,
                        [Change(None, speaker)],
                        by=BY,
                        label="name a track's voice",
                        undoable=False,
                    )
                self._known.add(speaker.id)
        return speaker.id
