import json
from pathlib import Path

import pytest

from app.domain.errors import InvalidRecordError, StorageError
from app.domain.settings import Settings
from app.domain.shortcuts import ShortcutAction
from app.domain.transcript import RecognitionPass
from app.services.settings_file import (
    actor_name,
    read_settings,
    settings_in_force,
    write_settings,
)


def test_settings_are_kept_with_the_keys_that_were_chosen(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = Settings(actor="Priya", shortcuts={ShortcutAction.MARK_LOOK: "Ctrl+Alt+L"})
    write_settings(path, settings)

    assert json.loads(path.read_text())["shortcuts"] == {"mark_look": "Ctrl+Alt+L"}
    assert read_settings(path) == settings
    assert read_settings(tmp_path / "none.json").shortcuts == {}


@pytest.mark.parametrize(
    ("said", "offline"), [("1", True), ("yes", True), ("0", False), ("", False)]
)
def test_the_environment_keeps_a_program_offline_and_changes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, said: str, offline: bool
) -> None:
    monkeypatch.setenv("HOTWASH_OFFLINE", said)
    path = tmp_path / "settings.json"
    assert settings_in_force(path).offline is offline
    assert settings_in_force(path, offline=True).offline
    write_settings(path, Settings(offline=True))
    assert settings_in_force(path).offline

    assert not read_settings(tmp_path / "none.json").offline


def test_the_final_pass_takes_the_live_model_unless_it_has_its_own() -> None:
    both = Settings(model="base")
    assert [both.model_for(made_in) for made_in in RecognitionPass] == ["base", "base"]
    own = Settings(model="base", final_model="small")
    assert own.model_for(RecognitionPass.LIVE) == "base"
    assert own.model_for(RecognitionPass.FINAL) == "small"


def test_an_action_that_there_is_not_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"shortcuts": {"mark_everything": "Ctrl+Alt+E"}}')

    with pytest.raises(StorageError, match=r"shortcuts\.mark_everything") as caught:
        read_settings(path)
    assert caught.value.remedy.startswith("Correct the file")


def test_who_acts_is_the_name_given_else_the_settings_else_the_login_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGNAME", "marcus")
    assert actor_name(Settings(actor="Priya"), "Tom") == "Tom"
    assert actor_name(Settings(actor="Priya")) == "Priya"
    assert actor_name(Settings()) == "marcus"
    monkeypatch.setenv("LOGNAME", "\udcff")
    assert actor_name(Settings()) == "unnamed"


@pytest.mark.parametrize("name", ["\udcff", "\x1b[31mTom", "x" * 301])
def test_a_name_that_is_none_is_refused_wherever_it_was_given(name: str) -> None:
    with pytest.raises(InvalidRecordError, match=r"^--as: ") as told:
        actor_name(Settings(), name)
    assert told.value.remedy == "Give a name, such as Priya."
    with pytest.raises(InvalidRecordError, match=r"^“actor” in the settings: "):
        actor_name(Settings(actor=name))
