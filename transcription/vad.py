"""Finds utterances in a stream of audio, with the Silero model that faster-whisper brings.

The library's own function resets the model at each call and holds a whole recording in memory;
here its state is carried, so that any split of a stream into blocks gives the same utterances.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.errors import EnvironmentMissingError

if TYPE_CHECKING:
    import numpy.typing as npt

    Samples = npt.NDArray[np.float32]

SAMPLE_RATE = 16_000
CHUNK_SAMPLES = 512  # what the model was trained on
CHUNK_MS = CHUNK_SAMPLES * 1_000 // SAMPLE_RATE
CONTEXT_SAMPLES = 64  # end of the chunk before, which the model wants to see again
STATE_SIZE = 128
BATCH_CHUNKS = 2_000  # 64 s; bounds the memory that one call of the model takes
ANCHOR_CHUNKS = 18_750  # 10 min; what a restart reads again at most takes 2 s
WARM_UP_CHUNKS = (
    4_000  # 128 s; after 16 s some utterances begin 32 ms elsewhere, and read otherwise
)


@dataclass(frozen=True, slots=True)
class VadOptions:
    """When sound counts as speech and when speech counts as ended.

    Attributes:
        threshold: Probability from which a chunk begins or goes on with speech.
        neg_threshold: Probability below which a chunk may end it.
        min_silence_ms: Silence that ends an utterance.
        min_speech_ms: Anything shorter is a click and dropped.
        pad_ms: Audio given to the recogniser before and after the speech; more of a telephone line
            is heard as words, less cuts some off.
        max_utterance_ms: Longest utterance, padding included.
    """

    threshold: float = 0.5
    neg_threshold: float = 0.35
    min_silence_ms: int = 300
    min_speech_ms: int = 100
    pad_ms: int = 80
    max_utterance_ms: int = 20_000

    @property
    def max_speech_ms(self) -> int:
        """Longest stretch of speech that still fits with its padding."""
        return self.max_utterance_ms - CHUNK_MS - 2 * self.pad_ms


class SileroModel:
    """The loaded network; it holds no state and may serve any number of streams.

    Raises:
        EnvironmentMissingError: onnxruntime or the model file is not there.
    """

    def __init__(self) -> None:
        try:
            import onnxruntime
            from faster_whisper.utils import get_assets_path

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = False  # it would never give memory back
            self._session = onnxruntime.InferenceSession(
                f"{get_assets_path()}/silero_vad_v6.onnx",
                providers=["CPUExecutionProvider"],
                sess_options=options,
            )
        except ImportError as cause:
            raise EnvironmentMissingError(
                f"The speech detector does not load: {cause}.", remedy="Run the set-up again."
            ) from cause

    def run(self, chunks: Samples, state: tuple[Any, Any]) -> tuple[Samples, tuple[Any, Any]]:
        """Return the speech probability of each row ``[context + chunk]`` and the next state."""
        output, h, c = self._session.run(None, {"input": chunks, "h": state[0], "c": state[1]})
        return output.reshape(-1), (h, c)


class _Stream:
    """What the model has to remember of one stream."""

    def __init__(self) -> None:
        zeros = np.zeros((1, 1, STATE_SIZE), dtype=np.float32)
        self._state: tuple[Any, Any] = (zeros, zeros)
        self._context: Samples = np.zeros(CONTEXT_SAMPLES, dtype=np.float32)

    def run(self, model: SileroModel, chunks: Samples) -> Samples:
        """Return the probabilities of the next chunks, shape (n, 512)."""
        tails = chunks[:, -CONTEXT_SAMPLES:]
        contexts = np.concatenate([self._context[np.newaxis], tails[:-1]])
        self._context = tails[-1].copy()
        rows = np.concatenate([contexts, chunks], axis=1)
        probabilities, self._state = model.run(rows, self._state)
        return probabilities


class SpeechProbabilities:
    """Speech probability of each 32 ms chunk of a track, from chunk ``from_chunk`` on.

    The model remembers far back (64 s later a probability may still differ by 0.2), so a stream
    that is taken up in the middle must not simply start afresh. Every ``ANCHOR_CHUNKS`` the state
    is replaced by one that has heard the last ``WARM_UP_CHUNKS`` only: whoever starts, starts at
    such an anchor and gets the very same numbers. Audio is expected from ``begins_at_ms`` on.
    """

    def __init__(self, model: SileroModel, *, from_chunk: int = 0) -> None:
        self._model = model
        self._from_chunk = from_chunk
        anchor = from_chunk // ANCHOR_CHUNKS * ANCHOR_CHUNKS
        self._chunk = max(0, anchor - WARM_UP_CHUNKS)  # the next one to be run
        self.begins_at_ms = self._chunk * CHUNK_MS
        self._stream = _Stream()
        self._successor: _Stream | None = None
        self._rest: Samples = np.zeros(0, dtype=np.float32)

    def push(self, samples: Samples) -> Samples:
        """Return the probabilities of the wanted chunks that are now complete; shape (n,)."""
        samples = np.concatenate([self._rest, samples])
        count = len(samples) // CHUNK_SAMPLES
        self._rest = samples[count * CHUNK_SAMPLES :].copy()
        chunks = samples[: count * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
        parts = [np.zeros(0, dtype=np.float32)]
        while len(chunks):
            step = min(len(chunks), BATCH_CHUNKS, self._until_change())
            parts.append(self._run(chunks[:step]))
            chunks = chunks[step:]
        return np.concatenate(parts)

    def finish(self) -> Samples:
        """Return the probability of the last chunk, filled up with silence, if there is one."""
        if not len(self._rest):
            return np.zeros(0, dtype=np.float32)
        return self.push(np.zeros(CHUNK_SAMPLES - len(self._rest), dtype=np.float32))

    def _until_change(self) -> int:
        position = self._chunk % ANCHOR_CHUNKS
        warm_up = ANCHOR_CHUNKS - WARM_UP_CHUNKS
        return (warm_up if position < warm_up else ANCHOR_CHUNKS) - position

    def _run(self, chunks: Samples) -> Samples:
        position = self._chunk % ANCHOR_CHUNKS
        if position == 0 and self._successor is not None:
            self._stream, self._successor = self._successor, None
        if position == ANCHOR_CHUNKS - WARM_UP_CHUNKS:
            self._successor = _Stream()
        if self._successor is not None:
            self._successor.run(self._model, chunks)
        probabilities = self._stream.run(self._model, chunks)
        unwanted = max(0, self._from_chunk - self._chunk)
        self._chunk += len(chunks)
        return probabilities[unwanted:]


def samples_of(pcm: bytes) -> Samples:
    """Return s16le bytes as samples, full scale 1.0; shape (n,)."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32_768)
