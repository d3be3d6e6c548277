"""What recognises in the child: a model on this machine, or one on a server."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.engine_types import RemoteModel
from transcription.batch_follower import Batching
from transcription.messages import Failed, LanguageHeard, Waiting
from transcription.model_lock import use
from transcription.remote_recognizer import RemoteRecognizer
from transcription.server_client import ServerClient
from transcription.spoken_language import SpokenLanguage
from transcription.whisper_recognizer import WhisperRecognizer
from transcription.window_recognizer import WindowRecognizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import AnyModel, RecognitionModel
    from app.domain.errors import AppError
    from transcription.messages import Reply
    from transcription.track_follower import SpeechListener, UtteranceRecognizer


@dataclass(frozen=True, slots=True)
class Engine:
    """What a model needs to be put to work.

    Attributes:
        max_utterance_ms: The longest stretch of speech the model is good at.
        listener: Makes partials; None where nobody waits for them, or each would be a request.
        batching: How tracks are recognised in batches; None where words are waited for.
        window_ms: How much audio is recognised at once where the end is known, 0 for an utterance.
        joins_utterances: Whether it is good at several at once, for when there is a hurry.
        warning: Why a model does not run on what was wanted.
    """

    recognizer: UtteranceRecognizer
    max_utterance_ms: int
    listener: SpeechListener | None = None
    batching: Batching | None = None
    window_ms: int = 0
    joins_utterances: bool = True
    warning: AppError | None = None


def engine_of(model: AnyModel, tell: Callable[[Reply], None]) -> Engine:
    """Load a model, or get ready to ask its server; ``tell`` hears what is no answer.

    Raises:
        ModelError: It is not there or does not load.
        EnvironmentMissingError: Its library does not load.
    """
    language = SpokenLanguage(
        model.language, lambda code, settled: tell(LanguageHeard(code, settled))
    )
    if isinstance(model, RemoteModel):
        client = ServerClient(model.server, prompt=model.prompt, proxy=model.proxy)
        remote = RemoteRecognizer(client, language, lambda error: tell(Waiting(Failed.of(error))))
        return Engine(remote, model.max_utterance_ms, window_ms=model.window_ms)
    return _local(model, language)


def _local(model: RecognitionModel, language: SpokenLanguage) -> Engine:
    if model.removable:
        use(model.path)
    recognizer = WhisperRecognizer(model, language)
    whole = Engine(
        recognizer,
        model.max_utterance_ms,
        joins_utterances=model.joins_utterances,
        warning=recognizer.warning,
    )
    if model.batch_size == 1:
        return replace(whole, listener=recognizer)
    window_ms = model.window_ms if model.joins_utterances else 0
    batching = Batching(WindowRecognizer(recognizer), window_ms, model.batch_size)
    return replace(whole, batching=batching)
