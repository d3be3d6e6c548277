"""The fast entry line."""

from __future__ import annotations

import re
import time
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.entry_line import EntryLine, Understood, understand
from app.domain.line_problem import LineProblem
from app.domain.line_words import understood_words
from app.domain.role_line import RoleLine, RoleStep
from app.domain.status_line import StatusLine
from app.domain.timeline import Anchor, EntryKind, HypothesisState, MitigationResult
from app.domain.times import Precision
from tests.builders import at

NOW = at("14:10:20")


def read(text: str, **more: Any) -> Understood:
    understood = understand(text, now=NOW, zone=UTC, **more)
    assert not isinstance(understood, LineProblem), understood
    return understood


def entry(text: str, **more: Any) -> EntryLine:
    understood = read(text, **more)
    assert isinstance(understood, EntryLine)
    return understood


def problem(text: str) -> LineProblem:
    found = understand(text, now=NOW, zone=UTC)
    assert isinstance(found, LineProblem), found
    assert found.message
    assert found.remedy
    return found


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("/fact", EntryKind.FACT),
        ("/f", EntryKind.FACT),
        ("/FACT", EntryKind.FACT),
        ("/hyp", EntryKind.HYPOTHESIS),
        ("/h", EntryKind.HYPOTHESIS),
        ("/dec", EntryKind.DECISION),
        ("/d", EntryKind.DECISION),
        ("/act", EntryKind.ACTION),
        ("/a", EntryKind.ACTION),
        ("  /action ", EntryKind.ACTION),
    ],
)
def test_a_word_or_a_letter_says_what_it_is(command: str, kind: EntryKind) -> None:
    line = entry(f"{command} the pool is full")
    assert (line.kind, line.text) == (kind, "the pool is full")
    expected = HypothesisState.OPEN if kind is EntryKind.HYPOTHESIS else None
    assert line.hypothesis_state is expected


@pytest.mark.parametrize(
    "text", ["", "  ", "the pool is full", "/x y", "/facts x", "/ x", "//f x"]
)
def test_a_line_that_does_not_say_what_it_is_gets_the_six_choices(text: str) -> None:
    told = problem(text)
    for choice in ("/fact", "/hyp", "/dec", "/act", "/status", "/role"):
        assert choice in told.remedy


def test_without_a_time_it_is_now_while_the_incident_runs_and_unknown_afterwards() -> None:
    live = entry("/f x")
    assert (live.occurred_at, live.precision) == (NOW, Precision.SECOND)
    over = entry("/f x", running=False)
    assert (over.occurred_at, over.precision) == (None, Precision.UNKNOWN)
    typed = entry("/f 14:02 x", running=False)
    assert (typed.occurred_at, typed.precision) == (at("14:02"), Precision.MINUTE)


def test_a_time_that_is_none_is_told_with_its_place() -> None:
    told = problem("/fact 14:75 checkout")
    assert told.start == len("/fact ")
    assert "14:75" in told.message


@pytest.mark.parametrize(
    "text",
    [
        "/act 14:02 rolled back @ops !fix =worked",
        "/act 14:02 @ops !rollback =work rolled back",
        "/act @ops !rollback-or-fix 14:02 =worked rolled back",
        "/a =worked 14:02 rolled back !ROLLBACK_OR_FIX @operations",
    ],
)
def test_marks_stand_before_or_after_the_words(text: str) -> None:
    assert entry(text) == EntryLine(
        EntryKind.ACTION,
        "rolled back",
        at("14:02"),
        Precision.MINUTE,
        "operations",
        Anchor.ROLLBACK_OR_FIX,
        MitigationResult.WORKED,
    )


