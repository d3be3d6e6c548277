"""Telling voices apart as a use case: over real audio folders, with a diariser that is told."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import SpeakerTurn
from app.domain.errors import (
    DiarizationUnavailableError,
    LabellingStoppedError,
    StorageError,
)
from app.domain.events import SegmentsReplaced, WorkProgressed
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from app.services.people import People
from app.services.promotion import Selection
from app.services.speaker_pass import SpeakerPass
from app.storage.record_writer import RecordWriter
from tests.builders import BRIDGE, INCIDENT, ROOM, a_segment, a_track
from tests.unit.services.told_diarizer import ToldDiarizer

if TYPE_CHECKING:
    from app.domain.home import Home
    from app.domain.ids import SpeakerId
    from app.domain.transcript import Segment
    from app.services.bus import LocalBus
    from app.storage.record_store import SqlRecordStore
    from tests.unit.services.conftest import Heard


@pytest.fixture
def diarizer() -> ToldDiarizer:
    return ToldDiarizer()


@pytest.fixture
def labelling(
    store: SqlRecordStore, bus: LocalBus, home: Home, diarizer: ToldDiarizer
) -> SpeakerPass:
    clocks = FolderAudioReader().clock
    return SpeakerPass(store, bus, home=home, diarizer=diarizer, clocks=clocks)


def labels(store: SqlRecordStore) -> list[str]:
    record = store.record(INCIDENT)
    return [record.speaker_name(segment.speaker_id) for segment in record.segments]


def test_all_tracks_are_heard_at_once_with_what_is_known_of_each_side(
    labelling: SpeakerPass, diarizer: ToldDiarizer, store: SqlRecordStore, heard: Heard
) -> None:
    assert labelling.run(INCIDENT, speakers={TrackLabel.ROOM: (2, 3)}, is_draft=True)

    assert diarizer.asked == [[BRIDGE, ROOM], {TrackLabel.ROOM: (2, 3)}, True]
    assert labels(store) == ["Bridge 1 (draft)"]
    assert heard == [
        WorkProgressed("speakers: comparing voices", 0.5, 1.0),
        WorkProgressed("speakers: comparing voices", 1.0, 1.0),
        SegmentsReplaced(INCIDENT),
    ]


def test_a_track_that_is_still_recorded_waits_for_its_end(
    labelling: SpeakerPass, diarizer: ToldDiarizer, store: SqlRecordStore
) -> None:
    recorded = a_track(TrackLabel.ROOM)
    running = replace(recorded, duration_ms=None)
    store.commit(INCIDENT, [Change(recorded, running)], by="test", label="go on")

    labelling.run(INCIDENT)

    assert diarizer.asked[0] == [BRIDGE]


def test_what_is_stopped_leaves_every_label_as_it_was(
    labelling: SpeakerPass, diarizer: ToldDiarizer, store: SqlRecordStore
) -> None:
    stopping = threading.Event()
    diarizer.meanwhile = stopping.set
    before = store.record(INCIDENT)

    with pytest.raises(LabellingStoppedError, match="the labels are as they were"):
        labelling.run(INCIDENT, stopping=stopping)
    assert store.record(INCIDENT) == before


def test_words_that_came_while_voices_were_told_apart_are_labelled_too(
    labelling: SpeakerPass, diarizer: ToldDiarizer, store: SqlRecordStore
) -> None:
    late = a_segment("late", 100_000, 101_000)
    diarizer.meanwhile = lambda: store.add_segments(
        BRIDGE, [late], made_in=RecognitionPass.FINAL, cursor_ms=130_000
    )

    labelling.run(INCIDENT)

    assert labels(store) == ["Bridge 1", "Bridge 1"]


def test_a_full_disk_at_the_end_leaves_neither_voices_nor_labels(
    labelling: SpeakerPass, store: SqlRecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.record(INCIDENT)

    def fail(*_: object) -> None:
        raise StorageError("The disk is full.", remedy="Free some space.")

    monkeypatch.setattr(f"{RecordWriter.__module__}.label_segments", fail)
    with pytest.raises(StorageError):
        labelling.run(INCIDENT)
    assert store.record(INCIDENT) == before


def test_done_twice_nothing_is_doubled_and_a_name_stays(
    labelling: SpeakerPass, store: SqlRecordStore
) -> None:
    labelling.run(INCIDENT)
    (voice,) = store.record(INCIDENT).speakers
    named = replace(voice, name="Priya", confirmed=True)
    store.commit(INCIDENT, [Change(voice, named)], by="Marcus", label="name a speaker")

    labelling.run(INCIDENT)

    record = store.record(INCIDENT)
    assert record.speakers == (named,)
    assert labels(store) == ["Priya"]


def test_labels_are_no_step_that_a_person_would_take_back(
    labelling: SpeakerPass, store: SqlRecordStore
) -> None:
    labelling.run(INCIDENT)

    assert store.undo(INCIDENT, by="Marcus") is None


def test_without_a_pipeline_it_is_said_why_and_nothing_changes(
    labelling: SpeakerPass, diarizer: ToldDiarizer, store: SqlRecordStore
) -> None:
    diarizer.problem = DiarizationUnavailableError("No speaker pipeline is set.")
    before = store.record(INCIDENT)

    assert not labelling.run(INCIDENT)

    assert labelling.unavailable is diarizer.problem
    assert store.record(INCIDENT) == before


@pytest.mark.parametrize("again", ["ABCD", "DCBA", "BBAC", "ABCC"])
def test_names_merges_and_splits_stay_when_voices_are_told_apart_again(
    labelling: SpeakerPass,
    diarizer: ToldDiarizer,
    store: SqlRecordStore,
    bus: LocalBus,
    again: str,
) -> None:
    """``again`` are the voices of the four lines, the second time; the first, ABCC."""
    lines = [a_segment(f"line {n}", 60_000 + n * 10_000, 69_000 + n * 10_000) for n in range(4)]
    store.add_segments(BRIDGE, lines, made_in=RecognitionPass.FINAL, cursor_ms=130_000)
    diarizer.told = turns_of("ABCC", lines)
    labelling.run(INCIDENT)
    people = People(store, bus, actor="Marcus")
    first, second, *_ = (voice_of(store, line) for line in lines)
    people.rename(INCIDENT, first, "Priya")
    people.merge(INCIDENT, second, first)
    people.split(INCIDENT, [Selection(lines[3].id)], "Tom")
    named = labels(store)
    assert named[-4:] == ["Priya", "Priya", "Bridge 3", "Tom"]

    diarizer.told = turns_of(again, lines)
    labelling.run(INCIDENT)

    assert labels(store) == named


def turns_of(voices: str, lines: list[Segment]) -> list[SpeakerTurn]:
    return [
        SpeakerTurn(BRIDGE, line.span, voice) for voice, line in zip(voices, lines, strict=True)
    ]


def voice_of(store: SqlRecordStore, line: Segment) -> SpeakerId:
    (found,) = (known for known in store.record(INCIDENT).segments if known.id == line.id)
    assert found.speaker_id is not None
    return found.speaker_id
