"""What goes over the recorder's socket: JSON, one document per message, never pickle."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import app.domain.errors as errors_module
from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.errors import AppError, CaptureError
from app.domain.ids import MarkerId, SessionId, TrackId
from app.domain.sessions import Marker, MarkerKind, TrackLabel


def pack(fields: dict[str, Any]) -> bytes:
    """Return a message."""
    return json.dumps(fields, ensure_ascii=False).encode()


def unpack(message: bytes) -> dict[str, Any]:
    """Return what a message says.

    Raises:
        ValueError: It is no JSON object.
    """
    fields = json.loads(message)
    if not isinstance(fields, dict):
        raise ValueError("a message is a JSON object")  # noqa: TRY004  as bad as broken JSON
    return fields


def status_fields(status: RecorderStatus) -> dict[str, Any]:
    """Return a status as JSON."""
    failure = error_fields(status.failure) if status.failure else None
    return asdict(replace(status, failure=None)) | {"failure": failure}


def status_from(fields: dict[str, Any]) -> RecorderStatus:
    """Return the status that ``status_fields`` took apart."""
    tracks = tuple(
        TrackStatus(
            **track | {"track_id": TrackId(track["track_id"]), "label": TrackLabel(track["label"])}
        )
        for track in fields["tracks"]
    )
    session_id = SessionId(fields["session_id"])
    failure = error_from(fields["failure"]) if fields["failure"] else None
    return RecorderStatus(
        session_id,
        fields["elapsed_ms"],
        tracks,
        fields["running"],
        failure,
        tuple(fields.get("notices", ())),
    )


def marker_from(fields: dict[str, Any]) -> Marker:
    """Return the marker that ``dataclasses.asdict`` took apart."""
    return Marker(
        MarkerId(fields["id"]),
        SessionId(fields["session_id"]),
        fields["at_ms"],
        MarkerKind(fields["kind"]),
        fields["by"],
        fields["text"],
        fields["covers_ms"],
    )


def error_fields(error: AppError) -> dict[str, Any]:
    """Return an error as JSON: its type, its sentence, its remedy."""
    fields = {"type": type(error).__name__, "message": str(error), "remedy": error.remedy}
    path = getattr(error, "path", None)
    return fields | ({"path": str(path)} if path else {})


def error_from(fields: dict[str, Any]) -> AppError:
    """Return the error that ``error_fields`` took apart, of the same type."""
    kind = getattr(errors_module, str(fields["type"]), CaptureError)
    if not (isinstance(kind, type) and issubclass(kind, AppError)):
        kind = CaptureError
    # The subclasses word their sentence themselves; here it is worded already.
    error: AppError = kind.__new__(kind)
    AppError.__init__(error, fields["message"], remedy=fields["remedy"])
    if "path" in fields:
        error.path = Path(fields["path"])  # type: ignore[attr-defined]  # of those that have one
    return error
