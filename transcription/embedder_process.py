"""Tells how voices sound in a process of its own, which gives way to everything else."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.audio_files.reader import FolderAudioReader
from app.domain.errors import DiarizationUnavailableError, VoicesProcessEndedError
from transcription.child_process import ChildProcess
from transcription.messages import Failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.ports import AudioReader
    from app.domain.voice_vectors import SpokenStretch, Vector, VoiceModel

QUIET_AND_ALONE = {
    "PYANNOTE_METRICS_ENABLED": "0",  # on by default
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
}


class EmbedderProcess:
    """Implements ``VoiceEmbedder`` with the embedding model of a pyannote pipeline's folder.

    One that has ended, by ``stop`` or by itself, stays so.
    """

    def __init__(
        self,
        folder: str,
        *,
        make_reader: Callable[[], AudioReader] = FolderAudioReader,
    ) -> None:
        from transcription.voice_embedder import serve  # noqa: PLC0415  brings numpy

        path = Path(folder).expanduser()
        if not folder or not (path / "config.yaml").is_file():
            raise DiarizationUnavailableError(
                "No folder of a speaker pipeline is set.",
                remedy="Add one: hotwash models add FOLDER, with a pyannote pipeline in it.",
            )
        self._model: VoiceModel | None = None
        self._asking = threading.Lock()
        self._child = ChildProcess(
            serve, (path, make_reader), name="voices", environment=QUIET_AND_ALONE
        )

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._child.pid

    def model(self) -> VoiceModel:
        """Return what makes the vectors; the first call waits until it is loaded."""
        with self._asking:
            return self._loaded()

    def vector(self, stretch: SpokenStretch) -> Vector | None:
        """Return how a voice sounds; None for a stretch too short, or with nothing to be heard."""
        with self._asking:
            self._loaded()
            self._child.send(stretch)
            vector: Vector | None = self._answer()
            return vector

    def stop(self) -> None:
        """End the child at once; who waits for an answer is told that it has ended."""
        self._child.stop(timeout_s=0.0)
        with self._asking:  # nobody reads from the pipe any more
            self._child.close()

    def _loaded(self) -> VoiceModel:
        if self._model is None:
            self._model = self._answer()
        return self._model

    def _answer(self) -> Any:
        try:
            answer = self._child.receive()
        except EOFError as cause:
            raise VoicesProcessEndedError(self._child.exit_code()) from cause
        if isinstance(answer, Failed):
            raise answer.error()
        return answer
