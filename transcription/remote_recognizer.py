"""Recognises on a server of the team's own. Runs in the recogniser's child, as the local one."""

from __future__ import annotations

import io
import itertools
import time
import wave
from typing import TYPE_CHECKING

import numpy as np

from app.domain.errors import ServerUnavailableError
from app.domain.languages import language_code
from app.domain.times import Span
from transcription.server_answers import segments_of
from transcription.server_client import ServerClient
from transcription.utterances import Utterance
from transcription.vad import SAMPLE_RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.engine_types import RecognizedSegment
    from app.domain.transcription_server import TranscriptionServer
    from transcription.spoken_language import SpokenLanguage
    from transcription.vad import Samples

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
TRIAL_MS = 500


class RemoteRecognizer:
    """Sends each utterance until the server has answered; the audio waits on the disk.

    ``on_waiting`` is told of every try that failed, on the caller's thread.
    """

    def __init__(
        self,
        client: ServerClient,
        language: SpokenLanguage,
        on_waiting: Callable[[ServerUnavailableError], None],
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._language = language
        self._on_waiting = on_waiting
        self._wait = wait

    def recognize(self, samples: Samples, utterance: Utterance) -> list[RecognizedSegment]:
        """Return what is said in the utterance; nothing if there are no words in it.

        Raises:
            ServerRefusedError: The server will not do it, however often it is asked.
        """
        wav = _wav(samples)
        for pause_s in _pauses():
            try:
                return self._ask(wav, utterance)
            except ServerUnavailableError as error:
                self._on_waiting(error)
                self._wait(max(pause_s, error.retry_after_s))
        raise AssertionError("the pauses never end")

    def _ask(self, wav: bytes, utterance: Utterance) -> list[RecognizedSegment]:
        answer = self._client.transcribe(wav, language=self._language.code)
        told = answer.get("language")
        language = language_code(told) if isinstance(told, str) else None
        try:
            segments = segments_of(answer, utterance, language or self._language.code or "")
        except ValueError as cause:
            raise self._client.no_transcript() from cause
        if language:
            self._language.heard_in(segments, language)
        return segments


def try_server(server: TranscriptionServer, *, proxy: str = "") -> None:
    """Send half a second of silence, and be content with any transcript.

    Raises:
        ServerUnavailableError: The server does not answer, or not with a transcript.
        ServerRefusedError: It will not do it.
    """
    client = ServerClient(server, proxy=proxy)
    silence = np.zeros(SAMPLE_RATE * TRIAL_MS // 1_000, dtype=np.float32)
    whole = Span(0, TRIAL_MS)
    try:
        answer = client.transcribe(_wav(silence), language=None)
        segments_of(answer, Utterance(whole, whole), "")
    except ValueError as cause:
        raise client.no_transcript() from cause
    finally:
        client.close()


def _pauses() -> Iterator[float]:
    """Yield how long to wait after each try."""
    return (min(FIRST_PAUSE_S * 2**n, LONGEST_PAUSE_S) for n in itertools.count())


def _wav(samples: Samples) -> bytes:
    """Return 16 kHz samples, shape (n,), as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE)
        writer.writeframes((samples * 32_768).clip(-32_768, 32_767).astype("<i2").tobytes())
    return file.getvalue()
