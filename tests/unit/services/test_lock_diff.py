from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.services.editing import Editing
from app.services.lock_diff import lock_diff, word_diff
from app.services.locking import Locking
from app.services.record_edits import RecordEdits
from tests.builders import INCIDENT

if TYPE_CHECKING:
    from app.services.bus import LocalBus
    from app.services.lock_diff import ThingDiff
    from app.storage.record_store import SqlRecordStore

ENTRIES = [
    {"id": "e1", "kind": "fact", "text": "The pool was at its limit"},
    {"id": "e2", "kind": "fact", "text": "It began"},
]


class Desk:
    """Locks and edits of two people."""

    def __init__(self, store: SqlRecordStore, bus: LocalBus) -> None:
        self.store = store
        self.edits = RecordEdits(store, bus, actor="Priya")
        self.editing = Editing(store, bus, actor="Marcus")
        self.edits.apply(INCIDENT, {"entries": ENTRIES})
        self.locking = Locking(store, bus, actor="Marcus")

    def entries(self, *entries: dict[str, Any]) -> None:
        self.edits.apply(INCIDENT, {"entries": list(entries)})

    def diff(self) -> dict[str, ThingDiff]:
        record = self.store.record(INCIDENT)
        return {thing.id: thing for thing in lock_diff(record, record.locks[0])}


@pytest.fixture
def desk(store: SqlRecordStore, bus: LocalBus) -> Desk:
    return Desk(store, bus)


def test_a_reworded_fact_shows_its_words_before_and_after_and_whose_they_are(desk: Desk) -> None:
    desk.locking.lock(INCIDENT, "facts")
    desk.entries({"id": "e1", "text": "The thread pool was near its limit", "owner_role": "IC"})
    thing = desk.diff()["e1"]
    assert (thing.change, thing.former_known) == ("changed", True)
    text, role = thing.fields
    assert [(run.change, run.text) for run in text.words] == [
        ("same", "The"),
        ("added", " thread"),
        ("same", " pool was"),
        ("removed", " at"),
        ("added", " near"),
        ("same", " its limit"),
    ]
    assert (role.name, role.former, role.now, role.words) == ("owner_role", None, "IC", ())
    assert [(step.by, step.label) for step in thing.steps] == [("Priya", "apply a document")]


def test_what_came_and_went_is_told_whole(desk: Desk) -> None:
    desk.locking.lock(INCIDENT, "facts")
    desk.entries({"id": "e2", "remove": True}, {"id": "e3", "kind": "fact", "text": "new"})
    found = desk.diff()
    assert (found["e2"].change, found["e2"].shown_as) == ("removed", "It began")
    assert ("text", "It began", None) in _told(found["e2"])
    assert (found["e3"].change, found["e3"].former_known) == ("added", True)
    assert ("text", None, "new") in _told(found["e3"])


def test_an_edit_that_was_taken_back_is_nobodys(desk: Desk) -> None:
    desk.locking.lock(INCIDENT, "facts")
    desk.entries({"id": "e1", "text": "x"})
    desk.editing.undo(INCIDENT)
    assert desk.diff() == {}


def test_taking_back_what_is_older_than_the_lock_shows_and_names_no_step(desk: Desk) -> None:
    desk.entries({"id": "e1", "text": "reworded"})
    desk.locking.lock(INCIDENT, "facts")
    desk.editing.undo(INCIDENT)
    thing = desk.diff()["e1"]
    assert _told(thing) == [("text", "reworded", "The pool was at its limit")]
    assert thing.steps == ()


def test_an_unchanged_record_differs_in_nothing(desk: Desk) -> None:
    desk.locking.lock(INCIDENT, "facts")
    assert desk.diff() == {}


@pytest.mark.parametrize(
    ("former", "now"), [("", "a b"), ("a b", ""), (" a  b", "a b "), ("a\nb", "a c"), ("ä", "ä")]
)
def test_the_runs_of_words_make_both_texts(former: str, now: str) -> None:
    runs = word_diff(former, now)
    assert "".join(run.text for run in runs if run.change != "added") == former
    assert "".join(run.text for run in runs if run.change != "removed") == now


def _told(thing: ThingDiff) -> list[tuple[str, Any, Any]]:
    return [(field.name, field.former, field.now) for field in thing.fields]
