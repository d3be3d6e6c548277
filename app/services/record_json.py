"""The whole record as one JSON document, in the shape of ``hotwash show --json``."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from app.domain.encoding import to_json_values
from app.domain.incident_times import incident_times
from app.domain.record import SCHEMA_VERSION, entity_type
from app.domain.times import iso_utc

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.record import Change, Operation, Record
    from app.domain.sessions import Session
    from app.domain.transcript import Segment


def record_document(record: Record) -> dict[str, Any]:
    """Return the record as JSON values; two calls on equal records give equal documents.

    Every key is always present, so that a reader need not ask: what the record does not hold
    is null or empty.
    """
    edits = _edits_by_entity(record)
    return {
        "schema_version": SCHEMA_VERSION,
        "incident": _incident(record),
        "roles": [],
        "scope": None,
        "sessions": [_session(record, session) for session in record.sessions],
        "speakers": [to_json_values(speaker) for speaker in record.speakers],
        "segments": [_segment(record, segment) for segment in record.segments],
        "messages": [],
        "events": [],
        "series": [],
        "entries": [
            {**to_json_values(entry), "evidence": [], "edits": edits.get(entry.id, [])}
            for entry in record.timeline()
        ],
        "decisions": [to_json_values(decision) for decision in record.decisions],
        "impact": None,
        "slos": [],
        "rca": None,
        "actions": [{**to_json_values(action), "ticket": None} for action in record.actions],
        "status_updates": [],
        "checkpoints": [],
        "evidence": [],
        "communications": [],
        "learnings": None,
        "markers": [to_json_values(marker) for marker in record.markers],
        "locks": [],
        "closeout": None,
        "edits": [_edit(operation) for operation in record.operations],
    }


def record_text(record: Record) -> str:
    """Return the document as the bytes of a file would spell it."""
    return json.dumps(record_document(record), ensure_ascii=False, indent=1) + "\n"


def record_sha256(record: Record) -> str:
    """Return the hash (hex) of the document; what the report prints."""
    return hashlib.sha256(record_text(record).encode()).hexdigest()


def _incident(record: Record) -> dict[str, Any]:
    times = incident_times(record.entries)
    return {
        **to_json_values(record.incident),
        "started_at": _time(times.started),
        "detected_at": _time(times.detected),
        "declared_at": _time(times.declared),
        "mitigated_at": _time(times.mitigated),
        "recovered_at": _time(times.recovered),
        "resolved_at": _time(times.resolved),
    }


def _session(record: Record, session: Session) -> dict[str, Any]:
    tracks = [to_json_values(track) for track in record.tracks_of(session.id)]
    return {**to_json_values(session), "tracks": tracks, "consent": None, "pauses": []}


def _segment(record: Record, segment: Segment) -> dict[str, Any]:
    values = to_json_values(segment)
    return {
        "id": segment.id,
        "session_id": segment.session_id,
        "track_id": segment.track_id,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "start_utc": _time(record.utc(segment.session_id, segment.start_ms)),
        "end_utc": _time(record.utc(segment.session_id, segment.end_ms)),
        "speaker_id": segment.speaker_id,
        "text": segment.text,
        "original_text": segment.original_text,
        "pass": segment.made_in.value,
        "flag": values["flag"],
        "words": values["words"],
    }


def _edits_by_entity(record: Record) -> dict[str, list[str]]:
    edits: dict[str, list[str]] = {}
    for operation in record.operations:
        if not operation.undone:
            for change in operation.changes:
                edits.setdefault(change.entity.id, []).append(operation.id)
    return edits


def _edit(operation: Operation) -> dict[str, Any]:
    return {
        "id": operation.id,
        "at": iso_utc(operation.at),
        "by": operation.by,
        "label": operation.label,
        "undone": operation.undone,
        "undone_by": operation.undone_by,
        "changes": [_change(change) for change in operation.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "type": entity_type(change.entity),
        "id": change.entity.id,
        "before": None if change.before is None else to_json_values(change.before),
        "after": None if change.after is None else to_json_values(change.after),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else iso_utc(moment)
