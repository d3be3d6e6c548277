"""Use case: are audio and evidence of an incident, a bundle or a pack still what they were?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.engine_types import AudioVerification, FileProblem
from app.services.bundle.reading import verify_bundle
from app.services.evidence_check import check_evidence
from app.services.pack.reading import is_pack, verify_pack, verify_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.home import Home
    from app.domain.ids import IncidentId, SessionId
    from app.domain.ports import AudioArchive, EventBus, RecordStore
    from app.domain.sessions import ClockEvent, Gap
    from app.evidence_files.files import EvidenceFiles
    from app.services.bundle.reading import BundleVerification
    from app.services.pack.reading import PackVerification

PDF_SUFFIX = ".pdf"


@dataclass(frozen=True, slots=True)
class IncidentVerification:
    """The outcome over all sessions and the evidence; paths start at the incident's folder.

    ``chain_heads`` are the heads of the sessions' chains, by session in order of their start.
    """

    files: int
    bytes: int
    problems: tuple[tuple[str, str], ...]
    gaps: tuple[Gap, ...]
    chain_heads: tuple[str, ...]
    clock_events: tuple[tuple[SessionId, ClockEvent], ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing differs; a gap is no difference."""
        return not self.problems


class Verification:
    """Compares audio with its journals, and evidence with the hashes in the record."""

    def __init__(
        self,
        store: RecordStore,
        archive: AudioArchive,
        evidence: EvidenceFiles,
        bus: EventBus,
        *,
        home: Home,
    ) -> None:
        self._store = store
        self._archive = archive
        self._evidence = evidence
        self._bus = bus
        self._home = home

    def bundle(self, path: Path) -> BundleVerification:
        """Check a bundle to the last byte, opening nothing.

        Raises:
            BundleError: There is no such file, or a later version made it.
        """
        return verify_bundle(path, self._bus)

    def pack(self, path: Path, *, signed_by: str = "") -> PackVerification:
        """Check an evidence pack to the last byte, or a PDF against the pack beside it.

        ``signed_by`` is the fingerprint of the key that must have signed it; empty for any, or
        none.

        Raises:
            BundleError: It cannot be read, a later version made it, or no pack lies beside a PDF.
        """
        verify = verify_pdf if path.suffix.lower() == PDF_SUFFIX else verify_pack
        return verify(path, self._bus, signed_by=signed_by)

    def is_bundle(self, path: Path) -> bool:
        """Whether a file is to be checked as a bundle, rather than as a pack or a PDF.

        Raises:
            BundleError: It cannot be read.
        """
        return path.suffix.lower() != PDF_SUFFIX and not is_pack(path)

    def incident(self, incident_id: IncidentId) -> IncidentVerification:
        """Check every session of an incident, and its evidence.

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
        evidence = check_evidence(record, self._evidence)
        of_audio = (
            (_shown(problem.path, base), problem.reason)
            for part in found
            for problem in part.problems
        )
        place = self._evidence.folder(incident_id)
        of_evidence = ((_shown(place / file, base), why) for file, why in evidence.problems)
        return IncidentVerification(
            files=sum(part.files for part in found) + evidence.files,
            bytes=sum(part.bytes for part in found) + evidence.bytes,
            problems=(*of_audio, *of_evidence),
            gaps=tuple(gap for part in found for gap in part.gaps),
            chain_heads=tuple(part.chain_head for part in found),
            clock_events=tuple(
                (session.id, event)
                for session, part in zip(record.sessions, found, strict=True)
                for event in part.clock_events
            ),
        )


def _shown(path: Path, base: Path) -> str:
    return str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
