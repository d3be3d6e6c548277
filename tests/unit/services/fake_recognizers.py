"""Recognisers that do nothing: the test speaks for their child."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.builders import BRIDGE

if TYPE_CHECKING:
    from app.domain.engine_types import AnyModel, TrackAudio
    from app.domain.ids import TrackId
    from app.domain.ports import RecognizerReplies
    from app.domain.recognition_pace import RecognitionPace


@dataclass
class FakeRecognizer:
    """Notes what it is asked; the test speaks for the child."""

    replies: RecognizerReplies
    asked: list[tuple[str, int]] = field(default_factory=list)
    paces: list[RecognitionPace] = field(default_factory=list)

    def follow(self, track: TrackAudio, *, from_ms: int) -> None:
        assert track.track_id == BRIDGE
        self.asked.append(("follow", from_ms))

    def advance(self, track_id: TrackId, *, until_ms: int) -> None:
        assert track_id == BRIDGE
        self.asked.append(("advance", until_ms))

    def finish(self, track_id: TrackId, *, until_ms: int) -> None:
        assert track_id == BRIDGE
        self.asked.append(("finish", until_ms))

    def keep_pace(self, pace: RecognitionPace) -> None:
        self.paces.append(pace)

    def stop(self) -> None:
        self.asked.append(("stop", 0))


class Nursery:
    """Makes recognisers and remembers them."""

    def __init__(self) -> None:
        self.born: list[FakeRecognizer] = []
        self.models: list[AnyModel] = []

    def __call__(self, model: AnyModel, replies: RecognizerReplies) -> FakeRecognizer:
        self.models.append(model)
        self.born.append(FakeRecognizer(replies))
        return self.born[-1]
