"""Voices get names and roles, are merged and split, and lines are given to other ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.errors import InvalidRecordError, NameTakenError, NotFoundError
from app.domain.ids import SegmentId, SpeakerId
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass, text_of
from app.services.editing import Editing
from app.services.people import People
from app.services.promotion import Selection
from app.services.voice_labels import DRAFT
from tests.builders import BRIDGE, INCIDENT, a_segment, a_speaker

if TYPE_CHECKING:
    from app.domain.record import Operation
    from app.domain.transcript import Segment, Speaker
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard

TOM = a_speaker("Bridge A", track_label=TrackLabel.BRIDGE)
MAYA = a_speaker("Bridge B", track_label=TrackLabel.BRIDGE)
FIRST = a_segment("We roll back now", 10_000, 14_000, speaker_id=TOM.id)
SECOND = a_segment("Yes please go ahead", 15_000, 19_000, speaker_id=MAYA.id)
THIRD = a_segment("It is rolling back", 20_000, 24_000, speaker_id=TOM.id)
FOURTH = a_segment("Errors are falling", 25_000, 28_000, speaker_id=TOM.id)


@pytest.fixture
def people(store: SqlRecordStore, bus: LocalBus) -> People:
    changes = [Change(None, voice) for voice in (TOM, MAYA)]
    store.commit(INCIDENT, changes, by="hotwash", label="tell voices apart", undoable=False)
    lines = [FIRST, SECOND, THIRD, FOURTH]
    store.add_segments(BRIDGE, lines, made_in=RecognitionPass.FINAL, cursor_ms=80_000)
    return People(store, bus, actor="Priya")


@pytest.fixture
def editing(store: SqlRecordStore, bus: LocalBus) -> Editing:
    return Editing(store, bus, actor="Priya")


def said(store: SqlRecordStore) -> list[tuple[str, str]]:
    """Return who says what, in order, of those who are known."""
    record = store.record(INCIDENT)
    lines = [(record.speaker_name(line.speaker_id), line.text) for line in record.segments]
    return [line for line in lines if line[0]]


def voice(store: SqlRecordStore, speaker_id: SpeakerId) -> Speaker:
    return next(v for v in store.record(INCIDENT).speakers if v.id == speaker_id)


def line(store: SqlRecordStore, segment_id: SegmentId) -> Segment:
    return next(s for s in store.record(INCIDENT).segments if s.id == segment_id)


def made_by(operation: Operation | None) -> Speaker:
    """Return the voice that a step has added."""
    assert operation is not None
    added = operation.changes[0].after
    assert added is not None
    return added  # type: ignore[return-value]


def test_who_is_split_off_from_a_voice_of_a_draft_is_none_of_the_draft(
    people: People, store: SqlRecordStore
) -> None:
    draft = replace(TOM, label=f"Bridge 1{DRAFT}")
    store.commit(INCIDENT, [Change(TOM, draft)], by="hotwash", label="tell voices apart")

    assert made_by(people.split(INCIDENT, [Selection(THIRD.id)])).label == "Bridge 1 (2)"


def test_a_name_shows_at_every_line_of_the_voice_and_goes_with_an_undo(
    people: People, editing: Editing, store: SqlRecordStore, heard: Heard
) -> None:
    operation = people.rename(INCIDENT, TOM.id, " Tom ")

    assert voice(store, TOM.id) == replace(TOM, name="Tom", confirmed=True)
    assert [who for who, _ in said(store)] == ["Tom", "Bridge B", "Tom", "Tom"]
    assert [event.operation for event in heard] == [operation]  # type: ignore[union-attr]

    editing.undo(INCIDENT)
    assert voice(store, TOM.id) == TOM


def test_an_empty_name_takes_the_name_back(people: People, store: SqlRecordStore) -> None:
    people.rename(INCIDENT, TOM.id, "Tom")

    people.rename(INCIDENT, TOM.id, "  ")

    assert voice(store, TOM.id) == TOM


def test_the_same_name_again_is_no_step(people: People, store: SqlRecordStore) -> None:
    people.rename(INCIDENT, TOM.id, "Tom")
    steps = store.record(INCIDENT).operations

    assert people.rename(INCIDENT, TOM.id, "Tom") is None
    assert store.record(INCIDENT).operations == steps


@pytest.mark.parametrize("name", ["tom", "bridge  a"])
def test_a_name_of_another_voice_is_refused_and_names_that_one(
    people: People, store: SqlRecordStore, name: str
) -> None:
    people.rename(INCIDENT, TOM.id, "Tom") if name == "tom" else None

    with pytest.raises(NameTakenError, match="called that") as told:
        people.rename(INCIDENT, MAYA.id, name)

    assert told.value.other == TOM.id
    assert "merge" in told.value.remedy
    assert voice(store, MAYA.id) == MAYA


def test_a_role_of_the_house_is_spelled_in_one_way_and_a_teams_own_as_typed(
    people: People, store: SqlRecordStore
) -> None:
    people.set_role(INCIDENT, TOM.id, "IC")
    assert voice(store, TOM.id).role == "incident commander"

    people.set_role(INCIDENT, TOM.id, " DB lead ")
    assert voice(store, TOM.id).role == "DB lead"
    people.set_role(INCIDENT, TOM.id, "")
    assert voice(store, TOM.id) == TOM


def test_merged_voices_are_one_and_no_line_is_rewritten(
    people: People, store: SqlRecordStore
) -> None:
    people.rename(INCIDENT, TOM.id, "Tom")

    people.merge(INCIDENT, MAYA.id, TOM.id)

    assert [who for who, _ in said(store)] == ["Tom"] * 4
    assert line(store, SECOND.id) == SECOND


def test_a_merged_voice_stays_merged_when_voices_are_told_apart_again(
    people: People, store: SqlRecordStore
) -> None:
    people.merge(INCIDENT, MAYA.id, TOM.id)

    store.label_segments([(THIRD, [replace(THIRD, speaker_id=MAYA.id)])])

    assert line(store, THIRD.id).speaker_id == MAYA.id
    assert [who for who, _ in said(store)] == ["Bridge A"] * 4


def test_the_other_voice_takes_over_the_name_and_role_it_lacks(
    people: People, store: SqlRecordStore
) -> None:
    people.rename(INCIDENT, TOM.id, "Tom")
    people.set_role(INCIDENT, TOM.id, "scribe")

    people.merge(INCIDENT, TOM.id, MAYA.id)

    assert voice(store, MAYA.id) == replace(MAYA, name="Tom", role="scribe", confirmed=True)


def test_a_merge_is_undone_and_done_again_as_one_step(
    people: People, editing: Editing, store: SqlRecordStore
) -> None:
    people.rename(INCIDENT, TOM.id, "Tom")
    before = said(store)
    people.merge(INCIDENT, TOM.id, MAYA.id)
    after = said(store)

    editing.undo(INCIDENT)
    assert said(store) == before
    editing.redo(INCIDENT)
    assert said(store) == after


def test_a_voice_is_not_merged_into_itself_not_even_by_a_detour(
    people: People,
) -> None:
    people.merge(INCIDENT, MAYA.id, TOM.id)

    for one, other in [(TOM.id, TOM.id), (TOM.id, MAYA.id), (MAYA.id, TOM.id)]:
        with pytest.raises(InvalidRecordError, match="into itself"):
            people.merge(INCIDENT, one, other)


def test_a_merged_voice_is_its_own_again_and_takes_its_name_along(
    people: People, store: SqlRecordStore
) -> None:
    people.rename(INCIDENT, TOM.id, "Tom")
    people.merge(INCIDENT, TOM.id, MAYA.id)

    people.unmerge(INCIDENT, TOM.id)

    assert [who for who, _ in said(store)] == ["Tom", "Bridge B", "Tom", "Tom"]
    with pytest.raises(InvalidRecordError, match="not merged"):
        people.unmerge(INCIDENT, TOM.id)


def test_a_renamed_merge_renames_the_voice_it_counts_as(
    people: People, store: SqlRecordStore
) -> None:
    people.merge(INCIDENT, MAYA.id, TOM.id)

    people.rename(INCIDENT, MAYA.id, "Tom")

    assert voice(store, TOM.id).name == "Tom"
    assert voice(store, MAYA.id).name is None


def test_a_line_is_given_to_another_voice_and_later_passes_leave_it(
    people: People, store: SqlRecordStore
) -> None:
    people.reassign(INCIDENT, [Selection(THIRD.id)], MAYA.id)

    store.label_segments([(THIRD, [replace(THIRD, speaker_id=TOM.id)])])

    kept = replace(THIRD, speaker_id=MAYA.id, speaker_by_person=True)
    assert line(store, THIRD.id) == kept


def test_words_in_the_middle_of_a_line_are_given_away_and_come_back(
    people: People, editing: Editing, store: SqlRecordStore
) -> None:
    people.reassign(INCIDENT, [Selection(FIRST.id, 1, 2)], MAYA.id)

    assert said(store)[:3] == [
        ("Bridge A", "We"),
        ("Bridge B", "roll back"),
        ("Bridge A", "now"),
    ]
    parts = [s for s in store.record(INCIDENT).segments if s.end_ms <= FIRST.end_ms]
    assert [w for part in parts for w in part.words] == list(FIRST.words)
    assert all(part.speaker_by_person and part.text == text_of(part.words) for part in parts)
    assert (parts[0].id, parts[0].start_ms, parts[-1].end_ms) == (FIRST.id, 10_000, 14_000)

    editing.undo(INCIDENT)
    assert line(store, FIRST.id) == FIRST
    assert len(said(store)) == 4


def test_words_that_are_theirs_already_divide_nothing_but_are_settled(
    people: People, store: SqlRecordStore
) -> None:
    people.reassign(INCIDENT, [Selection(FIRST.id, 0, 1)], TOM.id)

    assert line(store, FIRST.id) == replace(FIRST, speaker_by_person=True)


def test_a_line_whose_words_were_rewritten_goes_only_as_a_whole(
    people: People, editing: Editing, store: SqlRecordStore
) -> None:
    editing.set_segment_text(INCIDENT, FIRST.id, "We roll it back")

    with pytest.raises(InvalidRecordError, match="rewritten") as told:
        people.reassign(INCIDENT, [Selection(FIRST.id, 0, 1)], MAYA.id)
    assert "whole line" in told.value.remedy

    people.reassign(INCIDENT, [Selection(FIRST.id)], MAYA.id)
    assert said(store)[0] == ("Bridge B", "We roll it back")


@pytest.mark.parametrize("taken_out", [TOM.id, MAYA.id])
def test_two_voices_that_went_into_each_other_are_taken_apart_in_one_step(
    people: People, editing: Editing, store: SqlRecordStore, taken_out: SpeakerId
) -> None:
    tom = replace(TOM, name="Tom", confirmed=True, merged_into=MAYA.id)
    maya = replace(MAYA, name="Ana", confirmed=True, merged_into=TOM.id)
    merged = [Change(TOM, tom), Change(MAYA, maya)]  # as two copies of the incident bring it
    store.commit(INCIDENT, merged, by="Priya", label="merge two voices")
    assert len({who for who, _ in said(store)}) == 1

    people.unmerge(INCIDENT, taken_out)
    assert [who for who, _ in said(store)] == ["Tom", "Ana", "Tom", "Tom"]

    editing.undo(INCIDENT)
    assert (voice(store, TOM.id), voice(store, MAYA.id)) == (tom, maya)


def test_of_two_voices_of_one_name_that_went_into_each_other_one_keeps_it(
    people: People, store: SqlRecordStore
) -> None:
    tom = replace(TOM, name="Tom", confirmed=True, merged_into=MAYA.id)
    maya = replace(MAYA, name="Tom", confirmed=True, merged_into=TOM.id)
    merged = [Change(TOM, tom), Change(MAYA, maya)]
    store.commit(INCIDENT, merged, by="Priya", label="merge two voices")

    people.unmerge(INCIDENT, TOM.id)

    assert [who for who, _ in said(store)] == ["Tom", "Bridge B", "Tom", "Tom"]


def test_lines_split_off_are_a_new_voice_of_that_track(
    people: People, editing: Editing, store: SqlRecordStore
) -> None:
    fresh = made_by(people.split(INCIDENT, [Selection(THIRD.id)], "Ana"))

    assert (fresh.label, fresh.name, fresh.confirmed) == ("Bridge A (2)", "Ana", True)
    assert fresh.track_label is TrackLabel.BRIDGE
    assert [who for who, _ in said(store)] == ["Bridge A", "Bridge B", "Ana", "Bridge A"]

    editing.undo(INCIDENT)
    assert fresh.id not in {v.id for v in store.record(INCIDENT).speakers}


def test_from_a_line_on_its_voice_is_another_person(people: People, store: SqlRecordStore) -> None:
    people.split_from(INCIDENT, THIRD.id)

    names = [who for who, _ in said(store)]
    assert names == ["Bridge A", "Bridge B", "Bridge A (2)", "Bridge A (2)"]


def test_a_voice_is_not_split_off_from_itself(people: People, store: SqlRecordStore) -> None:
    before = store.record(INCIDENT)

    with pytest.raises(InvalidRecordError, match="all that this voice says") as told:
        people.split_from(INCIDENT, FIRST.id)

    assert "Rename" in told.value.remedy
    assert store.record(INCIDENT) == before


def test_what_is_not_there_is_refused_in_one_sentence(people: People) -> None:
    nobody = SpeakerId("spk-nobody")
    with pytest.raises(NotFoundError, match="no voice"):
        people.rename(INCIDENT, nobody, "Tom")
    with pytest.raises(NotFoundError, match="no voice"):
        people.merge(INCIDENT, TOM.id, nobody)
    with pytest.raises(NotFoundError, match="no voice"):
        people.samples(INCIDENT, nobody)
    with pytest.raises(InvalidRecordError, match="no words are selected"):
        people.reassign(INCIDENT, [], TOM.id)
    with pytest.raises(InvalidRecordError, match="no longer in the transcript"):
        people.split(INCIDENT, [Selection(SegmentId("seg-gone"))])
    with pytest.raises(InvalidRecordError, match="no such words"):
        people.reassign(INCIDENT, [Selection(FIRST.id, 2, 9)], MAYA.id)
    with pytest.raises(NameTakenError):
        people.split(INCIDENT, [Selection(THIRD.id)], "bridge b")
