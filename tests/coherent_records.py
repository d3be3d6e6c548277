"""Generated records whose parts refer to each other as a database asks for."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from app.domain.bookkeeping import Bookkeeping, Cursor
from app.domain.incident import IncidentTrack
from app.domain.merging import REFERENCES, Copy
from app.domain.record import LIST_PARTS, Change, Record, entity_type
from app.domain.transcript import RecognitionPass
from tests.builders import INCIDENT
from tests.generated_records import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.domain.ids import OperationId
    from app.domain.record import Operation

# What cannot do without the thing that it refers to.
NEEDED = {("decision", "entry_id"), ("segment", "track_id"), ("segment", "session_id")}
NEEDED |= {("track", "session_id"), ("marker", "session_id"), ("redaction", "session_id")}


@st.composite
def copies(draw: st.DrawFn) -> Copy:
    """Return a copy of an incident that any database takes in."""
    record = coherent(draw(records()))
    # The other track is refused until it can be encrypted.
    record = replace(record, incident=replace(record.incident, track=IncidentTrack.NORMAL))
    drawn = {step.id for step in record.operations if draw(st.booleans())}
    # As databases keep them: what was undone before a new step is not done again.
    fixed = [
        step.id
        for number, step in enumerate(record.operations)
        if step.id in drawn
        or (step.undone and _is_followed(record.operations[number + 1 :], drawn))
    ]
    cursors = sorted(
        (track.id, made_in.value, draw(st.integers(0, 10**7)))
        for track in record.tracks
        for made_in in RecognitionPass
        if draw(st.booleans())
    )
    return Copy(
        record,
        Bookkeeping(
            tuple(Cursor(t, RecognitionPass(p), ms) for t, p, ms in cursors), tuple(fixed)
        ),
    )


def _is_followed(later: Sequence[Operation], fixed: set[OperationId]) -> bool:
    return any(not step.undone and step.id not in fixed for step in later)


def coherent(record: Record) -> Record:
    """Return the record with ids fit for folders, and references that lead somewhere."""
    session_ids = {session.id: _plain(session.id) for session in record.sessions}
    parts: dict[str, tuple[Any, ...]] = {
        name: tuple(_renamed(thing, session_ids) for thing in getattr(record, name))
        for name in LIST_PARTS
    }
    while True:  # what goes may have been named by others
        known = {(entity_type(e), e.id) for part in parts.values() for e in part}
        kept = {name: _led(part, known) for name, part in parts.items()}
        if kept == parts:
            break
        parts = kept
    for name, part in LIST_PARTS.items():  # last: what leads elsewhere now may stand elsewhere
        parts[name] = tuple(
            sorted(parts[name], key=lambda e: tuple(getattr(e, n) for n in part.order))
        )
    steps = {step.id: step for step in record.operations}.values()
    operations = tuple(
        replace(step, changes=tuple(_own_changes(step.changes, parts["sessions"])))
        for step in steps
    )
    return replace(record, operations=operations, **parts)


def _led(things: Sequence[Any], known: set[tuple[str, str]]) -> tuple[Any, ...]:
    kept = []
    tracks = [id_ for kind, id_ in sorted(known) if kind == "track"]
    for thing in things:
        kind = entity_type(thing)
        loose: dict[str, str | None] = {
            field: None
            for field, target in REFERENCES.get(kind, {}).items()
            if getattr(thing, field) is not None and (target, getattr(thing, field)) not in known
        }
        if "track_id" in loose and tracks:
            loose["track_id"] = tracks[0]
        if not any((kind, field) in NEEDED and not to for field, to in loose.items()):
            kept.append(replace(thing, **loose))
    return tuple(kept)


def _own_changes(changes: Sequence[Change], sessions: Sequence[Any]) -> Iterator[Change]:
    """Let what stands in the history be of this incident."""
    for change in changes:
        kind = entity_type(change.entity)
        if kind == "incident":
            values: dict[str, Any] = {"id": INCIDENT}
        elif kind in {"track", "marker", "segment", "redaction"}:
            if not sessions:
                continue
            values = {"session_id": sessions[0].id}
            if kind == "redaction":
                values["incident_id"] = INCIDENT
        else:
            values = {"incident_id": INCIDENT} if hasattr(change.entity, "incident_id") else {}
        before, after = change.before, change.after
        yield Change(
            replace(before, **values) if before else None,
            replace(after, **values) if after else None,
        )


def _renamed(thing: Any, session_ids: dict[Any, str]) -> Any:
    if entity_type(thing) == "session":
        return replace(thing, id=session_ids[thing.id])
    session_id = getattr(thing, "session_id", None)
    return (
        replace(thing, session_id=session_ids[session_id]) if session_id in session_ids else thing
    )


def _plain(name: str) -> str:
    return "ses-" + hashlib.sha256(name.encode()).hexdigest()[:16]
