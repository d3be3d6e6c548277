"""What the services need to tell how voices sound; ``transcription`` implements it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from app.domain.voice_vectors import SpokenStretch, Vector, VoiceModel


class VoiceEmbedder(Protocol):
    """Tells how voices sound, in a process of its own; ``transcription.embedder_process``.

    Raises:
        VoicesProcessEndedError: from any method but ``stop``, when the process has ended.
        ModelError: likewise, when the pipeline is damaged or pyannote.audio is not installed.
    """

    def model(self) -> VoiceModel:
        """Return what makes the vectors; the first call waits until it is loaded."""

    def vector(self, stretch: SpokenStretch) -> Vector | None:
        """Return how the voice sounds there; None where it is too short or nothing is heard.

        Raises:
            AudioUnreadableError: The audio does not read.
        """

    def stop(self) -> None:
        """End the process; whoever waits for an answer is told."""


# Spawns one; raises DiarizationUnavailableError where there is no pipeline
EmbedderFactory: TypeAlias = Callable[[], VoiceEmbedder]
