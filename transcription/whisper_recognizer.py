"""Recognises one utterance at a time with faster-whisper. Runs in the recogniser's child only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.engine_types import RecognizedSegment
from app.domain.errors import EnvironmentMissingError, ModelDamagedError, ModelMissingError
from app.domain.transcript import Word
from transcription.doubts import Confidence, doubt
from transcription.hotwords import hotwords_within
from transcription.word_times import joined_words, spread_words

if TYPE_CHECKING:
    from app.domain.engine_types import RecognitionModel
    from transcription.utterances import Utterance
    from transcription.vad import Samples

FRAMES_PER_SECOND = 100  # of the model's spectrogram
PREPENDED = "\"'“¿([{-"  # faster-whisper's own defaults
APPENDED = "\"'.。,，!！?？:：”)]}、"  # noqa: RUF001  the fullwidth signs are meant


class WhisperRecognizer:
    """A loaded model.

    The text is that of plain ``WhisperModel.transcribe``. Words are aligned afterwards, on the
    encoder's output that is there already: ``word_timestamps=True`` would instead go on decoding
    after the last word's end and, in what little audio is left, invent sentences.

    ``hotwords`` is what it is told to expect, as the library takes it; None for nothing.

    Raises:
        ModelMissingError: The folder is not there.
        ModelDamagedError: It does not load.
        EnvironmentMissingError: faster-whisper does not load.
    """

    def __init__(self, model: RecognitionModel) -> None:
        self._language = model.language
        self._whisper = _load(model)
        self.hotwords = hotwords_within(model.hotwords, self._count_tokens)

    def recognize(self, samples: Samples, utterance: Utterance) -> list[RecognizedSegment]:
        """Return what is said in the utterance; nothing if there are no words in it.

        ``samples`` are those of ``utterance.audio``, 16 kHz, shape (n,).
        """
        found, language = self._transcribe(samples)
        return [
            RecognizedSegment(
                span=utterance.speech,
                text=segment.text.strip(),
                words=self._words(segment, language, utterance),
                flag=doubt(segment.text, _confidence(segment)),
            )
            for segment in found
        ]

    def _transcribe(self, samples: Samples) -> tuple[list[Any], str]:
        import ctranslate2

        # Decoding again at a higher temperature is random: the same audio must give the same text.
        ctranslate2.set_random_seed(1)
        options = {
            "language": self._language,
            "condition_on_previous_text": False,
            "without_timestamps": True,
            "hotwords": self.hotwords,
        }
        segments, info = self._whisper.transcribe(samples, **options)
        found = list(segments)
        if not found:
            # What the library takes for silence it drops; it is evidence, so it is kept, marked.
            segments, info = self._whisper.transcribe(
                samples, temperature=0.0, no_speech_threshold=None, **options
            )
            found = list(segments)
        return found, info.language

    def _count_tokens(self, text: str) -> int:
        # The library, too, sets a space before them.
        return len(self._whisper.hf_tokenizer.encode(f" {text}", add_special_tokens=False).ids)

    def _words(self, segment: Any, language: str, utterance: Utterance) -> tuple[Word, ...]:
        from faster_whisper.tokenizer import Tokenizer

        whisper = self._whisper
        tokenizer = Tokenizer(
            whisper.hf_tokenizer, whisper.model.is_multilingual, "transcribe", language
        )
        aligned: dict[str, Any] = {
            "seek": 0,
            "start": segment.start,
            "end": segment.end,
            "tokens": segment.tokens,
        }
        whisper.add_word_timestamps(
            [[aligned]],
            tokenizer,
            whisper.encoded,
            round(segment.end * FRAMES_PER_SECOND),
            PREPENDED,
            APPENDED,
            0.0,
        )
        words = [_word(word, utterance.audio.start_ms) for word in aligned.get("words", [])]
        return tuple(spread_words(joined_words(words, language=language), utterance.speech))


def _word(word: dict[str, Any], offset_ms: int) -> Word:
    return Word(
        text=word["word"],
        start_ms=offset_ms + round(float(word["start"]) * 1_000),
        end_ms=offset_ms + round(float(word["end"]) * 1_000),
        probability=round(float(word["probability"]), 3),
    )


def _confidence(segment: Any) -> Confidence:
    return Confidence(
        no_speech=segment.no_speech_prob,
        log_probability=segment.avg_logprob,
        compression=segment.compression_ratio,
    )


def _load(model: RecognitionModel) -> Any:
    if not model.path.is_dir():
        raise ModelMissingError(
            f"The recognition model “{model.name}” is not at {model.path}.",
            remedy="Install it again with “hotwash models download” or “hotwash models add”.",
        )
    try:
        from faster_whisper import WhisperModel
    except ImportError as cause:
        raise EnvironmentMissingError(
            f"The recognition library does not load: {cause}.", remedy="Run the set-up again."
        ) from cause

    class EncodingWhisper(WhisperModel):  # type: ignore[misc]  # the library is untyped
        """Keeps what the encoder said last, so that aligning words need not ask it again."""

        encoded: Any = None

        def encode(self, features: Any) -> Any:
            self.encoded = super().encode(features)
            return self.encoded

    try:
        return EncodingWhisper(
            str(model.path),
            device="cpu",
            compute_type=model.compute_type,
            cpu_threads=model.threads,
            local_files_only=True,
        )
    except Exception as cause:
        # CTranslate2 and tokenizers raise RuntimeError, ValueError and plain Exception alike.
        raise ModelDamagedError(
            f"The recognition model “{model.name}” does not load: {cause}",
            remedy="Remove it and install it again, or choose another model.",
        ) from cause
