"""The lines of the journal, and their form as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from app.audio_files.conduct_lines import CONDUCT_DECODERS, ConductLine
from app.domain.ids import MarkerId, SessionId, TrackId
from app.domain.sessions import Gap, GapReason, Marker, MarkerKind, TrackLabel

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Opened:
    """A file was begun; ``file`` is the name it gets when sealed, until then with ``.part``."""

    track_id: TrackId
    label: TrackLabel
    file: str
    start_frame: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file is complete; ``sha256`` is of the whole file, header included."""

    track_id: TrackId
    label: TrackLabel
    file: str
    start_frame: int
    frames: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Clock:
    """When the track stood at ``frame``; what comes before it was on the disk by then."""

    track_id: TrackId
    frame: int
    monotonic_ns: int
    utc: str


@dataclass(frozen=True, slots=True)
class Began:
    """When the session's position 0 was, on the clock that ``Clock.monotonic_ns`` is read from."""

    monotonic_ns: int
    utc: str


@dataclass(frozen=True, slots=True)
class Silent:
    """The source delivered nothing because nothing played: this stretch is zeros, and no gap."""

    track_id: TrackId
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Stepped:
    """The machine's clock was set, by so much; positions are not affected."""

    at_ms: int
    by_ms: int


@dataclass(frozen=True, slots=True)
class Slept:
    """The machine woke up at ``at_ms`` after sleeping for so long; positions went on meanwhile."""

    at_ms: int
    for_ms: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The recording was ended by its recorder."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """Somebody put the folder in order after a crash; ``torn`` is the broken last line."""

    files: tuple[str, ...]
    set_aside: tuple[str, ...]
    torn: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """Frames of a sealed file are silence from here on; the frames count on the track.

    Written before the file is: it says what is to be done, and what comes of it. The hashes are
    of the whole file, as it was and as it is then.
    """

    file: str
    start_frame: int
    end_frame: int
    old_sha256: str
    new_sha256: str
    at: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Packed:
    """The samples of a sealed file lie in a FLAC from here on: that is on the disk already.

    ``sha256`` is what the chain knows the file by, as it was sealed or redacted last: of the WAV
    that comes of decoding the FLAC. ``packed_sha256`` is of the FLAC itself.
    """

    file: str
    sha256: str
    packed_sha256: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """Words were taken out of some lines, and the chain was made anew from the first of them.

    ``lines`` are their numbers, 0 for ``session.json``; ``old_head`` is where the chain ended
    before.
    """

    lines: tuple[int, ...]
    old_head: str
    at: str
    by: str


Line: TypeAlias = (
    Opened
    | Sealed
    | Began
    | Clock
    | Gap
    | Silent
    | Stepped
    | Slept
    | Marker
    | Ended
    | Repaired
    | Redacted
    | Packed
    | Reworded
    | ConductLine
)


def encode(line: Line, number: int) -> str:
    """Return the canonical JSON of a line, which is also what is hashed."""
    kind = type(line).__name__.lower()
    return canonical(asdict(line) | {"n": number, "type": kind})


def canonical(fields: dict[str, Any]) -> str:
    """Return the one way to write these fields."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode(fields: dict[str, Any]) -> Line | None:
    """Return the line that ``fields`` stand for; None for a kind that this version lacks.

    Raises:
        KeyError, TypeError, ValueError: Fields are missing or wrong.
    """
    make = _DECODERS.get(fields["type"])
    return make(fields) if make else None


def _plain_name(name: str) -> str:
    """Refuse a name that leads out of the session's folder."""
    if name.startswith(".") or "/" in name or "\\" in name:
        raise ValueError("not the name of a file in this folder")
    return name


def _opened(fields: dict[str, Any]) -> Line:
    return Opened(
        TrackId(fields["track_id"]),
        TrackLabel(fields["label"]),
        _plain_name(fields["file"]),
        int(fields["start_frame"]),
    )


def _sealed(fields: dict[str, Any]) -> Line:
    return Sealed(
        TrackId(fields["track_id"]),
        TrackLabel(fields["label"]),
        _plain_name(fields["file"]),
        int(fields["start_frame"]),
        int(fields["frames"]),
        str(fields["sha256"]),
    )


def _clock(fields: dict[str, Any]) -> Line:
    return Clock(
        TrackId(fields["track_id"]),
        int(fields["frame"]),
        int(fields["monotonic_ns"]),
        str(fields["utc"]),
    )


def _began(fields: dict[str, Any]) -> Line:
    return Began(int(fields["monotonic_ns"]), str(fields["utc"]))


def _silent(fields: dict[str, Any]) -> Line:
    return Silent(TrackId(fields["track_id"]), int(fields["start_ms"]), int(fields["end_ms"]))


def _stepped(fields: dict[str, Any]) -> Line:
    return Stepped(int(fields["at_ms"]), int(fields["by_ms"]))


def _slept(fields: dict[str, Any]) -> Line:
    return Slept(int(fields["at_ms"]), int(fields["for_ms"]))


def _gap(fields: dict[str, Any]) -> Line:
    return Gap(
        TrackId(fields["track_id"]),
        int(fields["start_ms"]),
        int(fields["end_ms"]),
        GapReason(fields["reason"]),
    )


def _marker(fields: dict[str, Any]) -> Line:
    return Marker(
        MarkerId(fields["id"]),
        SessionId(fields["session_id"]),
        int(fields["at_ms"]),
        MarkerKind(fields["kind"]),
        str(fields["by"]),
        str(fields["text"]),
        int(fields["covers_ms"]),
    )


def _repaired(fields: dict[str, Any]) -> Line:
    return Repaired(tuple(fields["files"]), tuple(fields["set_aside"]), str(fields["torn"]))


def _redacted(fields: dict[str, Any]) -> Line:
    return Redacted(
        _plain_name(fields["file"]),
        int(fields["start_frame"]),
        int(fields["end_frame"]),
        str(fields["old_sha256"]),
        str(fields["new_sha256"]),
        str(fields["at"]),
        str(fields["by"]),
        str(fields["reason"]),
    )


def _packed(fields: dict[str, Any]) -> Line:
    name = _plain_name(fields["file"])
    return Packed(name, str(fields["sha256"]), str(fields["packed_sha256"]))


def _reworded(fields: dict[str, Any]) -> Line:
    numbers = tuple(int(number) for number in fields["lines"])
    return Reworded(numbers, str(fields["old_head"]), str(fields["at"]), str(fields["by"]))


_DECODERS: dict[str, Callable[[dict[str, Any]], Line]] = {
    "opened": _opened,
    "sealed": _sealed,
    "began": _began,
    "clock": _clock,
    "silent": _silent,
    "stepped": _stepped,
    "slept": _slept,
    "gap": _gap,
    "marker": _marker,
    "ended": lambda _fields: Ended(),
    "repaired": _repaired,
    "redacted": _redacted,
    "packed": _packed,
    "reworded": _reworded,
    **CONDUCT_DECODERS,
}
