"""Reads what a transcription server answers, and puts its times on the track.

Nothing is made up: a server that tells no times of words gives segments without words, one that
tells no segments gives the stretch in which speech was heard.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain.engine_types import RecognizedSegment
from app.domain.times import MS_PER_SECOND, Span
from app.domain.transcript import Word
from transcription.doubts import Confidence, Sound, doubt
from transcription.word_times import joined_words, spread_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from transcription.utterances import Utterance


def segments_of(
    answer: Mapping[str, Any], utterance: Utterance, language: str
) -> list[RecognizedSegment]:
    """Return what a server heard in an utterance's audio, in order.

    Raises:
        ValueError: The answer is no transcript.
    """
    told = _dicts(answer, "segments")
    if not told:
        text = _text(answer).strip()
        segment = {"text": text, "words": answer.get("words")}
        return [_segment(segment, utterance.speech, utterance, language)] if text else []
    spans = [_span(part, utterance) for part in told]
    parts = _with_words(told, _dicts(answer, "words"))
    return [
        _segment(part, span, utterance, language)
        for part, span in zip(parts, spans, strict=True)
        if _text(part).strip()
    ]


def _segment(
    part: Mapping[str, Any], span: Span, utterance: Utterance, language: str
) -> RecognizedSegment:
    text = _text(part).strip()
    sound = Sound(utterance.heard, utterance.speech.duration_ms)
    words = joined_words(_words(_dicts(part, "words"), utterance), language=language)
    return RecognizedSegment(
        span=span,
        text=text,
        words=tuple(spread_words(_as_written(words, text), span)),
        flag=doubt(text, _confidence(part, text), sound),
    )


def _with_words(told: list[dict[str, Any]], words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each segment its words, if the server lists them by themselves, as OpenAI's does."""
    if not words or any(part.get("words") for part in told):
        return told
    ends = [_number(part, "end") for part in told]
    parts: list[dict[str, Any]] = [{**part, "words": []} for part in told]
    at = 0
    for word in words:
        middle = (_number(word, "start") + _number(word, "end")) / 2
        while at < len(parts) - 1 and middle > ends[at]:
            at += 1
        parts[at]["words"].append(word)
    return parts


def _dicts(part: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    told = part.get(name) or []
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise ValueError(f"{name} are none")
    return told


def _text(part: Mapping[str, Any], name: str = "text") -> str:
    text = part.get(name)
    if not isinstance(text, str):
        raise ValueError(f"{name} is none")  # noqa: TRY004  an answer is read or not, as a whole
    return text


def _words(told: list[dict[str, Any]], utterance: Utterance) -> list[Word]:
    texts = [_text(word, "word") for word in told]
    # OpenAI's servers leave out the space that tells a word from a piece of one.
    space = "" if any(text[:1].isspace() for text in texts) else " "
    return [
        Word(
            text=space + text,
            start_ms=_position(word, "start", utterance),
            end_ms=_position(word, "end", utterance),
            probability=_probability(word),
        )
        for word, text in zip(told, texts, strict=True)
    ]


def _as_written(words: list[Word], text: str) -> list[Word]:
    """Spell the words as the text does, which has the punctuation; none if they do not fit it.

    A place on the recording that belongs to another word would be worse than none.
    """
    written = text.split()
    if "".join(word.text for word in words) == "".join(written):
        return words
    if [_bare(word.text) for word in words] != [_bare(token) for token in written]:
        return []
    return [replace(word, text=token) for word, token in zip(words, written, strict=True)]


def _bare(token: str) -> str:
    return "".join(character for character in token.casefold() if character.isalnum())


def _span(part: Mapping[str, Any], utterance: Utterance) -> Span:
    """Return where a segment lies on the track, inside the speech it was heard in."""
    speech = utterance.speech
    start_ms = min(max(_position(part, "start", utterance), speech.start_ms), speech.end_ms - 1)
    end_ms = min(max(_position(part, "end", utterance), start_ms + 1), speech.end_ms)
    return Span(start_ms, end_ms)


def _position(part: Mapping[str, Any], name: str, utterance: Utterance) -> int:
    return utterance.audio.start_ms + round(_number(part, name) * MS_PER_SECOND)


def _number(part: Mapping[str, Any], name: str) -> float:
    value = part.get(name)
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} is no number")
    return float(value)


def _probability(word: Mapping[str, Any]) -> float | None:
    if word.get("probability") is None:
        return None
    share = _number(word, "probability")
    if not 0 <= share <= 1:
        raise ValueError("a probability is none")
    return round(share, 3)


def _confidence(part: Mapping[str, Any], text: str) -> Confidence:
    """Return what the server says of its words; what it does not say casts no doubt."""
    encoded = text.encode()
    return Confidence(
        no_speech=_told(part, "no_speech_prob", 0.0),
        log_probability=_told(part, "avg_logprob", 0.0),
        # As Whisper reckons it, for a server that does not.
        compression=_told(part, "compression_ratio", len(encoded) / len(zlib.compress(encoded))),
    )


def _told(part: Mapping[str, Any], name: str, otherwise: float) -> float:
    return otherwise if part.get(name) is None else _number(part, name)
