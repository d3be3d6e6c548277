"""What is refused when it is entered, and that what stands already is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidRecordError
from app.domain.limits import LONGEST_NAME, LONGEST_TEXT, refuse_excess
from app.domain.record import Change
from app.domain.timeline import EntryKind
from tests.builders import (
    a_decision,
    a_marker,
    a_segment,
    a_session,
    a_track,
    an_entry,
    an_incident,
)
from tests.record_builders import (
    a_message,
    a_quantity,
    a_role,
    an_evidence,
    an_impact,
    one_of_each,
)

if TYPE_CHECKING:
    from app.domain.record import Entity

WHOLE = an_impact()
TECHNICAL, BUSINESS = WHOLE.technical, WHOLE.business
NEGATIVE = a_quantity(-1, "min")


@pytest.mark.parametrize(
    ("entity", "place", "reason"),
    [
        (an_incident(title="x" * (LONGEST_NAME + 1)), "incident.title", "301 characters"),
        (an_incident(title="a\x00b"), "incident.title", r"U\+0000 after 1"),
        (an_incident(title="a\udcffb"), "incident.title", r"U\+DCFF"),
        (an_incident(systems=("ok", "\x1b[31m")), r"incident.systems\[1\]", r"U\+001B"),
        (an_entry("a\x9b31mb"), "entry.text", r"U\+009B after 1"),
        (an_entry("rolled back \u202efdp.exe"), "entry.text", r"U\+202E after 12"),
        (an_entry("a \u2067turned\u2069 word"), "entry.text", r"U\+2067"),
        (an_entry("x" * (LONGEST_TEXT + 1)), "entry.text", "20,001 characters, and 20,000"),
        (a_role(person="x" * 301), "role.person", "301"),
        (an_evidence(note="\x7f"), "evidence.note", r"U\+007F"),
        (a_segment("x" * 20_001), "segment.text", "20,001"),
        (a_message("x" * 200_001), "message.text", "200,001"),
        (an_incident(display_timezone="Mars/Olympus"), "display_timezone", "no time zone"),
        (an_incident(display_timezone="Europe"), "display_timezone", "no time zone"),
        (
            replace(WHOLE, technical=replace(TECHNICAL, down_minutes=NEGATIVE)),
            "impact.technical.down_minutes.value",
            "less than nothing",
        ),
    ],
)
def test_what_nobody_means_to_enter_is_refused_with_its_field_and_a_remedy(
    entity: Entity, place: str, reason: str
) -> None:
    with pytest.raises(InvalidRecordError, match=rf"{place}.*{reason}") as told:
        refuse_excess([Change(None, entity)])
    assert told.value.remedy


@pytest.mark.parametrize(
    "entity",
    [
        an_incident(title="x" * LONGEST_NAME, display_timezone="Asia/Kolkata"),
        an_entry("two lines\n\tand a tab, “quotes”, an emoji 🧯" + "x" * 19_000),
        an_entry("بوابة الدفع (v4.2)\u200f متوقفة، \u200eשרת"),  # Arabic, Hebrew, RLM and LRM
        a_message("x" * 200_000),
        a_session(),
        a_track(device="Built-in\x00microphone"),  # what the recorder has on disk comes in
        a_marker(text="x" * 30_000),
        replace(WHOLE, business=replace(BUSINESS, revenue=NEGATIVE)),
        *one_of_each(),
    ],
)
def test_what_people_enter_and_the_recorder_recorded_passes(entity: Entity) -> None:
    refuse_excess([Change(None, entity)])


def test_what_an_older_version_let_in_stays_while_the_rest_is_edited_or_it_goes() -> None:
    old = an_entry("x" * 30_000)
    refuse_excess([Change(old, replace(old, owner_role="operations"))])
    refuse_excess([Change(old, None)])
    with pytest.raises(InvalidRecordError):
        refuse_excess([Change(old, replace(old, text="y" * 30_000))])
    lost = an_incident(display_timezone="Mars/Olympus")
    refuse_excess([Change(lost, replace(lost, title="Another title"))])
    with pytest.raises(InvalidRecordError):
        refuse_excess([Change(lost, replace(lost, display_timezone="Mars/Elysium"))])


def test_a_text_that_stands_may_be_taken_over_by_what_the_same_step_adds_for_it() -> None:
    old = an_entry("x" * 30_000)
    decided = replace(old, kind=EntryKind.DECISION)
    companion = Change(None, a_decision(decided))
    refuse_excess([Change(old, decided), companion])
    with pytest.raises(InvalidRecordError, match=r"decision\.decision"):
        refuse_excess([companion])


def test_the_place_in_a_document_is_told_where_it_is_known() -> None:
    with pytest.raises(InvalidRecordError, match=r"^entries\[3\]\.text: "):
        refuse_excess([Change(None, an_entry("\x00"))], ["entries[3]"])
