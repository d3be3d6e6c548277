"""The audio and the evidence inside a bundle, held against their own chains and the record."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from app.audio_files.flac import LARGEST_BYTES
from app.audio_files.format import JOURNAL_FILE, SESSION_FILE, parse_session_info
from app.audio_files.journal import JournalContent, parse_journal
from app.audio_files.journal_lines import Opened, Sealed
from app.audio_files.session_clocks import SessionClocks, clock_events, on_session
from app.audio_files.stored_audio import unpacked
from app.audio_files.track_files import TrackFiles
from app.audio_files.wav import frames_in
from app.domain.errors import AppError, AudioUnreadableError
from app.domain.sessions import Gap
from app.services.bundle.manifest import AUDIO, EVIDENCE, LARGEST_INT, MAX_JSON

if TYPE_CHECKING:
    from app.audio_files.track_files import TrackFile
    from app.domain.ids import SessionId
    from app.domain.record import Record
    from app.domain.sessions import ClockEvent, Session
    from app.services.bundle.container import Container
    from app.services.bundle.manifest import Manifest


@dataclass(slots=True)
class FilesFound:
    """What was found: problems as path, reason, detail; heads of the chains by session."""

    problems: list[tuple[str, str, str]] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    clock_events: list[tuple[SessionId, ClockEvent]] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)


def check_sessions(
    container: Container, record: Record, manifest: Manifest, hashes: dict[str, str]
) -> FilesFound:
    """Check the recordings and the files of evidence; ``hashes`` are those of the members."""
    return _FileCheck(container, record, manifest, hashes).outcome()


class _FileCheck:
    def __init__(
        self, container: Container, record: Record, manifest: Manifest, hashes: dict[str, str]
    ) -> None:
        self._container = container
        self._record = record
        self._missing = set(manifest.missing)
        self._hashes = hashes
        self._explained: set[str] = set()
        self._found = FilesFound()

    def outcome(self) -> FilesFound:
        for session in self._record.sessions:
            folder = f"{AUDIO}/{session.id}"
            if not any(name.startswith(f"{folder}/") for name in self._container.members):
                self._absent(folder)
                continue
            journal = self._journal(session, folder)
            if journal is not None:
                self._sealed(journal, folder)
        self._evidence()
        for name in self._container.members:
            if name.split("/")[0] in {AUDIO, EVIDENCE} and name not in self._explained:
                self._tell(name, "extra")
        return self._found

    def _tell(self, path: str, reason: str, detail: str = "") -> None:
        self._explained.add(path)
        self._found.problems.append((path, reason, detail))

    def _absent(self, name: str) -> None:
        if name not in self._missing:
            self._tell(name, "missing")

    def _journal(self, session: Session, folder: str) -> JournalContent | None:
        """Return the session's journal, if it is in order and of this session."""
        about, lines = f"{folder}/{SESSION_FILE}", f"{folder}/{JOURNAL_FILE}"
        self._explained |= {about, lines}
        for name in (about, lines):
            if name not in self._container.members:
                self._tell(name, "missing")
                return None
            if name not in self._hashes or self._container.members[name].size > MAX_JSON:
                self._tell(name, "unreadable")
                return None
        try:
            info = parse_session_info(self._container.read(about), Path(SESSION_FILE))
        except (AppError, AttributeError, OverflowError, RecursionError) as cause:
            self._tell(about, "unreadable", str(cause))
            return None
        if (info.session_id, info.incident_id) != (session.id, self._record.incident.id):
            self._tell(about, "changed", "it is of another session")
        try:
            journal = parse_journal(self._container.read(lines), self._hashes[about])
        except (OverflowError, RecursionError) as cause:
            self._tell(lines, "unreadable", str(cause))
            return None
        fits = journal.intact and not journal.torn
        if not fits or (journal.count and journal.begins_with != self._hashes[about]):
            self._tell(lines, "changed", "it does not fit its own chain")
        self._found.heads[session.id] = journal.head
        self._tell_of_time(session, journal, lines)
        return journal

    def _tell_of_time(self, session: Session, journal: JournalContent, path: str) -> None:
        gaps = [line for line in journal.lines if isinstance(line, Gap)]
        try:
            self._found.gaps += on_session(gaps, SessionClocks(journal.lines))
        except (OverflowError, ValueError) as cause:  # times that no recorder writes
            self._tell(path, "unreadable", str(cause))
        self._found.clock_events += [(session.id, told) for told in clock_events(journal.lines)]

    def _sealed(self, journal: JournalContent, folder: str) -> None:
        for line in journal.lines:
            if isinstance(line, Opened | Sealed) and not 0 <= line.start_frame <= LARGEST_INT:
                self._tell(f"{folder}/{JOURNAL_FILE}", "unreadable", "a position is no position")
        files = TrackFiles()
        files.learn(journal.lines)
        for file in files.all():
            if file.frames is None:
                continue
            name = f"{folder}/{file.stored_name}"
            self._explained.add(name)
            member = self._container.members.get(name)
            if member is None:
                self._tell(name, "missing")
            elif name in self._hashes and self._hashes[name] != file.stored_sha256:
                self._tell(name, "changed")
            elif file.is_packed:
                self._packed(name, file)
            elif frames_in(member.size) != file.frames:
                self._tell(name, "changed", "it has not the length that its journal says")

    def _packed(self, name: str, file: TrackFile) -> None:
        """Require that it decodes to what was sealed."""
        if self._container.members[name].size > LARGEST_BYTES:
            self._tell(name, "unreadable", "it is too large")
            return
        if name not in self._hashes:
            return  # told before
        try:
            packed = io.BytesIO(self._container.read(name))
            wav = unpacked(packed, Path(file.stored_name), file.frames)
        except AudioUnreadableError as cause:
            self._tell(name, "unreadable", str(cause).rstrip("."))
            return
        if hashlib.sha256(wav).hexdigest() != file.sha256:
            self._tell(name, "changed", "it does not decode to what was sealed")

    def _evidence(self) -> None:
        for evidence in self._record.evidence:
            if evidence.file is None:
                continue
            name = f"{EVIDENCE}/{PurePosixPath(evidence.file)}"
            self._explained.add(name)
            if name not in self._container.members:
                self._absent(name)
            elif self._hashes.get(name, evidence.sha256) != evidence.sha256:
                self._tell(name, "changed")
