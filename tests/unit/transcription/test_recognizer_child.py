"""Who gets the model next: the desk of the recogniser's child, on real audio and files."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import RecognizedSegment
from app.domain.recognition_pace import RecognitionPace
from app.domain.sessions import TrackLabel
from transcription import recognizer_child
from transcription.engines import Engine, engine_of
from transcription.messages import (
    Advance,
    Failed,
    Finish,
    Finished,
    Follow,
    KeepPace,
    Listened,
    Partial,
    Recognized,
)
from transcription.recognizer_child import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import RecognitionModel, TrackAudio
    from transcription.messages import Reply
    from transcription.utterances import Utterance
    from transcription.vad import Samples

    WriteTracks = Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]

STEP_MS = 500  # as audio comes
MS = 32  # bytes
BOTH = (TrackLabel.BRIDGE, TrackLabel.ROOM)
REST = recognizer_child.REST
OPENING_MS = (1_000, 3_780)  # "This is Priya, I am the incident commander."


class SpanRecognizer:
    """Says when an utterance was, and how long what is under way is; needs no time for it."""

    def __init__(self) -> None:
        self.hypotheses = 0

    def recognize(self, _samples: Samples, utterance: Utterance) -> list[RecognizedSegment]:
        return [RecognizedSegment(utterance.speech, "said", ())]

    def hypothesis(self, samples: Samples) -> str:
        self.hypotheses += 1
        return " ".join(["word"] * (len(samples) // 4_000))


def span_desk(model: RecognitionModel, recognizer: SpanRecognizer | None = None) -> Desk:
    """Return a desk that cuts utterances as for a model and has nothing to load."""
    recognizer = recognizer or SpanRecognizer()
    engine = Engine(
        recognizer,
        model.max_utterance_ms,
        listener=recognizer,
        joins_utterances=model.joins_utterances,
    )
    return Desk(engine, FolderAudioReader())


@pytest.fixture
def quick_desk(demo_model: RecognitionModel, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(recognizer_child, "REST", 0)
    return span_desk(demo_model)


def worked(desk: Desk) -> list[Reply]:
    """Let the desk do all that it can; what it only listened to is left out."""
    replies = []
    while desk.has_work:
        replies += desk.work()
    return [
        reply
        for reply in replies
        if not isinstance(reply, Listened)
        and not (isinstance(reply, Recognized) and not reply.segments)
    ]


def fed(desk: Desk, track: TrackAudio, from_ms: int, until_ms: int) -> list[Reply]:
    replies = []
    for end_ms in range(from_ms, until_ms, STEP_MS):
        desk.apply(Advance(track.track_id, end_ms))
        replies += worked(desk)
    return replies


def lines(replies: list[Reply], track: TrackAudio) -> list[RecognizedSegment]:
    return [
        segment
        for reply in replies
        if isinstance(reply, Recognized) and reply.track_id == track.track_id
        for segment in reply.segments
    ]


def test_partials_grow_into_the_line_and_end_with_it(
    demo_model: RecognitionModel,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognizer_child, "REST", 0)
    (room,) = write_tracks({TrackLabel.ROOM: demo_pcm[TrackLabel.ROOM][: 5_000 * MS]})
    told: list[Reply] = []
    desk = Desk(engine_of(demo_model, told.append), FolderAudioReader())
    desk.apply(Follow(room, 0))

    replies = fed(desk, room, STEP_MS, 5_000)

    (line,) = lines(replies, room)
    partials = [reply.partial for reply in replies if isinstance(reply, Partial)]
    assert len(partials) > 1
    assert isinstance(replies[-1], Recognized), "the line comes after its partials"
    said = line.text.split()
    assert [p.text.split() for p in partials] == [said[: len(p.text.split())] for p in partials]
    assert [len(p.text) for p in partials] == sorted(len(p.text) for p in partials)
    assert all(abs(p.start_ms - line.span.start_ms) < STEP_MS for p in partials)
    assert told == [], "nothing is told but answers"


def test_what_has_ended_goes_before_what_goes_on(
    quick_desk: Desk, write_tracks: WriteTracks, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    """The room is in the middle of a line while the bridge has ended some."""
    bridge, room = write_tracks({label: demo_pcm[label][: 20_000 * MS] for label in BOTH})
    for track in (bridge, room):
        quick_desk.apply(Follow(track, 0))
    fed(quick_desk, room, STEP_MS, 3_001)
    quick_desk.apply(Advance(bridge.track_id, 20_000))
    quick_desk.apply(Advance(room.track_id, 3_000 + STEP_MS))

    replies = worked(quick_desk)

    assert len(lines(replies, bridge)) > 1
    ended = [number for number, reply in enumerate(replies) if isinstance(reply, Recognized)]
    going_on = [number for number, reply in enumerate(replies) if isinstance(reply, Partial)]
    assert going_on
    assert max(ended) < min(going_on)


def test_a_talkative_track_does_not_keep_another_waiting(
    quick_desk: Desk, write_tracks: WriteTracks, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    bridge, room = write_tracks({label: demo_pcm[label] for label in BOTH})
    for track in (bridge, room):
        quick_desk.apply(Follow(track, 0))
    quick_desk.apply(Advance(bridge.track_id, 120_000))
    before: list[Reply] = []
    while len(lines(before, bridge)) < 2:
        before += quick_desk.work()
    quick_desk.apply(Advance(room.track_id, OPENING_MS[1] + 1_000))

    replies: list[Reply] = []
    while not lines(replies, room):
        replies += quick_desk.work()

    assert len(lines(replies, bridge)) <= 2, "one while the room is searched, one before its turn"
    assert len(lines(before + replies + worked(quick_desk), bridge)) > 10, "many were waiting"


def test_two_that_speak_at_once_have_partials_by_turns(
    quick_desk: Desk, write_tracks: WriteTracks, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    speech = demo_pcm[TrackLabel.ROOM][OPENING_MS[0] * MS : OPENING_MS[1] * MS]
    tracks = write_tracks(dict.fromkeys(TrackLabel, speech))
    for track in tracks:
        quick_desk.apply(Follow(track, 0))
    listened: list[str] = []
    for end_ms in range(STEP_MS, 2_500, STEP_MS):
        for track in tracks:  # the first is always the first to have news
            quick_desk.apply(Advance(track.track_id, end_ms))
        while quick_desk.has_work:
            before = {f.track.track_id: f.listened_at for f in quick_desk._followed}
            quick_desk.work()
            listened += [
                f.track.track_id
                for f in quick_desk._followed
                if f.listened_at != before[f.track.track_id]
            ]

    assert len(listened) >= 6
    assert all(one != other for one, other in pairwise(listened))


def test_partials_leave_the_model_idle_most_of_the_time(
    demo_model: RecognitionModel,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr(recognizer_child.time, "monotonic", lambda: now[0])

    class SlowRecognizer(SpanRecognizer):
        def hypothesis(self, samples: Samples) -> str:
            now[0] += 2.0
            return super().hypothesis(samples)

    slow = SlowRecognizer()
    desk = span_desk(demo_model, slow)
    (room,) = write_tracks({TrackLabel.ROOM: demo_pcm[TrackLabel.ROOM][: 3_500 * MS]})
    desk.apply(Follow(room, 0))

    fed(desk, room, STEP_MS, 3_501)
    assert slow.hypotheses == 1
    now[0] += REST * 2.0
    worked(desk)
    assert slow.hypotheses == 2


def test_in_a_hurry_there_are_no_partials_and_later_there_are_again(
    quick_desk: Desk, write_tracks: WriteTracks, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    (room,) = write_tracks({TrackLabel.ROOM: demo_pcm[TrackLabel.ROOM][: 3_500 * MS]})
    quick_desk.apply(Follow(room, 0))
    quick_desk.apply(KeepPace(RecognitionPace.UTTERANCES))

    assert fed(quick_desk, room, STEP_MS, 3_501) == []

    quick_desk.apply(KeepPace(RecognitionPace.PARTIALS))
    assert quick_desk.has_work


def test_in_more_of_a_hurry_utterances_are_recognised_as_one_and_none_is_left_out(
    demo_model: RecognitionModel,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
) -> None:
    (bridge,) = write_tracks({TrackLabel.BRIDGE: demo_pcm[TrackLabel.BRIDGE]})

    def spans(pace: RecognitionPace, *, joins: bool = True) -> list[tuple[int, int]]:
        model = replace(demo_model, joins_utterances=joins)
        desk = span_desk(model)
        desk.apply(KeepPace(pace))
        desk.apply(Follow(bridge, 0))
        desk.apply(Advance(bridge.track_id, 129_000))
        found = lines(worked(desk), bridge)
        return [(segment.span.start_ms, segment.span.end_ms) for segment in found]

    each, joined = spans(RecognitionPace.UTTERANCES), spans(RecognitionPace.LONGER_STEPS)

    assert len(joined) <= 0.8 * len(each)
    assert spans(RecognitionPace.LONGER_STEPS, joins=False) == each, "which harms this model"
    assert all(end - start <= demo_model.max_utterance_ms for start, end in joined)
    assert [
        sum(first <= start and end <= last for first, last in joined) for start, end in each
    ] == [1] * len(each)


def test_a_track_that_does_not_read_is_told_to_be_over(
    quick_desk: Desk, write_tracks: WriteTracks, demo_pcm: dict[TrackLabel, bytes]
) -> None:
    """Otherwise whoever stops the recording would wait for its words for ever."""
    (room,) = write_tracks({TrackLabel.ROOM: demo_pcm[TrackLabel.ROOM][: 5_000 * MS]})
    (file,) = room.session_dir.glob("room-*.wav")
    os.truncate(file, 2_000)
    quick_desk.apply(Follow(room, 0))
    quick_desk.apply(Finish(room.track_id, 5_000))

    failed, finished = worked(quick_desk)

    assert isinstance(failed, Failed)
    assert finished == Finished(room.track_id)
    assert not quick_desk.has_work
