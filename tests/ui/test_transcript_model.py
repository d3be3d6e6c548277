from dataclasses import replace

from pytestqt.modeltest import ModelTester

from app.domain.sessions import TrackLabel
from tests.builders import BRIDGE, INCIDENT, ROOM, a_record, a_segment, a_speaker
from tests.ui.rows import a_row, row_of
from ui.transcript.model import TranscriptModel
from ui.transcript.row import RowMaker


def texts(model: TranscriptModel) -> list[str]:
    return [model.row(number).segment.text for number in range(model.rowCount())]


def test_it_is_a_sound_model_whatever_is_done_to_it(qtmodeltester: ModelTester) -> None:
    model = TranscriptModel()
    qtmodeltester.check(model)
    model.replace_all([a_row("one", 0), a_row("three", 9_000)])
    model.add([a_row("two", 5_000), a_row("four", 12_000)])
    model.update(replace(model.row(0), speaker="Tom"))
    model.replace_all([])


def test_rows_of_both_tracks_stand_in_the_order_of_the_clock() -> None:
    model = TranscriptModel()
    model.add([a_row("one", 0), a_row("four", 9_000)])
    model.add([a_row("two", 3_000), a_row("three", 6_000), a_row("five", 12_000)])

    assert texts(model) == ["one", "two", "three", "four", "five"]


def test_a_segment_that_comes_twice_has_one_row() -> None:
    model = TranscriptModel()
    row = a_row("one")
    model.add([row])
    model.add([row, a_row("two", 4_000)])

    assert texts(model) == ["one", "two"]


def test_a_row_is_found_by_its_segment() -> None:
    model = TranscriptModel()
    rows = [a_row(f"word{n}", n * 1_000) for n in range(5)]
    model.replace_all(rows)

    assert model.number_of(rows[3].segment.id) == 3
    assert model.number_of("seg-unknown") is None


def test_rows_are_made_with_clock_time_track_and_voice() -> None:
    voice = a_speaker("SPEAKER_01", name="Priya", role="IC")
    own = a_speaker("Room", track_label=TrackLabel.ROOM)
    record = a_record(
        speakers=(voice, own),
        segments=(
            a_segment("later", 9_000, 10_000, speaker_id=voice.id),
            a_segment("sooner", 1_000, 2_000, track_id=ROOM, speaker_id=own.id),
        ),
    )
    sooner, later = RowMaker(record).rows(record.segments)

    assert (sooner.at.isoformat(), sooner.track_label) == (
        "2026-03-12T14:46:01+00:00",
        TrackLabel.ROOM,
    )
    assert sooner.speaker == ""  # it would only repeat the track
    assert (later.speaker, later.segment.track_id) == ("Priya (IC)", BRIDGE)
    assert record.incident.id == INCIDENT


def test_words_of_an_edited_line_have_no_times_of_their_own() -> None:
    segment = a_segment("the pull is full", 1_000, 5_000)
    edited = row_of(replace(segment, text="the connection pool is full"))

    assert edited.words == ("the", "connection", "pool", "is", "full")
    assert not edited.words_are_timed
    passage = edited.passage(2, 3)
    assert (passage.start_ms, passage.end_ms) == (1_000, 5_000)


def test_a_passage_of_words_is_cut_where_they_are_heard() -> None:
    row = row_of(a_segment("one two three four", 1_000, 5_000))

    passage = row.passage(1, 2)
    assert (passage.start_ms, passage.end_ms) == (2_000, 4_000)
    assert row.word_at(3_500) == 2
