"""An incident is worked through from the command line, as a scribe would."""

from __future__ import annotations

import json
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
    name: str = hotwash.json("new", "Checkout errors", "--severity", "sev1")["id"]
    return name


def rules(hotwash: Hotwash, incident: str) -> set[str]:
    done = hotwash.run("check", incident, "--json")
    assert done.returncode == 1
    return {rule for rule in ("R05", "R12", "R20") if f'"{rule}"' in done.stdout}


def test_a_line_is_entered_and_told_as_it_was_understood(hotwash: Hotwash, incident: str) -> None:
    made = hotwash.json("log", incident, "/fact -5m checkout returns 503 @ops !detection")
    assert set(made) == {"entry", "status_update", "role", "understood"}
    assert (made["status_update"], made["role"]) == (None, None)
    entry = made["entry"]
    assert (entry["kind"], entry["text"], entry["anchor"], entry["precision"]) == (
        "fact",
        "checkout returns 503",
        "detection",
        "minute",
    )
    assert made["understood"]["type"] == "entry"
    assert made["understood"]["occurred_at"] == entry["occurred_at"]
    shown = hotwash.json("show", incident)["entries"]
    assert [one["id"] for one in shown] == [entry["id"]]
    said = hotwash.run("log", incident, "/hyp the pool is full").stdout
    assert "H  the pool is full" in said


def test_a_line_that_is_not_understood_is_refused_with_its_column(
    hotwash: Hotwash, incident: str
) -> None:
    told = hotwash.refusal("log", incident, "the pool is full", code=1)
    assert "column 1" in told
    assert "/fact, /hyp, /dec, /act, /status or /role" in told
    assert "column 4" in hotwash.refusal("log", incident, "/f 14:75 x", code=1)
    assert hotwash.json("show", incident)["entries"] == []


def test_lines_are_piped_in_and_one_that_is_refused_keeps_no_other_out(
    hotwash: Hotwash, incident: str
) -> None:
    lines = "/f the pool is full\n\nplain words\r\n/role ic end\n/status known x | next 30m\n"
    done = hotwash.run("log", incident, stdin=lines)
    assert done.returncode == 1
    assert "F  the pool is full" in done.stdout
    assert "Line 3 is not entered" in done.stderr
    assert "Line 4 is not entered" in done.stderr
    kinds = {entry["kind"] for entry in hotwash.json("show", incident)["entries"]}
    assert kinds == {"fact", "status"}

    whole = hotwash.json("log", incident, "-", stdin="/a restarted =no\n/r ops Tom\n")
    assert [line["line"] for line in whole["lines"]] == [1, 2]
    assert [line["problem"] for line in whole["lines"]] == [None, None]
    assert whole["lines"][1]["role"]["role"]["person"] == "Tom"
    assert whole["lines"][0]["entry"]["mitigation_result"] == "no"


def test_command_is_handed_over_with_a_checkpoint(hotwash: Hotwash, incident: str) -> None:
    hotwash.json("role", incident, "ic", "Marcus")
    hotwash.json("log", incident, "/act !mitigation roll back")
    change = hotwash.json("role", incident, "IC", "Priya")
    assert [role["person"] for role in change["former"]] == ["Marcus"]
    assert change["role"]["person"] == "Priya"
    assert change["entry"]["kind"] == "responsibility"
    waiting = change["checkpoint"]
    assert waiting["in_flight"][0].startswith("roll back (no result yet")
    assert "R12" in rules(hotwash, incident)

    made = hotwash.json("checkpoint", incident, "--to", "Priya", "--next", "15:30: fail over?")
    assert (made["id"], made["next_decision_point"]) == (waiting["id"], "15:30: fail over?")
    told = hotwash.refusal("checkpoint", incident, made["id"], "--acknowledge", code=1)
    assert "it is for Priya" in told
    seen = hotwash.json("checkpoint", incident, "--acknowledge", "--as", "Priya")
    assert (seen["id"], seen["acknowledged_by"]) == (made["id"], "Priya")
    assert "R12" not in rules(hotwash, incident)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["checkpoint"], "--to PERSON"),
        (["checkpoint", "--to", "A", "--acknowledge"], "--to PERSON"),
        (["role", "ic"], "--not-needed or --end"),
        (["role", "ic", "Priya", "--not-needed"], "--not-needed or --end"),
        (["role", "ic", "Priya", "--at", "soon"], "past time"),
        (["role", "ic", "--end"], "Nobody holds"),
        (["scope"], "nothing is answered"),
        (["severity", ""], "or none"),
        (["role", "ic", "Priya, /role scribe none"], "one command at a time"),
        (["severity", "P9"], "SEV1, SEV2, SEV3, SEV4"),
        (["state", "closed"], "only what is over"),
        (["status", "--known", "x", "--next", "30m", "--at", "25:00"], "no time of day"),
    ],
)
def test_what_does_not_fit_gets_a_sentence_and_a_remedy(
    hotwash: Hotwash, incident: str, words: list[str], told: str
) -> None:
    before = hotwash.json("show", incident)
    command, *more = words
    assert told in hotwash.refusal(command, incident, *more, code=1)
    assert hotwash.json("show", incident) == before


