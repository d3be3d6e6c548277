"""The program with its engines replaced: real storage and use cases, no devices, no models."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reportlab.pdfgen.canvas import Canvas

from app.audio_files.waveform_reader import FolderPeaks
from app.bootstrap import shipped_rubric
from app.domain.engine_types import AudioSource, RecorderStatus, TrackStatus
from app.domain.errors import RecognitionStoppedError
from app.domain.events import (
    AudioStored,
    MomentMarked,
    RecordingStarted,
    RecordingStopped,
)
from app.domain.home import Home
from app.domain.ids import IncidentId, MarkerId, SessionId, TrackId, new_id
from app.domain.record import Change, Record
from app.domain.redaction_plan import Reach
from app.domain.sessions import (
    Marker,
    MarkerKind,
    Session,
    SessionKind,
    Track,
    TrackLabel,
    TrackSource,
)
from app.domain.settings import Settings
from app.domain.source_trial import Level, SourceTrial, judged
from app.domain.times import now_utc
from app.domain.transcript import RecognitionPass, Segment
from app.evidence_files.files import EvidenceFiles
from app.services.bus import LocalBus
from app.services.editing import Editing
from app.services.evidence_store import EvidenceStore
from app.services.exports import Exports, write_atomically
from app.services.glossary import GlossaryDesk
from app.services.incidents import Incidents
from app.services.live_work import LiveWork
from app.services.other_writers import OtherWriters
from app.services.people import People
from app.services.promotion import Promotion
from app.services.redaction_extent import Extent, Preview, Redacted
from app.services.rubric_file import rubric_in_force
from app.services.timeline_editing import TimelineEditing
from app.services.voice_prints import VoicePrints
from app.services.waveforms import Waveforms
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from app.storage.voice_vault import FileVault
from tests.builders import START, a_segment
from tests.ui.fake_attachment import FakeAttachment
from tests.unit.services.fake_embedders import Embedders

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from app.domain.engine_types import InstalledModel
    from app.domain.errors import AppError
    from app.domain.ports import Clock
    from app.services.export_run import ExportRun

ACTOR = "Marcus"
MICROPHONE = AudioSource("pulse:mic", "Built-in Microphone", TrackSource.MIC, 48_000, default=True)
MONITOR = AudioSource("pulse:out.monitor", "Monitor of Headset", TrackSource.LOOPBACK, 48_000)


class FakeRecordingDesk:
    """Records nothing; publishes what a recorder would, on a thread of its own."""

    def __init__(self, store: SqlRecordStore, bus: LocalBus) -> None:
        self._store = store
        self._bus = bus
        self.active: Session | None = None
        self.tracks: tuple[Track, ...] = ()
        self.asked: list[tuple[Any, ...]] = []
        self.marked: list[MarkerKind] = []
        self.refusal: AppError | None = None
        self.running_elsewhere: tuple[Session, tuple[Track, ...]] | None = None

    def sources(self) -> list[AudioSource]:
        return [MICROPHONE, MONITOR]

    def start(
        self,
        incident_id: IncidentId,
        *,
        kind: SessionKind,
        mic: str,
        bridge: str,
        mic_fallback: str = "",
        bridge_fallback: str = "",
    ) -> Session:
        assert (mic_fallback, bridge_fallback) == ("", "")
        self.asked.append((kind, mic, bridge))
        if self.refusal is not None:
            raise self.refusal
        session, tracks = a_running_session(incident_id)
        wanted = {TrackLabel.ROOM: mic, TrackLabel.BRIDGE: bridge}
        tracks = tuple(track for track in tracks if wanted[track.label] != "none")
        put_session(self._store, session, tracks)
        self.active, self.tracks = session, tracks
        self._bus.publish(RecordingStarted(session, tracks))
        return session

    def reattach(self) -> Session | None:
        if self.running_elsewhere is None:
            return None
        self.active, self.tracks = self.running_elsewhere
        self._bus.publish(RecordingStarted(self.active, self.tracks))
        return self.active

    def tell(self, safe_until_ms: int, *, peak: float = 0.5, rms: float = 0.1) -> None:
        """Publish a status as the recorder's follower does: from a thread that is not Qt's."""
        assert self.active is not None
        tracks = tuple(
            TrackStatus(track.id, track.label, safe_until_ms, peak, rms) for track in self.tracks
        )
        status = RecorderStatus(self.active.id, safe_until_ms + 100, tracks)
        on_a_thread(lambda: self._bus.publish(AudioStored(status)))

    def mark(self, kind: MarkerKind, text: str = "") -> Marker:
        assert self.active is not None
        self.marked.append(kind)
        marker = Marker(MarkerId(new_id("mrk")), self.active.id, 61_000, kind, ACTOR, text)
        self._bus.publish(MomentMarked(marker))
        return marker

    def stop(self) -> None:
        assert self.active is not None
        session, self.active = self.active, None
        self._bus.publish(RecordingStopped(session.incident_id, session.id))

    def shutdown(self) -> None:
        self.asked.append(("shutdown",))


class FakeSourceTrials:
    """Hears what it is told to, once ``may_end`` is set."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, TrackSource]] = []
        self.hears: list[Level] = [Level(0.25, 0.1)]
        self.refusal: AppError | None = None
        self.may_end = threading.Event()

    def run(
        self, name: str, kind: TrackSource, *, on_level: Callable[[Level], None]
    ) -> SourceTrial:
        self.asked.append((name, kind))
        for level in self.hears:
            on_level(level)
        self.may_end.wait(10)
        if self.refusal is not None:
            raise self.refusal
        return judged(MICROPHONE if kind is TrackSource.MIC else MONITOR, self.hears)


