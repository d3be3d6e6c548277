"""What the services need to tell how voices sound, and to remember it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from app.domain.voice_prints import VoicePrint
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


class VoiceVault(Protocol):
    """Keeps prints in one sealed file; ``app.storage.voice_vault``.

    Raises:
        PassphraseNeededError: A passphrase has to be given first, by ``unlock``.
        VoicePrintError: The file or its key cannot be used, or not with that passphrase.
    """

    @property
    def exists(self) -> bool:
        """Whether anything is kept; needs no key."""

    @property
    def kept_by(self) -> str:
        """What holds the key, or would hold it, in words for people."""

    def unlock(self, passphrase: str) -> None:
        """Take the passphrase that seals the file; for this program's life."""

    def read(self) -> tuple[VoicePrint, ...]:
        """Return what is kept; empty where nothing is."""

    def change(self, edit: Callable[[tuple[VoicePrint, ...]], Sequence[VoicePrint]]) -> None:
        """Keep what ``edit`` makes of what is kept: all of it, or it stays as it was."""

    def destroy(self) -> None:
        """Overwrite the file and forget its key; needs no passphrase."""
