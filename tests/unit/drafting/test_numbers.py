from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.actions import ActionStatus
from app.domain.record import Change
from app.domain.timeline import (
    EntryKind,
)
from tests.builders import (
    a_decision,
    a_due_date,
    a_segment,
    a_source,
    an_action,
    an_entry,
    an_operation,
    at,
)
from tests.unit.drafting.outlined import report_of


def test_top_actions_go_by_priority_then_date_and_leave_out_what_is_settled() -> None:
    actions = (
        an_action("no priority"),
        an_action("done", priority="P0", status=ActionStatus.VERIFIED),
        an_action("low", priority="low"),
        an_action("second", priority="P1"),
        an_action("dropped", status=ActionStatus.WONT_DO, wont_do_reason="superseded"),
        an_action("first", priority="P1", due=a_due_date()),
    )
    report = report_of(actions=actions)
    assert [a.text for a in report.top_actions] == ["first", "second", "low"]
    assert report.top_actions_by == "By priority, then due date, then number."
    statuses = {action.text: action.status for action in report.actions}
    assert statuses["dropped"] == "will not be done: superseded"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "By number: neither priority nor due date is recorded."),
        ({"priority": "P1"}, "By priority, then number."),
        ({"due": a_due_date()}, "By due date, then number."),
        ({"status": ActionStatus.VERIFIED, "priority": "P0"}, ""),
    ],
)
def test_the_top_actions_tell_by_what_they_were_chosen(fields: Any, words: str) -> None:
    assert report_of(actions=(an_action(**fields),)).top_actions_by == words


def with_other_ids(things: tuple[Any, ...], order: list[int]) -> tuple[Any, ...]:
    """Return the things under other random ids, sorted by them as the database does."""
    renamed = [
        replace(thing, id=f"{place:03d}") for thing, place in zip(things, order, strict=True)
    ]
    return tuple(sorted(renamed, key=lambda thing: thing.id))


@given(st.permutations(range(4)))
def test_numbers_follow_what_was_said_first_whatever_the_ids_are(order: list[int]) -> None:
    said = [a_source(a_segment(f"words {n}", n * 1_000, n * 1_000 + 900)) for n in range(4)]
    late, early = (
        an_entry(text, kind=EntryKind.DECISION, occurred=clock)
        for text, clock in (("late", "14:20"), ("early", "14:02"))
    )
    decisions = with_other_ids(
        (
            a_decision(early, decision="early, said first", sources=(said[0],)),
            a_decision(early, decision="early, said second", sources=(said[1],)),
            a_decision(late, decision="late, said first", sources=(said[2],)),
            a_decision(late, decision="late, said second", sources=(said[3],)),
        ),
        order,
    )
    actions = with_other_ids(
        (
            an_action("of the early line", entry_id=early.id, sources=(said[3],)),
            an_action("of the late line", entry_id=late.id, sources=(said[0],)),
            an_action("of no line, said first", sources=(said[1],)),
            an_action("of no line, said second", sources=(said[2],)),
        ),
        order,
    )
    report = report_of(late, early, decisions=decisions, actions=actions)
    assert [d.decision for d in report.decisions] == [
        "early, said first", "early, said second", "late, said first", "late, said second",
    ]  # fmt: skip
    assert [a.text for a in report.actions] == [
        "of the early line", "of the late line", "of no line, said first",
        "of no line, said second",
    ]  # fmt: skip
    assert [a.ref for a in report.top_actions] == ["A1", "A2", "A3"]


@given(st.permutations(range(3)))
def test_lines_of_one_moment_stand_as_they_were_said(order: list[int]) -> None:
    entries = tuple(
        an_entry(
            f"line {n}",
            occurred="14:02",
            sources=(a_source(a_segment(f"line {n}", n * 1_000, n * 1_000 + 900)),),
        )
        for n in range(3)
    )
    report = report_of(*with_other_ids(entries, order))
    assert [row.text for row in report.timeline] == ["line 0", "line 1", "line 2"]


@given(st.permutations(range(3)))
def test_actions_without_words_stand_as_they_were_entered(order: list[int]) -> None:
    actions = with_other_ids(tuple(an_action(text) for text in ("c", "b", "a")), order)
    entered = {action.text: action for action in actions}
    operations = tuple(
        an_operation(Change(None, entered[text]), at=at(f"14:5{n}"))
        for n, text in enumerate(("c", "b", "a"))
    )
    report = report_of(actions=actions, operations=operations)
    assert [action.text for action in report.actions] == ["c", "b", "a"]
