"""Use case: tell the voices of an incident apart."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.domain.engine_types import TrackAudio
from app.domain.errors import DiarizationUnavailableError, LabellingStoppedError
from app.domain.events import LABELLING, SegmentsReplaced, WorkProgressed
from app.services.track_positions import turn_on_session
from app.services.voice_labels import voice_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.domain.diarizer_port import Diarizer
    from app.domain.engine_types import SpeakerCount, SpeakerTurn
    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Record
    from app.domain.sessions import TrackLabel
    from app.services.track_positions import Clocks

BY = "hotwash"


class SpeakerPass:
    """Labels segments by voice; without a pipeline they keep the label of their track.

    The tracks are listened to apart, and labels change once, at the end, all together.
    """

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
        self,
        incident_id: IncidentId,
        *,
        speakers: Mapping[TrackLabel, SpeakerCount] | None = None,
        is_draft: bool = False,
        stopping: threading.Event | None = None,
    ) -> bool:
        """Diarize all that is recorded; return False if that cannot be: ``unavailable`` says why.

        ``speakers`` are how many voices each side has, where that is known. A draft takes less
        time, and its labels say so. The work ends soon after ``stopping`` is set.

        Raises:
            ModelError: There is a pipeline and it does not work.
            LabellingStoppedError: ``stopping`` was set meanwhile.
        """
        record = self._store.record(incident_id)
        self.unavailable = None
        try:
            turns = self._turns(record, speakers or {}, stopping or threading.Event(), is_draft)
        except DiarizationUnavailableError as error:
            self.unavailable = error
            return False
        # People and other programs went on meanwhile.
        labels = voice_labels(self._store.record(incident_id), turns, is_draft=is_draft)
        self._store.tell_voices(incident_id, labels.voices, labels.divisions, by=BY)
        self._bus.publish(SegmentsReplaced(incident_id))
        return True

    def _turns(
        self,
        record: Record,
        speakers: Mapping[TrackLabel, SpeakerCount],
        stopping: threading.Event,
        is_draft: bool,  # noqa: FBT001  passed on, and named where it is chosen
    ) -> list[SpeakerTurn]:
        """Return who speaks when, on the session's time; of what is complete."""
        audio = {
            track.id: TrackAudio(
                track.id,
                self._home.session_dir(record.incident.id, track.session_id),
                track.label,
            )
            for track in record.tracks
            if track.duration_ms is not None
        }
        turns = self._diarizer.turns(
            list(audio.values()),
            speakers=speakers,
            is_draft=is_draft,
            on_progress=self._progress(stopping),
        )
        clocks = {track_id: self._clocks(of_track) for track_id, of_track in audio.items()}
        return [turn_on_session(turn, clocks[turn.track_id]) for turn in turns]

    def _progress(self, stopping: threading.Event) -> Callable[[str, float], None]:
        def tell(step: str, share: float) -> None:
            if stopping.is_set():
                raise LabellingStoppedError
            self._bus.publish(WorkProgressed(f"{LABELLING}{step}", share, 1.0))

        return tell
