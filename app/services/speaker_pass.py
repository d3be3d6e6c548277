"""Use case: tell the voices of an incident apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.engine_types import TrackAudio
from app.domain.errors import DiarizationUnavailableError
from app.domain.events import SegmentsReplaced, WorkProgressed
from app.domain.ids import IncidentId, SpeakerId
from app.domain.record import Change, Record
from app.domain.speaker_assignment import label_segments
from app.domain.transcript import Speaker
from app.services.track_positions import turn_on_session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.engine_types import SpeakerTurn
    from app.domain.home import Home
    from app.domain.ports import Diarizer, EventBus, RecordStore
    from app.domain.sessions import Track
    from app.domain.transcript import Segment
    from app.services.track_positions import Clocks

BY = "hotwash"
ANY_NUMBER = (None, None)


class SpeakerPass:
    """Labels segments by voice; without a pipeline they keep the label of their track."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        diarizer: Diarizer,
        clocks: Clocks,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._diarizer = diarizer
        self._clocks = clocks
        self.unavailable: DiarizationUnavailableError | None = None

    def run(
        self, incident_id: IncidentId, *, speakers: tuple[int | None, int | None] = ANY_NUMBER
    ) -> bool:
        """Diarize every track; return False, and say why in ``unavailable``, if there is no way.

        Raises:
            ModelError: There is a pipeline and it does not work.
        """
        record = self._store.record(incident_id)
        self.unavailable = None
        try:
            turns = [
                turn for track in record.tracks for turn in self._turns(record, track, speakers)
            ]
        except DiarizationUnavailableError as error:
            self.unavailable = error
            return False
        self._label(record, turns)
        self._bus.publish(SegmentsReplaced(incident_id))
        return True

    def _turns(
        self, record: Record, track: Track, speakers: tuple[int | None, int | None]
    ) -> list[SpeakerTurn]:
        folder = self._home.session_dir(record.incident.id, track.session_id)
        audio = TrackAudio(track.id, folder, track.label)
        turns = self._diarizer.turns(audio, speakers=speakers, on_progress=self._progress(track))
        clock = self._clocks(audio)
        return [turn_on_session(turn, clock) for turn in turns]

    def _progress(self, track: Track) -> Callable[[str, float], None]:
        def tell(step: str, share: float) -> None:
            self._bus.publish(WorkProgressed(f"speakers, {track.label.value}: {step}", share, 1.0))

        return tell

    def _label(self, record: Record, turns: Sequence[SpeakerTurn]) -> None:
        """A voice of one track is another person than a voice of the other."""
        tracks = {track.id: track for track in record.tracks}
        voices = {speaker.id: speaker for speaker in record.speakers}
        changes: list[Change] = []
        read = {segment.id: segment for segment in record.segments}
        divisions: list[tuple[Segment, list[Segment]]] = []
        for labelled in label_segments(record.segments, turns):
            part = labelled.segment
            if part.id in read:  # the first part of a segment keeps its id
                divisions.append((read[part.id], []))
            if labelled.label is not None:
                voice = _voice(record, tracks[part.track_id], labelled.label)
                if voice.id not in voices:
                    voices[voice.id] = voice
                    changes.append(Change(None, voice))
                part = replace(part, speaker_id=voice.id)
            divisions[-1][1].append(part)
        if changes:
            self._store.commit(
                record.incident.id, changes, by=BY, label="tell voices apart", undoable=False
            )
        self._store.label_segments(divisions)


def _voice(record: Record, track: Track, label: str) -> Speaker:
    side = track.label.value
    return Speaker(
        SpeakerId(f"spk-{record.incident.id}-{side}-{label}"),
        record.incident.id,
        f"{side.capitalize()} {label}",
        track.label,
    )
