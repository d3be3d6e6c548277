"""Brings the record and the audio on disk together: after a start, a stop, a crash."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from app.audio_files.folder_lock import FolderInUseError, is_being_written, is_held
from app.audio_files.format import ATTACH_LOCK, INCOMING_SESSION_FILE
from app.audio_files.session_folder import remove_unfinished
from app.domain.errors import AppError, NotFoundError, RecorderUnreachableError
from app.domain.events import ProblemArose
from app.domain.ids import IncidentId, SessionId
from app.domain.incident import Incident, IncidentState
from app.domain.record import Change
from app.domain.sessions import Session, Track

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.domain.engine_types import StoredSession, StoredTrack
    from app.domain.home import Home
    from app.domain.ports import AudioArchive, EventBus, RecordStore
    from app.domain.record import Record
    from app.domain.recording_ports import RecorderControl

BY = "hotwash"
RESTART_LOCK = "recording-restart.lock"  # of the home; held while a recorder is started again
REPAIR_SECONDS = 3.0
RETRY_SECONDS = 0.05


class Recovery:
    """Audio on disk is the truth; the database learns from it, never the other way round."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        archive: AudioArchive,
        recorders: RecorderControl,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._archive = archive
        self._recorders = recorders

    def folders(self) -> Iterator[tuple[IncidentId, SessionId, Path]]:
        """Yield every session folder there is, newest first."""
        found = sorted(self._home.root.glob("incidents/*/audio/*/session.json"))
        for path in sorted(found, key=lambda file: file.stat().st_mtime, reverse=True):
            folder = path.parent
            yield IncidentId(folder.parents[1].name), SessionId(folder.name), folder

    def running(self) -> IncidentId | None:
        """Return the incident that is being recorded now, by whatever program; None if none."""
        for incident_id, _session_id, folder in self.folders():
            try:
                recording = self._recorders.attach(folder)
            except RecorderUnreachableError:
                return incident_id  # it hangs at the moment, and has the devices all the same
            if recording is not None:
                recording.close()
                return incident_id
        return None

    def was_ended(self, incident_id: IncidentId, session_id: SessionId) -> bool:
        """Whether a session's recorder closed it, having stored everything.

        Raises:
            AudioUnreadableError: Its folder does not read.
        """
        return self._archive.describe(self._home.session_dir(incident_id, session_id)).ended

    def may_go_on(self, incident_id: IncidentId, session_id: SessionId) -> bool:
        """Whether a session was cut off while something was to be recorded; a pause stays one."""
        stored = self._archive.describe(self._home.session_dir(incident_id, session_id))
        return not stored.ended and all(pause.end_ms is not None for pause in stored.pauses)

    def recover_all(self) -> list[SessionId]:
        """Repair every session that was cut off; return those that were.

        A folder whose recorder still runs is left alone. One that cannot be repaired is told of
        and does not stop the others. What was attached only in part is removed and told of.
        """
        self._remove_unfinished()
        repaired = []
        for incident_id, session_id, folder in self.folders():
            try:
                if self._recover(incident_id, session_id, folder):
                    repaired.append(session_id)
            except AppError as error:
                self._bus.publish(ProblemArose(error))
        return repaired

    def _remove_unfinished(self) -> None:
        signs = (INCOMING_SESSION_FILE, ATTACH_LOCK)
        pattern = "incidents/*/audio/*"
        begun = {
            path.parent for sign in signs for path in self._home.root.glob(f"{pattern}/{sign}")
        }
        removed = [remove_unfinished(folder) for folder in sorted(begun)]
        if any(removed):
            self._bus.publish(ProblemArose(_not_attached()))

    def on_disk(
        self, incident_id: IncidentId, session_id: SessionId
    ) -> tuple[Session, tuple[Track, ...]]:
        """Return a session as its folder tells it; lengths are open while it is recorded."""
        stored = self._archive.describe(self._home.session_dir(incident_id, session_id))
        return _session(stored), tuple(
            _track(stored, track, is_over=False) for track in stored.tracks
        )

    def put_on_record(self, session: Session, tracks: tuple[Track, ...], *, by: str) -> None:
        """Add to the record what it lacks of a session, its incident included."""
        record = self._record_or_none(session.incident_id)
        changes: list[Change] = []
        if record is None:
            lost = Incident(
                session.incident_id,
                f"Recovered recording of {session.start_utc:%Y-%m-%d %H:%M} UTC",
                state=IncidentState.POSTMORTEM_ONLY,
            )
            changes.append(Change(None, lost))
        known_sessions = {known.id for known in record.sessions} if record else set()
        known_tracks = {known.id for known in record.tracks} if record else set()
        if session.id not in known_sessions:
            changes.append(Change(None, session))
        changes += [Change(None, track) for track in tracks if track.id not in known_tracks]
        self._commit(session.incident_id, changes, by, "begin a session")

    def reopen(self, session: Session, *, by: str) -> None:
        """Have the record say that a session goes on which somebody took for ended."""
        record = self._record_or_none(session.incident_id)
        tracks = record.tracks_of(session.id) if record else ()
        changes = [
            Change(track, replace(track, duration_ms=None, drift_ppm=None))
            for track in tracks
            if track.duration_ms is not None
        ]
        self._commit(session.incident_id, changes, by, "go on with a session")

    def settle(self, incident_id: IncidentId, session_id: SessionId, *, by: str) -> None:
        """Bring the record of an ended session to what its files say.

        Raises:
            FolderInUseError: Somebody writes there; the session is not over.
        """
        stored = self._repaired(self._home.session_dir(incident_id, session_id))
        session = _session(stored)
        tracks = tuple(_track(stored, track, is_over=True) for track in stored.tracks)
        self.put_on_record(session, tracks, by=by)
        record = self._store.record(incident_id)
        changes = _differences(record, session, tracks)
        known = {marker.id for marker in record.markers}
        changes += [Change(None, marker) for marker in stored.markers if marker.id not in known]
        self._commit(incident_id, changes, by, "end a session")

    def _recover(self, incident_id: IncidentId, session_id: SessionId, folder: Path) -> bool:
        record = self._record_or_none(incident_id)
        tracks = record.tracks_of(session_id) if record else ()
        settled = bool(tracks) and all(track.duration_ms is not None for track in tracks)
        if settled and not self._has_changed(folder, tracks):
            return False
        if is_being_written(folder) or is_held(self._home.root, RESTART_LOCK):
            return False  # also by a recorder that hangs, or is about to begin
        try:
            self.settle(incident_id, session_id, by=BY)
        except FolderInUseError:
            return False
        return True

    def _has_changed(self, folder: Path, tracks: tuple[Track, ...]) -> bool:
        """Whether the files of a session that was settled are no more what they were then."""
        ends = {track.id: track.duration_ms for track in tracks}
        return self._archive.packing_was_cut_off(folder) or self._archive.is_longer(folder, ends)

    def _repaired(self, folder: Path) -> StoredSession:
        """Repair the folder; another program that followed the same recording may be at it."""
        deadline = time.monotonic() + REPAIR_SECONDS
        while True:
            try:
                return self._archive.recover(folder)
            except FolderInUseError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(RETRY_SECONDS)

    def _record_or_none(self, incident_id: IncidentId) -> Record | None:
        try:
            return self._store.record(incident_id)
        except NotFoundError:
            return None

    def _commit(self, incident_id: IncidentId, changes: list[Change], by: str, label: str) -> None:
        if changes:
            self._store.commit(incident_id, changes, by=by, label=label, undoable=False)


