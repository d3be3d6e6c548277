"""What the services need from those who read whole sound files: media and waveforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.domain.engine_types import TrackAudio
    from app.domain.ids import TrackId
    from app.domain.media import MediaFacts, MediaOutcome
    from app.domain.waveform import SessionWave


class MediaReader(Protocol):
    """Turns any audio or video file into a track on disk; ``capture.media_file``."""

    def facts(self, source: Path) -> MediaFacts:
        """Return what a file holds, without decoding it.

        Raises:
            AudioUnreadableError: It is missing, empty, no media file, or has no sound.
        """

    def attach(
        self,
        source: Path,
        target: TrackAudio,
        *,
        stream: int = 1,
        begins_ms: int = 0,
        on_progress: Callable[[float], None],
    ) -> MediaOutcome:
        """Decode an audio stream of ``source`` to the recording format, streamed.

        ``begins_ms`` is how much later than the session the file begins. ``on_progress`` is
        called with the share done, 0 to 1; what it raises ends the decoding. Nothing is left in
        the target's folder when this raises.

        Raises:
            AudioUnreadableError: No audio in it, encrypted, or damaged from the start. A file
                that breaks off in the middle keeps what could be read, and it is remarked.
            AudioNotStoredError: The disk is full.
        """


class PeakReader(Protocol):
    """Tells how loud tracks are over time; to be called from one thread at a time."""

    def waves(
        self, session_dir: Path, track_ids: Sequence[TrackId], *, patience_s: float
    ) -> SessionWave:
        """Return what is known of the tracks, after reading for about ``patience_s``.

        Raises:
            AudioUnreadableError: The folder has no journal, or cannot be read.
        """
