"""Recognises one utterance at a time with faster-whisper. Runs in the recogniser's child only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.engine_types import RecognizedSegment
from app.domain.errors import EnvironmentMissingError, ModelMissingError
from app.domain.transcript import Word
from transcription.compute import load
from transcription.doubts import Confidence, Sound, doubt
from transcription.encoding_whisper import load_whisper
from transcription.hotwords import hotwords_within
from transcription.spoken_language import SpokenLanguage
from transcription.word_times import joined_words, spread_words

if TYPE_CHECKING:
    from app.domain.engine_types import RecognitionModel
    from transcription.compute import Compute, Loaded
    from transcription.encoding_whisper import EncodingWhisper
    from transcription.utterances import Utterance
    from transcription.vad import Samples

HYPOTHESIS_TOKENS = 128  # 20 s of quick speech; what is cut off can set a model repeating itself


class WhisperRecognizer:
    """A loaded model, on ``compute``; ``warning`` tells why not on what was wanted.

    The text is that of plain ``WhisperModel.transcribe``. Words are aligned afterwards, on the
    encoder's output that is there already: ``word_timestamps=True`` would instead go on decoding
    after the last word's end and, in what little audio is left, invent sentences.

    ``hotwords`` is what it is told to expect, as the library takes it; None for nothing.

    Raises:
        ModelError: The settings name a device or compute type that there is not.
        ModelMissingError: The folder is not there.
        ModelDamagedError: It does not load.
        EnvironmentMissingError: faster-whisper does not load.
    """

    def __init__(self, model: RecognitionModel, language: SpokenLanguage | None = None) -> None:
        self.language = language or SpokenLanguage(model.language)
        loaded = _load(model)
        self.whisper = loaded.whisper
        self.compute = loaded.compute
        self.warning = loaded.warning
        self.hotwords = hotwords_within(model.hotwords, self._count_tokens)

    def recognize(self, samples: Samples, utterance: Utterance) -> list[RecognizedSegment]:
        """Return what is said in the utterance; nothing if there are no words in it.

        ``samples`` are those of ``utterance.audio``, 16 kHz, shape (n,).
        """
        found, language = self._transcribe(samples)
        segments = [
            recognized(
                utterance,
                segment.text.strip(),
                self._words(segment, language, utterance.audio.start_ms),
                language,
                _confidence(segment),
            )
            for segment in found
        ]
        self.language.heard_in(segments, language)
        return segments

    def hypothesis(self, samples: Samples) -> str:
        """Return what unfinished speech seems to say: read once, without times and doubts."""
        segments, _ = self.whisper.transcribe(
            samples,
            language=self.language.code,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
            max_new_tokens=HYPOTHESIS_TOKENS,
        )
        return " ".join(segment.text.strip() for segment in segments)

    def tokenizer(self, language: str) -> Any:
        """Return what turns tokens of a language into text."""
        from faster_whisper.tokenizer import Tokenizer

        whisper = self.whisper
        multilingual = whisper.model.is_multilingual
        return Tokenizer(whisper.hf_tokenizer, multilingual, "transcribe", language)

    def _transcribe(self, samples: Samples) -> tuple[list[Any], str]:
        import ctranslate2

        # Decoding again at a higher temperature is random: the same audio must give the same text.
        ctranslate2.set_random_seed(1)
        options = {
            "language": self.language.code,
            "condition_on_previous_text": False,
            "without_timestamps": True,
            "hotwords": self.hotwords,
        }
        segments, info = self.whisper.transcribe(samples, **options)
        found = list(segments)
        if not found:
            # What the library takes for silence it drops; it is evidence, so it is kept, marked.
            segments, info = self.whisper.transcribe(
                samples, temperature=0.0, no_speech_threshold=None, **options
            )
            found = list(segments)
        return found, info.language

    def _count_tokens(self, text: str) -> int:
        # The library, too, sets a space before them.
        return len(self.whisper.hf_tokenizer.encode(f" {text}", add_special_tokens=False).ids)

    def _words(self, segment: Any, language: str, offset_ms: int) -> list[Word]:
        tokenizer = self.tokenizer(language)
        (words,) = self.whisper.words_of([segment.tokens], [segment.end], tokenizer)
        return words_of(words, offset_ms)


def recognized(
    utterance: Utterance, text: str, words: list[Word], language: str, confidence: Confidence
) -> RecognizedSegment:
    """Return the segment of an utterance; ``words`` as the model tells them, on the track."""
    joined = joined_words(words, language=language)
    sound = Sound(utterance.heard, utterance.speech.duration_ms)
    return RecognizedSegment(
        span=utterance.speech,
        text=text,
        words=tuple(spread_words(joined, utterance.speech)),
        flag=doubt(text, confidence, sound),
    )


def words_of(told: list[dict[str, Any]], offset_ms: int) -> list[Word]:
    """Return the library's words, the space before each still in its text."""
    return [
        Word(
            text=word["word"],
            start_ms=offset_ms + round(float(word["start"]) * 1_000),
            end_ms=offset_ms + round(float(word["end"]) * 1_000),
            probability=round(float(word["probability"]), 3),
        )
        for word in told
    ]


def _confidence(segment: Any) -> Confidence:
    return Confidence(
        no_speech=segment.no_speech_prob,
        log_probability=segment.avg_logprob,
        compression=segment.compression_ratio,
    )


def _load(model: RecognitionModel) -> Loaded:
    if not model.path.is_dir():
        raise ModelMissingError(
            f"The recognition model “{model.name}” is not at {model.path}.",
            remedy="Install it again with “hotwash models download” or “hotwash models add”.",
        )
    try:
        import faster_whisper  # noqa: F401  here, so that its absence is told
    except ImportError as cause:
        raise EnvironmentMissingError(
            f"The recognition library does not load: {cause}.", remedy="Run the set-up again."
        ) from cause

    def make(compute: Compute) -> EncodingWhisper:
        return load_whisper(
            str(model.path),
            window_ms=model.window_ms,
            device=compute.device,
            compute_type=compute.compute_type,
            cpu_threads=model.threads,
            local_files_only=True,
        )

    return load(model, make)
