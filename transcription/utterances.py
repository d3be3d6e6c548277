"""Cuts a stream of speech probabilities into utterances.

The rules are those of ``faster_whisper.vad.get_speech_timestamps``, kept as a machine that sees
one chunk at a time. What it does after a boundary depends on nothing before it: recognition that
starts again at ``cursor_ms`` finds the same utterances.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from app.domain.times import Span
from transcription.vad import CHUNK_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from transcription.vad import VadOptions

BREATH_MS = 98  # silence at which a too long utterance may be divided
HARD_CUT_WINDOW_MS = 3_000  # where the quietest point is looked for when there is no such silence


@dataclass(frozen=True, slots=True)
class Utterance:
    """One utterance: where speech was heard, and the audio to recognise, which is padded.

    ``heard`` is the mean probability of speech over ``speech``.
    """

    speech: Span
    audio: Span
    heard: float = 1.0


class UtteranceCutter:
    """Finds the utterances of one stream, beginning at ``from_ms``.

    Probabilities are expected from chunk ``first_chunk`` on.
    """

    def __init__(self, options: VadOptions, *, from_ms: int = 0) -> None:
        self._options = options
        self._boundary_ms = from_ms
        self._chunk = first_chunk(from_ms)  # the next one to be seen
        self._begin()

    @property
    def cursor_ms(self) -> int:
        """Everything before is told; a new cutter from here goes on without loss or doubling."""
        known = self._chunk if self._start is None else self._start
        return max(self._boundary_ms, known * CHUNK_MS - self._options.pad_ms)

    @property
    def under_way(self) -> Span | None:
        """The audio of an utterance that goes on, up to the last chunk; None while it is quiet."""
        if self._start is None or self._quiet_from:
            return None
        return Span(self._audio_start_ms(self._start), self._chunk * CHUNK_MS)

    def push(self, probabilities: Iterable[float]) -> list[Utterance]:
        """Take the next chunks; return the utterances that ended with them."""
        waiting = deque(float(probability) for probability in probabilities)
        found: list[Utterance] = []
        while waiting:
            ended = self._see(waiting.popleft())
            if ended is None:
                continue
            found.append(ended)
            again = self._after(ended)
            waiting.extendleft(reversed(again))
        return found

    def finish(self, until_ms: int) -> list[Utterance]:
        """End the stream; return the utterance that was still under way, if any."""
        if self._start is None or self._too_short(self._start, until_ms):
            return []
        quiet_ms = self._quiet_from * CHUNK_MS if self._quiet_from else until_ms
        return [self._utterance(self._start, min(quiet_ms, until_ms), until_ms)]

    def _begin(self) -> None:
        self._start: int | None = None  # chunk in which the present utterance began
        self._quiet_from = 0  # chunk from which it has been quiet, 0 while there is speech
        self._breath = 0  # chunk at which it could be divided
        self._resumed = 0  # chunk in which speech went on after that
        self._heard: list[float] = []  # probabilities since it began

    def _see(self, probability: float) -> Utterance | None:
        """Advance by one chunk; return an utterance if one ends."""
        chunk, self._chunk = self._chunk, self._chunk + 1
        loud = probability >= self._options.threshold
        if self._start is None:
            if loud:
                self._start, self._heard = chunk, [probability]
            return None
        self._heard.append(probability)
        if loud and self._quiet_from:
            self._quiet_from = 0
            if self._resumed <= self._breath:
                self._resumed = chunk
        if (chunk - self._start) * CHUNK_MS > self._options.max_speech_ms:
            return self._divided(chunk)
        if probability < self._options.neg_threshold:
            return self._quiet(chunk)
        return None

    def _quiet(self, chunk: int) -> Utterance | None:
        self._quiet_from = self._quiet_from or chunk
        silence_ms = (chunk - self._quiet_from) * CHUNK_MS
        if silence_ms > BREATH_MS:
            self._breath = self._quiet_from
        if silence_ms < self._options.min_silence_ms or self._start is None:
            return None
        start, end_ms = self._start, self._quiet_from * CHUNK_MS
        if self._too_short(start, end_ms):
            self._begin()
            return None
        return self._utterance(start, end_ms, end_ms + self._options.pad_ms)

    def _divided(self, chunk: int) -> Utterance:
        """Divide a too long utterance, at its last breath or else where speech is least likely."""
        start = self._start or 0
        if self._breath:
            resumed = self._resumed if self._resumed > self._breath else chunk
            end_ms = self._breath * CHUNK_MS
            half_ms = (resumed * CHUNK_MS - end_ms) // 2
            return self._utterance(start, end_ms, end_ms + min(half_ms, self._options.pad_ms))
        first = max(1, len(self._heard) - HARD_CUT_WINDOW_MS // CHUNK_MS)
        least = min(range(first, len(self._heard)), key=lambda at: (self._heard[at], -at))
        cut_ms = (start + least) * CHUNK_MS + CHUNK_MS // 2
        return self._utterance(start, cut_ms, cut_ms)

    def _utterance(self, start: int, end_ms: int, audio_end_ms: int) -> Utterance:
        audio = Span(self._audio_start_ms(start), audio_end_ms)
        chunks = max(1, (end_ms - start * CHUNK_MS) // CHUNK_MS)
        heard = fmean(self._heard[:chunks])
        return Utterance(Span(start * CHUNK_MS, end_ms), audio, heard)

    def _audio_start_ms(self, start: int) -> int:
        return max(self._boundary_ms, start * CHUNK_MS - self._options.pad_ms, 0)

    def _after(self, ended: Utterance) -> list[float]:
        """Begin anew at the utterance's end; return the chunks after it, to be seen again."""
        self._boundary_ms = ended.audio.end_ms
        begin = first_chunk(self._boundary_ms)
        seen_again = self._heard[len(self._heard) - max(0, self._chunk - begin) :]
        self._chunk = min(begin, self._chunk)
        self._begin()
        return seen_again

    def _too_short(self, start: int, end_ms: int) -> bool:
        return end_ms - start * CHUNK_MS <= self._options.min_speech_ms


def first_chunk(from_ms: int) -> int:
    """Return the first chunk that begins at or after ``from_ms``."""
    return -(-from_ms // CHUNK_MS)
