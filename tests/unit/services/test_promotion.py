from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidRecordError
from app.domain.events import RecordChanged
from app.domain.ids import SegmentId
from app.domain.sessions import SessionKind
from app.domain.timeline import EntryKind, HypothesisState
from app.domain.times import Precision
from app.services.editing import Editing
from app.services.promotion import Promotion, Selection, entry_from
from tests.builders import INCIDENT, a_record, a_segment, a_session, a_spelled_segment, at

if TYPE_CHECKING:
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard

ROLLBACK = a_segment("The rollback started at 14:21.", 77_000, 79_900)
NO_TIME = a_segment("The error rate is dropping.", 86_000, 88_000)


@pytest.fixture
def promotion(store: SqlRecordStore, bus: LocalBus) -> Promotion:
    return Promotion(store, bus, actor="Marcus")


@pytest.fixture
def editing(store: SqlRecordStore, bus: LocalBus) -> Editing:
    return Editing(store, bus, actor="Marcus")


def whole(store: SqlRecordStore) -> Selection:
    return Selection(store.record(INCIDENT).segments[0].id)


def test_a_promoted_segment_keeps_its_words_its_span_and_the_time_they_say(
    store: SqlRecordStore, promotion: Promotion, heard: Heard
) -> None:
    operation = promotion.promote(INCIDENT, [whole(store)], kind=EntryKind.FACT)

    (entry,) = store.record(INCIDENT).entries
    (source,) = entry.sources
    assert entry.text == source.quote == "The rollback started at 14:21."
    assert (source.start_ms, source.end_ms) == (77_000, 79_900)
    assert (entry.occurred_at, entry.precision) == (at("14:21"), Precision.MINUTE)
    assert entry.noticed_at == at("14:47:17")
    assert operation.by == "Marcus"
    assert heard == [RecordChanged(INCIDENT, operation)]


def test_some_words_give_their_own_span_and_quote() -> None:
    chosen = Selection(ROLLBACK.id, first_word=1, last_word=2)
    entry = entry_from(a_record(segments=(ROLLBACK,)), [chosen], kind=EntryKind.FACT, text=None)

    (source,) = entry.sources
    assert source.quote == entry.text == "rollback started"
    assert source.start_ms == ROLLBACK.words[1].start_ms
    assert source.end_ms == ROLLBACK.words[2].end_ms


def test_the_quote_is_what_the_person_saw_the_glossarys_spelling_too() -> None:
    segment = a_spelled_segment("the check out api is down")
    chosen = Selection(segment.id, first_word=0, last_word=1)
    entry = entry_from(a_record(segments=(segment,)), [chosen], kind=EntryKind.FACT, text=None)

    (source,) = entry.sources
    assert source.quote == entry.text == "the checkout-api"
    assert source.end_ms == segment.words[1].heard[-1].end_ms


def test_what_is_typed_stands_and_the_quote_stays_what_was_said() -> None:
    entry = entry_from(
        a_record(segments=(ROLLBACK,)),
        [Selection(ROLLBACK.id)],
        kind=EntryKind.FACT,
        text="Rollback of v4.2.0 began",
    )
    assert entry.text == "Rollback of v4.2.0 began"
    assert entry.sources[0].quote == ROLLBACK.text


@pytest.mark.parametrize(
    ("kind", "occurred", "precision"),
    [
        (SessionKind.BRIDGE, at("14:47:26"), Precision.SECOND),
        (SessionKind.HOTWASH, None, Precision.UNKNOWN),
    ],
)
def test_words_without_a_time_occurred_when_said_only_if_the_session_is_live(
    kind: SessionKind, occurred: object, precision: Precision
) -> None:
    record = a_record(sessions=(a_session(kind=kind),), segments=(NO_TIME,))
    entry = entry_from(record, [Selection(NO_TIME.id)], kind=EntryKind.FACT, text=None)

    assert (entry.occurred_at, entry.precision) == (occurred, precision)
    assert entry.noticed_at == at("14:47:26")


