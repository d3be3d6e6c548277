"""Labelling a record: what the diariser told becomes who said what, and people's work stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.engine_types import SpeakerTurn
from app.domain.record import Change, Record
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from app.services.track_speakers import track_speaker
from app.services.voice_labels import voice_labels
from tests.builders import (
    BRIDGE,
    INCIDENT,
    ROOM,
    a_segment,
    a_session,
    a_speaker,
    a_track,
    an_incident,
)

if TYPE_CHECKING:
    from app.domain.ids import TrackId
    from app.domain.transcript import Segment, Speaker
    from app.services.voice_labels import VoiceLabels


def a_record(*segments: Segment, speakers: tuple[Speaker, ...] = ()) -> Record:
    tracks = (a_track(TrackLabel.ROOM), a_track(TrackLabel.BRIDGE))
    return Record(
        an_incident(),
        sessions=(a_session(),),
        tracks=tracks,
        segments=segments,
        speakers=speakers,
    )


def said(text: str, second: int, track_id: TrackId = ROOM, **changes: object) -> Segment:
    """Return a segment of ten seconds."""
    made = a_segment(text, second * 1_000, second * 1_000 + 10_000, track_id=track_id)
    return replace(made, **changes)


def turn(label: str, second: int, track_id: TrackId = ROOM, *, seconds: int = 10) -> SpeakerTurn:
    return SpeakerTurn(track_id, Span(second * 1_000, (second + seconds) * 1_000), label)


def after(record: Record, labels: VoiceLabels) -> Record:
    """Return the record as it is once the labels are written."""
    speakers = {s.id: s for s in record.speakers}
    for change in labels.voices:
        assert change.after is not None
        assert change.before == speakers.get(change.after.id)
        speakers[change.after.id] = change.after
    made = dict(labels.divisions)
    segments = [part for s in record.segments for part in made.get(s, (s,))]
    return replace(record, speakers=tuple(speakers.values()), segments=tuple(segments))


def who(record: Record) -> list[tuple[str, str]]:
    return [(record.speaker_name(s.speaker_id), s.text) for s in record.segments]


def labelled(record: Record, *turns: SpeakerTurn, is_draft: bool = False) -> Record:
    return after(record, voice_labels(record, turns, is_draft=is_draft))


def test_voices_are_named_after_their_side_and_one_side_is_not_the_other() -> None:
    record = a_record(said("one", 0), said("two", 20), said("three", 40, BRIDGE))

    done = labelled(record, turn("1", 0), turn("2", 20), turn("1", 40, BRIDGE))

    assert who(done) == [("Room 1", "one"), ("Room 2", "two"), ("Bridge 1", "three")]
    assert [s.track_label for s in done.speakers] == [*[TrackLabel.ROOM] * 2, TrackLabel.BRIDGE]


def test_done_again_the_same_turns_under_other_labels_change_nothing() -> None:
    record = a_record(said("one", 0), said("two", 20))
    done = labelled(record, turn("1", 0), turn("2", 20))

    again = voice_labels(done, [turn("2", 0), turn("1", 20)], is_draft=False)

    assert (again.voices, again.divisions) == ((), ())


def test_a_name_stays_with_the_voice_and_a_voice_that_is_new_gets_a_number() -> None:
    priya = a_speaker("Room 1", name="Priya", track_label=TrackLabel.ROOM)
    record = a_record(
        said("one", 0, speaker_id=priya.id), said("two", 20), said("three", 40), speakers=(priya,)
    )

    done = labelled(record, turn("1", 20), turn("2", 0), turn("2", 40))

    assert who(done) == [("Priya", "one"), ("Room 2", "two"), ("Priya", "three")]
    assert done.speakers[0] == priya


def test_the_name_of_whom_a_voice_was_merged_into_counts_as_its_own() -> None:
    """Of two that fit, the one with a name stays; here it has its name by a merge."""
    priya = a_speaker("Room 1", name="Priya", track_label=TrackLabel.ROOM)
    merged = a_speaker("Room 2", track_label=TrackLabel.ROOM, merged_into=priya.id)
    other = a_speaker("Room 3", track_label=TrackLabel.ROOM)
    record = a_record(
        said("one", 0, speaker_id=merged.id),
        said("two", 20, speaker_id=other.id),
        speakers=(priya, merged, other),
    )

    done = labelled(record, turn("1", 0, seconds=6), turn("1", 20))

    assert who(done) == [("Priya", "one"), ("Priya", "two")]


def test_what_a_person_said_of_a_line_stays_and_its_words_are_not_divided() -> None:
    priya = a_speaker("Room 1", name="Priya")
    chosen = said("one two three four", 0, speaker_id=priya.id, speaker_by_person=True)
    record = a_record(chosen, said("five", 40), speakers=(priya,))

    done = labelled(record, turn("1", 0, seconds=4), turn("2", 4, seconds=6), turn("2", 40))

    assert done.segments[0] == chosen
    assert who(done)[1] == ("Priya", "five"), "the voice is known by what the person said of it"


def test_the_voice_of_a_whole_track_is_nobody_until_it_has_a_name() -> None:
    room = track_speaker(INCIDENT, TrackLabel.ROOM)
    record = a_record(said("one", 0, speaker_id=room.id), speakers=(room,))
    assert who(labelled(record, turn("1", 0))) == [("Room 1", "one")]

    named = replace(record, speakers=(replace(room, name="Priya"),))
    assert who(labelled(named, turn("1", 0))) == [("Priya", "one")]


def test_what_loudspeakers_repeat_in_the_room_is_said_on_the_bridge() -> None:
    record = a_record(said("hello", 0, BRIDGE), said("hello", 0, bleed=True), said("yes", 20))

    done = labelled(record, turn("1", 0, BRIDGE), turn("1", 0), turn("2", 20))

    assert who(done) == [("Bridge 1", "hello"), ("Bridge 1", "hello"), ("Room 1", "yes")]
    assert len(done.speakers) == 2, "what only repeats is no voice of the room"
    again = voice_labels(done, [turn("1", 0, BRIDGE), turn("1", 0), turn("2", 20)], is_draft=False)
    assert not again.divisions


def test_labels_of_a_draft_say_so_until_better_ones_come() -> None:
    draft = labelled(a_record(said("one", 0)), turn("1", 0), is_draft=True)
    assert who(draft) == [("Room 1 (draft)", "one")]

    named = replace(draft, speakers=(replace(draft.speakers[0], name="Priya"),))
    for record, shown in ((draft, "Room 1"), (named, "Priya")):
        done = labelled(record, turn("7", 0))
        assert who(done) == [(shown, "one")]
        assert [s.label for s in done.speakers] == ["Room 1"]


@pytest.mark.parametrize("turns", [[], [turn("1", 100)]])
def test_a_line_that_nobody_was_heard_in_stays_as_it_is(turns: list[SpeakerTurn]) -> None:
    labels = voice_labels(a_record(said("one", 0)), turns, is_draft=False)

    assert (labels.voices, labels.divisions) == ((), ())


def test_a_new_voice_takes_no_number_that_was_given_before() -> None:
    taken = a_speaker("Room 1", track_label=TrackLabel.ROOM)
    record = a_record(said("one", 0), speakers=(taken,))

    labels = voice_labels(record, [turn("1", 0)], is_draft=False)

    (change,) = labels.voices
    assert change == Change(None, change.after)
    assert change.after is not None
    assert change.after.label == "Room 2"