def test_between_the_words_a_mark_is_a_word() -> None:
    line = entry("/f mail ops@example.org and @priya about !important x=5 now")
    assert line.text == "mail ops@example.org and @priya about !important x=5 now"
    assert (line.owner_role, line.anchor, line.mitigation_result) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("/f x !important", "!important", "no anchor"),
        ("/f x !m", "!m", "mitigation_attempt, monitoring_complete"),
        ("/a x =fine", "=fine", "no result"),
        ("/f x @ops @comms", "@ops", "second"),
    ],
)
def test_a_mark_that_is_not_known_is_told_with_its_place(
    text: str, place: str, words: str
) -> None:
    told = problem(text)
    assert words in f"{told.message} {told.remedy}"
    assert text[told.start : told.end].startswith("@" if "@" in place else place)


def test_a_result_makes_an_action_an_attempt_and_belongs_to_nothing_else() -> None:
    line = entry("/a restarted =no")
    assert (line.anchor, line.mitigation_result) == (
        Anchor.MITIGATION_ATTEMPT,
        MitigationResult.NO,
    )
    assert "no result" in problem("/f restarted =no").message
    assert "detection" in problem("/a restarted =no !detection").message


@pytest.mark.parametrize("text", ["/f", "/f 14:02", "/f @ops", "/f 14:02 !detection"])
def test_an_entry_needs_words(text: str) -> None:
    assert problem(text).message == "There are no words."


def test_a_status_update_is_read_part_by_part() -> None:
    line = read(
        "/status known 503s on checkout | Unknown: the cause|impact EU | mitigation rollback "
        "| next 30m"
    )
    assert line == StatusLine(
        "503s on checkout",
        "the cause",
        "EU",
        "rollback",
        "30m",
        at("14:40:20"),
    )
    first = read("/s checkout is back | closing")
    assert isinstance(first, StatusLine)
    assert (first.known, first.closing, first.next_update) == ("checkout is back", True, "")
    late = read("/s 14:00 known x | next 30m")
    assert isinstance(late, StatusLine)
    assert (late.at, late.next_update_at) == (at("14:00"), at("14:30"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/status known 503s", "when the next update comes"),
        ("/status next 30m", "says nothing"),
        ("/status", "says nothing"),
        ("/status known | next 30m", "“known” says nothing"),
        ("/status known a | known b | next 30m", "twice"),
        ("/status known a | whatever | next 30m", "does not say what it is"),
        ("/status known a | next soon", "“soon”"),
        ("/status known a | next 2026-03-12T14:00Z", "after this one"),
        ("/status known a | next 14:00", "14:00 is over already"),
        ("/status known a | next 9999-12-31T23:59-12:00", "“9999"),
    ],
)
def test_an_update_that_is_not_whole_is_told_what_lacks(text: str, words: str) -> None:
    assert words in problem(text).message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/role ic Priya", RoleLine("incident commander", RoleStep.HELD, "Priya")),
        ("/r Incident-Commander: Priya Shah", RoleLine(
            "incident commander", RoleStep.HELD, "Priya Shah")),
        ("/role @ops Tom", RoleLine("operations", RoleStep.HELD, "Tom")),
        ("/role scribe none", RoleLine("scribe", RoleStep.NOT_NEEDED)),
        ("/role scribe Not needed", RoleLine("scribe", RoleStep.NOT_NEEDED)),
        ("/role ops end", RoleLine("operations", RoleStep.ENDED)),
        ("/role dba Tom", RoleLine("dba", RoleStep.HELD, "Tom")),
        ("/role icy Tom", RoleLine("icy", RoleStep.HELD, "Tom")),
        ("/role 14:02 ic Priya", RoleLine(
            "incident commander", RoleStep.HELD, "Priya", at("14:02"), Precision.MINUTE)),
    ],
)  # fmt: skip
def test_a_role_is_taken_ended_or_not_needed(text: str, line: RoleLine) -> None:
    assert read(text) == line


@pytest.mark.parametrize("text", ["/role", "/role ic", "/role :", "/role incident commander"])
def test_a_role_needs_a_name_and_a_person(text: str) -> None:
    assert "/role ic Priya" in problem(text).remedy


