"""Use case: attach audio or video files as sessions."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.audio_files.format import SAMPLE_RATE, SessionInfo, TrackInfo
from app.audio_files.session_folder import attaching, create_session, end_session
from app.domain.engine_types import TrackAudio
from app.domain.errors import AudioUnreadableError, InvalidRecordError
from app.domain.events import RecordChanged, WorkProgressed
from app.domain.ids import IncidentId, SessionId, TrackId, new_id
from app.domain.record import Change
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import iso_utc, now_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ports import EventBus, MediaReader, RecordStore
    from app.domain.sessions import Session
    from app.services.final_pass import FinalPass
    from app.services.recovery import Recovery

BOTH = (TrackLabel.BRIDGE, TrackLabel.ROOM)


class Attachment:
    """Copies the sound of files into the recording format and puts them on record.

    What cannot be read leaves nothing behind: neither files nor a line in the record.
    """

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        actor: str,
        media: MediaReader,
        recovery: Recovery,
        final_pass: FinalPass,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._actor = actor
        self._media = media
        self._recovery = recovery
        self._final_pass = final_pass

    def attach(
        self,
        incident_id: IncidentId,
        files: Sequence[Path],
        *,
        start_utc: datetime,
        kind: SessionKind,
        labels: Sequence[TrackLabel] | None = None,
        transcribe: bool = True,
    ) -> list[Session]:
        """Attach files that begin at the same moment: tracks of one session, as far as they fit.

        A session has one track of each label; a further file with the same label begins another
        session. Without ``labels``, the files' names and order decide.

        Raises:
            AudioUnreadableError: A file is missing, or holds no sound.
            AudioNotStoredError: The disk is full.
            InvalidRecordError: The start lies in the future.
            NotFoundError: There is no such incident.
        """
        self._store.record(incident_id)
        if start_utc > now_utc():
            raise InvalidRecordError(
                "start",
                f"{iso_utc(start_utc)} lies in the future",
                remedy="Say when the recording began.",
            )
        chosen = list(labels) if labels is not None else _labels(files)
        groups = _groups(list(zip(files, chosen, strict=True)))
        drafts = [_draft(incident_id, group, start_utc, kind) for group in groups]
        try:
            for draft in drafts:
                self._write(draft)
        except BaseException:
            # Also on Ctrl-C: half a session, or half of the files, would look like all of it.
            for draft in drafts:
                shutil.rmtree(self._folder(draft), ignore_errors=True)
            raise
        sessions = [self._put_on_record(draft) for draft in drafts]
        if transcribe:
            self._final_pass.run(incident_id, sessions={session.id for session in sessions})
        return sessions

    def _folder(self, draft: _Draft) -> Path:
        return self._home.session_dir(draft.info.incident_id, draft.info.session_id)

    def _write(self, draft: _Draft) -> None:
        draft.hashes.update({track_id: _sha256(path) for track_id, path in draft.files.items()})
        folder = self._folder(draft)
        with attaching(folder):
            create_session(folder, draft.info)
            for track in draft.info.tracks:
                path = draft.files[track.track_id]
                target = TrackAudio(track.track_id, folder, track.label)
                self._media.attach(path, target, on_progress=self._progress(path))
            end_session(folder)

    def _put_on_record(self, draft: _Draft) -> Session:
        incident_id, session_id = draft.info.incident_id, draft.info.session_id
        self._recovery.settle(incident_id, session_id, by=self._actor)
        return self._note_originals(incident_id, session_id, draft.hashes)

    def _note_originals(
        self, incident_id: IncidentId, session_id: SessionId, hashes: dict[TrackId, str]
    ) -> Session:
        record = self._store.record(incident_id)
        changes = [
            Change(track, replace(track, source_sha256=hashes[track.id]))
            for track in record.tracks_of(session_id)
        ]
        operation = self._store.commit(
            incident_id, changes, by=self._actor, label="attach files", undoable=False
        )
        self._bus.publish(RecordChanged(incident_id, operation))
        return record.session(session_id)

    def _progress(self, path: Path) -> Callable[[float], None]:
        def tell(share: float) -> None:
            self._bus.publish(WorkProgressed(f"attach {path.name}", share, 1.0))

        return tell


@dataclass(frozen=True, slots=True)
class _Draft:
    """A session to be: its description, the file of each track, and the files' hashes."""

    info: SessionInfo
    files: dict[TrackId, Path]
    hashes: dict[TrackId, str] = field(default_factory=dict)


def _draft(
    incident_id: IncidentId,
    files: list[tuple[Path, TrackLabel]],
    start_utc: datetime,
    kind: SessionKind,
) -> _Draft:
    tracks = {
        TrackInfo(TrackId(new_id("trk")), label, TrackSource.FILE, path.name, SAMPLE_RATE): path
        for path, label in files
    }
    session_id = SessionId(new_id("ses"))
    info = SessionInfo(incident_id, session_id, kind, start_utc, tuple(tracks))
    return _Draft(info, {track.track_id: path for track, path in tracks.items()})


def _labels(files: Sequence[Path]) -> list[TrackLabel]:
    named = [_named(path) for path in files]
    free = [label for label in BOTH if label not in named]
    return [label or (free.pop(0) if free else TrackLabel.BRIDGE) for label in named]


def _named(path: Path) -> TrackLabel | None:
    stem = path.stem.lower()
    return next((label for label in BOTH if label.value in stem), None)


def _groups(files: list[tuple[Path, TrackLabel]]) -> list[list[tuple[Path, TrackLabel]]]:
    groups: list[list[tuple[Path, TrackLabel]]] = []
    for path, label in files:
        if not groups or label in {taken for _, taken in groups[-1]}:
            groups.append([])
        groups[-1].append((path, label))
    return groups


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as cause:
        raise AudioUnreadableError(
            path, cause.strerror or str(cause), remedy="Check the name and the permissions."
        ) from cause
