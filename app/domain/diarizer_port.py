"""What the services need of an engine that tells voices apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from app.domain.engine_types import SpeakerCount, SpeakerTurn, TrackAudio
from app.domain.sessions import TrackLabel


class Diarizer(Protocol):
    """Tells voices apart, in a process of its own; ``transcription.diarizer_process``."""

    def turns(
        self,
        tracks: Sequence[TrackAudio],
        *,
        speakers: Mapping[TrackLabel, SpeakerCount],
        is_draft: bool,
        on_progress: Callable[[str, float], None],
    ) -> list[SpeakerTurn]:
        """Return the exclusive turns of the tracks (those of one never overlap), in order.

        One label is one voice on all tracks of a side, which ``TrackLabel`` names, and another
        voice on the other side. ``speakers`` are how many voices each side has, as far as that
        is known. A draft is quicker and less exact.

        ``on_progress`` gets what is done now and the share of all the work that is done, several
        times a second; if it raises, the work is broken off at once.

        Raises:
            DiarizationUnavailableError: No pipeline is set, or pyannote.audio is not installed.
            AudioUnreadableError: A file of a track is missing or damaged.
            ModelError: The pipeline does not load, or its process died again and again.
        """
