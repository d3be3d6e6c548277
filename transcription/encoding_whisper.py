"""faster-whisper's model, whose encoder works for words and times alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faster_whisper import WhisperModel

    from transcription.vad import Samples
else:
    WhisperModel = object  # ``load_whisper`` adds the real one; the library takes long to import

FRAMES_PER_SECOND = 100  # of the model's spectrogram
SAMPLES_PER_FRAME = 160
MOST_FRAMES = 30 * FRAMES_PER_SECOND
SILENCE_FRAMES = FRAMES_PER_SECOND  # after the words; without, a model goes on inventing some
PREPENDED = "\"'“¿([{-"  # faster-whisper's own defaults
APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001  the fullwidth signs are meant


class EncodingWhisper(WhisperModel):  # type: ignore[misc]  # the library is untyped
    """Keeps what the encoder said last, so that aligning words need not ask it again.

    What is encoded is filled up with silence to a multiple of the model's window: 30 s for most
    models, less for one that was trained on less, whose encoder then has less to do.
    """

    encoded: Any = None
    _alignment: Any = None
    _shown_frames = MOST_FRAMES

    def __init__(self, path: str, *, window_ms: int, **options: Any) -> None:
        super().__init__(path, **options)
        self._window_frames = window_ms * FRAMES_PER_SECOND // 1_000

    def frames_of(self, samples: Samples) -> int:
        """Return how many frames the encoder is shown for so much audio."""
        needed = len(samples) // SAMPLES_PER_FRAME + SILENCE_FRAMES
        windows = -(-needed // self._window_frames)
        return min(windows * self._window_frames, MOST_FRAMES)

    def features_of(self, samples: Samples, frames: int) -> tuple[Any, float]:
        """Return the spectrogram in so many frames, and how many seconds of it are audio."""
        from faster_whisper.audio import pad_or_trim

        features = self.feature_extractor(samples)[..., :-1]
        return pad_or_trim(features, frames), features.shape[-1] / FRAMES_PER_SECOND

    def transcribe(self, audio: Samples, **options: Any) -> Any:
        """As the library's, within the model's window."""
        self._shown_frames = self.frames_of(audio)
        return super().transcribe(audio, **options)

    def encode(self, features: Any) -> Any:
        """Encode one spectrogram, or a batch of them in the third dimension."""
        self.encoded = super().encode(features[..., : self._shown_frames])
        return self.encoded

    def encode_batch(self, features: Any) -> Any:
        """Encode spectrograms that are as long as they shall be; shape (n, bins, frames)."""
        self._shown_frames = features.shape[-1]
        return self.encode(features)

    def words_of(
        self, tokens: Sequence[Sequence[int]], ends_s: Sequence[float], tokenizer: Any
    ) -> list[list[dict[str, Any]]]:
        """Return the words, with times in s, of each text that was decoded from ``encoded``.

        ``ends_s`` is where the audio of each ends. Each text gets the times it gets alone: the
        library's own would take the end of one for the beginning of the next.
        """
        frames = [round(end_s * FRAMES_PER_SECOND) for end_s in ends_s]
        alignments = self.find_alignment(tokenizer, list(tokens), self.encoded, frames)
        return [
            self._timed(list(text), end_s, alignment, tokenizer)
            for text, end_s, alignment in zip(tokens, ends_s, alignments, strict=True)
        ]

    def find_alignment(self, *given: Any, **options: Any) -> Any:
        """As the library's, unless the alignment is known already."""
        if self._alignment is not None:
            return [self._alignment]
        return super().find_alignment(*given, **options)

    def _timed(
        self, text: list[int], end_s: float, alignment: Any, tokenizer: Any
    ) -> list[dict[str, Any]]:
        segment: dict[str, Any] = {"seek": 0, "start": 0.0, "end": end_s, "tokens": text}
        self._alignment = alignment
        try:
            self.add_word_timestamps([[segment]], tokenizer, None, 0, PREPENDED, APPENDED, 0.0)
        finally:
            self._alignment = None
        words: list[dict[str, Any]] = segment["words"]
        return words


def load_whisper(path: str, *, window_ms: int, **options: Any) -> EncodingWhisper:
    """Load a model as ``faster_whisper.WhisperModel`` does."""
    import faster_whisper

    class Loaded(EncodingWhisper, faster_whisper.WhisperModel):  # type: ignore[misc]  # untyped
        """The real one."""

    return Loaded(path, window_ms=window_ms, **options)