def test_roles_are_held_since_the_time_that_is_given_or_not_needed(
    hotwash: Hotwash, incident: str
) -> None:
    for role in ("ic", "ops", "comms"):
        hotwash.json("role", incident, role, "Marcus", "--at", "-5m")
    assert "R20" in rules(hotwash, incident)
    made = hotwash.json("role", incident, "scribe", "--not-needed")
    assert made["role"]["not_needed"] is True
    assert "R20" not in rules(hotwash, incident)
    ended = hotwash.json("role", incident, "comms", "--end")
    assert ended["role"]["to"] is not None


def test_severity_and_state_change_with_a_reason_and_closing_waits(
    hotwash: Hotwash, incident: str
) -> None:
    made = hotwash.json("severity", incident, "sev3", "--reason", "few customers")
    assert (made["severity"], made["depth"], made["changed"]) == ("SEV3", "light", True)
    assert made["history"][-1]["reason"] == "few customers"
    assert hotwash.json("severity", incident, "SEV3")["changed"] is False
    assert hotwash.json("severity", incident, "P9", "--any")["severity"] == "P9"
    assert hotwash.json("severity", incident, "none")["severity"] is None
    assert hotwash.json("state", incident, "resolved")["history"][-1]["to"] == "resolved"
    told = hotwash.refusal("state", incident, "closed", code=1)
    assert "runbook updated" in told
    assert "review date" in told
    assert "Invalid value" in hotwash.refusal("state", incident, "asleep", code=2)


def test_scope_says_what_is_not_answered_yet(hotwash: Hotwash, incident: str) -> None:
    made = hotwash.json("scope", incident, "--users", "EU", "--fault-domain", "unknown")
    assert made["unanswered"] == ["dependency", "recent_change"]
    assert hotwash.json("show", incident)["scope"]["fault_domain"] == "unknown"


def test_the_card_is_one_screen_for_people_and_whole_for_programs(
    hotwash: Hotwash, incident: str
) -> None:
    hotwash.json("log", incident, "/hyp the pool is full")
    hotwash.json("status", incident, "--impact", "EU checkout", "--next", "20m")
    said = hotwash.run("card", incident).stdout
    assert said.startswith("SEV1 · active · Checkout errors\n")
    assert "Hypothesis, not confirmed: the pool is full" in said
    shown: dict[str, Any] = hotwash.json("card", incident)
    assert set(shown) == {"card", "clock", "nudge", "held_back", "text"}
    assert shown["card"]["impact"] == "EU checkout"
    clock = shown["clock"]
    assert (clock["due_by"], clock["cadence_minutes"], clock["state"], clock["late"]) == (
        "promise",
        30,
        "running",
        [],
    )
    assert 1_000 < clock["remaining_seconds"] <= 1_200
    assert (shown["nudge"], shown["held_back"] is None) == (None, False)


def test_an_update_can_be_entered_with_the_time_it_went_out(
    hotwash: Hotwash, incident: str
) -> None:
    made = hotwash.json("status", incident, "--known", "x", "--next", "30m", "--at", "-10m")
    (entry,) = hotwash.json("show", incident)["entries"]
    assert (entry["occurred_at"], entry["precision"]) == (made["at"], "minute")
    assert (entry["kind"], entry["anchor"]) == ("status", "communication")


def test_the_summary_tells_what_entries_mark_and_counts_in_words(
    hotwash: Hotwash, incident: str
) -> None:
    for line in ("/act restarted it =no", "/hyp The pool is full", "/dec Roll back"):
        hotwash.json("log", incident, line)
    shown = hotwash.run("show", incident).stdout
    assert "3 entries, 1 decision, 0 follow-up actions" in shown
    assert {"mitigation", "attempt,", "result:", "open"} <= set(shown.split())


