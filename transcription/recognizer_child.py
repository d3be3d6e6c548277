"""The recogniser's side of the pipe: loads the model and works through the tracks in turn."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from app.domain.errors import AppError, AudioUnreadableError, ServerRefusedError
from app.domain.recognition_pace import RecognitionPace
from transcription.batch_follower import BatchFollower
from transcription.engines import engine_of
from transcription.inbox import Inbox
from transcription.messages import (
    Advance,
    Failed,
    Finish,
    Finished,
    Follow,
    KeepPace,
    Warned,
)
from transcription.track_follower import TrackFollower
from transcription.vad import SileroModel, VadOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from app.domain.engine_types import AnyModel, TrackAudio
    from app.domain.ids import TrackId
    from app.domain.ports import AudioReader
    from transcription.engines import Engine
    from transcription.messages import Reply, Request

REST = 3  # so that partials take a quarter of the time at most, and what ends waits little


def serve(pipe: Connection, model: AnyModel, make_reader: Callable[[], AudioReader]) -> None:
    """Answer requests until the parent ends this process."""
    inbox = Inbox(pipe)
    try:
        desk = Desk(engine_of(model, pipe.send), make_reader())
    except AppError as error:
        pipe.send(Failed.of(error))
        # The parent has been told why; ending as well would look like a crash.
        inbox.wait_for_the_end()
        return
    if desk.warning is not None:
        pipe.send(Warned(Failed.of(desk.warning)))
    while True:
        for request in inbox.take(wait=not desk.has_work):
            desk.apply(request)
        for reply in desk.work():
            pipe.send(reply)


class Desk:
    """The tracks under work; each gets its turn after every utterance of another.

    What has ended goes before what goes on: partials are made when there is nothing else to do,
    and no oftener than leaves the model idle for ``REST`` times as long.
    """

    def __init__(self, engine: Engine, reader: AudioReader) -> None:
        self._reader = reader
        self._engine = engine
        self._vad = SileroModel()
        self._options = VadOptions(max_utterance_ms=engine.max_utterance_ms)
        self._followed: deque[TrackFollower] = deque()
        self._pace = RecognitionPace.PARTIALS
        self._rests_until = 0.0

    def apply(self, request: Request) -> None:
        """Take a request in; one about a track that is not followed any more is ignored."""
        match request:
            case Follow(track, from_ms):
                self._follow(track, from_ms)
            case KeepPace(pace):
                self._pace = pace
            case Advance(track_id, until_ms) | Finish(track_id, until_ms):
                for follower in self._followed:
                    if follower.track.track_id == track_id:
                        follower.advance(until_ms, ends=isinstance(request, Finish))

    @property
    def warning(self) -> AppError | None:
        """Why the model does not run on what was wanted."""
        return self._engine.warning

    @property
    def has_work(self) -> bool:
        """Whether any track has something to do."""
        return any(follower.has_work for follower in self._followed) or bool(self._unfinished())

    def work(self) -> list[Reply]:
        """Do one step of the next track that has something to do, or else make one partial."""
        for _ in range(len(self._followed)):
            follower = self._followed[0]
            self._followed.rotate(-1)
            if follower.has_work:
                is_late = self._pace >= RecognitionPace.LONGER_STEPS
                follower.takes_longer_steps = is_late and self._engine.joins_utterances
                return self._tried(follower, follower.step)
        unfinished = self._unfinished()
        return self._listen(min(unfinished, key=attrgetter("listened_at"))) if unfinished else []

    def _unfinished(self) -> list[TrackFollower]:
        """Return the tracks of which a partial is due and may be made now."""
        if self._pace > RecognitionPace.PARTIALS or time.monotonic() < self._rests_until:
            return []
        return [follower for follower in self._followed if follower.partial_is_due]

    def _listen(self, follower: TrackFollower) -> list[Reply]:
        began = follower.listened_at = time.monotonic()
        replies = self._tried(follower, follower.partial)
        ended = time.monotonic()
        self._rests_until = ended + REST * (ended - began)
        return replies

    def _tried(self, follower: TrackFollower, work: Callable[[], list[Reply]]) -> list[Reply]:
        try:
            return work()
        except (AudioUnreadableError, ServerRefusedError) as error:
            self._followed.remove(follower)
            return [Failed.of(error), Finished(follower.track.track_id)]

    def _follow(self, track: TrackAudio, from_ms: int) -> None:
        self._forget(track.track_id)
        engine = self._engine
        kind = (
            TrackFollower
            if engine.batching is None
            else partial(BatchFollower, batching=engine.batching)
        )
        self._followed.append(
            kind(
                track,
                from_ms=from_ms,
                reader=self._reader,
                vad=self._vad,
                recognizer=engine.recognizer,
                options=self._options,
                listener=engine.listener,
                window_ms=engine.window_ms,
            )
        )

    def _forget(self, track_id: TrackId) -> None:
        kept = [other for other in self._followed if other.track.track_id != track_id]
        self._followed = deque(kept)
