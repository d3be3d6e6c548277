"""The recogniser's side of the pipe: loads the model and works through the tracks in turn."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import AppError, AudioUnreadableError
from transcription.batch_follower import BatchFollower, Batching
from transcription.inbox import Inbox
from transcription.messages import Advance, Failed, Follow
from transcription.track_follower import TrackFollower
from transcription.vad import SileroModel, VadOptions
from transcription.whisper_recognizer import WhisperRecognizer
from transcription.window_recognizer import WindowRecognizer

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from app.domain.engine_types import RecognitionModel, TrackAudio
    from app.domain.ids import TrackId
    from app.domain.ports import AudioReader
    from transcription.messages import Reply, Request


def serve(
    pipe: Connection, model: RecognitionModel, make_reader: Callable[[], AudioReader]
) -> None:
    """Answer requests until the parent ends this process."""
    inbox = Inbox(pipe)
    try:
        desk = Desk(model, make_reader())
    except AppError as error:
        pipe.send(Failed.of(error))
        # The parent has been told why; ending as well would look like a crash.
        inbox.wait_for_the_end()
        return
    while True:
        for request in inbox.take(wait=not desk.has_work):
            desk.apply(request)
        for reply in desk.work():
            pipe.send(reply)


def batching_of(model: RecognitionModel, recognizer: WhisperRecognizer) -> Batching | None:
    """Return how tracks are recognised in batches; None where words are waited for."""
    if model.batch_size == 1:
        return None
    window_ms = model.window_ms if model.joins_utterances else 0
    return Batching(WindowRecognizer(recognizer), window_ms, model.batch_size)


class Desk:
    """The tracks under work; each gets its turn after every utterance of another."""

    def __init__(self, model: RecognitionModel, reader: AudioReader) -> None:
        self._reader = reader
        self._recognizer = WhisperRecognizer(model)
        self._batching = batching_of(model, self._recognizer)
        self._vad = SileroModel()
        self._options = VadOptions(max_utterance_ms=model.max_utterance_ms)
        self._followed: deque[TrackFollower] = deque()

    def apply(self, request: Request) -> None:
        """Take a request in; one about a track that is not followed any more is ignored."""
        if isinstance(request, Follow):
            self._follow(request.track, request.from_ms)
            return
        for follower in self._followed:
            if follower.track.track_id == request.track_id:
                follower.advance(request.until_ms, ends=not isinstance(request, Advance))

    @property
    def has_work(self) -> bool:
        """Whether any track has something to do."""
        return any(follower.has_work for follower in self._followed)

    def work(self) -> list[Reply]:
        """Do one step of the next track that has something to do."""
        for _ in range(len(self._followed)):
            follower = self._followed[0]
            self._followed.rotate(-1)
            if follower.has_work:
                return self._step(follower)
        return []

    def _step(self, follower: TrackFollower) -> list[Reply]:
        try:
            return follower.step()
        except AudioUnreadableError as error:
            self._followed.remove(follower)
            return [Failed.of(error)]

    def _follow(self, track: TrackAudio, from_ms: int) -> None:
        self._forget(track.track_id)
        kind = (
            TrackFollower
            if self._batching is None
            else partial(BatchFollower, batching=self._batching)
        )
        self._followed.append(
            kind(
                track,
                from_ms=from_ms,
                reader=self._reader,
                vad=self._vad,
                recognizer=self._recognizer,
                options=self._options,
            )
        )

    def _forget(self, track_id: TrackId) -> None:
        kept = [other for other in self._followed if other.track.track_id != track_id]
        self._followed = deque(kept)
