"""The folders in which audio lies, as the services see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audio_files.conduct import consent_in, pauses_in
from app.audio_files.folder_state import folder_state
from app.audio_files.format import ADDRESS_FILE, PART_SUFFIX, read_session_info
from app.audio_files.journal import glance_at_journal
from app.audio_files.packing import estimate_packing, pack_folder, was_cut_off
from app.audio_files.recovery import recover_folder
from app.audio_files.redaction import foresee_silence, silence
from app.audio_files.rewording import foresee_rewording, reword
from app.audio_files.session_clocks import clock_events, on_session, session_clocks
from app.audio_files.verification import verify_folder
from app.domain.engine_types import (
    AudioVerification,
    PackedAudio,
    Rewording,
    StoredSession,
    StoredTrack,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.domain.ids import TrackId
    from app.domain.times import Span


class FolderArchive:
    """Implements ``AudioArchive``; keeps nothing between calls, safe from any thread."""

    def describe(self, session_dir: Path) -> StoredSession:
        """Return what a session's files say, changing nothing (a recorder may be writing).

        Raises:
            AudioUnreadableError: The folder holds no session.
        """
        info = read_session_info(session_dir)
        state = folder_state(session_dir, glance_at_journal(session_dir))
        clocks = session_clocks(session_dir)
        tracks = tuple(
            StoredTrack(
                track.track_id,
                track.label,
                track.source,
                track.device,
                track.sample_rate,
                clocks.of(track.track_id).session_ms(state.duration_ms(track.track_id)),
                clocks.of(track.track_id).ppm,
                track.source_sha256,
            )
            for track in info.tracks
        )
        return StoredSession(
            incident_id=info.incident_id,
            session_id=info.session_id,
            kind=info.kind,
            start_utc=clocks.start_utc(info.start_utc),
            tracks=tracks,
            gaps=on_session(state.gaps, clocks),
            markers=state.markers,
            ended=state.ended,
            set_aside=state.set_aside() + state.unexplained(),
            pauses=pauses_in(state.lines),
            consent=consent_in(state.lines),
            clock_events=clock_events(state.lines),
        )

    def recover(self, session_dir: Path) -> StoredSession:
        """Repair what a killed recorder left, then describe it.

        Never deletes: files it does not know go to ``set_aside/``. Sealed files stay as they are.

        Raises:
            FolderInUseError: Somebody writes there; nothing was touched.
            AudioUnreadableError: The folder holds no session.
            AudioNotStoredError: The disk is full or cannot be written.
        """
        recover_folder(session_dir)
        return self.describe(session_dir)

    def silence(
        self, session_dir: Path, stretches: Sequence[Span], *, at: str, by: str, reason: str
    ) -> tuple[str, ...]:
        """Make stretches silent on every track; return the names of the files that changed."""
        return silence(session_dir, stretches, at=at, by=by, reason=reason)

    def foresee_silence(self, session_dir: Path, stretches: Sequence[Span]) -> tuple[str, ...]:
        """Return the names of the files that ``silence`` would change."""
        return foresee_silence(session_dir, stretches)

    def reword(
        self, session_dir: Path, change: Callable[[str], str], *, at: str, by: str
    ) -> Rewording:
        """Take words out of journal and ``session.json``, unless they are not as recorded."""
        return reword(session_dir, change, at=at, by=by)

    def foresee_rewording(self, session_dir: Path, change: Callable[[str], str]) -> Rewording:
        """Return what ``reword`` would do."""
        return foresee_rewording(session_dir, change)

    def pack(
        self, session_dir: Path, *, dry_run: bool, on_progress: Callable[[int, int], None]
    ) -> PackedAudio:
        """Pack what is sealed into FLAC, each file compared before its WAV goes.

        Raises:
            FolderInUseError: Somebody writes there.
            AudioUnreadableError: A file is not as it was recorded.
            AudioNotStoredError: The disk is full or cannot be written.
        """
        work = estimate_packing if dry_run else pack_folder
        return work(session_dir, on_progress=on_progress)

    def packing_was_cut_off(self, session_dir: Path) -> bool:
        """Whether a packing is under way there, or was killed."""
        return was_cut_off(session_dir)

    def is_longer(self, session_dir: Path, durations_ms: Mapping[TrackId, int | None]) -> bool:
        """Whether a recorder was killed there that had gone on behind these ends of the tracks.

        Only one that ends well takes its address away, and only ``recover`` seals its last parts.

        Raises:
            AudioUnreadableError: The folder holds no session.
        """
        if any(session_dir.glob(f"*{PART_SUFFIX}")):
            return True
        if not (session_dir / ADDRESS_FILE).exists():
            return False
        tracks = self.describe(session_dir).tracks
        return any(track.duration_ms != durations_ms.get(track.track_id) for track in tracks)

    def verify(self, session_dir: Path) -> AudioVerification:
        """Compare every sealed file with the journal and the journal with its own chain."""
        return verify_folder(session_dir)