class FakeRedaction:
    """Redacts nothing; remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[IncidentId, tuple[str, ...], str, Reach | None]] = []
        self.refusal: AppError | None = None
        self.holding: tuple[str, ...] = ()
        self.looked: list[tuple[str, ...]] = []
        self.may_look = threading.Event()
        self.may_look.set()

    def preview(
        self, incident_id: IncidentId, spans: Sequence[str], *, reach: Reach | None
    ) -> Preview:
        self.looked.append(tuple(spans))
        assert self.may_look.wait(10)
        others = self.holding if reach is Reach.EVERYWHERE else ()
        extent = Extent(len(spans), 0, (), (), others, ())
        return Preview(incident_id, extent, (), self.holding, ("hunter two",))

    def redact(
        self, incident_id: IncidentId, spans: Sequence[str], *, reason: str, reach: Reach | None
    ) -> Redacted:
        self.asked.append((incident_id, tuple(spans), reason, reach))
        if self.refusal is not None:
            raise self.refusal
        return Redacted((), Extent(len(spans), 0, (), (), (), ()))


class FakeFinalPass:
    """Recognises nothing; takes as long as ``may_end`` says, or until it is cancelled."""

    def __init__(self) -> None:
        self.ran: list[IncidentId] = []
        self.may_end = threading.Event()
        self.may_end.set()
        self.refusal: AppError | None = None
        self.installed: list[InstalledModel] = []
        self.chosen: list[str] = []
        self.labelled: list[bool] = []

    def models(self) -> list[InstalledModel]:
        return self.installed

    def run(
        self,
        incident_id: IncidentId,
        *,
        sessions: Collection[SessionId] | None = None,
        model: str = "",
    ) -> None:
        assert sessions is None or sessions, "what was attached"
        self.ran.append(incident_id)
        self.chosen.append(model)
        assert self.may_end.wait(10)
        if self.refusal is not None:
            raise self.refusal

    def label(self, incident_id: IncidentId, *, is_draft: bool = False) -> None:
        self.ran.append(incident_id)
        self.labelled.append(is_draft)

    def cancel(self) -> None:
        self.refusal = RecognitionStoppedError()
        self.may_end.set()


class FakeClips:
    """Audio whose samples tell which stretch was asked for: one byte pair per millisecond."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, int]] = []

    def pcm(self, incident_id: IncidentId, track_id: TrackId, start_ms: int, end_ms: int) -> bytes:
        assert incident_id
        self.asked.append((track_id, start_ms, end_ms))
        return start_ms.to_bytes(4, "little") * ((end_ms - start_ms) * 8)


class FakeOutput:
    """Loudspeakers that keep what they are given and play at the test's pace."""

    def __init__(self) -> None:
        self.played: list[bytes] = []
        self.position_ms = 0
        self.refusal: AppError | None = None

    def play(self, pcm: bytes) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.position_ms = 0
        self.played.append(pcm)

    def stop(self) -> None:
        self.position_ms = 0

    def played_ms(self) -> int:
        return self.position_ms


class FakeOpener:
    """A desktop that keeps what it is asked to open."""

    def __init__(self) -> None:
        self.opened: list[str | Path] = []
        self.takes_it = True

    def open_link(self, url: str) -> bool:
        return self._open(url)

    def open_path(self, path: Path) -> bool:
        return self._open(path)

    def _open(self, what: str | Path) -> bool:
        self.opened.append(what)
        return self.takes_it


class OnePagePdf:
    """Writes a real PDF that says the record's entries, without the report's own making."""

    def write(self, record: Record, path: Path, _run: ExportRun) -> None:
        canvas = Canvas("", pageCompression=0)
        for line, entry in enumerate(record.timeline()):
            canvas.drawString(72, 720 - 20 * line, entry.text)
        canvas.showPage()
        write_atomically(path, canvas.getpdfdata())


