"""Lines of the journal about what people, and the system, decided during a recording."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from app.domain.ids import TrackId
from app.domain.times import require_aware

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Paused:
    """From here on nothing is recorded; on the disk before that takes effect."""

    at_ms: int
    by: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """The recording goes on."""

    at_ms: int
    by: str


@dataclass(frozen=True, slots=True)
class Announced:
    """Those present were told that they are recorded; ``at`` is UTC, ISO 8601."""

    at: str
    by: str
    method: str


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """The track hears another source; ``before`` and ``after`` are source ids."""

    track_id: TrackId
    before: str
    after: str
    at_ms: int


ConductLine: TypeAlias = Paused | Resumed | Announced | SourceChanged


def _announced(fields: dict[str, Any]) -> Announced:
    at = str(fields["at"])
    require_aware(datetime.fromisoformat(at), "at")
    return Announced(at, str(fields["by"]), str(fields["method"]))


def _source_changed(fields: dict[str, Any]) -> SourceChanged:
    return SourceChanged(
        TrackId(fields["track_id"]),
        str(fields["before"]),
        str(fields["after"]),
        int(fields["at_ms"]),
    )


CONDUCT_DECODERS: dict[str, Callable[[dict[str, Any]], ConductLine]] = {
    "paused": lambda fields: Paused(int(fields["at_ms"]), str(fields["by"])),
    "resumed": lambda fields: Resumed(int(fields["at_ms"]), str(fields["by"])),
    "announced": _announced,
    "sourcechanged": _source_changed,
}
