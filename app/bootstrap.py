"""The one place where ports meet their implementations.

Import it late: it brings the database and the services along, for which no window should wait.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path

from app.audio_files.archive import FolderArchive
from app.audio_files.reader import FolderAudioReader
from app.domain.errors import ModelError
from app.domain.home import Home
from app.domain.times import now_utc
from app.evidence_files.files import EvidenceFiles
from app.services.alarms import Alarms
from app.services.attachment import Attachment
from app.services.bundle.writing import BundleDocument
from app.services.bus import LocalBus
from app.services.checking import Checking
from app.services.clips import Clips
from app.services.conduct import Conduct
from app.services.editing import Editing
from app.services.evidence_store import EvidenceStore
from app.services.exports import Exports, JsonDocument
from app.services.final_pass import FinalPass
from app.services.incidents import Incidents
from app.services.live_transcription import LiveTranscription
from app.services.live_work import LiveWork
from app.services.locking import Locking
from app.services.marking import Marking
from app.services.opening import Opening
from app.services.packing import PackingDesk
from app.services.program import OtherWriters, Program
from app.services.promotion import Promotion
from app.services.record_edits import RecordEdits
from app.services.record_json import record_sha256
from app.services.recording_desk import RecordingDesk
from app.services.recovery import Recovery
from app.services.redaction import RedactionDesk
from app.services.rubric_file import rubric_in_force
from app.services.settings_file import actor_name, read_settings, with_offline
from app.services.speaker_pass import SpeakerPass
from app.services.timeline_editing import TimelineEditing
from app.services.track_speakers import TrackSpeakers
from app.services.verification import Verification
from app.storage.database import open_database
from app.storage.record_store import SqlRecordStore
from app.storage.redactor import Redactor
from capture.desktop_notifications import DesktopNotifier
from capture.devices import SystemSources
from capture.media_file import AvMediaReader
from capture.recorder_client import DetachedRecorders
from drafting.markdown import MarkdownReport
from drafting.options import ReportOptions
from drafting.pdf.document import PdfReport
from transcription.diarizer_process import DiarizerProcess
from transcription.model_files import ModelFolder
from transcription.recognizer_process import RecognizerProcess

if TYPE_CHECKING:
    from app.domain.record import Record
    from app.domain.settings import Settings
    from app.services.exports import DocumentWriter
    from app.services.rubric_file import RubricInForce
    from app.storage.database import Database

LOG_FORMAT = "%(asctime)s %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s"
DEMO_NOTE = (
    "Recognition uses the demonstration model: it understands the demonstration's synthetic "
    "voices and nothing else. Install a real one: hotwash models download small"
)


def resources_dir() -> Path:
    """Return the folder of the shipped files: inside the wheel, or beside it in a checkout."""
    package = Path(__file__).parent
    shipped = package / "_resources"
    return shipped if shipped.is_dir() else package.parent / "resources"


def shipped_rubric() -> Path:
    """Return the file of the severity levels that a team without its own works by."""
    return resources_dir() / "rubric.toml"


def home_of(given: str = "") -> Home:
    """Return the data folder: the one given, ``HOTWASH_HOME``, or the user's own."""
    chosen = given or os.environ.get("HOTWASH_HOME", "")
    if chosen:
        return Home(Path(chosen).expanduser().absolute())
    return Home(user_data_path("hotwash", appauthor=False))


def load_writing() -> None:
    """Load what the first write needs, for a program that stays: its first step shall not wait."""
    import app.storage.record_writer  # noqa: F401, PLC0415  a command that reads goes without


