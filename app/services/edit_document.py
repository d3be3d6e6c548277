"""Reads a document of edits: the record's own schema, but only what is to be changed.

An object with a known ``id`` changes the fields it gives; any other is added. A new entry may
give its sources as ``session_id, track_id, start_ms, end_ms``: the quote is then taken from the
transcript. ``{"id": …, "remove": true}`` takes something away.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, NoReturn

from app.domain.actions import Action
from app.domain.decisions import Decision
from app.domain.encoding import from_json_values, to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.ids import new_id
from app.domain.incident_times import IncidentTimes
from app.domain.record import Change, Entity, Record
from app.domain.timeline import EntryKind, HypothesisState, Source, TimelineEntry
from app.domain.times import Precision, Span
from app.domain.transcript import Segment, Speaker
from app.services.promotion import companions

# What a document may hold, and how new ones are named.
LISTS: dict[str, tuple[type[Entity], str]] = {
    "speakers": (Speaker, "spk"),
    "segments": (Segment, "seg"),
    "entries": (TimelineEntry, "ent"),
    "decisions": (Decision, "dec"),
    "actions": (Action, "act"),
}
# In a document that came from “show”, but made from other things: left alone.
TIMES = frozenset(f"{field.name}_at" for field in fields(IncidentTimes))
DERIVED = TIMES | {"evidence", "edits", "ticket", "start_utc", "end_utc", "pass"}
IN_SEGMENT = frozenset({"id", "text", "speaker_id", "flag"})
WHOLE_DOCUMENT = frozenset({"schema_version"})


def changes_of(record: Record, document: object) -> list[Change]:
    """Return the changes that the document asks for.

    Raises:
        InvalidRecordError: Something does not fit; it names the place.
    """
    parts = _object(document, "document")
    for name in parts:
        if name not in {"incident", *LISTS, *WHOLE_DOCUMENT}:
            known = ", ".join(["incident", *LISTS])
            _refuse(name, f"it cannot be applied; what can: {known}")
    changes: list[Change] = []
    if "incident" in parts:
        changes += _change(record.incident, _object(parts["incident"], "incident"), "incident")
    for name in LISTS:
        changes += _list_changes(record, name, parts.get(name, []))
    return _with_companions(changes)


def _list_changes(record: Record, name: str, items: object) -> list[Change]:
    if not isinstance(items, list):
        _refuse(name, "it must be a list")
    kind, prefix = LISTS[name]
    known: dict[str, Entity] = {entity.id: entity for entity in getattr(record, name)}
    seen: set[str] = set()
    changes: list[Change] = []
    for index, item in enumerate(items):
        place = f"{name}[{index}]"
        given = {"id": new_id(prefix), **_object(item, place)}
        if given["id"] in seen:
            _refuse(f"{place}.id", "it is in the document twice")
        seen.add(given["id"])
        before = known.get(given["id"])
        if given.get("remove") is True:
            changes.append(_removal(before, place))
        elif before is None:
            changes.append(Change(None, _new(record, kind, given, place)))
        else:
            changes += _change(before, given, place)
    return changes


def _change(before: Entity, given: dict[str, Any], place: str) -> list[Change]:
    kind = type(before)
    allowed = IN_SEGMENT if kind is Segment else _names(kind)
    if given.get("id", before.id) != before.id:
        _refuse(f"{place}.id", "it is another one's")
    values = to_json_values(before)
    for name, value in given.items():
        if name in allowed:
            values[name] = value
        elif name not in DERIVED and value != values.get(name, value):
            _refuse(f"{place}.{name}", "it cannot be changed")
        elif name not in DERIVED | values.keys():
            _refuse(f"{place}.{name}", "there is no such field")
    after = from_json_values(kind, values, place=place)
    return [] if after == before else [Change(before, after)]


def _new(record: Record, kind: type[Entity], given: dict[str, Any], place: str) -> Entity:
    if kind is Segment:
        _refuse(f"{place}.id", "there is no such segment, and segments come from recognition")
    for name in given:
        if name not in _names(kind) | DERIVED:
            _refuse(f"{place}.{name}", "there is no such field")
    own = {name: value for name, value in given.items() if name not in DERIVED}
    values = {**own, "incident_id": record.incident.id}
    if kind is TimelineEntry:
        _complete_entry(values)
    entity = from_json_values(kind, values, place=place)
    return _quoted(record, entity, place) if isinstance(entity, TimelineEntry) else entity


def _complete_entry(values: dict[str, Any]) -> None:
    """Fill in what follows from what is given, so that a scribe need not spell it."""
    if values.get("kind") == EntryKind.HYPOTHESIS:
        values.setdefault("hypothesis_state", HypothesisState.OPEN.value)
    if values.get("occurred_at") is not None:
        values.setdefault("precision", Precision.MINUTE.value)


def _quoted(record: Record, entry: TimelineEntry, place: str) -> TimelineEntry:
    sources = tuple(
        _with_quote(record, source, f"{place}.sources[{index}]")
        for index, source in enumerate(entry.sources)
    )
    heard = [audio for source in sources if (audio := source.audio) is not None]
    first = min((record.utc(a.session_id, a.span.start_ms) for a in heard), default=None)
    return replace(entry, sources=sources, noticed_at=entry.noticed_at or first)


def _with_quote(record: Record, source: Source, place: str) -> Source:
    if source.audio is None:
        return _with_written_quote(record, source, place)
    audio = source.audio
    tracks = {track.id: track.session_id for track in record.tracks}
    if tracks.get(audio.track_id) != audio.session_id:
        _refuse(place, "there is no such track in that session")
    if source.quote:
        return source
    heard = [
        segment
        for segment in record.segments
        if segment.track_id == audio.track_id and segment.span.overlap_ms(audio.span)
    ]
    return replace(
        source,
        quote=" ".join(_words_within(segment, audio.span) for segment in heard).strip(),
        segment_ids=source.segment_ids or tuple(segment.id for segment in heard),
    )


def _with_written_quote(record: Record, source: Source, place: str) -> Source:
    texts: dict[str, str] = {message.id: message.text for message in record.messages}
    texts |= {event.id: event.text for event in record.events}
    text = texts.get(source.message_id or source.event_id or "")
    if text is None:
        _refuse(place, f"there is no such {source.type}")
    return replace(source, quote=source.quote or text)


def _words_within(segment: Segment, span: Span) -> str:
    if segment.edited or not segment.words:
        return segment.text
    middle_inside = (
        word.text
        for word in segment.words
        if span.start_ms <= (word.start_ms + word.end_ms) // 2 < span.end_ms
    )
    return " ".join(middle_inside)


def _with_companions(changes: list[Change]) -> list[Change]:
    """Give each new decision and action entry what comes with it, unless the document does."""
    own = {c.after.entry_id for c in changes if isinstance(c.after, Decision | Action)}
    added = [
        companion
        for change in changes
        if change.before is None
        and isinstance(change.after, TimelineEntry)
        and change.after.id not in own
        for companion in companions(change.after)
    ]
    return [*changes, *added]


def _removal(before: Entity | None, place: str) -> Change:
    if before is None:
        _refuse(f"{place}.id", "there is no such thing to remove")
    if isinstance(before, Segment):
        _refuse(place, "a segment is part of the recording and is not removed")
    return Change(before, None)


def _names(kind: type[Entity]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind)) - {"incident_id"}


def _object(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse(place, "it must be a JSON object")
    return value


def _refuse(place: str, reason: str) -> NoReturn:
    raise InvalidRecordError(place, reason)