@dataclass
class FakeProgram:
    """What the window is handed; the fields it uses of ``app.services.program.Program``."""

    home: Home
    bus: LocalBus
    store: SqlRecordStore
    incidents: Incidents
    recording: FakeRecordingDesk
    attachment: FakeAttachment
    transcription: FakeFinalPass
    promotion: Promotion
    editing: Editing
    people: People
    timeline_editing: TimelineEditing
    glossary: GlossaryDesk
    live_work: LiveWork
    evidence: EvidenceStore
    redaction: FakeRedaction
    exports: Exports
    clips: FakeClips
    waveforms: Waveforms
    voice_prints: VoicePrints
    other_writers: OtherWriters
    source_trials: FakeSourceTrials = field(default_factory=FakeSourceTrials)
    settings: Settings = field(default_factory=Settings)
    model_note: str = ""
    actor: str = ACTOR
    notices: tuple[AppError, ...] = ()
    was_shut_down: bool = False

    def changed_elsewhere(self) -> bool:
        return self.other_writers.wrote()

    def shutdown(self) -> None:
        self.was_shut_down = True
        self.recording.shutdown()
        self.source_trials.may_end.set()
        self.attachment.may_end.set()
        self.store.close()


# Lines of the minute 0 sound like those of the minute 1, and like nothing else.
SOUNDS = Embedders({second * 1_000: second // 120 * 90.0 for second in range(240)})


def a_program(root: Path, clock: Clock = now_utc) -> FakeProgram:
    """Return a program with an empty store in a folder."""
    rubric = rubric_in_force(root / "rubric.toml", shipped_rubric())
    home = Home(root)
    store = SqlRecordStore(open_database(home.database))
    bus = LocalBus()
    return FakeProgram(
        home=home,
        bus=bus,
        store=store,
        incidents=Incidents(store, bus, actor=ACTOR),
        recording=FakeRecordingDesk(store, bus),
        attachment=FakeAttachment(store, bus),
        transcription=FakeFinalPass(),
        promotion=Promotion(store, bus, actor=ACTOR),
        editing=Editing(store, bus, actor=ACTOR),
        people=People(store, bus, actor=ACTOR),
        timeline_editing=TimelineEditing(store, bus, actor=ACTOR),
        glossary=GlossaryDesk(store, bus, home, root / "no-template", actor=ACTOR),
        live_work=LiveWork.over(store, bus, actor=ACTOR, rubric=rubric, clock=clock),
        evidence=EvidenceStore(store, bus, EvidenceFiles(home), actor=ACTOR),
        redaction=FakeRedaction(),
        exports=Exports(store, bus, {"pdf": OnePagePdf()}),
        clips=FakeClips(),
        waveforms=Waveforms(FolderPeaks(), home=home),
        voice_prints=VoicePrints(
            store,
            bus,
            home=home,
            vault=FileVault(home.voice_prints),
            make_embedder=SOUNDS,
            actor=ACTOR,
        ),
        other_writers=OtherWriters(store),
    )


def a_running_session(incident_id: IncidentId) -> tuple[Session, tuple[Track, ...]]:
    """Return a session of both tracks, with ids of its own, that began at ``START``."""
    session = Session(SessionId(new_id("ses")), incident_id, SessionKind.BRIDGE, START)
    sources = {TrackLabel.ROOM: MICROPHONE, TrackLabel.BRIDGE: MONITOR}
    tracks = tuple(
        Track(TrackId(new_id("trk")), session.id, label, source.kind, source.name)
        for label, source in sources.items()
    )
    return session, tracks


def put_session(store: SqlRecordStore, session: Session, tracks: tuple[Track, ...]) -> None:
    changes = [Change(None, session), *(Change(None, track) for track in tracks)]
    store.commit(session.incident_id, changes, by=ACTOR, label="begin a session", undoable=False)


def put_segments(
    store: SqlRecordStore, track: Track, *texts: str, from_ms: int = 0
) -> tuple[Segment, ...]:
    """Commit live segments of three seconds each and return them."""
    segments = tuple(
        a_segment(
            text,
            from_ms + 4_000 * n,
            from_ms + 4_000 * n + 3_000,
            session_id=track.session_id,
            track_id=track.id,
            made_in=RecognitionPass.LIVE,
        )
        for n, text in enumerate(texts)
    )
    store.add_segments(
        track.id, segments, made_in=RecognitionPass.LIVE, cursor_ms=segments[-1].end_ms
    )
    return segments


def on_a_thread(work: Any) -> None:
    thread = threading.Thread(target=work, name="publisher")
    thread.start()
    thread.join()