def log_to_file(home: Home) -> None:
    """Keep the log in the data folder; where that cannot be written, do without."""
    root = logging.getLogger()
    try:
        home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = logging.FileHandler(home.log, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def model_folder(home: Home, settings: Settings) -> ModelFolder:
    """Return the models of this user and those that are shipped."""
    return ModelFolder(
        models_dir=home.models,
        shipped_dir=resources_dir() / "models",
        offline=settings.offline,
        endpoint=os.environ.get("HF_ENDPOINT"),
        threads=settings.threads,
    )


def build(home: Home, *, actor: str = "", offline: bool = False) -> Program:
    """Open the data folder and wire the program together.

    Raises:
        StorageError: The data folder cannot be used.
    """
    settings = with_offline(read_settings(home.settings), offline=offline)
    database = open_database(home.database)
    parts = _Parts(
        home=home,
        settings=settings,
        actor=actor_name(settings, actor),
        bus=LocalBus(),
        database=database,
        store=SqlRecordStore(database),
        rubric=rubric_in_force(home.rubric, shipped_rubric()),
        models=model_folder(home, settings),
        reader=FolderAudioReader(),
        archive=FolderArchive(),
        recorders=DetachedRecorders(),
    )
    return _program(parts)


def _program(parts: _Parts) -> Program:
    home, store, bus, who = parts.home, parts.store, parts.bus, parts.actor
    recovery = parts.recovery()
    live = parts.live_transcription()
    final_pass = parts.final_pass(live)
    recording = parts.recording_desk(recovery)
    evidence = EvidenceFiles(home)
    rubric = parts.rubric
    live_work = LiveWork.over(store, bus, actor=who, rubric=rubric)
    return Program(
        home=home,
        settings=parts.settings,
        actor=who,
        bus=bus,
        store=store,
        incidents=Incidents(store, bus, actor=who, rubric=rubric.rubric),
        live=live,
        recording=recording,
        conduct=Conduct(store, bus, recording, home=home, actor=who),
        alarms=Alarms(bus, DesktopNotifier(), live),
        attachment=parts.attachment(recovery, final_pass),
        transcription=final_pass,
        speakers=final_pass.speaker_pass,
        promotion=Promotion(store, bus, actor=who),
        editing=Editing(store, bus, actor=who),
        timeline_editing=TimelineEditing(store, bus, actor=who),
        edits=RecordEdits(store, bus, actor=who),
        status_updates=live_work.status_updates,
        marking=Marking(store, bus, recording, actor=who),
        live_work=live_work,
        locking=Locking(store, bus, actor=who),
        exports=Exports(
            store, {**_document_writers(), "bundle": BundleDocument(store, bus, home=home)}
        ),
        opening=Opening(store, bus, home=home),
        clips=Clips(store, parts.reader, home=home),
        evidence=EvidenceStore(store, bus, evidence, actor=who),
        verification=Verification(store, parts.archive, evidence, bus, home=home),
        checking=Checking(store, cadence=rubric.rubric.cadence),
        recovery=recovery,
        redaction=parts.redaction(),
        packing=PackingDesk(store, bus, home=home, archive=parts.archive, recovery=recovery),
        model_note=_model_note(parts.models, parts.settings),
        notices=tuple(n for n in (parts.database.notice, rubric.problem) if n is not None),
        other_writers=OtherWriters(store),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What several services share, and the services that need much of it."""

    home: Home
    settings: Settings
    actor: str
    bus: LocalBus
    database: Database
    store: SqlRecordStore
    rubric: RubricInForce
    models: ModelFolder
    reader: FolderAudioReader
    archive: FolderArchive
    recorders: DetachedRecorders

    def recovery(self) -> Recovery:
        return Recovery(
            self.store,
            self.bus,
            home=self.home,
            archive=self.archive,
            recorders=self.recorders,
        )

    def redaction(self) -> RedactionDesk:
        return RedactionDesk(
            self.store,
            self.bus,
            home=self.home,
            archive=self.archive,
            rewriter=Redactor(self.database),
            actor=self.actor,
        )

    def recording_desk(self, recovery: Recovery) -> RecordingDesk:
        return RecordingDesk(
            self.store,
            self.bus,
            home=self.home,
            actor=self.actor,
            recorders=self.recorders,
            source_list=SystemSources(),
            recovery=recovery,
        )

    def live_transcription(self) -> LiveTranscription:
        return LiveTranscription(
            self.store,
            self.bus,
            home=self.home,
            models=self.models,
            recognizers=RecognizerProcess,
            speakers=TrackSpeakers(self.store),
            settings=self.settings,
            clocks=self.reader.clock,
        )

    def final_pass(self, live: LiveTranscription) -> FinalPass:
        return FinalPass(
            self.store,
            self.bus,
            home=self.home,
            models=self.models,
            recognizers=RecognizerProcess,
            reader=self.reader,
            speakers=TrackSpeakers(self.store),
            speaker_pass=self.speaker_pass(),
            live=live,
            settings=self.settings,
        )

    def speaker_pass(self) -> SpeakerPass:
        diarizer = DiarizerProcess(
            self.settings.diarization or _installed_pipeline(self.models),
            token=self.settings.hub_token or os.environ.get("HF_TOKEN", ""),
            offline=self.settings.offline,
        )
        return SpeakerPass(
            self.store, self.bus, home=self.home, diarizer=diarizer, clocks=self.reader.clock
        )

    def attachment(self, recovery: Recovery, final_pass: FinalPass) -> Attachment:
        return Attachment(
            self.store,
            self.bus,
            home=self.home,
            actor=self.actor,
            media=AvMediaReader(),
            recovery=recovery,
            final_pass=final_pass,
        )


def _model_note(models: ModelFolder, settings: Settings) -> str:
    try:
        model = models.recognition_model(settings.model, language=settings.language)
    except ModelError as error:
        return f"{error} {error.remedy} Recording works without it."
    return DEMO_NOTE if model.demo else ""


def _installed_pipeline(models: ModelFolder) -> str:
    """Return the folder of a pipeline that was added, empty if there is none."""
    rows = (row for row in models.installed() if row.kind == "diarization" and row.usable)
    return next((str(row.path) for row in rows), "")


def _document_writers() -> dict[str, DocumentWriter]:
    return {
        "pdf": _Report(PdfReport(resources_dir() / "fonts")),
        "md": _Report(MarkdownReport()),
        "json": JsonDocument(),
    }


@dataclass(frozen=True, slots=True)
class _Report:
    """A report of ``drafting`` as the services know documents."""

    report: PdfReport | MarkdownReport

    def write(self, record: Record, path: Path, *, overwrite: bool) -> None:
        options = ReportOptions(
            made_at=now_utc(),
            record_sha256=record_sha256(record),
            page_size="A4",
            overwrite=overwrite,
        )
        self.report.write(record, path, options=options)
