"""The command check: its document, its exit code, and that mending an incident satisfies it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.command_line import Hotwash

if TYPE_CHECKING:
    from pathlib import Path

NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent/pulse", "XDG_RUNTIME_DIR": "/nonexistent"}


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND)


@pytest.fixture
def incident(hotwash: Hotwash) -> str:
    made: str = hotwash.json("new", "Checkout errors")["id"]
    return made


def test_check_prints_findings_language_and_quality_and_refuses(
    hotwash: Hotwash, incident: str
) -> None:
    edits = {"actions": [{"text": "Be more careful"}]}
    hotwash.json("apply", incident, "-", stdin=json.dumps(edits))
    done = hotwash.run("check", incident, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)

    assert set(document) == {"final_allowed", "findings", "language", "quality"}
    assert document["final_allowed"] is False
    for finding in document["findings"]:
        assert set(finding) == {"rule", "level", "place", "message", "remedy"}
        assert set(finding["place"]) == {"type", "id", "field"}
        assert finding["level"] in {"E", "W"}
    (vague,) = document["language"]
    assert set(vague) == {
        "family",
        "start",
        "end",
        "line",
        "match",
        "message",
        "suggestion",
        "place",
    }
    assert (vague["family"], vague["match"]) == ("vague_action", "Be more careful")
    assert vague["place"]["type"] == "action"
    assert set(document["quality"]) == {"score", "parts", "top_fixes"}
    assert all(set(part) == {"name", "score", "max"} for part in document["quality"]["parts"])
    assert all(set(fix) == {"message", "place"} for fix in document["quality"]["top_fixes"])


def test_check_tells_people_what_to_mend(hotwash: Hotwash, incident: str) -> None:
    done = hotwash.run("check", incident)
    assert done.returncode == 1
    assert "R20" in done.stdout
    assert "Final export: refused" in done.stdout
    assert done.stderr == ""


def test_check_of_an_incident_that_is_not_there_prints_nothing(hotwash: Hotwash) -> None:
    assert "no incident" in hotwash.refusal("check", "inc-none", "--json", code=1)
