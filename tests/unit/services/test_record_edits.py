from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.closeout import CloseOutItem
from app.domain.errors import InvalidRecordError
from app.domain.record import Change
from app.domain.timeline import EntryKind, HypothesisState
from app.domain.transcript import RecognitionPass
from app.services.record_edits import RecordEdits
from app.services.record_json import record_bytes, record_document, record_sha256
from tests.builders import BRIDGE, INCIDENT, ROOM, SESSION, a_speaker, at

if TYPE_CHECKING:
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore

KEYS = (
    "schema_version incident roles scope sessions speakers segments messages events series "
    "entries decisions impact slos rca actions status_updates checkpoints evidence "
    "communications learnings markers locks closeout edits reconciliations suggestions "
    "redactions"
)
SEGMENT_KEYS = (
    "id session_id track_id start_ms end_ms start_utc end_utc speaker_id text original_text "
    "pass flag words confidence overlap redacted bleed speaker_by_person"
)


@pytest.fixture
def edits(store: SqlRecordStore, bus: LocalBus) -> RecordEdits:
    return RecordEdits(store, bus, actor="Marcus")


def a_span(start_ms: int = 77_000, end_ms: int = 79_900, **more: Any) -> dict[str, Any]:
    where = {"session_id": SESSION, "track_id": BRIDGE, "start_ms": start_ms, "end_ms": end_ms}
    return {"type": "span", **where, **more}


def test_a_promotion_is_written_as_a_span_and_gets_its_quote_from_the_transcript(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(
        INCIDENT, {"entries": [{"kind": "fact", "text": "Rollback", "sources": [a_span()]}]}
    )

    (entry,) = store.record(INCIDENT).entries
    assert entry.sources[0].quote == "The rollback started at 14:21."
    assert entry.noticed_at == at("14:47:17")


def test_a_part_of_a_segment_quotes_only_the_words_inside(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    words = store.record(INCIDENT).segments[0].words
    span = a_span(words[1].start_ms, words[2].end_ms)

    edits.apply(INCIDENT, {"entries": [{"kind": "fact", "text": "x", "sources": [span]}]})

    assert store.record(INCIDENT).entries[0].sources[0].quote == "rollback started"


def test_decisions_and_hypotheses_come_complete(store: SqlRecordStore, edits: RecordEdits) -> None:
    edits.apply(
        INCIDENT,
        {
            "entries": [
                {"kind": "decision", "text": "Roll back"},
                {"kind": "hypothesis", "text": "The pool"},
                {"id": "ent-mine", "kind": "decision", "text": "Wait"},
            ],
            "decisions": [{"entry_id": "ent-mine", "decision": "Wait", "rationale": "No data"}],
        },
    )

    record = store.record(INCIDENT)
    assert sorted(d.decision for d in record.decisions) == ["Roll back", "Wait"]
    states = [e.hypothesis_state for e in record.entries if e.kind is EntryKind.HYPOTHESIS]
    assert states == [HypothesisState.OPEN]


def test_known_ids_are_changed_and_the_incident_too(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, {"entries": [{"id": "e1", "kind": "fact", "text": "first"}]})

    edits.apply(
        INCIDENT,
        {
            "incident": {"state": "resolved", "owner": "incident commander"},
            "entries": [
                {"id": "e1", "occurred_at": "2026-03-12T14:02:00Z", "precision": "minute"}
            ],
        },
    )

    record = store.record(INCIDENT)
    assert record.incident.state.value == "resolved"
    assert record.entries[0].occurred_at == at("14:02")
    assert record.entries[0].text == "first"


def test_a_whole_shown_document_applies_to_itself_and_changes_nothing(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, {"entries": [{"id": "e1", "kind": "decision", "text": "first"}]})
    shown = record_document(store.record(INCIDENT))

    operation = edits.apply(INCIDENT, shown)

    assert operation.changes == ()


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "document"),
        ({"evidences": []}, "evidences"),
        ({"entries": {}}, "entries"),
        ({"entries": ["x"]}, "entries[0]"),
        (
            {"entries": [{"kind": "fact", "text": "ok"}, {"kind": "rumour", "text": "x"}]},
            "entries[1].kind",
        ),
        ({"entries": [{"kind": "fact"}]}, "entries[0].text"),
        ({"entries": [{"kind": "fact", "text": "x", "colour": "red"}]}, "entries[0].colour"),
        ({"entries": [{"id": "a", "kind": "fact", "text": "x"}] * 2}, "entries[1].id"),
        ({"entries": [{"id": "gone", "remove": True}]}, "entries[0].id"),
        (
            {"entries": [{"kind": "fact", "text": "x", "sources": [a_span(track_id="no")]}]},
            "entries[0].sources[0]",
        ),
        (
            {"entries": [{"kind": "fact", "text": "x", "sources": [a_span(5, 5)]}]},
            "entries[0].sources[0]",
        ),
        (
            {"entries": [{"kind": "fact", "text": "x", "occurred_at": "2026-03-12T14:02:00"}]},
            "entries[0]",
        ),
        (
            {"entries": [{"kind": "fact", "text": "x", "sources": [a_span(quote="Never said")]}]},
            "entries[0].sources[0].quote",
        ),
        (
            {"entries": [{"kind": "fact", "text": "x", "sources": [a_span(10, 500_000_000)]}]},
            "entries[0].sources[0].end_ms",
        ),
        ({"segments": [{"id": "seg-none", "text": "x"}]}, "segments[0].id"),
        ({"incident": {"title": " "}}, "incident"),
        ({"incident": {"id": "inc-other"}}, "incident.id"),
    ],
)
def test_a_bad_line_changes_nothing_and_names_its_place(
    store: SqlRecordStore, edits: RecordEdits, document: object, place: str
) -> None:
    before = record_bytes(store.record(INCIDENT))

    with pytest.raises(InvalidRecordError) as told:
        edits.apply(INCIDENT, document)

    assert told.value.place == place
    assert record_bytes(store.record(INCIDENT)) == before


