"""Use case: tell the voices of an incident apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.engine_types import TrackAudio
from app.domain.errors import DiarizationUnavailableError
from app.domain.events import SegmentsReplaced, WorkProgressed
from app.domain.ids import IncidentId, SegmentId, SpeakerId
from app.domain.record import Change, Record
from app.domain.speaker_assignment import speaker_labels
from app.domain.transcript import Speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.domain.engine_types import SpeakerTurn
    from app.domain.home import Home
    from app.domain.ports import Diarizer, EventBus, RecordStore
    from app.domain.sessions import Track

BY = "hotwash"
ANY_NUMBER = (None, None)


class SpeakerPass:
    """Labels segments by voice; without a pipeline they keep the label of their track."""

    def __init__(
        self, store: RecordStore, bus: EventBus, *, home: Home, diarizer: Diarizer
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._diarizer = diarizer
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
        return self._diarizer.turns(
            TrackAudio(track.id, folder, track.label),
            speakers=speakers,
            on_progress=self._progress(track),
        )

    def _progress(self, track: Track) -> Callable[[str, float], None]:
        def tell(step: str, share: float) -> None:
            self._bus.publish(WorkProgressed(f"speakers, {track.label.value}: {step}", share, 1.0))

        return tell

    def _label(self, record: Record, turns: Iterable[SpeakerTurn]) -> None:
        """A voice of one track is another person than a voice of the other."""
        all_turns = tuple(turns)
        known = {speaker.id for speaker in record.speakers}
        changes: list[Change] = []
        voices: dict[SegmentId, SpeakerId] = {}
        for track in record.tracks:
            segments = [segment for segment in record.segments if segment.track_id == track.id]
            own = [turn for turn in all_turns if turn.track_id == track.id]
            for segment_id, label in speaker_labels(segments, own).items():
                name = f"{track.label.value}-{label}"
                speaker = Speaker(
                    SpeakerId(f"spk-{record.incident.id}-{name}"),
                    record.incident.id,
                    f"{track.label.value.capitalize()} {label}",
                    track.label,
                )
                if speaker.id not in known:
                    known.add(speaker.id)
                    changes.append(Change(None, speaker))
                voices[segment_id] = speaker.id
        if changes:
            self._store.commit(
                record.incident.id, changes, by=BY, label="tell voices apart", undoable=False
            )
        self._store.assign_speakers(voices)
