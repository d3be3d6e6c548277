"""Status updates, marks and locks, as the command line and the window ask for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import CaptureError, InvalidRecordError, NotFoundError
from app.domain.ids import IncidentId, MarkerId, SessionId, new_id
from app.domain.record import Change
from app.domain.sessions import Marker, MarkerKind, Session
from app.domain.timeline import TimelineEntry
from app.services.locking import Locking
from app.services.marking import Marking
from app.services.record_edits import RecordEdits
from app.services.record_json import record_document, record_sha256
from app.services.status_updates import StatusUpdates, StatusWords
from app.services.steps import Steps
from tests.builders import INCIDENT, SESSION, a_session, at

if TYPE_CHECKING:
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard


class FakeDesk:
    """A recording desk at which a session runs, or none."""

    def __init__(self, running: Session | None) -> None:
        self.running = running

    def reattach(self, wanted: IncidentId | None = None) -> Session | None:
        return self.running if wanted in {None, INCIDENT} else None

    def mark(self, kind: MarkerKind, text: str = "") -> Marker:
        return Marker(MarkerId(new_id("mrk")), SESSION, 5_000, kind, "Marcus", text)


@pytest.fixture
def status(store: SqlRecordStore, bus: LocalBus) -> StatusUpdates:
    return StatusUpdates(Steps(store, bus, actor="Marcus"))


@pytest.fixture
def locking(store: SqlRecordStore, bus: LocalBus) -> Locking:
    return Locking(store, bus, actor="Marcus")


@pytest.fixture
def edits(store: SqlRecordStore, bus: LocalBus) -> RecordEdits:
    return RecordEdits(store, bus, actor="Marcus")


def marking(store: SqlRecordStore, bus: LocalBus, running: Session | None = None) -> Marking:
    return Marking(store, bus, FakeDesk(running), actor="Marcus")


def test_a_status_update_says_when_the_next_one_comes(
    store: SqlRecordStore, status: StatusUpdates, heard: Heard
) -> None:
    made = status.post(INCIDENT, StatusWords(known="5xx at checkout"), next_update="30m")

    assert store.record(INCIDENT).status_updates == (made,)
    assert made.next_update_at is not None
    assert (made.next_update_at - made.at).total_seconds() == 1800
    assert len(heard) == 1


def test_without_a_next_time_only_the_closing_update_is_taken(status: StatusUpdates) -> None:
    with pytest.raises(InvalidRecordError, match="when the next one comes") as told:
        status.post(INCIDENT, StatusWords(known="x"))
    assert "--closing" in told.value.remedy
    assert status.post(INCIDENT, StatusWords(known="all well"), closing=True).closing


@pytest.mark.parametrize(
    ("words", "following"),
    [
        (StatusWords(), "30m"),
        (StatusWords(known="x"), "9999-12-31T23:59-12:00"),
        (StatusWords(known="x"), "2020-01-01T00:00Z"),
    ],
)
def test_an_update_that_says_nothing_or_promises_the_past_is_refused(
    store: SqlRecordStore, status: StatusUpdates, words: StatusWords, following: str
) -> None:
    with pytest.raises(InvalidRecordError, match="status"):
        status.post(INCIDENT, words, next_update=following)
    assert store.record(INCIDENT).status_updates == ()


def test_a_next_update_that_is_over_already_is_no_promise_for_tomorrow(
    status: StatusUpdates,
) -> None:
    with pytest.raises(InvalidRecordError, match="is over already") as told:
        status.post(INCIDENT, StatusWords(known="x"), next_update="14:00", at=at("14:43"))
    with pytest.raises(InvalidRecordError, match="is no time such as"):
        status.post(INCIDENT, StatusWords(known="x"), next_update="soon")
    assert "tomorrow 14:00" in told.value.remedy


def test_a_mark_goes_to_the_running_recording(store: SqlRecordStore, bus: LocalBus) -> None:
    made = marking(store, bus, a_session()).mark(INCIDENT, MarkerKind.LOOK, "")
    assert isinstance(made, Marker)
    assert made.at_ms == 5_000


def test_without_a_recording_the_words_become_an_entry_of_their_kind(
    store: SqlRecordStore, bus: LocalBus
) -> None:
    made = marking(store, bus).mark(INCIDENT, MarkerKind.DECISION, "Roll back")

    record = store.record(INCIDENT)
    assert isinstance(made, TimelineEntry)
    assert record.entries == (made,)
    assert made.occurred_at is not None
    assert [decision.decision for decision in record.decisions] == ["Roll back"]


@pytest.mark.parametrize(("kind", "text"), [(MarkerKind.LOOK, "there"), (MarkerKind.FACT, "")])
def test_without_a_recording_and_without_words_a_mark_is_refused(
    store: SqlRecordStore, bus: LocalBus, kind: MarkerKind, text: str
) -> None:
    with pytest.raises(CaptureError, match="being recorded"):
        marking(store, bus).mark(INCIDENT, kind, text)


def test_a_mark_can_be_put_on_a_recording_that_is_over(
    store: SqlRecordStore, bus: LocalBus
) -> None:
    work = marking(store, bus)
    made = work.mark_at(INCIDENT, SESSION, 77_000, MarkerKind.FACT, "rollback")
    assert store.record(INCIDENT).markers == (made,)
    with pytest.raises(InvalidRecordError, match="ends after 130 s"):
        work.mark_at(INCIDENT, SESSION, 131_000, MarkerKind.FACT, "")
    with pytest.raises(NotFoundError):
        work.mark_at(INCIDENT, SessionId("ses-none"), 1, MarkerKind.FACT, "")


def test_a_lock_holds_the_facts_and_tells_what_changed_after_it(
    store: SqlRecordStore, locking: Locking, edits: RecordEdits
) -> None:
    entries = [{"id": name, "kind": "fact", "text": name} for name in ("e1", "e2", "e3")]
    edits.apply(INCIDENT, {"entries": entries})
    before = store.record(INCIDENT)

    lock = locking.lock(INCIDENT, "before analysis")

    assert lock.record_sha256 == record_sha256(before)
    assert record_document(store.record(INCIDENT))["locks"][0]["changes"] == []
    edits.apply(
        INCIDENT,
        {
            "entries": [
                {"id": "e1", "text": "reworded", "in_report": False},
                {"id": "e2", "remove": True},
                {"id": "e4", "kind": "fact", "text": "late"},
            ],
            "scope": {"users": "unknown"},
        },
    )
    shown = record_document(store.record(INCIDENT))["locks"][0]
    assert [(c["type"], c["id"], c["change"], c["fields"]) for c in shown["changes"]] == [
        ("entry", "e1", "changed", ["text", "in_report"]),
        ("entry", "e4", "added", []),
        ("scope", INCIDENT, "added", []),
        ("entry", "e2", "removed", []),
    ]


def test_what_is_put_back_as_it_was_is_no_change(
    store: SqlRecordStore, locking: Locking, edits: RecordEdits
) -> None:
    edits.apply(INCIDENT, {"entries": [{"id": "e1", "kind": "fact", "text": "x"}]})
    locking.lock(INCIDENT, "facts")
    edits.apply(INCIDENT, {"entries": [{"id": "e1", "text": "y"}]})
    store.undo(INCIDENT, by="x")
    assert record_document(store.record(INCIDENT))["locks"][0]["changes"] == []


def test_a_better_transcript_does_not_change_what_was_locked(
    store: SqlRecordStore, locking: Locking
) -> None:
    locking.lock(INCIDENT, "facts")
    (segment,) = store.record(INCIDENT).segments
    better = replace(segment, text="The rollback began.")
    store.commit(INCIDENT, [Change(segment, better)], by="x", label="correct")
    assert record_document(store.record(INCIDENT))["locks"][0]["changes"] == []


def test_a_lock_needs_a_name_of_its_own_and_is_not_undone(
    store: SqlRecordStore, locking: Locking
) -> None:
    locking.lock(INCIDENT, "facts")
    for name in ("facts", " "):
        with pytest.raises(InvalidRecordError, match="lock"):
            locking.lock(INCIDENT, name)
    assert store.undo(INCIDENT, by="x") is None
    assert len(store.record(INCIDENT).locks) == 1
