"""A record that others wrote: one that holds together, is of one incident, and can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError
from app.domain.merging import entities_of
from app.domain.record import Entity, Record, entity_type
from app.services.bundle.manifest import is_plain_id
from app.services.record_json import record_bytes
from app.services.record_reading import record_from_document

if TYPE_CHECKING:
    from collections.abc import Iterator


def sound_record(document: object) -> Record:
    """Return the record that the document shows.

    Raises:
        InvalidRecordError, ValueError: It shows none, or reaches beyond its own incident.
    """
    try:
        record = record_from_document(document)
        record_bytes(record)  # so that whoever opens it can look at it
    except InvalidRecordError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError) as cause:
        raise ValueError(f"{type(cause).__name__}: {cause}") from cause
    _require_one_incident(record)
    return record


def _require_one_incident(record: Record) -> None:
    """Refuse what would reach into another incident, now or when a step is undone."""
    for name in (record.incident.id, *(session.id for session in record.sessions)):
        if not is_plain_id(name):
            raise InvalidRecordError(f"id {name!r}", "it cannot be the name of a folder")
    sessions = {session.id for session in record.sessions}
    for entity in _all(record):
        owner = getattr(entity, "incident_id", record.incident.id)
        session = getattr(entity, "session_id", None)
        is_other_incident = entity_type(entity) == "incident" and entity.id != record.incident.id
        of_session = entity_type(entity) in {"track", "marker", "segment", "redaction"}
        if owner != record.incident.id or is_other_incident:
            raise InvalidRecordError(
                f"{entity_type(entity)} {entity.id}", "it is another incident's"
            )
        if of_session and session not in sessions:
            raise InvalidRecordError(
                f"{entity_type(entity)} {entity.id}", "it is of a session that is not there"
            )
    if len({step.id for step in record.operations}) != len(record.operations):
        raise InvalidRecordError("edits", "a step is in it twice")


def _all(record: Record) -> Iterator[Entity]:
    yield from entities_of(record)
    for operation in record.operations:
        for change in operation.changes:
            yield from (state for state in (change.before, change.after) if state is not None)
