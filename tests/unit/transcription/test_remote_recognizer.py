"""Recognising on a server: its answers on the track's times, its bad days waited out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from app.domain.engine_types import RemoteModel
from app.domain.errors import ServerRefusedError, ServerUnavailableError
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from app.domain.transcript import SegmentFlag, Word
from app.domain.transcription_server import TranscriptionServer
from tests.transcription_server import Answer, SpeechServer, refusal, spoken
from tests.unit.transcription.listener import Listener
from transcription.recognizer_process import RecognizerProcess
from transcription.remote_recognizer import RemoteRecognizer
from transcription.server_answers import segments_of
from transcription.server_client import ServerClient
from transcription.spoken_language import SpokenLanguage
from transcription.utterances import Utterance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.engine_types import RecognizedSegment, TrackAudio

HEARD = Utterance(Span(10_100, 11_900), Span(10_000, 12_000))
SAMPLES = np.zeros(32_000, dtype=np.float32)
BYTES_PER_MS = 32


def read(answer: dict[str, Any], language: str = "en") -> list[RecognizedSegment]:
    return segments_of(answer, HEARD, language)


def part(text: str, start: float = 0.2, end: float = 1.8, **told: Any) -> dict[str, Any]:
    return {"text": text, "start": start, "end": end, **told}


def test_words_get_the_tracks_times_and_the_texts_punctuation() -> None:
    (segment,) = read(json.loads(spoken("Rolling back, now.").body))

    assert segment.text == "Rolling back, now."
    assert segment.span == Span(10_200, 11_800)
    assert segment.words == (
        Word("Rolling", 10_200, 10_500, None),
        Word("back,", 10_600, 10_900, None),
        Word("now.", 11_000, 11_300, None),
    )
    assert segment.flag is None


def test_words_inside_segments_keep_their_probabilities() -> None:
    words = [
        {"word": " at", "start": 0.3, "end": 0.5, "probability": 0.9},
        {"word": " 14", "start": 0.6, "end": 0.8, "probability": 0.7},
        {"word": ":02.", "start": 0.8, "end": 1.2, "probability": 0.4},
    ]

    (segment,) = read({"segments": [part("at 14:02.", words=words)]})

    assert segment.words == (Word("at", 10_300, 10_500, 0.9), Word("14:02.", 10_600, 11_200, 0.4))


def test_each_segment_has_the_words_said_in_it() -> None:
    words = [
        {"word": word, "start": at, "end": at + 0.2}
        for word, at in (("one", 0.2), ("two", 0.5), ("three", 1.1), ("four", 1.5))
    ]
    parts = [part("one two", 0.1, 0.8), part("three four", 1.0, 1.8)]

    first, second = read({"segments": parts, "words": words})

    assert [word.text for word in first.words] == ["one", "two"]
    assert [word.text for word in second.words] == ["three", "four"]


def test_a_server_that_tells_no_words_gets_none_made_up() -> None:
    (segment,) = read({"segments": [part("rolling back")]})

    assert segment.span == Span(10_200, 11_800)
    assert segment.words == ()


def test_a_server_that_tells_no_times_gives_the_stretch_of_speech() -> None:
    (segment,) = read({"text": " rolling back "})

    assert (segment.text, segment.span, segment.words) == ("rolling back", HEARD.speech, ())


def test_words_that_do_not_fit_the_text_are_left_out() -> None:
    words = [{"word": "roll", "start": 0.2, "end": 0.4}]

    (segment,) = read({"segments": [part("rolling back", words=words)]})

    assert segment.words == ()


def test_times_beyond_the_speech_are_held_inside_it() -> None:
    words = [{"word": "back", "start": -3.0, "end": 99.0}]

    (segment,) = read({"segments": [part("back", -1.0, 30.0, words=words)]})

    assert segment.span == HEARD.speech
    assert segment.words == (Word("back", 10_100, 11_900, None),)


def test_silence_is_no_segment() -> None:
    assert read({"text": "", "segments": []}) == []
    assert read({"segments": [part("  ")]}) == []


@pytest.mark.parametrize(
    ("told", "flag"),
    [
        ({"no_speech_prob": 0.9, "avg_logprob": -0.9}, SegmentFlag.SILENCE_SUSPECT),
        ({"avg_logprob": -1.4}, SegmentFlag.LOW_CONFIDENCE),
        ({"compression_ratio": 3.0}, SegmentFlag.REPEATED),
        ({}, None),
    ],
)
def test_our_own_flags_apply_to_a_servers_words(
    told: dict[str, float], flag: SegmentFlag | None
) -> None:
    (segment,) = read({"segments": [part("rolling back", **told)]})

    assert segment.flag is flag


@pytest.mark.parametrize(
    ("heard", "text"), [(0.4, "rolling back"), (0.55, "la la la"), (0.9, "one two three " * 5)]
)
def test_words_are_flagged_where_there_was_hardly_a_voice_or_no_time_to_say_them(
    heard: float, text: str
) -> None:
    answer = {"segments": [part(text, avg_logprob=-0.2)]}

    (segment,) = segments_of(answer, replace(HEARD, heard=heard), "en")

    assert segment.flag is SegmentFlag.SILENCE_SUSPECT


def test_repeated_words_are_flagged_whatever_the_server_says() -> None:
    (segment,) = read({"text": "thank you " * 4})

    assert segment.flag is SegmentFlag.REPEATED


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"text": 3},
        {"segments": "all of it"},
        {"segments": [part("x", start=float("nan"))]},
        {"segments": [{"text": "x"}]},
        {"segments": [part("x", words=[{"word": 3, "start": 0, "end": 1}])]},
        {"segments": [part("x", words=["x"])]},
        {"segments": [part("x")], "words": [{"word": "x"}]},
        {"segments": [part("x", words=[{"word": "x", "start": 0, "end": 1, "probability": 7}])]},
        {"segments": [part("x")], "words": 5},
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"(is|are) n"):
        read(answer)


# Over real HTTP


class Asking:
    """A recogniser that notes its troubles and pauses instead of waiting."""

    def __init__(self, url: str, language: str | None = None) -> None:
        self.troubles: list[ServerUnavailableError] = []
        self.pauses: list[float] = []
        self.languages: list[tuple[str, bool]] = []
        self._client = ServerClient(TranscriptionServer(url, "whisper-1"))
        self._recognizer = RemoteRecognizer(
            self._client,
            SpokenLanguage(language, lambda *told: self.languages.append(told)),
            self.troubles.append,
            wait=self.pauses.append,
        )

    def hear(self, utterance: Utterance = HEARD) -> list[str]:
        return [part.text for part in self._recognizer.recognize(SAMPLES, utterance)]

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def asking(speech: SpeechServer) -> Iterator[Asking]:
    asking = Asking(speech.url)
    yield asking
    asking.close()


def test_a_server_is_asked_until_it_answers_and_less_and_less_often(
    speech: SpeechServer, asking: Asking
) -> None:
    speech.answers.extend([refusal(503)] * 6)
    speech.answers.append(refusal(429, Retry_After="90"))
    speech.answers.append(Answer(body=b"<html>"))
    speech.answers.append(Answer(body=b'{"text": 3}'))
    speech.answers.append(Answer(body=spoken().body, cut=30))

    assert asking.hear() == ["rolling back now"]

    assert asking.pauses == [1, 2, 4, 8, 16, 30, 90, 30, 30, 30]
    assert len(asking.troubles) == 10
    assert {asked.duration_ms for asked in speech.asked} == {2_000}


def test_a_refusal_is_not_asked_again(speech: SpeechServer, asking: Asking) -> None:
    speech.answers.append(refusal(401))

    with pytest.raises(ServerRefusedError):
        asking.hear()

    assert (len(speech.asked), asking.pauses) == (1, [])


def test_the_language_of_the_first_half_minute_is_kept(
    speech: SpeechServer, asking: Asking
) -> None:
    ten_s = Utterance(Span(0, 10_000), Span(0, 10_000))
    dutch = Answer(body=json.dumps({"language": "dutch", "segments": [part("Ja", 0, 1)]}).encode())
    german = Answer(body=json.dumps({"language": "de", "segments": [part("Wir", 0, 9)]}).encode())
    doubtful = part("Tak.", 0, 9, no_speech_prob=0.9, avg_logprob=-2.0)
    noise = Answer(body=json.dumps({"language": "polish", "segments": [doubtful]}).encode())
    speech.answers.extend([dutch, noise, german, german, german, german, spoken()])

    for _ in range(7):
        asking.hear(ten_s)

    assert [asked.fields.get("language") for asked in speech.asked] == [None] * 6 + [["de"]]
    assert asking.languages == [("nl", False), ("de", False), ("de", True)]


def test_a_language_that_is_set_is_sent_and_not_detected(speech: SpeechServer) -> None:
    asking = Asking(speech.url, "fr")

    asking.hear()
    asking.close()

    assert speech.asked[0].fields["language"] == ["fr"]
    assert asking.languages == []


# In the recogniser's own process


@pytest.fixture
def started(speech: SpeechServer) -> Iterator[Callable[[], tuple[RecognizerProcess, Listener]]]:
    running: list[RecognizerProcess] = []

    def start() -> tuple[RecognizerProcess, Listener]:
        listener = Listener()
        model = RemoteModel(TranscriptionServer(speech.url, "whisper-1"), language="en")
        running.append(RecognizerProcess(model, listener))
        return running[-1], listener

    yield start
    for process in running:
        process.stop()


def test_while_the_server_is_away_the_cursor_stays_and_then_goes_on(
    speech: SpeechServer,
    started: Callable[[], tuple[RecognizerProcess, Listener]],
    write_tracks: Callable[[dict[TrackLabel, bytes]], list[TrackAudio]],
    demo_pcm: dict[TrackLabel, bytes],
) -> None:
    speech.answers.extend([spoken("first"), refusal(503)])
    pcm = demo_pcm[TrackLabel.ROOM][: 12_000 * BYTES_PER_MS]
    (track,) = write_tracks({TrackLabel.ROOM: pcm})
    process, listener = started()

    process.follow(track, from_ms=0)
    process.advance(track.track_id, until_ms=12_000)
    listener.wait_until(lambda heard: heard.waiting)
    before = listener.cursor(track.track_id)
    listener.wait_until(lambda heard: len(heard.texts(track.track_id)) == 3)

    (trouble,) = listener.waiting
    assert isinstance(trouble, ServerUnavailableError)
    assert "cannot do it now (503)" in str(trouble)
    assert 3_000 < before < 5_000, "the first utterance is told, the second is not"
    assert listener.texts(track.track_id)[0] == "first"
    assert listener.errors == []
