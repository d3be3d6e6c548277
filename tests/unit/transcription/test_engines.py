"""What a model needs to be put to work: partials, batches, windows, or none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.engine_types import RemoteModel
from app.domain.transcription_server import TranscriptionServer
from transcription.engines import Engine, engine_of

if TYPE_CHECKING:
    from app.domain.engine_types import AnyModel, RecognitionModel
    from transcription.messages import Reply


def made(model: AnyModel) -> Engine:
    told: list[Reply] = []
    engine = engine_of(model, told.append)
    assert told == []
    return engine


def test_a_model_makes_partials_where_words_are_waited_for_and_batches_where_not(
    demo_model: RecognitionModel,
) -> None:
    live = made(demo_model)
    final = made(replace(demo_model, batch_size=4, joins_utterances=True))

    assert live == Engine(live.recognizer, 12_000, listener=live.listener, joins_utterances=False)
    assert live.listener is live.recognizer
    assert final.listener is None
    assert final.batching is not None
    assert (final.batching.window_ms, final.batching.size) == (demo_model.window_ms, 4)


def test_a_server_is_asked_for_no_partials_and_gets_longer_windows() -> None:
    server = TranscriptionServer("https://asr.example.org", "whisper-1")

    engine = made(RemoteModel(server, max_utterance_ms=15_000, window_ms=25_000))

    assert engine == Engine(engine.recognizer, 15_000, window_ms=25_000)
