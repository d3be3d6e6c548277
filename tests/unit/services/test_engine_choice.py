"""What recognises where a server is set up, and what people are told of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.engine_types import InstalledModel, RecognitionModel, RemoteModel
from app.domain.errors import ModelMissingError, ServerRefusedError
from app.domain.recognitions import RecognitionPass
from app.domain.settings import Settings
from app.domain.transcription_server import TranscriptionServer
from app.services.engine_choice import EngineChoice

LIVE, FINAL = RecognitionPass
SERVER = TranscriptionServer("https://asr.example.org", "whisper-1", "asr.example.org")


class InstalledModels:
    """Knows ``small``, one that knows English alone, and the demonstration's."""

    def recognition_model(self, name: str = "", *, language: str = "") -> RecognitionModel:
        if name not in {"", "small", "small.en", "demo-en"}:
            raise ModelMissingError(f"The model “{name}” is not installed.", remedy="Install it.")
        only = "en" if name == "small.en" else None
        return RecognitionModel(name or "small", Path(), language or only, demo=name == "demo-en")

    def recognition_models(self) -> list[InstalledModel]:
        return [InstalledModel(name, 5, ("*",)) for name in ("demo-en", "small", "small.en")]

    def recommended(self, language: str = "") -> str:
        return "small.en" if language == "en" else "small"


def choice(**settings: object) -> EngineChoice:
    return EngineChoice(InstalledModels(), replace(Settings(), **settings))  # type: ignore[arg-type]


def test_without_a_server_the_model_of_the_settings_recognises() -> None:
    assert choice().for_pass(LIVE).name == "small"
    assert choice(model="demo-en").for_pass(LIVE, language="en").name == "demo-en"


def test_the_final_pass_takes_its_own_model_if_it_has_one() -> None:
    engines = choice(model="small", final_model="demo-en", language="en")

    assert engines.for_pass(LIVE) == RecognitionModel("small", Path(), "en")
    assert engines.for_pass(FINAL).name == "demo-en"
    assert choice(model="demo-en").for_pass(FINAL).name == "demo-en"
    assert engines.for_pass(FINAL, model="small", language="de").language == "de"


@pytest.mark.parametrize("made_in", RecognitionPass)
def test_a_server_in_use_goes_before_the_settings_models_and_not_before_a_named_one(
    made_in: RecognitionPass,
) -> None:
    engines = choice(model="demo-en", final_model="demo-en", server=SERVER)

    assert engines.for_pass(made_in, language="de") == RemoteModel(SERVER, language="de")
    assert engines.for_pass(made_in) == RemoteModel(SERVER)
    assert isinstance(engines.for_pass(made_in, model="small"), RecognitionModel)
    behind = choice(server=SERVER, proxy="http://proxy.example.org:8080").for_pass(made_in)
    assert behind == RemoteModel(SERVER, proxy="http://proxy.example.org:8080")


def test_a_server_that_is_set_up_and_not_in_use_gets_nothing() -> None:
    engines = choice(server=replace(SERVER, in_use=False))

    assert isinstance(engines.for_pass(LIVE), RecognitionModel)
    assert engines.note() == ""


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"server": replace(SERVER, agreed_host="")}, "Nobody has agreed"),
        (
            {"server": replace(SERVER, url="https://elsewhere.example.org")},
            "elsewhere.example.org",
        ),
        ({"server": SERVER, "offline": True}, "stay offline"),
    ],
)
def test_a_server_that_must_not_be_used_is_refused_and_that_is_told(
    settings: dict[str, object], told: str
) -> None:
    with pytest.raises(ServerRefusedError, match=told) as refused:
        choice(**settings).for_pass(LIVE)

    assert "hotwash server off" in refused.value.remedy
    assert told in choice(**settings).note()


def test_people_are_told_what_they_must_know_of_what_recognises() -> None:
    assert choice(server=SERVER).note() == (
        "Audio leaves this machine for asr.example.org. It is recognised there by the model "
        "“whisper-1”."
    )
    assert choice(model="demo-en", language="en").note().endswith("models download small.en")
    assert "Recording works without it" in choice(model="large").note()


@pytest.mark.parametrize(
    ("url", "readable"),
    [
        ("http://asr.example.org", True),
        ("https://asr.example.org", False),
        ("http://localhost:8000", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
        ("http://10.0.0.7:8000", True),
    ],
)
def test_whether_others_can_listen_on_the_way_is_said(url: str, *, readable: bool) -> None:
    assert ("not encrypted" in TranscriptionServer(url, "m").statement) is readable


@pytest.mark.parametrize("url", ["https://h", "https://h/", "https://h/v1", "https://h/v1/"])
def test_an_address_is_understood_with_and_without_its_version(url: str) -> None:
    assert TranscriptionServer(url, "m").endpoint == "https://h/v1/audio/transcriptions"


def test_a_model_of_one_language_is_told_where_the_language_is_to_be_detected() -> None:
    assert choice(model="small.en").note() == (
        "The spoken language is to be detected, and the model “small.en” takes everything for "
        "English. Set “language” in the settings to en if that is what is spoken, or install a "
        "model that knows more: hotwash models download small"
    )
    assert choice(model="small.en", language="en").note() == ""
    assert choice(model="small").note() == ""


@pytest.mark.parametrize(
    ("settings", "default"),
    [
        ({}, ["small"]),
        ({"model": "small", "final_model": "small.en"}, ["small.en"]),
        ({"model": "large"}, []),
        ({"server": SERVER}, []),
    ],
)
def test_of_the_models_to_choose_from_the_one_that_would_be_taken_is_the_default(
    settings: dict[str, object], default: list[str]
) -> None:
    models = choice(**settings).installed()

    assert [model.name for model in models] == ["demo-en", "small", "small.en"]
    assert [model.name for model in models if model.default] == default
