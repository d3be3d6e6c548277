"""A diariser that is told what to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.domain.engine_types import SpeakerTurn
from app.domain.times import Span
from tests.builders import BRIDGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.engine_types import SpeakerCount, TrackAudio
    from app.domain.errors import ModelError
    from app.domain.sessions import TrackLabel

TURNS = [SpeakerTurn(BRIDGE, Span(0, 130_000), "1")]


@dataclass
class ToldDiarizer:
    """Tells what it was given; ``meanwhile`` happens while it works."""

    told: list[SpeakerTurn] = field(default_factory=lambda: list(TURNS))
    meanwhile: Callable[[], None] = lambda: None
    problem: ModelError | None = None
    asked: list[object] = field(default_factory=list)

    def turns(
        self,
        tracks: Sequence[TrackAudio],
        *,
        speakers: Mapping[TrackLabel, SpeakerCount],
        is_draft: bool,
        on_progress: Callable[[str, float], None],
    ) -> list[SpeakerTurn]:
        self.asked += [[track.track_id for track in tracks], dict(speakers), is_draft]
        on_progress("comparing voices", 0.5)
        self.meanwhile()
        on_progress("comparing voices", 1.0)
        if self.problem is not None:
            raise self.problem
        return self.told
