"""How much of a track is recognised at once."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.audio_files.reader import FolderAudioReader
from app.domain.sessions import TrackLabel
from app.domain.times import Span
from transcription.messages import Recognized
from transcription.track_follower import TrackFollower
from transcription.utterances import Utterance
from transcription.vad import SileroModel, VadOptions
from transcription.windows import next_window

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import RecognizedSegment, TrackAudio
    from transcription.vad import Samples

UNTIL_MS = 31_000


def at(start_ms: int, end_ms: int) -> Utterance:
    return Utterance(Span(start_ms, end_ms), Span(start_ms - 100, end_ms + 100))


class Notes:
    """Recognises nothing and notes what it was given."""

    def __init__(self) -> None:
        self.given: list[Utterance] = []

    def recognize(self, samples: Samples, utterance: Utterance) -> list[RecognizedSegment]:
        assert len(samples) == utterance.audio.duration_ms * 16
        self.given.append(utterance)
        return []


@pytest.fixture
def track(
    write_tracks: Callable[[dict[TrackLabel, bytes]], list[TrackAudio]],
    demo_pcm: dict[TrackLabel, bytes],
) -> TrackAudio:
    (track,) = write_tracks({TrackLabel.BRIDGE: demo_pcm[TrackLabel.BRIDGE][: UNTIL_MS * 32]})
    return track


def given(track: TrackAudio, *, window_ms: int, ends: bool) -> tuple[list[Utterance], list[int]]:
    notes = Notes()
    follower = TrackFollower(
        track,
        from_ms=0,
        reader=FolderAudioReader(),
        vad=SileroModel(),
        recognizer=notes,
        options=VadOptions(),
        window_ms=window_ms,
    )
    follower.advance(UNTIL_MS, ends=ends)
    replies = []
    while follower.has_work:
        replies += follower.step()
    return notes.given, [told.cursor_ms for told in replies if isinstance(told, Recognized)]


def test_where_the_end_is_known_as_much_is_recognised_at_once_as_fits(track: TrackAudio) -> None:
    one_by_one, _ = given(track, window_ms=0, ends=True)
    live, _ = given(track, window_ms=20_000, ends=False)
    windows, cursors = given(track, window_ms=20_000, ends=True)

    assert live == one_by_one[: len(live)], "live, nobody waits for more"
    assert len(windows) < len(one_by_one) / 2
    assert all(window.audio.duration_ms <= 20_000 for window in windows)
    for utterance in one_by_one:
        assert sum(_holds(window.audio, utterance.audio) for window in windows) == 1
    assert cursors == sorted(set(cursors))
    assert cursors[-1] == UNTIL_MS


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start_ms <= inner.start_ms and inner.end_ms <= outer.end_ms


def test_utterances_are_put_together_until_it_would_be_too_much() -> None:
    found = deque([at(1_000, 4_000), at(5_000, 9_000), at(9_500, 14_000)])

    assert next_window(found, 10_000) == Utterance(Span(1_000, 9_000), Span(900, 9_100))
    assert list(found) == [at(9_500, 14_000)]


def test_what_is_put_together_was_heard_as_well_as_its_parts_are_long() -> None:
    soft, clear = replace(at(1_000, 4_000), heard=0.7), replace(at(4_500, 5_500), heard=0.9)

    assert next_window(deque([soft, clear]), 10_000).heard == pytest.approx(0.75)


def test_what_is_hardly_a_voice_stands_alone_so_that_its_words_are_marked() -> None:
    music = replace(at(4_300, 6_000), heard=0.5)
    found = deque([at(1_000, 4_000), music, at(6_300, 9_000)])

    windows = [next_window(found, 20_000) for _ in range(3)]

    assert windows == [at(1_000, 4_000), music, at(6_300, 9_000)]


def test_a_long_silence_is_not_recognised() -> None:
    found = deque([at(1_000, 4_000), at(6_100, 9_000)])

    assert next_window(found, 30_000) == at(1_000, 4_000)


def test_without_a_window_each_utterance_is_by_itself() -> None:
    found = deque([at(1_000, 4_000), at(4_300, 5_000)])

    assert [next_window(found, 0), next_window(found, 0)] == [at(1_000, 4_000), at(4_300, 5_000)]
