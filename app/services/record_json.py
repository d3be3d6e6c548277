"""The whole record as one JSON document, in the shape of ``hotwash show --json``."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from app.domain.analysis import Rca
from app.domain.collection import without_collection
from app.domain.encoding import all_to_json_values, json_bytes, speller, to_json_values
from app.domain.incident import Incident
from app.domain.incident_times import IncidentTimes, incident_times
from app.domain.locks import Lock
from app.domain.merged_voices import MergedVoices
from app.domain.record import SCHEMA_VERSION, entity_type
from app.domain.sessions import Session
from app.domain.slos import Slo
from app.domain.timeline import TimelineEntry
from app.domain.times import UtcTexts, after, iso_utc
from app.domain.transcript import Segment, Word
from app.services.lock_changes import changes_since

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pydantic_core import SchemaSerializer

    from app.domain.imported import Message
    from app.domain.record import Change, Entity, Operation, Record

TIMES = tuple(field.name for field in fields(IncidentTimes))
IN_SLO = ("budget_minutes", "used_minutes", "consumed", "breached_by_minutes")

# The keys of the document in their order; what is added later stands last.
DOCUMENT_KEYS = (
    "schema_version",
    "incident",
    "roles",
    "scope",
    "sessions",
    "speakers",
    "segments",
    "messages",
    "events",
    "series",
    "entries",
    "decisions",
    "impact",
    "slos",
    "rca",
    "actions",
    "status_updates",
    "checkpoints",
    "evidence",
    "communications",
    "learnings",
    "markers",
    "locks",
    "closeout",
    "edits",
    "reconciliations",
    "suggestions",
    "redactions",
)

# What is shown of an entity but made from other things: nothing that a document could change.
DERIVED_FIELDS: dict[type[Entity], frozenset[str]] = {
    Incident: frozenset(f"{name}_at" for name in TIMES),
    Session: frozenset({"tracks"}),
    Segment: frozenset({"start_utc", "end_utc", "pass"}),
    TimelineEntry: frozenset({"edits"}),
    Slo: frozenset(IN_SLO),
    Lock: frozenset({"changes"}),
}


def record_bytes(record: Record) -> bytes:
    """Return the document as the bytes of a file; equal records give equal bytes.

    Every key is always present, so that a reader need not ask: what the record does not hold
    is null or empty.
    """
    with without_collection():
        return json_bytes(_parts(record), by=_spelling())


def record_document(record: Record) -> dict[str, Any]:
    """Return the document as JSON values, for who looks into it."""
    document: dict[str, Any] = from_json(record_bytes(record))
    return document


def record_sha256(record: Record) -> str:
    """Return the hash (hex) of the document; what the report prints."""
    return hashlib.sha256(record_bytes(record)).hexdigest()


@cache
def _spelling() -> SchemaSerializer:
    """Return what spells the words of segments, of which there are hundreds of thousands."""
    return speller("segments", "words", tuple[Word, ...])


def _parts(record: Record) -> dict[str, Any]:
    edits = _edits_by_entity(record)
    shown: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "incident": _incident(record),
        "sessions": [_session(record, session) for session in record.sessions],
        "segments": _segments(record),
        "messages": [_message(message) for message in record.messages],
        "entries": [
            {**to_json_values(entry), "edits": edits.get(("entry", entry.id), [])}
            for entry in record.timeline()
        ],
        "slos": [_slo(slo) for slo in record.slos],
        "rca": _rca(record),
        "locks": [_lock(record, lock) for lock in record.locks],
        "edits": [_edit(operation) for operation in record.operations],
    }
    for name in DOCUMENT_KEYS:
        if name not in shown:
            part = getattr(record, name)
            shown[name] = _all(part) if isinstance(part, tuple) else _one(part)
    return {name: shown[name] for name in DOCUMENT_KEYS}


def _incident(record: Record) -> dict[str, Any]:
    times = incident_times(record.entries)
    derived = {f"{name}_at": _time(getattr(times, name)) for name in TIMES}
    return {**to_json_values(record.incident), **derived}


def _all(entities: Sequence[Entity]) -> list[dict[str, Any]]:
    return all_to_json_values(entities)


def _one(entity: Entity | None) -> dict[str, Any] | None:
    return None if entity is None else to_json_values(entity)


def _session(record: Record, session: Session) -> dict[str, Any]:
    return {**to_json_values(session), "tracks": _all(record.tracks_of(session.id))}


def _message(message: Message) -> dict[str, Any]:
    values = to_json_values(message)
    names = ("id", "source_id", "external_id", "at", "author", "channel", "text")
    return {name: values[name] for name in names}


def _slo(slo: Slo) -> dict[str, Any]:
    return {**to_json_values(slo), **{name: getattr(slo, name) for name in IN_SLO}}


def _rca(record: Record) -> dict[str, Any] | None:
    """Return the analysis with its factors; its id is null where there are only factors."""
    if record.rca is None and not record.factors:
        return None
    rca = to_json_values(record.rca or Rca(record.incident.id))
    rca["id"] = None if record.rca is None else record.rca.id
    return {**rca, "factors": _all(record.factors)}


def _lock(record: Record, lock: Lock) -> dict[str, Any]:
    changes = [to_json_values(change) for change in changes_since(record, lock)]
    return {**to_json_values(lock), "changes": changes}


def _segments(record: Record) -> list[dict[str, Any]]:
    voices = MergedVoices(record.speakers)
    began = {s.id: UtcTexts(after(s.start_utc, s.clock_offset_ms)) for s in record.sessions}
    return [
        {
            "id": segment.id,
            "session_id": segment.session_id,
            "track_id": segment.track_id,
            "start_ms": segment.start_ms,
            "end_ms": segment.end_ms,
            "start_utc": began[segment.session_id].after(segment.start_ms),
            "end_utc": began[segment.session_id].after(segment.end_ms),
            "speaker_id": voices.id_of(segment.speaker_id),
            "text": segment.text,
            "original_text": segment.original_text,
            "pass": segment.made_in,
            "flag": segment.flag,
            "words": segment.words,
            "confidence": segment.confidence,
            "overlap": segment.overlap,
            "redacted": segment.redacted,
            "bleed": segment.bleed,
            "speaker_by_person": segment.speaker_by_person,
        }
        for segment in record.segments
    ]


def _edits_by_entity(record: Record) -> dict[tuple[str, str], list[str]]:
    edits: dict[tuple[str, str], list[str]] = {}
    for operation in record.operations:
        if not operation.undone:
            for change in operation.changes:
                edits.setdefault((entity_type(change.entity), change.entity.id), []).append(
                    operation.id
                )
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
