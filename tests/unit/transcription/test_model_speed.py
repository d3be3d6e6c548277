from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.domain.engine_types import InstalledModel
from app.domain.errors import ModelDamagedError, ModelError
from transcription.machine import GIB, Machine
from transcription.model_files import ModelFolder
from transcription.model_speeds import Measurement, Speeds
from transcription.speed_trial import measure

if TYPE_CHECKING:
    from app.domain.engine_types import RecognitionModel

RESOURCES = Path(__file__).parents[3] / "resources"
SPEECH = RESOURCES / "demo" / "room.flac"
HERE = Machine("a processor", cores=4, memory=16 * GIB)
MEASURED = Measurement(6.25, "cpu", "int8", 2, "2026-01-05T10:00:00Z")


def test_a_model_is_measured_on_this_machine_and_its_speed_kept(tmp_path: Path) -> None:
    models = ModelFolder(tmp_path / "models", RESOURCES / "models", speech=SPEECH)
    before = next(row for row in models.installed() if row.name == "demo-en")
    assert before.measured is None

    row = models.measure("demo-en")

    assert row.measured is not None
    assert row.measured.speed > 0.5
    assert (row.measured.device in {"cpu", "cuda"}, row.measured.compute_type != "") == (
        True,
        True,
    )
    again = ModelFolder(tmp_path / "models", RESOURCES / "models", speech=SPEECH)
    assert [one for one in again.installed() if one.name == "demo-en"] == [row]
    assert again.recognition_models() == [
        InstalledModel("demo-en", row.size_bytes, ("en",), row.measured.speed, demo=True)
    ]
    other = ModelFolder(tmp_path / "models", RESOURCES / "models", compute_type="float32")
    assert other.installed()[0].measured is None, "exactness changes the speed"


def test_a_speed_belongs_to_content_machine_and_settings_and_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "speeds.json"
    speeds = Speeds(path, HERE, "auto")
    speeds.keep("0123", MEASURED)

    assert Speeds(path, HERE, "auto").of("0123") == MEASURED
    assert speeds.of("4567") is None
    assert Speeds(path, HERE, "cpu").of("0123") is None
    assert Speeds(path, replace(HERE, cores=8), "auto").of("0123") is None

    speeds.keep("0123", replace(MEASURED, speed=7.0))
    assert speeds.of("0123") == replace(MEASURED, speed=7.0)


def test_speeds_that_cannot_be_read_are_measured_anew(tmp_path: Path) -> None:
    path = tmp_path / "speeds.json"
    speeds = Speeds(path, HERE, "auto")
    for damaged in ("", "[1]", '{"0123 on": 3'):
        path.write_text(damaged)
        assert speeds.of("0123") is None
    speeds.keep("0123", MEASURED)
    assert speeds.of("0123") == MEASURED

    path.write_text(path.read_text().replace('"threads"', '"since_version_2"'))
    assert speeds.of("0123") is None


def test_what_cannot_be_measured_is_told(demo_model: RecognitionModel, tmp_path: Path) -> None:
    for file in demo_model.path.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[:1_000])
    with pytest.raises(ModelDamagedError, match="does not load"):
        measure(replace(demo_model, path=tmp_path), SPEECH)
    with pytest.raises(ModelError, match="recording, which models are measured with"):
        ModelFolder(tmp_path / "none", RESOURCES / "models").measure("demo-en")


def test_a_measurement_says_in_words_on_what_it_was_made() -> None:
    assert str(MEASURED) == "6.25 times real time (processor, int8, 2 threads)"
