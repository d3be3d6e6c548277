"""The command check: its document, its exit code, and that mending an incident satisfies it."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

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

    assert set(document) == {"final_allowed", "findings", "language", "language_note", "quality"}
    assert document["language_note"] is None
    assert document["final_allowed"] is False
    for finding in document["findings"]:
        told = {"rule", "level", "place", "message", "remedy", "command", "document"}
        assert set(finding) == told
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
    assert f"R17: hotwash apply {incident} FILE.json" in done.stdout
    assert 'with {"impact": {"technical": {"unknown": true}' in " ".join(done.stdout.split())
    assert "E refuses the final export; W is to be looked at." in done.stdout
    assert "Final export: refused" in done.stdout
    assert done.stderr == ""


def test_check_of_an_incident_that_is_not_there_prints_nothing(hotwash: Hotwash) -> None:
    assert "no incident" in hotwash.refusal("check", "inc-none", "--json", code=1)


def test_the_commands_of_the_findings_mend_them(hotwash: Hotwash, incident: str) -> None:
    """Type what check names, the words in capitals filled in, until it names nothing new."""
    begun = {
        "entries": [{"kind": "fact", "text": "5xx at checkout", "anchor": "impact_start"}],
        "status_updates": [{"known": "checkout is down"}],
        "actions": [{"text": "Add alert: connection pool usage > 80 % for 5 min"}],
        "incident": {"depth": "light"},
    }
    hotwash.json("apply", incident, "-", stdin=json.dumps(begun))
    mended: set[str] = set()
    typed: set[str] = set()
    while new := [
        finding
        for finding in findings(hotwash, incident)
        if finding["command"] is not None and told_of(finding) not in typed
    ]:
        for finding in new:
            type_it(hotwash, incident, finding["command"], finding["document"])
            typed.add(told_of(finding))
            mended.add(finding["rule"])
    assert mended >= {"R03", "R05", "R09", "R11", "R17", "R20", "R21", "R22"}
    left = {finding["rule"] for finding in findings(hotwash, incident)}
    assert left.isdisjoint(mended)


def told_of(finding: dict[str, Any]) -> str:
    """Return what is to be typed, and what the file that it names is to hold."""
    return f"{finding['command']} {json.dumps(finding['document'])}"


def findings(hotwash: Hotwash, incident: str) -> list[dict[str, Any]]:
    shown: dict[str, Any] = json.loads(hotwash.run("check", incident, "--json").stdout)
    found: list[dict[str, Any]] = shown["findings"]
    return found


def type_it(
    hotwash: Hotwash, incident: str, command: str, document: dict[str, Any] | None
) -> None:
    words = {
        "YYYY-MM-DDTHH:MM:SSZ": "2126-01-01T00:00:00Z",
        "YYYY-MM-DD": "2126-01-01",
        "FILE_OR_URL": "https://grafana.acme.example/d/1",
        "KIND": "dashboard",
        "CATEGORY": "prevent",
        "TIME": "-1m",
        "NAME": "Priya",
        "WORDS": "a load test with 500 clients fires it",
    }
    held = json.dumps(document)
    for placeholder, filled in words.items():
        command, held = command.replace(placeholder, filled), held.replace(placeholder, filled)
    if "ENTRY" in command:
        entry = hotwash.json("log", incident, "/f -1m customers see it")["entry"]
        command = command.replace("ENTRY", entry["id"])
    assert not re.search(r"['|<>$`\\]", command), "no two shells agree on those"
    assert ("FILE.json" in command) == (document is not None)
    edits = hotwash.home.with_name("FILE.json")
    edits.write_text(held)
    (program, *arguments) = shlex.split(command.replace("FILE.json", str(edits)))
    assert program == "hotwash"
    hotwash.json(*arguments)