def test_only_the_words_of_a_segment_can_be_changed(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    segment_id = store.record(INCIDENT).segments[0].id
    edits.apply(INCIDENT, {"segments": [{"id": segment_id, "text": "It began."}]})
    assert store.record(INCIDENT).segments[0].text == "It began."

    with pytest.raises(InvalidRecordError, match="cannot be changed"):
        edits.apply(INCIDENT, {"segments": [{"id": segment_id, "start_ms": 5}]})


def test_removing_is_a_step_like_any_other(store: SqlRecordStore, edits: RecordEdits) -> None:
    edits.apply(INCIDENT, {"entries": [{"id": "e1", "kind": "fact", "text": "x"}]})
    edits.apply(INCIDENT, {"entries": [{"id": "e1", "remove": True}]})
    assert store.record(INCIDENT).entries == ()
    store.undo(INCIDENT, by="x")
    assert [entry.id for entry in store.record(INCIDENT).entries] == ["e1"]


def test_a_decision_entry_is_removed_with_its_line_in_the_log(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, {"entries": [{"id": "e1", "kind": "decision", "text": "Roll back"}]})
    edits.apply(INCIDENT, {"entries": [{"id": "e1", "remove": True}]})
    assert store.record(INCIDENT).entries == store.record(INCIDENT).decisions == ()


def test_the_document_has_every_key_in_its_order_and_two_calls_are_equal(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, {"entries": [{"kind": "action", "text": "Add an alert"}]})
    first, second = (record_bytes(store.record(INCIDENT)) for _ in range(2))

    document = json.loads(first)
    assert first == second
    assert list(document) == KEYS.split()
    assert list(document["segments"][0]) == SEGMENT_KEYS.split()
    assert document["segments"][0]["start_utc"] == "2026-03-12T14:47:17Z"
    assert document["segments"][0]["pass"] == RecognitionPass.FINAL.value
    assert document["entries"][0]["edits"] == [document["edits"][-1]["id"]]
    assert {track["id"] for track in document["sessions"][0]["tracks"]} == {ROOM, BRIDGE}
    assert len(record_sha256(store.record(INCIDENT))) == 64


def test_a_document_closes_and_opens_again_only_what_the_command_would(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    closing = {"incident": {"state": "closed"}}
    with pytest.raises(InvalidRecordError, match=r"incident\.state: .* only what is over"):
        edits.apply(INCIDENT, closing)
    edits.apply(INCIDENT, {"incident": {"state": "resolved"}})
    with pytest.raises(InvalidRecordError, match="closing waits for: actions shipped") as told:
        edits.apply(INCIDENT, closing)
    assert '{"closeout": {"actions_shipped": true,' in told.value.remedy
    assert "FILE.json" in told.value.remedy
    assert '"waivers": [{"item": "runbook_updated", "by": ' in told.value.remedy
    assert store.record(INCIDENT).incident.state.value == "resolved"

    done = dict.fromkeys((item.value for item in CloseOutItem), True)
    edits.apply(INCIDENT, {**closing, "closeout": {**done, "review_dates": ["2026-04-12"]}})
    assert store.record(INCIDENT).incident.state.value == "closed"

    with pytest.raises(InvalidRecordError, match="it is closed"):
        edits.apply(INCIDENT, {"incident": {"state": "active"}})
    with pytest.raises(InvalidRecordError, match=r"incident\.reason"):
        edits.apply(INCIDENT, {"incident": {"state": "active", "reason": ["?"]}})
    edits.apply(INCIDENT, {"incident": {"state": "active", "reason": "it came back"}})
    assert store.record(INCIDENT).incident.state_history[-1].reason == "it came back"


def test_a_voice_given_by_a_document_is_a_persons_choice_and_a_shown_one_none(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    tom, maya, ana = (a_speaker(f"Bridge {letter}") for letter in "ABC")
    voices = [Change(None, replace(tom, merged_into=maya.id)), Change(None, maya)]
    store.commit(INCIDENT, [*voices, Change(None, ana)], by="test", label="x", undoable=False)
    (line,) = store.record(INCIDENT).segments
    store.label_segments([(line, [replace(line, speaker_id=tom.id)])])
    before = store.record(INCIDENT).segments

    shown = json.loads(record_bytes(store.record(INCIDENT)))
    edits.apply(INCIDENT, shown)
    assert shown["segments"][0]["speaker_id"] == maya.id, "the voice as which it counts"
    assert store.record(INCIDENT).segments == before

    edits.apply(INCIDENT, {"segments": [{"id": line.id, "speaker_id": ana.id}]})
    (given,) = store.record(INCIDENT).segments
    assert (given.speaker_id, given.speaker_by_person) == (ana.id, True)


def test_a_voice_is_not_merged_by_a_document_into_one_that_is_not_there(
    store: SqlRecordStore, edits: RecordEdits
) -> None:
    tom = a_speaker()
    store.commit(INCIDENT, [Change(None, tom)], by="test", label="x", undoable=False)

    with pytest.raises(InvalidRecordError, match=r"speakers\[0\].merged_into.*spk-gone"):
        edits.apply(INCIDENT, {"speakers": [{"id": tom.id, "merged_into": "spk-gone"}]})
