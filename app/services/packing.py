"""Use case: keep the audio of an incident in less room, without losing a sample."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import NotFoundError, RecordError
from app.domain.events import WorkProgressed
from app.services.recognition_turn import at_rest

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.engine_types import PackedAudio
    from app.domain.home import Home
    from app.domain.ids import IncidentId, SessionId
    from app.domain.ports import AudioArchive, EventBus, RecordStore
    from app.services.recovery import Recovery

STAGE = "pack the audio"


@dataclass(frozen=True, slots=True)
class Packing:
    """What was packed, or would be: by session, in order of their start."""

    incident_id: IncidentId
    sessions: tuple[tuple[SessionId, PackedAudio], ...]

    @property
    def bytes_before(self) -> int:
        """How much room the files took that were packed."""
        return sum(packed.bytes_before for _session, packed in self.sessions)

    @property
    def bytes_after(self) -> int:
        """How much they take now."""
        return sum(packed.bytes_after for _session, packed in self.sessions)


class PackingDesk:
    """Packs the audio of sessions that are over and as they were recorded."""

    def __init__(
        self,
        store: RecordStore,
        bus: EventBus,
        *,
        home: Home,
        archive: AudioArchive,
        recovery: Recovery,
    ) -> None:
        self._store = store
        self._bus = bus
        self._home = home
        self._archive = archive
        self._recovery = recovery

    def pack(self, wanted: str, *, dry_run: bool = False) -> Packing:
        """Pack an incident or one session, by id or its beginning; a dry run only tells sizes.

        All sessions are looked at before the first is touched.

        Raises:
            NotFoundError: None or several begin so.
            FolderInUseError: One is being recorded.
            RecordError: One is being transcribed, or is not as it was recorded.
            AudioUnreadableError: A file has changed since; the files before it are packed.
            AudioNotStoredError: The disk is full or cannot be written.
        """
        incident_id, chosen = self._find(wanted)
        record = self._store.record(incident_id)
        folders = {
            session.id: self._home.session_dir(incident_id, session.id)
            for session in sorted(record.sessions, key=lambda session: session.start_utc)
            if chosen in {None, session.id}
        }
        with contextlib.ExitStack() as at_end:
            for session_id, folder in folders.items():
                at_end.enter_context(at_rest(self._home, record.session(session_id)))
                self._require_whole(session_id, folder, dry_run=dry_run)
            return Packing(
                incident_id,
                tuple(
                    (session_id, self._pack(session_id, folder, dry_run=dry_run))
                    for session_id, folder in folders.items()
                ),
            )

    def _find(self, wanted: str) -> tuple[IncidentId, SessionId | None]:
        known: dict[str, tuple[IncidentId, SessionId | None]] = {
            session_id: (incident_id, session_id)
            for incident_id, session_id, _folder in self._recovery.folders()
        }
        known |= {incident.id: (incident.id, None) for incident in self._store.incidents()}
        found = [wanted] if wanted in known else [i for i in known if i.startswith(wanted)]
        if len(found) != 1:
            several = "Several incidents or sessions begin with"
            problem = several if found else "There is no incident or session"
            raise NotFoundError(f"{problem} “{wanted}”.", remedy="See “hotwash incidents”.")
        return known[found[0]]

    def _require_whole(self, session_id: SessionId, folder: Path, *, dry_run: bool) -> None:
        if not dry_run:
            self._archive.recover(folder)
        problems = self._archive.verify(folder).problems
        if problems:
            first = problems[0]
            raise RecordError(
                f"Session “{session_id}” is not as it was recorded: "
                f"{first.path.name} is {first.reason}.",
                remedy="See “hotwash verify”; nothing was packed.",
            )

    def _pack(self, session_id: SessionId, folder: Path, *, dry_run: bool) -> PackedAudio:
        stage = f"{STAGE} of {session_id}"
        return self._archive.pack(
            folder,
            dry_run=dry_run,
            on_progress=lambda done, total: self._bus.publish(WorkProgressed(stage, done, total)),
        )
