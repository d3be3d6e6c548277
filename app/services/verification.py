"""Use case: is the audio of an incident, or a bundle, still what was recorded?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.engine_types import AudioVerification, FileProblem
from app.services.bundle.reading import verify_bundle

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ids import IncidentId
    from app.domain.ports import AudioArchive, EventBus, RecordStore
    from app.domain.sessions import Gap
    from app.services.bundle.reading import BundleVerification


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

    @property
    def ok(self) -> bool:
        """Whether nothing differs; a gap is no difference."""
        return not self.problems


class Verification:
    """Compares files with the journals that were written along with them."""

    def __init__(
        self, store: RecordStore, archive: AudioArchive, bus: EventBus, *, home: Home
    ) -> None:
        self._store = store
        self._archive = archive
        self._bus = bus
        self._home = home

    def bundle(self, path: Path) -> BundleVerification:
        """Check a bundle to the last byte, opening nothing.

        Raises:
            BundleError: There is no such file, or a later version made it.
        """
        return verify_bundle(path, self._bus)

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
        )
