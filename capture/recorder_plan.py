"""What the recorder is told to do: a JSON file in the session's folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.audio_files.durable import write_atomically
from app.domain.engine_types import AudioSource, TrackPlan
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import SessionKind, TrackLabel, TrackSource

if TYPE_CHECKING:
    from pathlib import Path

PLAN_FILE = "recorder_plan.json"


@dataclass(frozen=True, slots=True)
class RecorderPlan:
    """A session to be recorded."""

    incident_id: IncidentId
    session_id: SessionId
    kind: SessionKind
    tracks: tuple[TrackPlan, ...]

    def __post_init__(self) -> None:
        if not self.tracks:
            raise ValueError("a recording needs a track")
        if len({track.label for track in self.tracks}) != len(self.tracks):
            raise ValueError("each track needs a label of its own")


def write_plan(path: Path, plan: RecorderPlan) -> None:
    """Write the plan."""
    write_atomically(path, json.dumps(asdict(plan), ensure_ascii=False).encode())


def read_plan(path: Path) -> RecorderPlan:
    """Read the plan."""
    fields = json.loads(path.read_bytes())
    tracks = tuple(
        TrackPlan(
            TrackId(track["track_id"]),
            TrackLabel(track["label"]),
            source_from(track["source"]),
            source_from(track["fallback"]) if track.get("fallback") else None,
            bool(track.get("follow_default", False)),
        )
        for track in fields["tracks"]
    )
    return RecorderPlan(
        IncidentId(fields["incident_id"]),
        SessionId(fields["session_id"]),
        SessionKind(fields["kind"]),
        tracks,
    )


def source_from(fields: dict[str, Any]) -> AudioSource:
    """Return the source that ``dataclasses.asdict`` took apart."""
    return AudioSource(**fields | {"kind": TrackSource(fields["kind"])})
