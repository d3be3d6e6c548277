"""Embedders to whom voices sound as the test says: as directions in a plane."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.errors import VoicesProcessEndedError
from app.domain.voice_vectors import VoiceModel, vector_of

if TYPE_CHECKING:
    from app.domain.errors import AppError
    from app.domain.voice_vectors import SpokenStretch, Vector


@dataclass
class FakeEmbedder:
    """One child of the nursery."""

    nursery: Embedders
    stopped: threading.Event = field(default_factory=threading.Event)

    def model(self) -> VoiceModel:
        return self.nursery.known

    def vector(self, stretch: SpokenStretch) -> Vector | None:
        self.nursery.let_go.wait(5)
        if self.nursery.deaths:
            self.nursery.deaths -= 1
            raise VoicesProcessEndedError(-9)
        self.nursery.heard.append((stretch.span.start_ms, threading.current_thread().name))
        return self.nursery.sounds(stretch.span.start_ms)

    def stop(self) -> None:
        self.stopped.set()


@dataclass
class Embedders:
    """Makes embedders; ``degrees`` is how what is said at a moment sounds.

    Attributes:
        deaths: How many answers will be deaths instead.
        let_go: Cleared, nobody answers.
        refusal: What making one raises.
    """

    degrees: dict[int, float]
    known: VoiceModel = field(
        default_factory=lambda: VoiceModel("directions", math.cos(math.radians(20)))
    )
    deaths: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)
    refusal: AppError | None = None
    born: list[FakeEmbedder] = field(default_factory=list)
    heard: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.let_go.set()

    def __call__(self) -> FakeEmbedder:
        if self.refusal is not None:
            raise self.refusal
        self.born.append(FakeEmbedder(self))
        return self.born[-1]

    def sounds(self, start_ms: int) -> Vector | None:
        angle = self.degrees.get(start_ms)
        if angle is None:
            return None
        return vector_of([math.cos(math.radians(angle)), math.sin(math.radians(angle))])
