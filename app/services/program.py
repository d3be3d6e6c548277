"""Everything the program can do, in one place: what an entry point is handed."""

from __future__ import annotations

import threading
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
    from app.services.glossary import GlossaryDesk
    from app.services.hotkeys import Hotkeys
    from app.services.incidents import Incidents
    from app.services.live_transcription import LiveTranscription
    from app.services.live_voices import LiveVoices
    from app.services.live_work import LiveWork
    from app.services.locking import Locking
    from app.services.marking import Marking
    from app.services.opening import Opening
    from app.services.other_writers import OtherWriters
    from app.services.pack.signing import SigningKeys
    from app.services.packing import PackingDesk
    from app.services.people import People
    from app.services.picture_redaction import PictureRedaction
    from app.services.promotion import Promotion
    from app.services.record_edits import RecordEdits
    from app.services.recording_desk import RecordingDesk
    from app.services.recovery import Recovery
    from app.services.redaction import RedactionDesk
    from app.services.source_trials import SourceTrials
    from app.services.speaker_pass import SpeakerPass
    from app.services.status_updates import StatusUpdates
    from app.services.timeline_editing import TimelineEditing
    from app.services.verification import Verification
    from app.services.voice_prints import VoicePrints
    from app.services.waveforms import Waveforms


class Program:
    """The use cases, each wired when it is first asked for: a command loads what it needs.

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
    source_trials: SourceTrials
    conduct: Conduct
    alarms: Alarms
    hotkeys: Hotkeys
    live: LiveTranscription
    live_voices: LiveVoices
    attachment: Attachment
    transcription: FinalPass
    speakers: SpeakerPass
    voice_prints: VoicePrints
    glossary: GlossaryDesk
    promotion: Promotion
    editing: Editing
    people: People
    timeline_editing: TimelineEditing
    edits: RecordEdits
    status_updates: StatusUpdates
    marking: Marking
    live_work: LiveWork
    locking: Locking
    exports: Exports
    opening: Opening
    clips: Clips
    waveforms: Waveforms
    evidence: EvidenceStore
    checking: Checking
    verification: Verification
    recovery: Recovery
    redaction: RedactionDesk
    picture_redaction: PictureRedaction
    packing: PackingDesk
    signing_keys: SigningKeys
    model_note: str
    notices: tuple[AppError, ...]
    other_writers: OtherWriters

    def __init__(
        self,
        *,
        home: Home,
        settings: Settings,
        actor: str,
        bus: LocalBus,
        store: RecordStore,
        notices: tuple[AppError, ...],
        other_writers: OtherWriters,
    ) -> None:
        self.home = home
        self.settings = settings
        self.actor = actor
        self.bus = bus
        self.store = store
        self.notices = notices
        self.other_writers = other_writers
        self._makers: object = None
        self._turn = threading.RLock()  # a part is wired once, whoever asks

    def wire_by(self, makers: object) -> None:
        """Take what makes the parts: for each it has a method of that name, without arguments."""
        self._makers = makers

    if not TYPE_CHECKING:  # the names above are all there are

        def __getattr__(self, name: str) -> object:
            """Wire a part; called only where it is not there yet."""
            if name not in Program.__annotations__:
                raise AttributeError(name)
            with self._turn:
                if name not in self.__dict__:
                    self.__dict__[name] = getattr(self._makers, name)()
                return self.__dict__[name]

    def load(self, *names: str) -> None:
        """Wire these parts now, or all: for who must not wait for one later.

        The note on the model is none: it takes looking at models and at the graphics card.
        """
        for name in names or Program.__annotations__.keys() - {"model_note"}:
            getattr(self, name)

    def changed_elsewhere(self) -> bool:
        """Whether another program has written since this was last asked."""
        return self.other_writers.wrote()

    def shutdown(self) -> None:
        """Release what was wired, in reverse order of making; a recorder keeps recording."""
        for name in (
            "hotkeys",
            "recording",
            "live",
            "live_voices",
            "voice_prints",
            "transcription",
        ):
            if name in self.__dict__:
                self.__dict__[name].shutdown()
        self.store.close()