def _session(stored: StoredSession) -> Session:
    return Session(
        stored.session_id,
        stored.incident_id,
        stored.kind,
        stored.start_utc,
        stored.gaps,
        consent=stored.consent,
        pauses=stored.pauses,
        clock_events=stored.clock_events,
    )


def _track(stored: StoredSession, track: StoredTrack, *, is_over: bool) -> Track:
    return Track(
        id=track.track_id,
        session_id=stored.session_id,
        label=track.label,
        source=track.source,
        device=track.device,
        sample_rate=track.sample_rate,
        duration_ms=track.duration_ms if is_over else None,
        drift_ppm=track.drift_ppm if is_over else None,
        source_sha256=track.source_sha256,
    )


def _differences(record: Record, session: Session, tracks: tuple[Track, ...]) -> list[Change]:
    changes: list[Change] = []
    known = record.session(session.id)
    settled = replace(
        known,
        gaps=session.gaps,
        start_utc=session.start_utc,
        pauses=session.pauses,
        consent=known.consent or session.consent,
        clock_events=session.clock_events,
    )
    if settled != known:
        changes.append(Change(known, settled))
    for track in tracks:
        before = record.track(track.id)
        after = replace(before, duration_ms=track.duration_ms, drift_ppm=track.drift_ppm)
        if after != before:
            changes.append(Change(before, after))
    return changes


def _not_attached() -> AppError:
    return AppError(
        "Hotwash was ended while it attached files: nothing of them is on record.",
        remedy="Attach the files again.",
    )
