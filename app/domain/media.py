"""What a media file tells of itself before it is decoded."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.times import keep_utc

if TYPE_CHECKING:
    from datetime import datetime


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
