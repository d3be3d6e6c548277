"""Follows one track through its audio: finds utterances, has them recognised, keeps the cursor."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

from transcription.local_agreement import LocalAgreement
from transcription.messages import Finished, Listened, Partial, Recognized
from transcription.utterances import Utterance, UtteranceCutter, first_chunk
from transcription.vad import SpeechProbabilities, samples_of
from transcription.windows import next_window

if TYPE_CHECKING:
    from app.domain.engine_types import RecognizedSegment, TrackAudio
    from app.domain.ports import AudioReader
    from transcription.messages import Reply
    from transcription.vad import Samples, SileroModel, VadOptions

READ_MS = 10_000  # audio searched for speech in one step: 25 ms of work
SILENCE_TOLD_MS = 1_000  # silence after which the cursor is worth a transaction


class UtteranceRecognizer(Protocol):
    """Turns the audio of one utterance into text; ``WhisperRecognizer`` in the program."""

    def recognize(self, samples: Samples, utterance: Utterance) -> list[RecognizedSegment]:
        """Return what is said; nothing if there are no words in it."""


class SpeechListener(Protocol):
    """Turns speech that goes on into what it seems to say; ``WhisperRecognizer``."""

    def hypothesis(self, samples: Samples) -> str:
        """Return what unfinished speech seems to say."""


class TrackFollower:
    """Works through one track in small steps, so that several can take turns.

    Attributes:
        takes_longer_steps: Utterances that follow each other closely are recognised as one.
        listened_at: When the utterance under way was last read, on the caller's clock.
    """

    def __init__(
        self,
        track: TrackAudio,
        *,
        from_ms: int,
        reader: AudioReader,
        vad: SileroModel,
        recognizer: UtteranceRecognizer,
        options: VadOptions,
        listener: SpeechListener | None = None,
        window_ms: int = 0,
    ) -> None:
        self.track = track
        self.takes_longer_steps = False
        self.listened_at = 0.0
        self._listener = listener
        self._reader = reader
        self._recognizer = recognizer
        self._probabilities = SpeechProbabilities(vad, from_chunk=first_chunk(from_ms))
        self._options = options
        self._cutter = UtteranceCutter(options, from_ms=from_ms)
        self._read_ms = self._probabilities.begins_at_ms
        self._told_ms = from_ms
        self._until_ms = 0
        self._ends = False
        self._flushed = False
        self._found: deque[Utterance] = deque()
        self._window_ms = window_ms
        self._agreement = LocalAgreement()

    def advance(self, until_ms: int, *, ends: bool = False) -> None:
        """Audio is there up to ``until_ms``; with ``ends``, no more will follow."""
        self._until_ms = max(self._until_ms, until_ms)
        self._ends = self._ends or ends

    @property
    def has_work(self) -> bool:
        """Whether a step would do anything."""
        return bool(self._found) or self._unread or self._ends

    def step(self) -> list[Reply]:
        """Recognise one utterance, or else look for the next ones.

        Raises:
            AudioUnreadableError: The track's files do not read.
        """
        if self._found and not (self._may_wait and self._unread):
            utterance = next_window(self._found, self._at_once_ms)
            return [self._recognize(utterance), *self._listened()]
        if self._unread:
            self._search()
            return [*self._silence(), *self._listened()]
        if not self._flushed:
            self._flush()
            return []
        return self._finish()

    @property
    def _at_once_ms(self) -> int:
        longer_ms = self._options.max_utterance_ms if self.takes_longer_steps else 0
        return max(longer_ms, self._window_ms if self._ends else 0)

    @property
    def _may_wait(self) -> bool:
        """Whether more utterances are to be found first, to be recognised with this one.

        Nobody waits for words where the end is known: a server does better with more at once.
        """
        if not self._ends:
            return False
        reach_ms = self._found[0].audio.start_ms + self._window_ms
        return self._cutter.cursor_ms < reach_ms

    @property
    def partial_is_due(self) -> bool:
        """Whether an utterance goes on of which enough is new."""
        under_way = self._cutter.under_way
        if under_way is None or self._listener is None or self.has_work or self._flushed:
            return False
        return self._agreement.is_due(under_way)

    def partial(self) -> list[Reply]:
        """Read the utterance under way as far as it goes; reply if there are words to show.

        Raises:
            AudioUnreadableError: The track's files do not read.
        """
        heard = self._cutter.under_way
        if heard is None or self._listener is None:
            return []
        pcm = self._reader.pcm(self.track, heard.start_ms, heard.end_ms)
        hypothesis = self._listener.hypothesis(samples_of(pcm))
        partial = self._agreement.take(heard, hypothesis)
        return [] if partial is None else [Partial(self.track.track_id, partial)]

    @property
    def _unread(self) -> bool:
        return self._read_ms < self._until_ms and self._told_ms < self._until_ms

    def _recognize(self, utterance: Utterance) -> Recognized:
        span = utterance.audio
        pcm = self._reader.pcm(self.track, span.start_ms, span.end_ms)
        segments = self._recognizer.recognize(samples_of(pcm), utterance)
        self._told_ms = span.end_ms
        return Recognized(self.track.track_id, tuple(segments), self._told_ms)

    def _search(self) -> None:
        until_ms = min(self._until_ms, self._read_ms + READ_MS)
        pcm = self._reader.pcm(self.track, self._read_ms, until_ms)
        self._read_ms = until_ms
        self._found.extend(self._cutter.push(self._probabilities.push(samples_of(pcm))))

    def _listened(self) -> list[Reply]:
        return [] if self._found else [Listened(self.track.track_id, self._read_ms)]

    def _silence(self) -> list[Reply]:
        if self._found or self._cutter.cursor_ms - self._told_ms < SILENCE_TOLD_MS:
            return []
        self._told_ms = self._cutter.cursor_ms
        return [Recognized(self.track.track_id, (), self._told_ms)]

    def _flush(self) -> None:
        self._flushed = True
        self._found.extend(self._cutter.push(self._probabilities.finish()))
        self._found.extend(self._cutter.finish(self._until_ms))

    def _finish(self) -> list[Reply]:
        self._ends = False
        track_id = self.track.track_id
        if self._told_ms >= self._until_ms:
            return [Finished(track_id)]
        self._told_ms = self._until_ms
        return [Recognized(track_id, (), self._until_ms), Finished(track_id)]