def test_a_team_makes_the_rubric_its_own(hotwash: Hotwash) -> None:
    shipped = hotwash.json("rubric")
    assert (shipped["own"], shipped["nudge_minutes"], shipped["problem"]) == (False, 20, None)
    assert [level["cadence_minutes"] for level in shipped["levels"]] == [30, 60, 120, None]
    assert hotwash.json("rubric", "--init")["own"] is True
    assert "exists already" in hotwash.refusal("rubric", "--init", code=1)

    own = hotwash.home / "rubric.toml"
    text = own.read_text(encoding="utf-8").replace("SEV1", "P1")
    own.write_text(text.replace("cadence_minutes = 30", "cadence_minutes = 7"), encoding="utf-8")
    incident = hotwash.json("new", "x", "--severity", "p1")["id"]
    assert hotwash.json("card", incident)["clock"]["cadence_minutes"] == 7
    best = hotwash.json("rubric", "--radius", "all", "--urgency", "high")
    assert best["suggested"] == "P1"
    assert "urgency: low, high" in hotwash.refusal("rubric", "--radius", "all", code=1)


def test_a_broken_rubric_is_told_and_the_shipped_one_is_worked_by(hotwash: Hotwash) -> None:
    hotwash.json("rubric", "--init")
    own = hotwash.home / "rubric.toml"
    own.write_text(own.read_text(encoding="utf-8").replace("= 30", "= 3000"), encoding="utf-8")
    done = hotwash.run("new", "x", "--severity", "SEV1")
    assert done.returncode == 0
    assert "cadence_minutes: “3000”" in done.stderr
    shown = hotwash.json("rubric")
    assert "“3000”" in shown["problem"]["message"]
    assert "1440" in shown["problem"]["remedy"]
    assert shown["own"] is False


def test_a_severity_outside_the_rubric_opens_an_incident_with_a_note(hotwash: Hotwash) -> None:
    done = hotwash.run("new", "x", "--severity", "P9")
    assert done.returncode == 0
    assert "no level of your rubric" in done.stderr
    assert f"hotwash severity {done.stdout.strip()} LEVEL corrects it" in done.stderr


def test_who_writes_causes_while_it_is_active_is_warned_and_not_kept_from_it(
    hotwash: Hotwash, incident: str
) -> None:
    cause = '{"rca": {"trigger": "A deploy"}}'
    done = hotwash.run("apply", incident, "-", stdin=cause)
    assert done.returncode == 0
    assert "The incident is active; conclusions drawn now may not hold." in done.stderr
    assert hotwash.run("apply", incident, "-", stdin='{"scope": {"users": "EU"}}').stderr == ""
    hotwash.json("state", incident, "resolved")
    later = '{"rca": {"trigger": "The deploy of 14:02"}}'
    assert hotwash.run("apply", incident, "-", stdin=later).stderr == ""


def test_the_security_track_is_refused_on_every_way_in(hotwash: Hotwash, incident: str) -> None:
    assert "encrypted" in hotwash.refusal("new", "Breach", "--track", "security", code=1)
    edit = '{"incident": {"track": "security"}}'
    assert "encrypted" in hotwash.refusal("apply", incident, "-", code=1, stdin=edit)
    assert len(hotwash.json("incidents")["incidents"]) == 1


def test_a_final_lock_tells_what_refuses_a_final_export_still(
    hotwash: Hotwash, incident: str
) -> None:
    made = hotwash.json("lock", incident, "facts")
    findings = json.loads(hotwash.run("check", incident, "--json").stdout)["findings"]
    assert made["refusing"] == sum(one["level"] == "E" for one in findings) > 1
    assert hotwash.run("lock", incident, "before lunch").stderr == ""
    told = hotwash.run("lock", incident, "Final").stderr
    assert f"{made['refusing']} findings refuse a final export still" in " ".join(told.split())
    assert f"hotwash check {incident}" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["new", "x" * 2_000_000], "2,000,000 characters, and 300 are the most"),
        (["new", "half \udcff a letter"], "U+DCFF"),
        (["mark", "ID", "fact", "a\x00b"], "U+0000"),
        (["log", "ID", "/f " + "x" * 20_001], "20,001 characters"),
    ],
)
def test_what_nobody_means_to_enter_is_refused_by_each_command(
    hotwash: Hotwash, incident: str, words: list[str], told: str
) -> None:
    assert told in hotwash.refusal(*[incident if w == "ID" else w for w in words], code=1)
    assert hotwash.json("show", incident)["entries"] == []
    assert len(hotwash.json("incidents")["incidents"]) == 1


def test_a_document_that_says_one_thing_twice_or_too_much_is_refused_with_its_place(
    hotwash: Hotwash, incident: str
) -> None:
    def told(text: str) -> str:
        return hotwash.refusal("apply", incident, "-", stdin=text, code=1)

    assert "“title” stands twice" in told('{"incident": {"title": "a", "title": "b"}}')
    assert "incident.display_timezone" in told('{"incident": {"display_timezone": "CET+1"}}')
    long = {"entries": [{"kind": "fact", "text": "x" * 20_001}]}
    assert "entries[0].text" in told(json.dumps(long))
    assert hotwash.json("show", incident)["incident"]["title"] == "Checkout errors"
