"""Reads what the waveform of a session shows.

Peaks are kept in memory only, of the one session that is looked at. Eight hours of two tracks are
read anew in less time than a cache on the disk would be worth, and no outline of redacted audio
can stay anywhere: what is known of a file is known by its hash, which a redaction changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audio_files.format import JOURNAL_FILE
from app.domain.errors import AudioUnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.audio_files.peaks import SessionPeaks
    from app.domain.ids import TrackId
    from app.domain.waveform import SessionWave


class FolderPeaks:
    """Implements ``PeakReader`` on session folders; keeps the session asked for last.

    To be called from one thread at a time.
    """

    def __init__(self) -> None:
        self._session: SessionPeaks | None = None

    def waves(
        self, session_dir: Path, track_ids: Sequence[TrackId], *, patience_s: float
    ) -> SessionWave:
        """Return what is known of the tracks, after reading for about ``patience_s``.

        Of files that are known only the hash is compared; of one that is being written only
        what was added is read.

        Raises:
            AudioUnreadableError: The journal is missing, or the system does not let it be read.
        """
        # numpy: the window does not wait for it at its start
        from app.audio_files.peaks import SessionPeaks  # noqa: PLC0415

        if not (session_dir / JOURNAL_FILE).exists():
            raise AudioUnreadableError(session_dir, "there is no audio in it")
        session = self._session
        try:
            if session is None or session.folder != session_dir:
                session = SessionPeaks(session_dir)
            elif not session.is_as_read():
                session = SessionPeaks(session_dir, session.known)
            session.refresh(patience_s)
        except OSError as cause:
            raise AudioUnreadableError(session_dir, str(cause.strerror)) from cause
        self._session = session
        return session.waves(tuple(track_ids))
