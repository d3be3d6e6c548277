"""Tells voices apart in a process of its own, the only one that loads torch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio_files.reader import FolderAudioReader
from app.domain.errors import DiarizationUnavailableError, ModelError, ModelMissingError
from transcription.child_process import ChildProcess
from transcription.messages import Failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import SpeakerTurn, TrackAudio
    from app.domain.ports import AudioReader

MOST_THREADS = 4
HOW_TO_SET = (
    "Set the folder of a pyannote pipeline (such as speaker-diarization-community-1), or its hub "
    "name with an access token."
)


class DiarizerProcess:
    """Implements ``Diarizer`` with a pyannote.audio pipeline.

    ``pipeline`` is a folder or a hub name, empty for none; ``token`` is for gated ones. Offline,
    a hub name works if the hub's cache has it. Each call has a child of its own, so that all the
    memory is given back.
    """

    def __init__(
        self,
        pipeline: str,
        *,
        token: str = "",
        offline: bool = False,
        threads: int = 0,
        make_reader: Callable[[], AudioReader] = FolderAudioReader,
    ) -> None:
        self._pipeline = pipeline
        self._token = token
        self._offline = offline
        self._threads = threads or max(1, min(MOST_THREADS, (os.cpu_count() or 1) - 1))
        self._make_reader = make_reader

    def turns(
        self,
        track: TrackAudio,
        *,
        speakers: tuple[int | None, int | None],
        on_progress: Callable[[str, float], None],
    ) -> list[SpeakerTurn]:
        """Return the exclusive turns of one track (they never overlap), in order.

        ``on_progress`` gets the step's name and the share of it that is done, on the caller's
        thread; if it raises, the work is broken off.

        Raises:
            DiarizationUnavailableError: No pipeline is set, or pyannote.audio is not installed.
            AudioUnreadableError: The track's files do not read.
            ModelError: The pipeline does not load, or its process died.
        """
        child = self._start(track, speakers)
        try:
            while not isinstance(message := child.receive(), list):
                if isinstance(message, Failed):
                    raise message.error()
                on_progress(*message)
        except EOFError as cause:
            raise ModelError(
                f"The speaker pipeline's process ended unexpectedly ({child.exit_code()}).",
                remedy="Close other programs if memory is short, and try again.",
            ) from cause
        else:
            return message
        finally:
            child.stop(timeout_s=0.0)
            child.close()

    def _start(self, track: TrackAudio, speakers: tuple[int | None, int | None]) -> ChildProcess:
        from transcription.pyannote_diarizer import Order, serve  # noqa: PLC0415  brings numpy

        folder = self._folder()
        order = Order(
            pipeline=str(folder or self._pipeline),
            is_local=folder is not None,
            token=self._token,
            threads=self._threads,
            track=track,
            speakers=speakers,
        )
        return ChildProcess(
            serve,
            (order, self._make_reader),
            name="diarizer",
            environment={
                "PYANNOTE_METRICS_ENABLED": "0",  # on by default
                "HF_HUB_DISABLE_TELEMETRY": "1",
                "HF_HUB_OFFLINE": "1" if folder or self._offline else "0",
                "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                "OMP_NUM_THREADS": str(self._threads),
            },
        )

    def _folder(self) -> Path | None:
        """Return the pipeline's folder, None if it is named by its hub name."""
        if not self._pipeline:
            raise DiarizationUnavailableError("No speaker pipeline is set.", remedy=HOW_TO_SET)
        folder = Path(self._pipeline).expanduser()
        if folder.is_dir():
            if not (folder / "config.yaml").is_file():
                raise ModelMissingError(
                    f"{folder} holds no speaker pipeline: it has no config.yaml.",
                    remedy=HOW_TO_SET,
                )
            return folder.resolve()
        if folder.is_absolute() or self._pipeline.startswith(".") or "/" not in self._pipeline:
            raise ModelMissingError(
                f"The speaker pipeline {folder} is not there.", remedy=HOW_TO_SET
            )
        return None
