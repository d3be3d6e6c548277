"""Follows a track that is all there: several windows of speech are recognised at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from transcription.messages import Recognized
from transcription.speech_windows import packed
from transcription.track_follower import TrackFollower
from transcription.vad import samples_of
from transcription.window_recognizer import HeardWindow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.engine_types import RecognizedSegment
    from transcription.messages import Reply
    from transcription.speech_windows import SpeechWindow
    from transcription.utterances import Utterance
    from transcription.vad import Samples


class BatchRecognizer(Protocol):
    """Turns windows of speech into text; ``WindowRecognizer`` in the program."""

    def recognize(self, heard: Sequence[HeardWindow]) -> list[RecognizedSegment]:
        """Return what is said in the windows, in their order."""


@dataclass(frozen=True, slots=True)
class Batching:
    """How a track is recognised in batches.

    ``window_ms`` is how much speech a window may hold, 0 for one utterance; ``size`` how many
    windows a batch has.
    """

    recognizer: BatchRecognizer
    window_ms: int
    size: int


class BatchFollower(TrackFollower):
    """Looks for speech until there is a batch of it; a batch is told, and stored, as one.

    No more is held than the batch and the audio searched last, however long the track is.
    """

    def __init__(self, *given: Any, batching: Batching, **named: Any) -> None:
        super().__init__(*given, **named)
        self._batching = batching

    def step(self) -> list[Reply]:
        """Recognise a batch, or else look for more speech."""
        windows = packed(self._found, most_ms=self._batching.window_ms)
        # The last window may have room for what is not found yet.
        if len(windows) > self._batching.size or (windows and self._flushed):
            return [self._recognize_batch(windows[: self._batching.size])]
        if self._unread:
            self._search()
            return self._silence()
        if not self._flushed:
            self._flush()
            return []
        return self._finish()

    def _recognize_batch(self, windows: Sequence[SpeechWindow]) -> Recognized:
        heard = [
            HeardWindow(window, tuple(map(self._samples, window.utterances))) for window in windows
        ]
        segments = self._batching.recognizer.recognize(heard)
        for _ in range(sum(len(window.utterances) for window in windows)):
            self._found.popleft()
        self._told_ms = windows[-1].end_ms
        return Recognized(self.track.track_id, tuple(segments), self._told_ms)

    def _samples(self, utterance: Utterance) -> Samples:
        span = utterance.audio
        return samples_of(self._reader.pcm(self.track, span.start_ms, span.end_ms))
