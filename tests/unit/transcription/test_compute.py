from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import ModelDamagedError, ModelError
from app.domain.sessions import TrackLabel
from tests.unit.transcription.listener import Listener
from transcription.compute import Compute, choose
from transcription.recognizer_process import RecognizerProcess
from transcription.whisper_recognizer import WhisperRecognizer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.engine_types import RecognitionModel, TrackAudio

PROCESSOR = {"cpu": {"int8", "int8_float32", "float32"}}
CARD = PROCESSOR | {"cuda": {"float16", "int8", "int8_float16", "float32"}}
OLD_CARD = PROCESSOR | {"cuda": {"float32", "int8_float32", "int8"}}


@pytest.mark.parametrize(
    ("device", "compute_type", "reported", "chosen"),
    [
        ("", "", PROCESSOR, Compute("cpu", "int8")),
        ("", "", {"cpu": {"float32"}}, Compute("cpu", "float32")),
        ("", "", CARD, Compute("cuda", "float16")),
        ("", "", OLD_CARD, Compute("cuda", "int8_float32")),
        ("cpu", "", CARD, Compute("cpu", "int8")),
        ("", "int8_float16", CARD, Compute("cuda", "int8_float16")),
        ("cpu", "float32", CARD, Compute("cpu", "float32")),
        ("cuda", "", PROCESSOR, Compute("cuda", "default")),
    ],
)
def test_what_is_run_on_follows_the_settings_and_the_machine(
    device: str, compute_type: str, reported: dict[str, set[str]], chosen: Compute
) -> None:
    assert choose(device, compute_type, reported) == chosen


def test_a_device_or_compute_type_that_there_is_not_is_told_with_those_there_are() -> None:
    with pytest.raises(ModelError, match="cannot run on “tpu”") as told:
        choose("tpu", "", CARD)
    assert "cpu or cuda" in told.value.remedy
    with pytest.raises(ModelError, match="processor, float16") as told:
        choose("cpu", "float16", CARD)
    assert "float32, int8, int8_float32" in told.value.remedy


def test_a_model_runs_on_what_was_chosen(demo_model: RecognitionModel) -> None:
    recognizer = WhisperRecognizer(replace(demo_model, device="cpu", compute_type="float32"))

    assert recognizer.compute == Compute("cpu", "float32")
    assert recognizer.warning is None


@pytest.fixture
def without_a_card() -> None:
    """A machine with one has another test of its own: there, CUDA works."""
    import ctranslate2

    if ctranslate2.get_cuda_device_count():
        pytest.skip("this machine has a graphics card that works")


@pytest.mark.usefixtures("without_a_card")
def test_a_graphics_card_that_fails_is_told_once_and_the_processor_recognises(
    demo_model: RecognitionModel,
    write_tracks: Callable[[dict[TrackLabel, bytes]], list[TrackAudio]],
    demo_pcm: dict[TrackLabel, bytes],
) -> None:
    (track,) = write_tracks({TrackLabel.ROOM: demo_pcm[TrackLabel.ROOM][: 4_500 * 32]})
    listener = Listener()
    process = RecognizerProcess(replace(demo_model, device="cuda"), listener)
    process.follow(track, from_ms=0)
    process.finish(track.track_id, until_ms=4_500)
    listener.wait_until(lambda heard: heard.finished)
    process.stop()

    (warning,) = listener.warnings
    assert "the processor does it instead" in str(warning)
    assert "CUDA" in warning.remedy
    assert listener.texts("trk-room")[0] == "This is Priya, I am the incident commander."
    assert (listener.errors, listener.exits) == ([], [])


@pytest.mark.usefixtures("without_a_card")
def test_a_damaged_model_is_not_blamed_on_the_graphics_card(
    demo_model: RecognitionModel, tmp_path: Path
) -> None:
    for file in demo_model.path.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[:1_000])

    with pytest.raises(ModelDamagedError):
        WhisperRecognizer(replace(demo_model, path=tmp_path, device="cuda"))
