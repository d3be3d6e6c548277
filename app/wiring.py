"""Wires each part of the program when it is first asked for.

A part's modules are imported with it: a command that reads the record goes without the
recogniser, the report and the recorder, which take longer to import than it takes to answer.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.recognition_wiring import RecognitionWiring

if TYPE_CHECKING:
    from app.audio_files.archive import FolderArchive
    from app.evidence_files.files import EvidenceFiles
    from app.services.alarms import Alarms
    from app.services.attachment import Attachment
    from app.services.checking import Checking
    from app.services.clips import Clips
    from app.services.conduct import Conduct
    from app.services.editing import Editing
    from app.services.evidence_store import EvidenceStore
    from app.services.exports import DocumentWriter, Exports
    from app.services.hotkeys import Hotkeys
    from app.services.incidents import Incidents
    from app.services.live_work import LiveWork
    from app.services.locking import Locking
    from app.services.marking import Marking
    from app.services.opening import Opening
    from app.services.pack.signing import SigningKeys
    from app.services.packing import PackingDesk
    from app.services.people import People
    from app.services.picture_redaction import PictureRedaction
    from app.services.program import Program
    from app.services.promotion import Promotion
    from app.services.record_edits import RecordEdits
    from app.services.recording_desk import RecordingDesk
    from app.services.recovery import Recovery
    from app.services.redaction import RedactionDesk
    from app.services.rubric_file import RubricInForce
    from app.services.source_trials import SourceTrials
    from app.services.status_updates import StatusUpdates
    from app.services.timeline_editing import TimelineEditing
    from app.services.verification import Verification
    from app.services.waveforms import Waveforms
    from app.storage.database import Database
    from app.storage.record_store import SqlRecordStore
    from capture.desktop_notifications import DesktopNotifier
    from capture.recorder_client import DetachedRecorders


class Wiring(RecognitionWiring):
    """Makes the parts of one program; a method is named like the part it makes."""

    def __init__(
        self,
        program: Program,
        *,
        database: Database,
        store: SqlRecordStore,
        rubric: RubricInForce,
    ) -> None:
        super().__init__(program, store=store)
        self._database = database
        self._rubric = rubric

    # What several parts share

    @cached_property
    def _archive(self) -> FolderArchive:
        from app.audio_files.archive import FolderArchive

        return FolderArchive()

    @cached_property
    def _recorders(self) -> DetachedRecorders:
        from capture.recorder_client import DetachedRecorders

        return DetachedRecorders()

    @cached_property
    def _notifier(self) -> DesktopNotifier:
        from capture.desktop_notifications import DesktopNotifier

        return DesktopNotifier()

    @cached_property
    def _evidence_files(self) -> EvidenceFiles:
        from app.evidence_files.files import EvidenceFiles

        return EvidenceFiles(self._home)

    # The record

    def incidents(self) -> Incidents:
        from app.services.incidents import Incidents

        return Incidents(self._store, self._bus, actor=self._actor, rubric=self._rubric.rubric)

    def promotion(self) -> Promotion:
        from app.services.promotion import Promotion

        return Promotion(self._store, self._bus, actor=self._actor)

    def editing(self) -> Editing:
        from app.services.editing import Editing

        return Editing(self._store, self._bus, actor=self._actor)

    def people(self) -> People:
        from app.services.people import People

        return People(self._store, self._bus, actor=self._actor)

    def timeline_editing(self) -> TimelineEditing:
        from app.services.timeline_editing import TimelineEditing

        return TimelineEditing(self._store, self._bus, actor=self._actor)

    def edits(self) -> RecordEdits:
        from app.services.record_edits import RecordEdits

        return RecordEdits(self._store, self._bus, actor=self._actor)

    def locking(self) -> Locking:
        from app.services.locking import Locking

        return Locking(self._store, self._bus, actor=self._actor)

    def live_work(self) -> LiveWork:
        from app.services.live_work import LiveWork

        return LiveWork.over(self._store, self._bus, actor=self._actor, rubric=self._rubric)

    def status_updates(self) -> StatusUpdates:
        return self._program.live_work.status_updates

    def checking(self) -> Checking:
        from app.services.checking import Checking

        return Checking(self._store, cadence=self._rubric.rubric.cadence)

    def evidence(self) -> EvidenceStore:
        from app.services.evidence_store import EvidenceStore

        return EvidenceStore(self._store, self._bus, self._evidence_files, actor=self._actor)

    def redaction(self) -> RedactionDesk:
        from app.services.redaction import RedactionDesk
        from app.storage.redactor import Redactor

        self._program.load("voice_prints")  # those made of what goes are forgotten
        return RedactionDesk(
            self._store,
            self._bus,
            home=self._home,
            archive=self._archive,
            rewriter=Redactor(self._database),
            actor=self._actor,
        )

    def picture_redaction(self) -> PictureRedaction:
        from app.services.picture_redaction import PictureRedaction
        from app.storage.redactor import Redactor

        return PictureRedaction(
            self._store,
            self._bus,
            self._evidence_files,
            home=self._home,
            archive=self._archive,
            rewriter=Redactor(self._database),
            actor=self._actor,
        )

    # The recording

    def recovery(self) -> Recovery:
        from app.services.recovery import Recovery

        return Recovery(
            self._store,
            self._bus,
            home=self._home,
            archive=self._archive,
            recorders=self._recorders,
        )

    def recording(self) -> RecordingDesk:
        from app.services.recording_desk import RecordingDesk
        from capture.devices import SystemSources

        self._program.load("live", "live_voices", "alarms")  # they listen to what it publishes
        return RecordingDesk(
            self._store,
            self._bus,
            home=self._home,
            actor=self._actor,
            recorders=self._recorders,
            source_list=SystemSources(),
            recovery=self._program.recovery,
        )

    def source_trials(self) -> SourceTrials:
        from app.services.source_trials import SourceTrials
        from capture.devices import SystemSources
        from capture.trial_process import TrialProcess

        return SourceTrials(SystemSources(), TrialProcess())

    def conduct(self) -> Conduct:
        from app.services.conduct import Conduct

        recording = self._program.recording
        return Conduct(self._store, self._bus, recording, home=self._home, actor=self._actor)

    def marking(self) -> Marking:
        from app.services.marking import Marking

        return Marking(self._store, self._bus, self._program.recording, actor=self._actor)

    def alarms(self) -> Alarms:
        from app.services.alarms import Alarms

        return Alarms(self._bus, self._notifier, self._program.live)

    def hotkeys(self) -> Hotkeys:
        from app.services.hotkeys import Hotkeys
        from capture.shortcuts.system import SystemShortcuts

        return Hotkeys(
            self._bus,
            SystemShortcuts(),
            desk=self._program.recording,
            conduct=self._program.conduct,
            notifier=self._notifier,
            chosen=self._settings.shortcuts,
        )

    def attachment(self) -> Attachment:
        from app.services.attachment import Attachment
        from capture.media_file import AvMediaReader

        return Attachment(
            self._store,
            self._bus,
            home=self._home,
            actor=self._actor,
            media=AvMediaReader(),
            recovery=self._program.recovery,
        )

    def verification(self) -> Verification:
        from app.services.verification import Verification

        return Verification(
            self._store, self._archive, self._evidence_files, self._bus, home=self._home
        )

    def packing(self) -> PackingDesk:
        from app.services.packing import PackingDesk

        return PackingDesk(
            self._store,
            self._bus,
            home=self._home,
            archive=self._archive,
            recovery=self._program.recovery,
        )

    def clips(self) -> Clips:
        from app.services.clips import Clips

        return Clips(self._store, self._reader, home=self._home)

    def waveforms(self) -> Waveforms:
        from app.audio_files.waveform_reader import FolderPeaks
        from app.services.waveforms import Waveforms

        return Waveforms(FolderPeaks(), home=self._home)

    # What leaves the program and comes in

    def exports(self) -> Exports:
        from app.report_writers import AUDIENCE_FORMATS, report_writers
        from app.services.bundle.writing import BundleDocument
        from app.services.exports import Exports, JsonDocument
        from app.services.pack.writing import PackDocument
        from app.services.redaction_check import RedactionCheck
        from app.services.redaction_memory import RedactionMemory
        from drafting.options import Section

        keys, clips = self._program.signing_keys, self._program.clips
        reports = report_writers(
            self._store,
            self._bus,
            home=self._home,
            cadence=self._rubric.rubric.cadence,
            actor=self._actor,
            files=self._evidence_files,
            clips=clips,
        )
        pack = PackDocument(reports["pdf"], clips, self._evidence_files, keys, home=self._home)
        writers: dict[str, DocumentWriter] = {
            **reports,
            "json": JsonDocument(),
            "pack": pack,
            "bundle": BundleDocument(self._store, self._bus, home=self._home),
        }
        return Exports(
            self._store,
            self._bus,
            writers,
            checking=self._program.checking,
            redaction_check=RedactionCheck(RedactionMemory(self._home)),
            sections=tuple(section.value for section in Section),
            audience_formats=AUDIENCE_FORMATS,
        )

    def signing_keys(self) -> SigningKeys:
        from app.services.pack.signing import SigningKeys
        from app.system_keyring import SystemKeyring

        return SigningKeys(self._home, SystemKeyring())

    def opening(self) -> Opening:
        from app.services.opening import Opening

        return Opening(self._store, self._bus, home=self._home)
