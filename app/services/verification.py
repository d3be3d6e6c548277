"""Use case: is the audio of an incident still what was recorded?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.engine_types import AudioVerification, FileProblem

if TYPE_CHECKING:
    from app.domain.engine_types import ClockEvent
    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.domain.ports import AudioArchive, RecordStore
    from app.domain.sessions import Gap


@dataclass(frozen=True, slots=True)
class IncidentVerification:
    """The outcome over all sessions; paths are relative to the incident's folder.

    ``chain_heads`` are the heads of the sessions' chains, by session in order of their start.
    """

    files: int
    bytes: int
    problems: tuple[tuple[str, str], ...]
    gaps: tuple[Gap, ...]
    chain_heads: tuple[str, ...]
    clock_events: tuple[ClockEvent, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing differs; a gap is no difference."""
        return not self.problems


class Verification:
    """Compares files with the journals that were written along with them."""

    def __init__(self, store: RecordStore, archive: AudioArchive, *, home: Home) -> None:
        self._store = store
        self._archive = archive
        self._home = home

    def incident(self, incident_id: IncidentId) -> IncidentVerification:
        """Check every session of an incident.

        Raises:
            NotFoundError: There is no such incident.
        """
        record = self._store.record(incident_id)
        base = self._home.incident_dir(incident_id)
        found: list[AudioVerification] = []
        for session in record.sessions:
            folder = self._home.session_dir(incident_id, session.id)
            if folder.is_dir():
                found.append(self._archive.verify(folder))
            else:
                found.append(AudioVerification(0, 0, (FileProblem(folder, "missing"),), (), ""))
        return IncidentVerification(
            files=sum(part.files for part in found),
            bytes=sum(part.bytes for part in found),
            problems=tuple(
                (
                    str(problem.path.relative_to(base))
                    if problem.path.is_relative_to(base)
                    else str(problem.path),
                    problem.reason,
                )
                for part in found
                for problem in part.problems
            ),
            gaps=tuple(gap for part in found for gap in part.gaps),
            chain_heads=tuple(part.chain_head for part in found),
            clock_events=tuple(event for part in found for event in part.clock_events),
        )
