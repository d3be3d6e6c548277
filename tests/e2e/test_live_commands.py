"""The commands of live work, as a person types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.command_line import Hotwash

if TYPE_CHECKING:
    from pathlib import Path

NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent/pulse", "XDG_RUNTIME_DIR": "/nonexistent"}


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND)


def test_a_status_update_is_recorded_and_shown(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "x", "--severity", "SEV1", "--as", "Marcus")["id"]
    made = hotwash.json(
        "status", incident, "--known", "5xx", "--impact", "checkout", "--next", "30m"
    )
    shown = hotwash.json("show", incident)
    assert shown["status_updates"] == [made]
    assert (made["known"], made["impact"], made["unknown"]) == ("5xx", "checkout", None)
    assert made["next_update_at"].endswith("Z")
    assert shown["incident"]["severity_history"][0]["to"] == "SEV1"
    assert shown["incident"]["severity_history"][0]["by"] == "Marcus"
    assert "--closing" in hotwash.refusal("status", incident, "--known", "x", code=1)
    assert hotwash.run("status", incident, "--known", "well", "--closing").returncode == 0


def test_a_next_update_of_another_day_tells_its_date(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "x")["id"]
    said = hotwash.run("status", incident, "--known", "x", "--next", "tomorrow 9:00").stdout
    (update,) = hotwash.json("show", incident)["status_updates"]
    shown = f"{update['next_update_at'][:10]} 09:00 UTC"
    assert said == f"Next update: {shown}\n"
    (entry,) = hotwash.json("show", incident)["entries"]
    assert entry["text"].endswith(f"Next update {shown}.")


def test_a_mark_without_a_recording_keeps_the_words_and_needs_some(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "x")["id"]
    made = hotwash.json("mark", incident, "hypothesis", "The pool is full")
    assert made["marker"] is None
    assert made["entry"]["hypothesis_state"] == "open"
    assert "being recorded" in hotwash.refusal("mark", incident, "look", code=3)
    assert "rumour" in hotwash.refusal("mark", incident, "rumour", code=2)
    assert "go together" in hotwash.refusal("mark", incident, "look", "--at", "1:17", code=1)


def test_a_lock_is_listed_with_what_changed_after_it(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "x")["id"]
    hotwash.json("mark", incident, "fact", "It began")
    made = hotwash.json("lock", incident, "before analysis", "--as", "Marcus")
    assert (made["name"], made["by"], len(made["record_sha256"])) == (
        "before analysis",
        "Marcus",
        64,
    )
    hotwash.json("mark", incident, "fact", "It went on")
    (lock,) = hotwash.json("show", incident)["locks"]
    assert [change["change"] for change in lock["changes"]] == ["added"]
    assert "already" in hotwash.refusal("lock", incident, "before analysis", code=1)
