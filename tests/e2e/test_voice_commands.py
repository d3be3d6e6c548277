"""Voices that are remembered, as a person types it; without a pipeline."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.home import Home
from app.domain.voice_prints import WHAT_IS_KEPT
from app.storage.voice_vault import FileVault
from tests.command_line import Hotwash
from tests.e2e.redaction_home import NO_SOUND
from tests.unit.storage.test_voice_vault import PASSPHRASE, PRIYA

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("ring")


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND | {"HOTWASH_VOICE_PASSPHRASE": PASSPHRASE})


@pytest.fixture
def kept(hotwash: Hotwash) -> str:
    """The id of a voice that is remembered, made of an incident that is on record."""
    incident = hotwash.json("new", "Checkout")["id"]
    vault = FileVault(Home(hotwash.home).voice_prints, passphrase=PASSPHRASE)
    vault.change(lambda _kept: [replace(PRIYA, incident_id=incident)])
    return PRIYA.id


def test_it_is_off_until_switched_on_and_says_what_is_kept(hotwash: Hotwash) -> None:
    assert hotwash.json("voices", "list") == {"on": False, "voices": []}

    switched = hotwash.run("voices", "on", "--json")
    assert json.loads(switched.stdout) == {"on": True}
    assert WHAT_IS_KEPT.split(",")[0] in " ".join(switched.stderr.split())
    assert hotwash.json("voices", "list")["on"] is True
    assert hotwash.json("voices", "off") == {"on": False}


def test_switched_off_it_refuses_and_says_how_to_switch_it_on(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "Checkout")["id"]

    assert "hotwash voices on" in hotwash.refusal("voices", "suggest", incident, code=1)


def test_what_is_kept_is_listed_without_the_numbers(hotwash: Hotwash, kept: str) -> None:
    (voice,) = hotwash.json("voices", "list")["voices"]

    assert voice["id"] == kept
    assert voice["name"] == "Priya Raman"
    assert (voice["seconds"], voice["session_ids"]) == (8.0, ["ses-bridge"])
    assert voice["made_at"].endswith("Z")
    assert "vector" not in voice
    assert "Priya Raman" in hotwash.run("voices", "list").stdout


def test_with_another_passphrase_nothing_is_told(hotwash: Hotwash, kept: str) -> None:
    other = Hotwash(hotwash.home, NO_SOUND | {"HOTWASH_VOICE_PASSPHRASE": "guess"})

    assert "not the passphrase" in other.refusal("voices", "list", code=1)
    assert "not the passphrase" in other.refusal("voices", "forget", kept, code=1)


def test_without_a_passphrase_the_remedy_names_the_variable(hotwash: Hotwash, kept: str) -> None:
    without = Hotwash(hotwash.home, NO_SOUND)

    refusal = without.refusal("voices", "forget", kept, code=3)
    assert "HOTWASH_VOICE_PASSPHRASE" in refusal


def test_one_is_forgotten(hotwash: Hotwash, kept: str) -> None:
    assert hotwash.json("voices", "forget", kept) == {"forgotten": [kept]}
    assert hotwash.json("voices", "list")["voices"] == []


@pytest.mark.usefixtures("kept")
def test_all_are_forgotten_also_by_who_knows_no_passphrase(hotwash: Hotwash) -> None:
    without = Hotwash(hotwash.home, NO_SOUND)

    assert without.json("voices", "forget-all") == {"forgotten": "all"}
    assert not Home(hotwash.home).voice_prints.exists()


def test_nothing_is_suggested_while_nobody_is_remembered(hotwash: Hotwash) -> None:
    hotwash.json("voices", "on")
    incident = hotwash.json("new", "Checkout")["id"]

    suggested = hotwash.json("voices", "suggest", incident)
    assert suggested == {"incident_id": incident, "suggestions": []}


def test_a_voice_that_is_not_there_is_told(hotwash: Hotwash) -> None:
    hotwash.json("voices", "on")
    incident = hotwash.json("new", "Checkout")["id"]

    assert "no voice" in hotwash.refusal("voices", "remember", incident, "Priya", code=1)


def test_the_doctor_says_whether_voices_are_kept_and_how(hotwash: Hotwash, kept: str) -> None:
    assert kept
    checks = json.loads(hotwash.run("doctor", "--json").stdout)["checks"]
    (check,) = (one for one in checks if one["name"] == "remembered voices")

    assert check["detail"] == "off; some are kept. Sealed with a passphrase."