def test_a_decision_comes_with_its_line_in_the_log_and_both_go_together(
    store: SqlRecordStore, promotion: Promotion, editing: Editing
) -> None:
    promotion.promote(INCIDENT, [whole(store)], kind=EntryKind.DECISION, text="Roll back")
    record = store.record(INCIDENT)
    assert [(d.decision, d.entry_id) for d in record.decisions] == [
        ("Roll back", record.entries[0].id)
    ]

    editing.undo(INCIDENT)
    assert (store.record(INCIDENT).entries, store.record(INCIDENT).decisions) == ((), ())


def test_an_action_is_promoted_to_an_action_and_a_hypothesis_is_open(
    store: SqlRecordStore, promotion: Promotion
) -> None:
    promotion.promote(INCIDENT, [whole(store)], kind=EntryKind.ACTION)
    promotion.promote(INCIDENT, [whole(store)], kind=EntryKind.HYPOTHESIS)
    record = store.record(INCIDENT)

    assert [action.text for action in record.actions] == ["The rollback started at 14:21."]
    states = {entry.kind: entry.hypothesis_state for entry in record.entries}
    assert states == {EntryKind.ACTION: None, EntryKind.HYPOTHESIS: HypothesisState.OPEN}


def test_nothing_selected_and_vanished_segments_are_told(promotion: Promotion) -> None:
    with pytest.raises(InvalidRecordError, match="no words are selected"):
        promotion.promote(INCIDENT, [], kind=EntryKind.FACT)
    with pytest.raises(InvalidRecordError, match="no longer in the transcript"):
        promotion.promote(INCIDENT, [Selection(SegmentId("gone"))], kind=EntryKind.FACT)
    record = a_record(segments=(ROLLBACK,))
    with pytest.raises(InvalidRecordError, match="no such words"):
        entry_from(record, [Selection(ROLLBACK.id, 40, 41)], kind=EntryKind.FACT, text=None)


def test_rewording_removing_and_changing_the_kind_are_steps_that_can_be_undone(
    store: SqlRecordStore, promotion: Promotion, editing: Editing
) -> None:
    promotion.promote(INCIDENT, [whole(store)], kind=EntryKind.DECISION, text="Roll back")
    entry_id = store.record(INCIDENT).entries[0].id

    editing.set_text(INCIDENT, entry_id, "Roll back v4.2.0")
    assert store.record(INCIDENT).decisions[0].decision == "Roll back v4.2.0"
    editing.set_kind(INCIDENT, entry_id, EntryKind.ACTION)
    record = store.record(INCIDENT)
    assert (len(record.decisions), [a.text for a in record.actions]) == (0, ["Roll back v4.2.0"])
    editing.remove_entry(INCIDENT, entry_id)
    assert store.record(INCIDENT).entries == store.record(INCIDENT).actions == ()

    for _ in range(3):
        editing.undo(INCIDENT)
    record = store.record(INCIDENT)
    assert [entry.text for entry in record.entries] == ["Roll back"]
    assert [decision.decision for decision in record.decisions] == ["Roll back"]


def test_corrected_words_keep_the_original_and_settle_the_doubt(
    store: SqlRecordStore, editing: Editing
) -> None:
    segment = store.record(INCIDENT).segments[0]

    editing.set_segment_text(INCIDENT, segment.id, "The rollback started at 14:22.")

    (corrected,) = store.record(INCIDENT).segments
    assert corrected.text == "The rollback started at 14:22."
    assert corrected.original_text == segment.text
    assert corrected.edited


def test_an_empty_wording_is_refused(
    store: SqlRecordStore, promotion: Promotion, editing: Editing
) -> None:
    promotion.promote(INCIDENT, [whole(store)], kind=EntryKind.FACT)
    with pytest.raises(InvalidRecordError, match="needs words"):
        editing.set_text(INCIDENT, store.record(INCIDENT).entries[0].id, "  ")
