"""Reads a document of edits: the record's own schema, but only what is to be changed.

An object with a known ``id`` changes the fields it gives; any other is added. Of ``scope``,
``impact``, ``rca``, ``learnings`` and ``closeout`` there is one each, which needs no id. A new
entry may give its sources as ``session_id, track_id, start_ms, end_ms``, or as ``message_id`` or
``event_id``: the quote is then taken from there. ``{"id": …, "remove": true}`` takes something
away. ``incident.reason`` says why severity or state changes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain.actions import Action
from app.domain.analysis import Factor
from app.domain.closeout import CloseOut
from app.domain.communications import StatusUpdate
from app.domain.decisions import Decision
from app.domain.ids import new_id
from app.domain.imported import Event, Message
from app.domain.incident import Incident
from app.domain.limits import refuse_excess
from app.domain.record import LIST_PARTS, SCHEMA_VERSION, SINGLE_PARTS, Change, Entity, Record
from app.domain.record_after import record_with
from app.domain.rules.closing import refuse_move
from app.domain.timeline import TimelineEntry
from app.domain.times import Precision
from app.services.edit_objects import Author, Edit, edit_of, new_of, refuse
from app.services.edit_references import check_references
from app.services.promotion import companions
from app.services.status_updates import entry_id_of, update_entry

if TYPE_CHECKING:
    from datetime import datetime

# What a document may hold, and how new ones are named.
LISTS: dict[str, str] = {
    "roles": "rol",
    "sessions": "ses",
    "speakers": "spk",
    "segments": "seg",
    "messages": "msg",
    "events": "evt",
    "series": "srs",
    "entries": "ent",
    "decisions": "dec",
    "slos": "slo",
    "actions": "act",
    "status_updates": "sup",
    "checkpoints": "chk",
    "evidence": "evi",
    "communications": "com",
    "markers": "mrk",
    "reconciliations": "rec",
    "suggestions": "sug",
}
# In a document that came from “show”, but never changed by one.
LEFT_ALONE = frozenset({"schema_version", "edits", "redactions"})

MADE_ELSEWHERE = {
    "locks": "“hotwash lock”",
    "redactions": "“hotwash redact”",
    "edits": "the steps themselves",
}


def changes_of(record: Record, document: object, *, by: str, at: datetime) -> list[Change]:
    """Return the changes that the document asks for; ``by`` and ``at`` go into histories.

    Raises:
        InvalidRecordError: Something does not fit; it names the place.
    """
    parts = _object(document, "document")
    author = Author(by, at)
    names = ["incident", *SINGLE_PARTS, *LISTS]
    for name in parts:
        if name not in {*names, "locks", *LEFT_ALONE}:
            refuse(name, f"it cannot be applied; what can: {', '.join(names)}")
    _check_made_elsewhere(record, parts)
    edits: list[Edit] = []
    if "incident" in parts:
        given = _object(parts["incident"], "incident")
        edits += edit_of(record, record.incident, given, "incident", author)
    for name in SINGLE_PARTS:
        if parts.get(name) is not None:
            edits += _single_edits(record, name, _object(parts[name], name), author)
    for name, prefix in LISTS.items():
        now = _with_written(record, edits) if name == "entries" else record
        edits += _list_edits(now, name, parts.get(name, []), prefix, author)
    check_references(record, edits)
    changes = [edit.change for edit in edits]
    # Again when it is stored, but here the places in the document are known
    refuse_excess(changes, [edit.place for edit in edits])
    _check_move(record, changes, parts.get("incident", {}).get("reason"))
    return _with_companions(changes, at)


def _single_edits(record: Record, name: str, given: dict[str, Any], author: Author) -> list[Edit]:
    own = dict(given)
    edits: list[Edit] = []
    if name == "rca":
        factors = own.pop("factors", [])
        edits += _list_edits(record, "factors", factors, "fac", author, within="rca.")
        if own.get("id", "") is None:  # factors alone, as “show” puts them
            del own["id"]
    before: Entity | None = getattr(record, name)
    if before is not None:
        return [*edits, *edit_of(record, before, own, name, author)]
    if name == "rca" and not any(own.values()):
        return edits
    if own.setdefault("id", record.incident.id) != record.incident.id:
        refuse(f"{name}.id", "it is the incident's own")
    return [*edits, new_of(record, SINGLE_PARTS[name], own, name, author)]


def _list_edits(
    record: Record, name: str, items: object, prefix: str, author: Author, *, within: str = ""
) -> list[Edit]:
    if not isinstance(items, list):
        refuse(within + name, "it must be a list")
    kind = Factor if name == "factors" else LIST_PARTS[name].kind
    known: dict[str, Entity] = {entity.id: entity for entity in getattr(record, name)}
    seen: set[str] = set()
    edits: list[Edit] = []
    for index, item in enumerate(items):
        place = f"{within}{name}[{index}]"
        given = {"id": new_id(prefix), **_object(item, place)}
        if given["id"] in seen:
            refuse(f"{place}.id", "it is in the document twice")
        seen.add(given["id"])
        before = known.get(given["id"])
        if before is None:
            edits.append(new_of(record, kind, given, place, author))
        else:
            edits += edit_of(record, before, given, place, author)
    return edits


def _with_written(record: Record, edits: list[Edit]) -> Record:
    """Let entries quote messages and events that came in the same document, before them."""
    new = [edit.change.after for edit in edits]
    messages = tuple(thing for thing in new if isinstance(thing, Message))
    events = tuple(thing for thing in new if isinstance(thing, Event))
    return replace(record, messages=record.messages + messages, events=record.events + events)


def _check_move(record: Record, changes: list[Change], reason: str | None) -> None:
    """Refuse to close, or to open again, what “hotwash state” would not either."""
    read = [change for change in changes if isinstance(change.entity, Incident | CloseOut)]
    refuse_move(record, record_with(record, read), why=reason, place="incident.state")


def _check_made_elsewhere(record: Record, parts: dict[str, Any]) -> None:
    """Refuse what only its own command makes, unless it stands on record already."""
    version = parts.get("schema_version", SCHEMA_VERSION)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        refuse("schema_version", f"this version knows {SCHEMA_VERSION}; update Hotwash")
    for name, made_by in MADE_ELSEWHERE.items():
        known = {one.id for one in getattr(record, "operations" if name == "edits" else name)}
        items = parts.get(name, [])
        for index, item in enumerate(items if isinstance(items, list) else []):
            if not isinstance(item, dict) or item.get("id") not in known:
                refuse(f"{name}[{index}]", f"{name} are made by {made_by} only")


def _with_companions(changes: list[Change], at: datetime) -> list[Change]:
    """Give each new entry and status update what comes with it, unless the document does."""
    own = {c.after.entry_id for c in changes if isinstance(c.after, Decision | Action)}
    added = [
        companion
        for change in changes
        if change.before is None
        and isinstance(change.after, TimelineEntry)
        and change.after.id not in own
        for companion in companions(change.after)
    ]
    entries = {c.after.id for c in changes if isinstance(c.after, TimelineEntry)}
    twins = [
        Change(None, update_entry(change.after, Precision.SECOND, at))
        for change in changes
        if change.before is None
        and isinstance(change.after, StatusUpdate)
        and entry_id_of(change.after.id) not in entries
    ]
    return [*changes, *added, *twins]


def _object(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        refuse(place, "it must be a JSON object")
    return value