@pytest.mark.parametrize(
    ("text", "start"), [("/role ic Priya, /role scribe none.", 16), ("/role ic /scribe", 9)]
)
def test_a_second_command_on_the_line_is_no_part_of_a_name(text: str, start: int) -> None:
    told = problem(text)
    assert (told.start, told.remedy) == (start, "Enter one command to a line.")


PIECES = ("/f", "/act", "/status", "/role ic", " ", "|", "next ", "known ", "14:02", "-5m", "@ops",
          "!fix", "=worked", "x", "\n", "٣:٤٥", "²", "yesterday ", "2026-03-12T")  # fmt: skip


@given(
    text=st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)),
    running=st.booleans(),
)
def test_any_text_is_understood_or_told_what_is_wrong_at_a_place_in_it(
    text: str, *, running: bool
) -> None:
    understood = understand(text, now=NOW, zone=UTC, running=running)
    if isinstance(understood, LineProblem):
        assert 0 <= understood.start <= understood.end <= len(text)
        assert understood.remedy
    elif isinstance(understood, EntryLine):
        assert understood.text.strip()
        assert (understood.occurred_at is None) == (understood.precision is Precision.UNKNOWN)


OF_A_TIME = re.compile(r"z|utc|gmt|[ap]\.?m\.?")  # after a clock, these belong to it
WORD = st.text("abcdefghijklmnopqrstuvwxyzäßЖ5%.,", min_size=1).filter(
    lambda word: not word[0].isdigit() and not OF_A_TIME.fullmatch(word)
)


@given(
    st.sampled_from(["fact", "hypothesis", "decision", "action"]),
    st.lists(WORD, min_size=1).map(" ".join),
    st.sampled_from([None, *Anchor]),
    st.sampled_from([None, "operations", "scribe"]),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
)
def test_what_is_spelled_out_is_read_back(
    kind: str, words: str, anchor: Anchor | None, owner: str | None, clock: Any
) -> None:
    marks = (f"@{owner}" if owner else "", f"!{anchor}" if anchor else "")
    line = entry(" ".join([f"/{kind} yesterday {clock:%H:%M:%S}", words, *filter(None, marks)]))
    assert (line.kind.value, line.text, line.anchor, line.owner_role) == (
        kind,
        words,
        anchor,
        owner,
    )
    assert line.occurred_at == at(f"{clock:%H:%M:%S}", day=11)


def test_a_line_is_read_between_two_keys() -> None:
    text = "/status known " + "the pool is full " * 60 + "| impact EU | next 30m"
    began = time.perf_counter()
    for _ in range(100):
        read(text)
    assert (time.perf_counter() - began) / 100 < 0.005


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/f 14:02 503s @ops !det", "Fact · 14:02 UTC · 503s · detection · operations"),
        ("/f 503s", "Fact · now · 503s"),
        ("/d yesterday 15:30 roll back", "Decision · 2026-03-11 15:30 UTC · roll back"),
        (
            "/a -1h restarted =no",
            "Action · ≈ 13:10 UTC · restarted · mitigation attempt · result: no",
        ),
        ("/s known x | next 30m", "Status · now · known: x · next update 14:40 UTC"),
        (
            "/s known x | next tomorrow 9:00",
            "Status · now · known: x · next update 2026-03-13 09:00 UTC",
        ),
        ("/s 14:00 impact x | closing", "Status · 14:00 UTC · impact: x · the last update"),
        ("/role ic Priya", "Role · incident commander: Priya"),
        ("/role 14:00 scribe none", "Role · 14:00 UTC · scribe: not needed"),
    ],
)
def test_what_was_understood_is_told_in_words_while_one_types(text: str, words: str) -> None:
    assert understood_words(read(text), now=NOW) == words


def test_a_line_without_a_time_in_an_incident_that_is_over_shows_that_it_has_none() -> None:
    line = read("/f x", running=False)
    assert understood_words(line, now=NOW) == "Fact · time unknown · x"
