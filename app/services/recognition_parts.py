"""What recognition is made of, live and final alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.engine_types import TrackAudio
from app.services.track_recognition import TrackRecognition
from app.services.track_speakers import voices_before

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.home import Home
    from app.domain.ports import EventBus, RecognizerFactory, RecordStore
    from app.domain.sessions import Session, Track
    from app.domain.transcript import RecognitionPass
    from app.services.engine_choice import EngineChoice
    from app.services.glossary import GlossaryReader
    from app.services.track_positions import Clocks
    from app.services.track_speakers import TrackSpeakers


@dataclass(frozen=True, slots=True)
class RecognitionParts:
    """The parts that live recognition and the final pass share."""

    store: RecordStore
    bus: EventBus
    home: Home
    engines: EngineChoice
    recognizers: RecognizerFactory
    speakers: TrackSpeakers
    clocks: Clocks
    glossary: GlossaryReader

    def audio(self, session: Session, track: Track) -> TrackAudio:
        """Return where a track's audio lies."""
        folder = self.home.session_dir(session.incident_id, session.id)
        return TrackAudio(track.id, folder, track.label)

    def recognition(
        self, session: Session, tracks: Iterable[Track], made_in: RecognitionPass
    ) -> TrackRecognition:
        """Return what recognises a session's tracks, not started yet; names their voices.

        What is recognised anew is said by whoever said it before: names that people gave stay.
        """
        return TrackRecognition(
            self.store,
            self.bus,
            session=session,
            made_in=made_in,
            clocks=self.clocks,
            glossary=self.glossary(),
            voices_before=voices_before(self.store.record(session.incident_id).segments),
            tracks={
                track.id: (
                    self.audio(session, track),
                    self.speakers.ensure(session.incident_id, track.label),
                )
                for track in tracks
            },
        )
