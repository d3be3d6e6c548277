from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import ModelError, ModelMissingError
from app.domain.sessions import TrackLabel
from tests.unit.transcription.listener import Listener
from transcription.model_files import ModelFolder
from transcription.model_lock import changing, use
from transcription.recognizer_process import RecognizerProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import RecognitionModel, TrackAudio

SHIPPED = Path(__file__).parents[3] / "resources" / "models"


@pytest.fixture
def models(tmp_path: Path, demo_model: RecognitionModel) -> ModelFolder:
    folder = ModelFolder(tmp_path / "models", SHIPPED)
    folder.add(demo_model.path, "ours")
    return folder


def test_a_model_at_work_is_not_removed_until_the_last_one_is_done(
    models: ModelFolder, write_tracks: Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]
) -> None:
    (track,) = write_tracks({TrackLabel.ROOM: bytes(32_000)})
    listener = Listener()
    used = models.recognition_model("ours")
    processes = [RecognizerProcess(used, listener), RecognizerProcess(used, listener)]
    for process in processes:
        process.follow(track, from_ms=0)
        process.finish(track.track_id, until_ms=1_000)
    listener.wait_until(lambda heard: len(heard.finished) == len(processes))

    with pytest.raises(ModelError, match=r"“ours”: it is being used") as told:
        models.remove("ours")
    assert "close the other program" in told.value.remedy
    processes[0].stop()
    with pytest.raises(ModelError, match="being used"):
        models.remove("ours")
    processes[1].stop()
    models.remove("ours")

    with pytest.raises(ModelMissingError):
        models.recognition_model("ours")


def test_a_shipped_model_is_used_without_writing_beside_it(demo_model: RecognitionModel) -> None:
    before = sorted(SHIPPED.iterdir())
    listener = Listener()
    process = RecognizerProcess(replace(demo_model, device="tpu"), listener)
    listener.wait_until(lambda heard: heard.errors)
    process.stop()

    assert sorted(SHIPPED.iterdir()) == before


def test_a_model_that_is_being_changed_is_neither_used_nor_added_nor_removed(
    models: ModelFolder, demo_model: RecognitionModel
) -> None:
    folder = models.recognition_model("ours").path
    with changing(folder):
        with pytest.raises(ModelError, match="is being changed"):
            use(folder)
        with pytest.raises(ModelError, match="Another program works with"):
            models.remove("ours")
        with pytest.raises(ModelError, match="Another program works with"):
            models.add(demo_model.path, "ours")

    models.remove("ours")


def test_a_name_in_other_letters_or_as_another_spelling_is_the_same_name(
    models: ModelFolder, demo_model: RecognitionModel
) -> None:
    with pytest.raises(ModelError, match="installed already"):
        models.add(demo_model.path, "OURS")
    with pytest.raises(ModelError, match="came with the program"):
        models.add(demo_model.path, "Demo-EN")
    models.add(demo_model.path, "team/voices")
    with pytest.raises(ModelError, match="installed already"):
        models.add(demo_model.path, "team--voices")
    names = [row.name for row in models.installed()]
    assert names == ["ours", "team/voices", "demo-en", "demo-voices"]
