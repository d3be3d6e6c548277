"""The commands on the timeline and its history, as a person types them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.bootstrap import build
from app.domain.home import Home
from app.domain.ids import IncidentId
from app.domain.imported import EventKind
from app.domain.record import Change
from app.domain.transcript import RecognitionPass
from tests.builders import BRIDGE, SESSION, a_marker, a_segment, a_session, a_track, at
from tests.command_line import Hotwash
from tests.record_builders import a_message, an_event

if TYPE_CHECKING:
    from pathlib import Path

NO_SOUND = {"PULSE_SERVER": "unix:/nonexistent/pulse", "XDG_RUNTIME_DIR": "/nonexistent"}
MARKER, SEGMENT = a_marker(at_ms=80_000), a_segment()


class Bridge:
    """An incident with a recording, a message and a deploy, at the command line."""

    def __init__(self, home: Path) -> None:
        self.hotwash = Hotwash(home, NO_SOUND)
        self.incident: str = self.hotwash.json("new", "Checkout errors")["id"]
        whose: dict[str, Any] = {"incident_id": IncidentId(self.incident)}
        self.message = a_message("5xx since 14:02", at=at("14:50"), **whose)
        self.deploy = an_event(kind=EventKind.DEPLOY, text="v4.2.0", at=at("13:58"), **whose)
        program = build(Home(home))
        things = (a_session(**whose), a_track(), MARKER, self.message, self.deploy)
        changes = [Change(None, thing) for thing in things]
        incident = whose["incident_id"]
        program.store.commit(incident, changes, by="test", label="import", undoable=False)
        program.store.add_segments(
            BRIDGE, [SEGMENT], made_in=RecognitionPass.FINAL, cursor_ms=80_000
        )
        program.shutdown()

    def json(self, command: str, *words: str) -> Any:
        return self.hotwash.json(command, self.incident, *words)

    def entry(self, command: str, *words: str) -> Any:
        return self.json(command, *words)["entry"]

    def refusal(self, command: str, *words: str, code: int = 1) -> str:
        return self.hotwash.refusal(command, self.incident, *words, code=code)


@pytest.fixture
def bridge(tmp_path: Path) -> Bridge:
    return Bridge(tmp_path / "home")


def test_whatever_was_said_written_reported_or_marked_is_promoted(bridge: Bridge) -> None:
    said = bridge.entry("promote", SEGMENT.id, "fact")
    assert (said["text"], said["occurred_at"]) == (SEGMENT.text, "2026-03-12T14:21:00Z")
    written = bridge.entry("promote", bridge.message.id, "fact", "--anchor", "impact_start")
    assert (written["occurred_at"], written["anchor"]) == ("2026-03-12T14:02:00Z", "impact_start")
    assert written["sources"][0]["message_id"] == bridge.message.id
    reported = bridge.entry("promote", bridge.deploy.id, "action", "--text", "We deployed v4.2.0")
    assert (reported["text"], reported["precision"]) == ("We deployed v4.2.0", "second")
    marked = bridge.entry("promote", MARKER.id, "hypothesis", "--time", "14:10")
    assert marked["sources"][0]["quote"] == SEGMENT.text
    assert (marked["occurred_at"], marked["original_time"]) == ("2026-03-12T14:10:00Z", None)
    stretch = bridge.entry("promote", f"{SESSION}@1:17-1:20", "decision")
    assert (stretch["sources"][0]["start_ms"], stretch["sources"][0]["end_ms"]) == (77_000, 80_000)
    assert len(bridge.json("show")["entries"]) == 5

    assert "no segment, message" in bridge.refusal("promote", "seg-none", "fact")
    assert "no stretch" in bridge.refusal("promote", f"{SESSION}@1:20-1:17", "fact")
    assert "no session" in bridge.refusal("promote", "ses-none@1:17-1:20", "fact")
    assert "no words" in bridge.refusal("promote", f"{SESSION}@0:01-0:02", "fact")
    assert "rumour" in bridge.refusal("promote", SEGMENT.id, "rumour", code=2)


def test_an_entry_is_retimed_and_its_first_time_kept(bridge: Bridge) -> None:
    entry = bridge.entry("promote", SEGMENT.id, "fact")
    moved = bridge.entry("retime", entry["id"], "14:22:05")
    assert (moved["occurred_at"], moved["precision"]) == ("2026-03-12T14:22:05Z", "second")
    assert moved["original_time"] == entry["occurred_at"]
    rough = bridge.entry("retime", entry["id"], "14:20", "--precision", "approx")
    assert (rough["precision"], rough["original_time"]) == ("approx", entry["occurred_at"])
    same = bridge.json("retime", entry["id"], "14:20", "--precision", "approx")
    assert same["edit"] is None
    coarse = ("retime", bridge.incident, entry["id"], "14:02:31", "--precision", "minute")
    assert "2026-03-12 14:02 UTC fact" in bridge.hotwash.run(*coarse).stdout
    shown = bridge.hotwash.run("show", bridge.incident).stdout
    assert "14:02 UTC" in " ".join(shown.split())
    assert "no seconds" in bridge.refusal("retime", entry["id"], "14:02", "--precision", "second")
    assert bridge.entry("retime", entry["id"], "unknown")["occurred_at"] is None
    assert "no past time" in bridge.refusal("retime", entry["id"], "soon")
    assert "no entry" in bridge.refusal("retime", "ent-none", "14:02")


def test_anchors_give_the_incident_its_times_and_need_evidence_or_a_reason(
    bridge: Bridge,
) -> None:
    entry = bridge.entry("promote", SEGMENT.id, "fact")["id"]
    made = bridge.entry("anchor", entry, "detection", "--because", "the alert is not kept")
    assert made["no_evidence_because"] == "the alert is not kept"
    assert bridge.json("show")["incident"]["detected_at"] == "2026-03-12T14:21:00Z"
    other = bridge.entry("promote", bridge.message.id, "fact")["id"]
    typed = ("anchor", bridge.incident)
    assert f"The same is marked by {entry}." in (
        bridge.hotwash.run(*typed, other, "detection").stderr
    )
    assert "It was the detection before." in bridge.hotwash.run(*typed, other, "triage").stderr
    assert "triage" in bridge.hotwash.run("show", bridge.incident).stdout
    assert bridge.entry("anchor", entry, "none")["anchor"] is None
    assert "trigger, impact_start" in bridge.refusal("anchor", entry, "beginning")


def test_a_hypothesis_lives_from_open_to_confirmed_or_ruled_out(bridge: Bridge) -> None:
    guess = bridge.entry("promote", SEGMENT.id, "hypothesis")["id"]
    assert "confirmed by evidence" in bridge.refusal("hypothesis", guess, "confirm")
    added = bridge.json("evidence", "--add", "https://grafana.acme.example/d/1")["added"]
    proof = added[0]["id"]
    confirmed = bridge.entry("hypothesis", guess, "confirm", "--evidence", proof)
    assert (confirmed["hypothesis_state"], confirmed["evidence"]) == ("confirmed", [proof])
    assert bridge.entry("hypothesis", guess, "reopen")["hypothesis_state"] == "open"
    assert bridge.entry("hypothesis", guess, "disprove")["hypothesis_state"] == "disproved"
    early = ("hypothesis", guess, "disprove", "--at", "14:00")
    assert "stated only at 2026-03-12 14:21" in bridge.refusal(*early)
    assert "neither" in bridge.refusal("hypothesis", guess, "reopen", "--evidence", proof)
    report = bridge.hotwash.home / "report.md"
    bridge.json("export", "--format", "md", "--out", str(report))
    assert "ruled out " in report.read_text("utf-8")
    told = bridge.entry("hypothesis", guess, "disprove", "--at", "14:40")
    assert told["settled_at"].endswith("T14:40:00Z")
    bridge.json("export", "--format", "md", "--force", "--out", str(report))
    assert "ruled out 14:40" in report.read_text("utf-8")


def test_attempts_are_listed_with_what_they_led_to(bridge: Bridge) -> None:
    tried = bridge.entry("promote", SEGMENT.id, "action", "--anchor", "mitigation_attempt")["id"]
    (attempt,) = bridge.json("result")["attempts"]
    assert attempt["mitigation_result"] is None
    (attempt,) = bridge.json("result", tried, "partial")["attempts"]
    assert (attempt["id"], attempt["mitigation_result"]) == (tried, "partial")
    assert "worked, partial" in bridge.refusal("result", tried)
    assert "nonsense" in bridge.refusal("result", tried, "nonsense", code=2)


def test_what_changed_before_the_impact_is_listed(bridge: Bridge) -> None:
    assert bridge.json("changes") == {
        "anchor": None,
        "since": None,
        "until": None,
        "changes": [],
    }
    bridge.entry("promote", bridge.message.id, "fact", "--anchor", "impact_start")
    found = bridge.json("changes")
    (change,) = found["changes"]
    assert (found["anchor"], found["until"]) == ("impact_start", "2026-03-12T14:02:00Z")
    assert (change["kind"], change["text"], change["minutes_before"]) == ("deploy", "v4.2.0", 4.0)
    assert (change["event_id"], change["entry_id"]) == (bridge.deploy.id, None)
    assert bridge.json("changes", "--hours", "0.1")["since"] == "2026-03-12T13:56:00Z"
    assert bridge.refusal("changes", "--hours", "0", code=2)


def test_the_history_tells_who_did_what_and_what_was_taken_back(bridge: Bridge) -> None:
    entry = bridge.entry("promote", SEGMENT.id, "fact", "--as", "Marcus")["id"]
    bridge.entry("retime", entry, "14:22", "--as", "Priya")
    bridge.entry("promote", bridge.message.id, "fact")
    steps = bridge.json("history", entry)["steps"]
    assert [(s["by"], s["label"], s["undone"]) for s in steps] == [
        ("Marcus", "promote to fact", False),
        ("Priya", "re-time an entry", False),
    ]
    assert len(bridge.json("history")["steps"]) > len(steps)
    bridge.json("undo")
    undone = bridge.json("undo", "--as", "Tom")
    assert (undone["label"], undone["by"], undone["undone_by"]) == (
        "re-time an entry",
        "Priya",
        "Tom",
    )
    assert bridge.json("history", entry)["steps"][1]["undone_by"] == "Tom"
    assert "(by Priya," in bridge.hotwash.run("redo", bridge.incident).stdout
    while bridge.json("undo")["edit"]:
        pass
    assert bridge.json("undo") == {
        "edit": None,
        "label": None,
        "by": None,
        "at": None,
        "undone_by": None,
        "changes": [],
    }
    assert "Nothing was ever done" in bridge.refusal("history", "ent-none")


def test_locks_tell_word_by_word_what_changed_after_them(bridge: Bridge) -> None:
    entry = bridge.entry("promote", SEGMENT.id, "fact")["id"]
    bridge.json("lock", "before analysis", "--as", "Marcus")
    (lock,) = bridge.json("locks")["locks"]
    assert (lock["name"], lock["by"], lock["changed"]) == ("before analysis", "Marcus", 0)
    bridge.entry("retime", entry, "14:22", "--as", "Priya")
    told = bridge.json("locks", "--diff", "before analysis")
    (thing,) = told["diff"]
    assert (thing["id"], thing["change"], thing["former_known"]) == (entry, "changed", True)
    fields = {field["name"]: (field["former"], field["now"]) for field in thing["fields"]}
    assert fields["occurred_at"] == ("2026-03-12T14:21:00Z", "2026-03-12T14:22:00Z")
    assert [step["by"] for step in thing["steps"]] == ["Priya"]
    shown = bridge.hotwash.run("locks", bridge.incident, "--diff", "before analysis").stdout
    assert "[-2026-03-12T14:21:00Z-]{+2026-03-12T14:22:00Z+}" in shown
    assert "Priya: re-time an entry" in shown
    assert "no lock" in bridge.refusal("locks", "--diff", "none")
