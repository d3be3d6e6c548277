"""Use case: attach audio or video files as sessions."""

from __future__ import annotations

import errno
import hashlib
import shutil
import threading
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.audio_files.format import FRAME_BYTES, FRAMES_PER_MS
from app.audio_files.session_folder import attaching, create_session, end_session
from app.domain.engine_types import TrackAudio
from app.domain.errors import (
    AudioNotStoredError,
    AudioUnreadableError,
    InvalidRecordError,
    StartUnknownError,
    WorkCancelledError,
)
from app.domain.events import COPYING, READING, RecordChanged, WorkProgressed
from app.domain.media import FoundStart, StartSource
from app.domain.record import Change
from app.domain.recorder_names import told_by_name
from app.domain.recording_start import found_start
from app.domain.times import MS_PER_SECOND, iso_utc, now_utc
from app.domain.zones import zone_of
from app.services.attachment_plan import (
    Attached,
    Draft,
    Looked,
    Source,
    drafts,
    known_already,
    label_of,
    refuse_doubles,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from app.domain.home import Home
    from app.domain.ids import IncidentId, SessionId
    from app.domain.media import MediaFacts
    from app.domain.ports import EventBus, RecordStore
    from app.domain.sessions import Session, SessionKind, TrackLabel
    from app.domain.sound_ports import MediaReader
    from app.services.recovery import Recovery

BYTES_PER_MS = FRAMES_PER_MS * FRAME_BYTES
MARGIN_BYTES = 64 * 2**20  # the database and its journal want room, too
MEGABYTE = 1_000_000
PIECE_BYTES = 2**23  # a fraction of a second of reading, after which progress is told


class Attachment:
    """Copies the sound of files into the recording format and puts them on record.

    What cannot be read leaves nothing behind: neither files nor a line in the record. Words are
    for ``FinalPass``, afterwards: where it fails, what is attached is attached all the same.
    """

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        media: MediaReader,
        actor: str,
        recovery: Recovery,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._media = media
        self._actor = actor
        self._recovery = recovery
        self._cancelled = threading.Event()

    def attach(
        self,
        incident_id: IncidentId,
        files: Sequence[Path],
        *,
        start_utc: datetime | None = None,
        kind: SessionKind,
        labels: Sequence[TrackLabel] | None = None,
        stream: int | None = None,
    ) -> list[Attached]:
        """Attach files: those that were recorded at once are tracks of one session.

        With ``start_utc`` all begin then; without, each says itself when it did, inside or by its
        name. Without ``labels``, the names of files and streams decide, then their order. Of a
        file with several audio streams each is a track, unless ``stream`` (from 1) is wanted.

        Raises:
            AudioUnreadableError: A file is missing, or holds no sound.
            AudioNotStoredError: The disk is full, or would be.
            StartUnknownError: A file does not say when it began, and nobody else does.
            InvalidRecordError: The start lies in the future, or a file is named twice.
            NotFoundError: There is no such incident.
            WorkCancelledError: ``cancel`` was called meanwhile.
        """
        self._cancelled.clear()
        refuse_doubles(files)
        record = self._store.record(incident_id)
        typed = None if start_utc is None else _typed(start_utc)
        zone = zone_of(record.incident.display_timezone)
        chosen: Sequence[TrackLabel | None] = labels or [None] * len(files)
        sources = [
            source
            for path, label in zip(files, chosen, strict=True)
            for source in self._sources(path, label, typed, zone, stream)
        ]
        self._require_room(sources)
        planned = drafts(incident_id, sources, kind)
        remarks = self._write(planned)
        return [
            Attached(self._put_on_record(draft), draft.starts, known_already(record, draft) + told)
            for draft, told in zip(planned, remarks, strict=True)
        ]

    def look(self, incident_id: IncidentId | None, files: Sequence[Path]) -> Looked:
        """Return what files tell of themselves before they are attached.

        Without an incident, a time without a zone is one of UTC.

        Raises:
            AudioUnreadableError: A file is missing, or holds no sound.
        """
        zone = zone_of("UTC")
        if incident_id is not None:
            zone = zone_of(self._store.record(incident_id).incident.display_timezone)
        facts = {path: self._media.facts(path) for path in files}
        try:
            found = [_start_of(path, facts[path], zone) for path in files]
            first = min(found, key=lambda start: start.at)
        except StartUnknownError:
            first = None
        return Looked(first, facts[files[0]].streams if len(files) == 1 else ())

    def correct_start(
        self, incident_id: IncidentId, session_id: SessionId, start_utc: datetime
    ) -> Session:
        """Say when a session really began; what was promoted from it keeps the times it has.

        Raises:
            InvalidRecordError: The start lies in the future.
            NotFoundError: There is no such session.
        """
        right = _typed(start_utc).at
        session = self._store.record(incident_id).session(session_id)
        off = right - session.start_utc
        offset_ms = round(off.total_seconds() * MS_PER_SECOND)
        corrected = replace(session, clock_offset_ms=offset_ms)
        if corrected != session:
            changes = [Change(session, corrected)]
            operation = self._store.commit(
                incident_id, changes, by=self._actor, label="correct a session's start"
            )
            self._bus.publish(RecordChanged(incident_id, operation))
        return corrected

    def cancel(self) -> None:
        """Have an ``attach`` that copies on another thread end, and leave nothing."""
        self._cancelled.set()

    def _sources(
        self,
        path: Path,
        label: TrackLabel | None,
        typed: FoundStart | None,
        zone: ZoneInfo,
        stream: int | None,
    ) -> list[Source]:
        facts = self._media.facts(path)
        start = typed or _start_of(path, facts, zone)
        wanted = [one for one in facts.streams if stream in {None, one.number}]
        if not wanted:
            raise AudioUnreadableError(
                path,
                f"it has no audio stream {stream}",
                remedy=f"Choose one from 1 to {len(facts.streams)}.",
            )
        sha256 = self._sha256(path)
        return [
            Source(path, facts, one, start, sha256, label or label_of(path, one)) for one in wanted
        ]

    def _require_room(self, sources: Sequence[Source]) -> None:
        length_ms = sum(source.facts.duration_ms or 0 for source in sources)
        needed = length_ms * BYTES_PER_MS + MARGIN_BYTES
        free = shutil.disk_usage(self._home.root).free
        if free < needed:
            text = f"it needs {-(-needed // MEGABYTE):,} MB, and {free // MEGABYTE:,} MB are free"
            raise AudioNotStoredError(self._home.root / "incidents", OSError(errno.ENOSPC, text))

    def _write(self, planned: Sequence[Draft]) -> list[tuple[str, ...]]:
        """Write the sessions' folders; others see them once all are whole."""
        try:
            with ExitStack() as held:
                remarks = [self._write_session(draft, held) for draft in planned]
                for draft in planned:
                    end_session(self._folder(draft))
        except BaseException:
            # Also on Ctrl-C: half a session, or half of the files, would look like all of it.
            for draft in planned:
                shutil.rmtree(self._folder(draft), ignore_errors=True)
            raise
        return remarks

    def _write_session(self, draft: Draft, held: ExitStack) -> tuple[str, ...]:
        folder = self._folder(draft)
        held.enter_context(attaching(folder))
        create_session(folder, draft.info)
        remarks: list[str] = []
        for track in draft.info.tracks:
            source = draft.sources[track.track_id]
            done = self._media.attach(
                source.path,
                TrackAudio(track.track_id, folder, track.label),
                stream=source.stream.number,
                begins_ms=draft.begins_ms(track.track_id),
                on_progress=self._progress(source),
            )
            remarks += (f"{source.name}: {remark}" for remark in done.remarks)
        return tuple(remarks)

    def _folder(self, draft: Draft) -> Path:
        return self._home.session_dir(draft.info.incident_id, draft.info.session_id)

    def _put_on_record(self, draft: Draft) -> Session:
        incident_id, session_id = draft.info.incident_id, draft.info.session_id
        self._recovery.settle(incident_id, session_id, by=self._actor)
        self._bus.publish(RecordChanged(incident_id, None))
        return self._store.record(incident_id).session(session_id)

    def _progress(self, source: Source) -> Callable[[float], None]:
        return partial(self._tell, source.path, f"{COPYING}{source.name}")

    def _tell(self, path: Path, stage: str, share: float) -> None:
        """Tell how far a file is.

        Raises:
            WorkCancelledError: It is to go no further.
        """
        if self._cancelled.is_set():
            raise WorkCancelledError(
                f"{path.name} was not attached: you cancelled it.", remedy="Nothing was changed."
            )
        self._bus.publish(WorkProgressed(stage, share, 1.0))

    def _sha256(self, path: Path) -> str:
        digest = hashlib.sha256()
        try:
            size = path.stat().st_size
            with path.open("rb") as file:
                while piece := file.read(PIECE_BYTES):
                    digest.update(piece)
                    self._tell(path, f"{READING}{path.name}", min(1.0, file.tell() / size))
        except OSError as cause:
            raise AudioUnreadableError(
                path, cause.strerror or str(cause), remedy="Check the name and the permissions."
            ) from cause
        return digest.hexdigest()


def _typed(start_utc: datetime) -> FoundStart:
    if start_utc > now_utc():
        raise InvalidRecordError(
            "start",
            f"{iso_utc(start_utc)} lies in the future",
            remedy="Say when the recording began.",
        )
    return FoundStart(start_utc, StartSource.TYPED, "as it was given")


def _start_of(path: Path, facts: MediaFacts, zone: ZoneInfo) -> FoundStart:
    start = found_start(
        told_by_name(path.absolute()),
        facts.told,
        duration_ms=facts.duration_ms,
        zone=zone,
        now=now_utc(),
    )
    if start is None:
        raise StartUnknownError(path)
    return start
