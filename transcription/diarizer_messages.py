"""What the program and its diariser process say to each other; plain data, so it pickles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.engine_types import SpeakerCount, SpeakerTurn, TrackAudio
    from app.domain.ids import TrackId
    from app.domain.sessions import TrackLabel
    from transcription.voice_linking import VoiceCentre


@dataclass(frozen=True, slots=True)
class Order:
    """What to listen to, and with what.

    Attributes:
        pipeline: A folder if ``is_local``, else a hub name; ``token`` is for gated ones.
        part_ms: About how much audio is taken at once.
        heard_until_ms: Where each track goes on; those not named are heard from their beginning.
        is_draft: Quick rather than exact.
        is_careful: Take as little memory as can be: the process before this one has died.
    """

    pipeline: str
    is_local: bool
    token: str
    threads: int
    tracks: tuple[TrackAudio, ...]
    speakers: Mapping[TrackLabel, SpeakerCount]
    part_ms: int
    heard_until_ms: Mapping[TrackId, int]
    is_draft: bool = False
    is_careful: bool = False


@dataclass(frozen=True, slots=True)
class Listening:
    """How far the work is: what is done now, in plain words, and the share of all, 0 to 1."""

    step: str
    share: float


@dataclass(frozen=True, slots=True)
class PartHeard:
    """A part of a track is done, up to ``until_ms``, where nobody speaks.

    ``turns`` are exclusive and carry the pipeline's own labels, which mean nothing in another
    part; ``voices`` has the centre of each. Voices of different parts are one from a likeness of
    ``alike_from`` on.
    """

    track: TrackAudio
    until_ms: int
    turns: tuple[SpeakerTurn, ...]
    voices: Mapping[str, VoiceCentre]
    alike_from: float


@dataclass(frozen=True, slots=True)
class AllHeard:
    """Nothing is left to listen to."""
