"""Everything the program can do, in one place: what an entry point is handed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.errors import AppError
    from app.domain.home import Home
    from app.domain.ports import RecordStore
    from app.domain.settings import Settings
    from app.services.alarms import Alarms
    from app.services.attachment import Attachment
    from app.services.bus import LocalBus
    from app.services.checking import Checking
    from app.services.clips import Clips
    from app.services.conduct import Conduct
    from app.services.editing import Editing
    from app.services.evidence_store import EvidenceStore
    from app.services.exports import Exports
    from app.services.final_pass import FinalPass
    from app.services.incidents import Incidents
    from app.services.live_transcription import LiveTranscription
    from app.services.live_work import LiveWork
    from app.services.locking import Locking
    from app.services.marking import Marking
    from app.services.opening import Opening
    from app.services.packing import PackingDesk
    from app.services.promotion import Promotion
    from app.services.record_edits import RecordEdits
    from app.services.recording_desk import RecordingDesk
    from app.services.recovery import Recovery
    from app.services.redaction import RedactionDesk
    from app.services.speaker_pass import SpeakerPass
    from app.services.status_updates import StatusUpdates
    from app.services.timeline_editing import TimelineEditing
    from app.services.verification import Verification


class OtherWriters:
    """Notices what other programs write to the same database."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._seen = store.data_version()

    def wrote(self) -> bool:
        """Whether another program has written since this was last asked."""
        version = self._store.data_version()
        changed, self._seen = version != self._seen, version
        return changed


@dataclass(frozen=True, slots=True)
class Program:
    """The use cases, wired.

    ``notices`` is what a person must be told once about how the program started;
    ``model_note`` what they must know of the recognition model, empty if nothing.
    """

    home: Home
    settings: Settings
    actor: str
    bus: LocalBus
    store: RecordStore
    incidents: Incidents
    recording: RecordingDesk
    conduct: Conduct
    alarms: Alarms
    live: LiveTranscription
    attachment: Attachment
    transcription: FinalPass
    speakers: SpeakerPass
    promotion: Promotion
    editing: Editing
    timeline_editing: TimelineEditing
    edits: RecordEdits
    status_updates: StatusUpdates
    marking: Marking
    live_work: LiveWork
    locking: Locking
    exports: Exports
    opening: Opening
    clips: Clips
    evidence: EvidenceStore
    checking: Checking
    verification: Verification
    recovery: Recovery
    redaction: RedactionDesk
    packing: PackingDesk
    model_note: str
    notices: tuple[AppError, ...]
    other_writers: OtherWriters

    def changed_elsewhere(self) -> bool:
        """Whether another program has written since this was last asked."""
        return self.other_writers.wrote()

    def shutdown(self) -> None:
        """Release everything, in reverse order of making; a recorder keeps recording."""
        self.recording.shutdown()
        self.live.shutdown()
        self.transcription.shutdown()
        self.store.close()
