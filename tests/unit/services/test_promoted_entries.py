"""Messages, events, markers and stretches become entries that keep where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import EventId, MarkerId, MessageId, SessionId
from app.domain.imported import EventKind
from app.domain.incident import IncidentState
from app.domain.record import Change
from app.domain.sessions import SessionKind, TrackLabel
from app.domain.timeline import Anchor, EntryKind, HypothesisState, SourceType
from app.domain.times import Precision, Span
from app.services.promoted_entries import (
    entry_of_event,
    entry_of_marker,
    entry_of_message,
    entry_of_stretch,
)
from app.services.promotion import Given, Promotion
from tests.builders import (
    BRIDGE,
    INCIDENT,
    ROOM,
    SESSION,
    a_marker,
    a_record,
    a_segment,
    a_session,
    a_track,
    an_entry,
    an_incident,
    at,
)
from tests.record_builders import a_message, an_event

if TYPE_CHECKING:
    from app.domain.record import Entity
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore

FACT = EntryKind.FACT
HEARD = a_segment("The pool is at its limit.", 50_000, 53_000)
IN_THE_ROOM = a_segment("I see it too.", 54_000, 56_000, track_id=ROOM)
LATER = a_segment("Somebody else.", 90_000, 92_000)


@pytest.fixture
def promotion(store: SqlRecordStore, bus: LocalBus) -> Promotion:
    return Promotion(store, bus, actor="Marcus")


def put(store: SqlRecordStore, *things: Entity) -> None:
    changes = [Change(None, thing) for thing in things]
    store.commit(INCIDENT, changes, by="test", label="import", undoable=False)


def test_an_event_occurred_when_its_system_says_to_the_second() -> None:
    event = an_event(kind=EventKind.DEPLOY, text="v4.2.0 went out at 13:00", at=at("13:58:07"))
    entry = entry_of_event(a_record(events=(event,)), event.id, FACT, None)
    assert (entry.occurred_at, entry.precision) == (at("13:58:07"), Precision.SECOND)
    assert entry.noticed_at == at("13:58:07")
    (source,) = entry.sources
    assert (source.type, source.event_id, source.quote) == (
        SourceType.EVENT,
        event.id,
        "v4.2.0 went out at 13:00",
    )


@pytest.mark.parametrize(
    ("words", "written", "occurred", "precision"),
    [
        ("5xx since 14:02", "14:50", at("14:02"), Precision.MINUTE),
        ("rolling back now", "14:47", at("14:47"), Precision.SECOND),  # during the session
        ("the rollback was late", "18:00", None, Precision.UNKNOWN),  # hours after it
        ("at 14:02 and since 14:05", "18:00", None, Precision.UNKNOWN),
    ],
)
def test_a_message_occurred_when_its_words_say_else_when_written_if_that_was_during_it(
    words: str, written: str, occurred: Any, precision: Precision
) -> None:
    message = a_message(words, at=at(written))
    entry = entry_of_message(a_record(messages=(message,)), message.id, FACT, None)
    assert (entry.occurred_at, entry.precision) == (occurred, precision)
    assert entry.noticed_at == at(written)
    (source,) = entry.sources
    assert (source.type, source.message_id, source.quote) == (
        SourceType.MESSAGE,
        message.id,
        words,
    )


def test_a_message_is_of_the_incident_from_its_start_to_its_resolution() -> None:
    message = a_message("trying a restart", at=at("14:20"))
    start = an_entry(occurred="14:02", anchor=Anchor.IMPACT_START)
    over = an_entry(occurred="14:10", anchor=Anchor.MONITORING_COMPLETE)
    later = an_entry(occurred="14:30", anchor=Anchor.MONITORING_COMPLETE)
    closed = an_incident(state=IncidentState.CLOSED)
    for entries, more, expected in (
        ((), {}, None),
        ((start,), {}, at("14:20")),
        ((start,), {"incident": closed}, None),
        ((start, over), {}, None),
        ((start, later), {"incident": closed}, at("14:20")),
    ):
        record = a_record(*entries, messages=(message,), sessions=(), tracks=(), **more)
        assert entry_of_message(record, message.id, FACT, None).occurred_at == expected


def test_a_marker_keeps_the_twenty_seconds_before_it_and_what_was_heard_on_each_track() -> None:
    marker = a_marker(at_ms=60_000)
    record = a_record(markers=(marker,), segments=(HEARD, IN_THE_ROOM, LATER))
    entry = entry_of_marker(record, marker.id, EntryKind.HYPOTHESIS, None)
    assert entry.text == "The pool is at its limit. I see it too."
    assert {(s.track_id, s.start_ms, s.end_ms, s.quote) for s in entry.sources} == {
        (BRIDGE, 40_000, 60_000, HEARD.text),
        (ROOM, 40_000, 60_000, IN_THE_ROOM.text),
    }
    assert {(s.type, s.marker_id) for s in entry.sources} == {(SourceType.MARKER, marker.id)}
    # It was pressed after what it means: so it occurred about then.
    assert (entry.occurred_at, entry.precision) == (at("14:47"), Precision.APPROX)
    assert entry.noticed_at == at("14:47")
    assert entry.hypothesis_state is HypothesisState.OPEN


def test_a_marker_says_what_was_typed_with_it_and_takes_the_time_from_those_words() -> None:
    marker = a_marker(at_ms=60_000, text="5xx since 14:02")
    record = a_record(markers=(marker,), segments=(HEARD,))
    entry = entry_of_marker(record, marker.id, FACT, None)
    assert (entry.text, entry.occurred_at) == ("5xx since 14:02", at("14:02"))
    assert entry.precision is Precision.MINUTE
    assert entry_of_marker(record, marker.id, FACT, "mine").text == "mine"


def test_a_marker_near_the_start_without_words_keeps_its_audio_alone() -> None:
    marker = a_marker(at_ms=0)
    record = a_record(markers=(marker,))
    entry = entry_of_marker(record, marker.id, FACT, "Somebody joined")
    assert [(s.start_ms, s.end_ms, s.quote) for s in entry.sources] == [(0, 1, "")] * 2
    with pytest.raises(InvalidRecordError, match="no words"):
        entry_of_marker(record, marker.id, FACT, None)


def test_a_marker_on_a_session_that_looks_back_tells_no_time() -> None:
    marker = a_marker(at_ms=60_000)
    session = a_session(kind=SessionKind.HOTWASH)
    record = a_record(markers=(marker,), segments=(HEARD,), sessions=(session,))
    entry = entry_of_marker(record, marker.id, FACT, None)
    assert (entry.occurred_at, entry.precision) == (None, Precision.UNKNOWN)
    assert entry.noticed_at == at("14:47")


def test_a_stretch_ends_with_its_track_and_begins_on_one() -> None:
    short = a_track(TrackLabel.BRIDGE, duration_ms=52_000)
    record = a_record(tracks=(short,), segments=(HEARD,))
    entry = entry_of_stretch(record, SESSION, Span(49_000, 60_000), FACT, None)
    (source,) = entry.sources
    assert (source.type, source.start_ms, source.end_ms) == (SourceType.SPAN, 49_000, 52_000)
    assert source.segment_ids == (HEARD.id,)
    assert (entry.occurred_at, entry.precision) == (at("14:46:49"), Precision.SECOND)
    with pytest.raises(InvalidRecordError, match="nothing was recorded"):
        entry_of_stretch(record, SESSION, Span(52_000, 60_000), FACT, None)


def test_what_is_not_there_is_told() -> None:
    record = a_record()
    with pytest.raises(NotFoundError, match="message"):
        entry_of_message(record, MessageId("x"), FACT, None)
    with pytest.raises(NotFoundError, match="event"):
        entry_of_event(record, EventId("x"), FACT, None)
    with pytest.raises(NotFoundError, match="marker"):
        entry_of_marker(record, MarkerId("x"), FACT, None)
    with pytest.raises(NotFoundError, match="session"):
        entry_of_stretch(record, SessionId("x"), Span(0, 1), FACT, None)


def test_what_is_promoted_is_one_step_with_its_companion_time_and_anchor(
    store: SqlRecordStore, promotion: Promotion
) -> None:
    message, event, marker = a_message("Roll back"), an_event(), a_marker()
    put(store, message, event, marker)
    before = store.record(INCIDENT)
    tried = Given("14:17", Anchor.MITIGATION_ATTEMPT)
    action = EntryKind.ACTION
    promotion.promote_message(INCIDENT, message.id, kind=EntryKind.DECISION)
    promotion.promote_event(INCIDENT, event.id, kind=action, given=tried)
    promotion.promote_marker(INCIDENT, marker.id, kind=FACT, text="It began")
    promotion.promote_stretch(INCIDENT, SESSION, Span(70_000, 80_000), kind=EntryKind.STATUS)

    record = store.record(INCIDENT)
    assert [d.decision for d in record.decisions] == ["Roll back"]
    assert record.actions == (), "what was tried is nothing to follow up"
    entry = next(e for e in record.entries if e.kind is action)
    assert (entry.anchor, entry.occurred_at, entry.precision, entry.original_time) == (
        Anchor.MITIGATION_ATTEMPT,
        at("14:17"),
        Precision.MINUTE,
        None,
    )
    for _ in range(4):
        assert store.undo(INCIDENT, by="Priya") is not None
    after = store.record(INCIDENT)
    assert (after.entries, after.decisions, after.actions) == ((), (), ())
    assert after.messages == before.messages
