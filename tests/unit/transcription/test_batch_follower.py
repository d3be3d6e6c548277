"""A track in batches: what is told, from where it goes on, how much is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import RecognizedSegment
from app.domain.sessions import TrackLabel
from transcription.batch_follower import BatchFollower, Batching
from transcription.messages import Finished, Recognized
from transcription.vad import SileroModel, VadOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.engine_types import TrackAudio
    from transcription.window_recognizer import HeardWindow

    WriteTracks = Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]

UNTIL_MS = 62_500
SIZE = 3


class CountingRecognizer:
    """Says how long each utterance is."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def recognize(self, heard: Sequence[HeardWindow]) -> list[RecognizedSegment]:
        self.batches.append(len(heard))
        return [
            RecognizedSegment(utterance.speech, f"{len(samples)}", ())
            for one in heard
            for utterance, samples in zip(one.window.utterances, one.parts, strict=True)
        ]


def told(track: TrackAudio, *, from_ms: int = 0, window_ms: int) -> tuple[list[Recognized], int]:
    """Follow a track to its end; return the replies and the largest batch."""
    recognizer = CountingRecognizer()
    follower = BatchFollower(
        track,
        from_ms=from_ms,
        reader=FolderAudioReader(),
        vad=SileroModel(),
        recognizer=None,
        options=VadOptions(max_utterance_ms=12_000),
        batching=Batching(recognizer, window_ms, SIZE),
    )
    follower.advance(UNTIL_MS, ends=True)
    replies = []
    while follower.has_work:
        replies += follower.step()
    assert replies.pop() == Finished(track.track_id)
    return [reply for reply in replies if isinstance(reply, Recognized)], max(
        recognizer.batches, default=0
    )


@pytest.mark.parametrize("window_ms", [0, 30_000])
def test_recognition_goes_on_from_every_cursor_as_if_it_had_not_stopped(
    write_tracks: WriteTracks, demo_pcm: dict[TrackLabel, bytes], window_ms: int
) -> None:
    (track,) = write_tracks({TrackLabel.ROOM: demo_pcm[TrackLabel.ROOM][: UNTIL_MS * 32]})
    replies, largest = told(track, window_ms=window_ms)
    said = [reply for reply in replies if reply.segments]

    assert largest <= SIZE
    assert max(len(reply.segments) for reply in said) > 1, "a batch is told as one"
    assert replies[-1].cursor_ms == UNTIL_MS
    for number, reply in enumerate(said):
        again, _ = told(track, from_ms=reply.cursor_ms, window_ms=window_ms)
        assert [one for one in again if one.segments] == said[number + 1 :]
