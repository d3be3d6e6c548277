"""Tells voices apart in a process of its own, the only kind that loads torch."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.audio_files.reader import FolderAudioReader
from app.domain.errors import DiarizationUnavailableError, ModelError, ModelMissingError
from transcription.child_process import ChildProcess
from transcription.diarizer_messages import Listening, Order, PartHeard
from transcription.messages import Failed
from transcription.track_parts import PART_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.engine_types import SpeakerCount, SpeakerTurn, TrackAudio
    from app.domain.ports import AudioReader
    from app.domain.sessions import TrackLabel

log = logging.getLogger(__name__)

MOST_THREADS = 4
MAX_RESTARTS = 2  # in a row, without a part that was heard
PROGRESS_EVERY_S = 0.25
LOADING = Listening("loading the pipeline", 0.0)
HOW_TO_SET = (
    "Set the folder of a pyannote pipeline (such as speaker-diarization-community-1), or its hub "
    "name with an access token."
)


class DiarizerProcess:
    """Implements ``Diarizer`` with a pyannote.audio pipeline.

    ``pipeline`` is a folder or a hub name, empty for none; ``token`` is for gated ones. Offline,
    a hub name works if the hub's cache has it. Each call has a child of its own, so that all the
    memory is given back; if it dies, another one goes on after the last part that was heard.
    """

    def __init__(
        self,
        pipeline: str,
        *,
        token: str = "",
        offline: bool = False,
        threads: int = 0,
        part_ms: int = PART_MS,
        make_reader: Callable[[], AudioReader] = FolderAudioReader,
    ) -> None:
        self._pipeline = pipeline
        self._token = token
        self._offline = offline
        self._threads = threads or max(1, min(MOST_THREADS, (os.cpu_count() or 1) - 1))
        self._part_ms = part_ms
        self._make_reader = make_reader

    def turns(
        self,
        tracks: Sequence[TrackAudio],
        *,
        speakers: Mapping[TrackLabel, SpeakerCount],
        is_draft: bool,
        on_progress: Callable[[str, float], None],
    ) -> list[SpeakerTurn]:
        """Return the exclusive turns of the tracks, in order; labels count the voices of a side.

        ``on_progress`` is called on the caller's thread.

        Raises:
            DiarizationUnavailableError: No pipeline is set, or pyannote.audio is not installed.
            AudioUnreadableError: A track's files do not read.
            ModelError: The pipeline does not load, or its process died again and again.
        """
        from transcription.heard_parts import joined_turns  # noqa: PLC0415  brings numpy

        order = self._order(tracks, speakers, is_draft=is_draft)
        heard: list[PartHeard] = []
        deaths = parts = 0
        while (exit_code := self._listen(order, heard, on_progress)) is not None:
            log.warning("the speaker pipeline's process ended with %s", exit_code)
            deaths = 1 if len(heard) > parts else deaths + 1
            if deaths > MAX_RESTARTS:
                raise ModelError(
                    f"The speaker pipeline's process ended unexpectedly {deaths} times "
                    f"({exit_code}).",
                    remedy="Close other programs if memory is short, and try again.",
                )
            parts = len(heard)
            until_ms = {part.track.track_id: part.until_ms for part in heard}
            order = replace(order, heard_until_ms=until_ms, is_careful=True)
        return joined_turns(heard, speakers)

    def _order(
        self,
        tracks: Sequence[TrackAudio],
        speakers: Mapping[TrackLabel, SpeakerCount],
        *,
        is_draft: bool,
    ) -> Order:
        folder = self._folder()
        return Order(
            pipeline=str(folder or self._pipeline),
            is_local=folder is not None,
            token=self._token,
            threads=self._threads,
            tracks=tuple(tracks),
            speakers=speakers,
            part_ms=self._part_ms,
            heard_until_ms={},
            is_draft=is_draft,
        )

    def _listen(
        self, order: Order, heard: list[PartHeard], on_progress: Callable[[str, float], None]
    ) -> int | None:
        """Add what a child hears to ``heard``; return its exit code if it died on the way."""
        child = self._start(order)
        latest = LOADING
        try:
            while True:
                on_progress(latest.step, latest.share)
                if not child.has_message(PROGRESS_EVERY_S):
                    continue
                match child.receive():
                    case Listening() as latest:
                        pass
                    case PartHeard() as part:
                        heard.append(part)
                    case Failed() as failed:
                        raise failed.error()
                    case _:
                        return None
        except EOFError:
            return child.exit_code()
        finally:
            child.stop(timeout_s=0.0)
            child.close()

    def _start(self, order: Order) -> ChildProcess:
        from transcription.pyannote_diarizer import serve  # noqa: PLC0415  brings numpy

        return ChildProcess(
            serve,
            (order, self._make_reader),
            name="diarizer",
            environment={
                "PYANNOTE_METRICS_ENABLED": "0",  # on by default
                "HF_HUB_DISABLE_TELEMETRY": "1",
                "HF_HUB_OFFLINE": "1" if order.is_local or self._offline else "0",
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
