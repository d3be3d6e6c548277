"""Recognises several windows of speech at once. Runs in the recogniser's child only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from transcription.doubts import Confidence
from transcription.whisper_recognizer import recognized, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.engine_types import RecognizedSegment
    from transcription.encoding_whisper import EncodingWhisper
    from transcription.speech_windows import SpeechWindow
    from transcription.vad import Samples
    from transcription.whisper_recognizer import WhisperRecognizer

BEAMS = 5  # this and the next two are what the library's ``transcribe`` decodes with
WORST_LOG_PROBABILITY = -1.0
HIGHEST_COMPRESSION = 2.4


@dataclass(frozen=True, slots=True)
class HeardWindow:
    """A window with the samples of each of its utterances, 16 kHz, shape (n,)."""

    window: SpeechWindow
    parts: tuple[Samples, ...]

    @property
    def samples(self) -> Samples:
        """What the model hears."""
        return np.concatenate(self.parts)


@dataclass(frozen=True, slots=True)
class _Decoded:
    tokens: list[int]
    text: str
    confidence: Confidence

    @property
    def is_poor(self) -> bool:
        """Whether the library would decode it again at a higher temperature."""
        return (
            self.confidence.log_probability < WORST_LOG_PROBABILITY
            or self.confidence.compression > HIGHEST_COMPRESSION
        )


class WindowRecognizer:
    """Gives an utterance that has a window to itself the very words it gets one by one.

    The encoder and the decoder work on the windows side by side; beams of one never see another.
    A window that comes out poorly is done again, utterance by utterance, by ``recognizer``.
    """

    def __init__(self, recognizer: WhisperRecognizer) -> None:
        self._recognizer = recognizer
        self._whisper: EncodingWhisper = recognizer.whisper

    def recognize(self, heard: Sequence[HeardWindow]) -> list[RecognizedSegment]:
        """Return what is said in the windows, in their order."""
        whisper = self._whisper
        by_frames: dict[int, list[int]] = {}
        for number, one in enumerate(heard):
            by_frames.setdefault(whisper.frames_of(one.samples), []).append(number)
        said: dict[int, list[RecognizedSegment]] = {}
        for frames, numbers in by_frames.items():
            batch = self._batch([heard[number] for number in numbers], frames)
            said.update(zip(numbers, batch, strict=True))
        return [segment for number in range(len(heard)) for segment in said[number]]

    def _batch(self, heard: Sequence[HeardWindow], frames: int) -> list[list[RecognizedSegment]]:
        whisper = self._whisper
        made = [whisper.features_of(one.samples, frames) for one in heard]
        encoded = whisper.encode_batch(np.stack([features for features, _ in made]))
        language = self._language(encoded)
        tokenizer = self._recognizer.tokenizer(language)
        decoded = self._decode(encoded, tokenizer, len(heard))
        timed = whisper.words_of(
            [one.tokens for one in decoded], [end_s for _, end_s in made], tokenizer
        )
        segments = []
        for one, said, words in zip(heard, decoded, timed, strict=True):
            if said.is_poor:
                segments.append(self._one_by_one(one))
            else:
                segments.append(_segments(one.window, said, words, language))
                self._recognizer.language.heard_in(segments[-1], language)
        return segments

    def _decode(self, encoded: Any, tokenizer: Any, count: int) -> list[_Decoded]:
        from faster_whisper.transcribe import get_compression_ratio, get_suppressed_tokens

        whisper = self._whisper
        prompt = whisper.get_prompt(
            tokenizer, [], without_timestamps=True, hotwords=self._recognizer.hotwords
        )
        results = whisper.model.generate(
            encoded,
            [prompt] * count,
            beam_size=BEAMS,
            max_length=whisper.max_length,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
        )
        decoded = []
        for result in results:
            tokens = result.sequences_ids[0]
            text = tokenizer.decode(tokens).strip()
            confidence = Confidence(
                no_speech=result.no_speech_prob,
                log_probability=result.scores[0] * len(tokens) / (len(tokens) + 1),
                compression=get_compression_ratio(text),
            )
            decoded.append(_Decoded(tokens, text, confidence))
        return decoded

    def _language(self, encoded: Any) -> str:
        """Return the language that was set or has settled, or the likeliest of the whole batch."""
        known = self._recognizer.language.code
        if known is not None:
            return known
        if not self._whisper.model.is_multilingual:
            return "en"
        total: dict[str, float] = {}
        for guesses in self._whisper.model.detect_language(encoded):
            for token, probability in guesses:
                total[token] = total.get(token, 0.0) + probability
        return max(total, key=total.__getitem__).strip("<|>")

    def _one_by_one(self, heard: HeardWindow) -> list[RecognizedSegment]:
        return [
            segment
            for samples, utterance in zip(heard.parts, heard.window.utterances, strict=True)
            for segment in self._recognizer.recognize(samples, utterance)
        ]


def _segments(
    window: SpeechWindow, said: _Decoded, words: list[dict[str, Any]], language: str
) -> list[RecognizedSegment]:
    """Return a segment for each utterance in which something is said."""
    from faster_whisper.transcribe import get_compression_ratio

    if not said.text:
        return []
    if len(window.utterances) == 1:
        (utterance,) = window.utterances
        timed = words_of(words, utterance.audio.start_ms)
        return [recognized(utterance, said.text, timed, language, said.confidence)]
    segments = []
    parts = window.divided(words_of(words, 0))
    for utterance, part in zip(window.utterances, parts, strict=True):
        text = "".join(word.text for word in part).strip()
        if text:
            confidence = replace(said.confidence, compression=get_compression_ratio(text))
            segments.append(recognized(utterance, text, part, language, confidence))
    return segments
