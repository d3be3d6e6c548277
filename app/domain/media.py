"""What a media file tells of itself before it is decoded, and who reads it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.domain.times import keep_utc

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from app.domain.engine_types import TrackAudio


@dataclass(frozen=True, slots=True)
class ToldTime:
    """When a recording began as its file tells it; without a zone where the file names none.

    ``place`` is where that stands, such as ``creation_time``.
    """

    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class MediaStream:
    """One audio stream of a file; numbers count from 1, the title is often empty."""

    number: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a file holds; ``duration_ms`` is None where its format does not tell."""

    streams: tuple[MediaStream, ...]
    duration_ms: int | None = None
    told: ToldTime | None = None


@dataclass(frozen=True, slots=True)
class MediaOutcome:
    """What became of a file: its length, and a sentence for each thing that was not as it should.

    ``duration_ms`` counts from where the track begins, gaps included.
    """

    duration_ms: int
    remarks: tuple[str, ...] = ()


class StartSource(enum.StrEnum):
    """Who says when a recording began."""

    TYPED = "typed"
    METADATA = "metadata"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class FoundStart:
    """When a recording began, who says so, and a clause for people on how far to trust it."""

    at: datetime
    source: StartSource
    words: str

    def __post_init__(self) -> None:
        keep_utc(self, "at")


class MediaReader(Protocol):
    """Turns any audio or video file into a track on disk; ``capture.media_file``."""

    def facts(self, source: Path) -> MediaFacts:
        """Return what a file holds, without decoding it.

        Raises:
            AudioUnreadableError: It is missing, empty, no media file, or has no sound.
        """

    def attach(
        self,
        source: Path,
        target: TrackAudio,
        *,
        stream: int = 1,
        begins_ms: int = 0,
        on_progress: Callable[[float], None],
    ) -> MediaOutcome:
        """Decode an audio stream of ``source`` to the recording format, streamed.

        ``begins_ms`` is how much later than the session the file begins. ``on_progress`` is
        called with the share done, 0 to 1; what it raises ends the decoding. Nothing is left in
        the target's folder when this raises.

        Raises:
            AudioUnreadableError: No audio in it, encrypted, or damaged from the start. A file
                that breaks off in the middle keeps what could be read, and it is remarked.
            AudioNotStoredError: The disk is full.
        """
