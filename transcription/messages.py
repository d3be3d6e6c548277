"""What the program and its recogniser process say to each other; plain data, so it pickles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from app.domain.engine_types import PartialText, RecognizedSegment, TrackAudio
    from app.domain.errors import AppError
    from app.domain.ids import TrackId
    from app.domain.recognition_pace import RecognitionPace


@dataclass(frozen=True, slots=True)
class Follow:
    """Recognise a track from a position on."""

    track: TrackAudio
    from_ms: int


@dataclass(frozen=True, slots=True)
class Advance:
    """Audio of the track is on disk up to here."""

    track_id: TrackId
    until_ms: int


@dataclass(frozen=True, slots=True)
class Finish:
    """The track ends here."""

    track_id: TrackId
    until_ms: int


@dataclass(frozen=True, slots=True)
class KeepPace:
    """Leave out from now on what that pace leaves out."""

    pace: RecognitionPace


Request: TypeAlias = Follow | Advance | Finish | KeepPace


@dataclass(frozen=True, slots=True)
class Recognized:
    """What was said before ``cursor_ms`` and after the reply before; often nothing."""

    track_id: TrackId
    segments: tuple[RecognizedSegment, ...]
    cursor_ms: int


@dataclass(frozen=True, slots=True)
class Listened:
    """No ended utterance before ``until_ms`` waits to be recognised."""

    track_id: TrackId
    until_ms: int


@dataclass(frozen=True, slots=True)
class Partial:
    """What an utterance that goes on seems to say; until the reply with its segments."""

    track_id: TrackId
    partial: PartialText


@dataclass(frozen=True, slots=True)
class Finished:
    """The track is told to its end, or as far as its audio reads."""

    track_id: TrackId


@dataclass(frozen=True, slots=True)
class Failed:
    """An error on its way to the parent.

    Errors do not pickle by themselves: their constructors take other things than the sentence.
    """

    kind: type[AppError]
    sentence: str
    attributes: dict[str, Any]

    @classmethod
    def of(cls, error: AppError) -> Failed:
        """Pack an error."""
        return cls(type(error), str(error), dict(vars(error)))

    def error(self) -> AppError:
        """Return the error as it was raised, its cause and traceback apart."""
        error = self.kind.__new__(self.kind, self.sentence)
        vars(error).update(self.attributes)
        return error


@dataclass(frozen=True, slots=True)
class Waiting:
    """A server does not answer; it is asked again, and the cursor stays."""

    reason: Failed


@dataclass(frozen=True, slots=True)
class LanguageHeard:
    """The language that leads so far; ``settled``: it is kept from now on."""

    language: str
    settled: bool


@dataclass(frozen=True, slots=True)
class Warned:
    """Something people should know; recognition goes on."""

    told: Failed


Reply: TypeAlias = (
    Recognized | Listened | Partial | Finished | Failed | Waiting | LanguageHeard | Warned
)
