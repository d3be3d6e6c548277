"""One object of a document of edits: what it changes, adds or removes."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, NoReturn

from app.domain.communications import Checkpoint, StatusUpdate
from app.domain.encoding import from_json_values, to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.imported import Reconciliation
from app.domain.incident import Incident, IncidentState
from app.domain.json_names import json_name
from app.domain.locks import Lock
from app.domain.merged_voices import MergedVoices
from app.domain.record import SINGLE_PARTS, Change, Entity
from app.domain.roles import Role
from app.domain.sessions import Marker, Session
from app.domain.timeline import EntryKind, HypothesisState, TimelineEntry, keeping_original
from app.domain.times import Precision, as_fine_as, iso_utc, moment_text
from app.domain.transcript import Segment
from app.services.edit_sources import quoted
from app.services.promotion import without_companions
from app.services.record_json import DERIVED_FIELDS
from app.services.security_track import refuse_security
from app.services.typed_moment import no_seconds

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.record import Record

# What recognition and the recorder wrote, and what of it is a person's to change.
OPEN_FIELDS: dict[type[Entity], frozenset[str]] = {
    Segment: frozenset({"text", "speaker_id", "flag", "bleed"}),
    Session: frozenset({"kind", "clock_offset_ms", "consent", "pauses"}),
    Marker: frozenset({"kind", "text"}),
}
KEPT_BY_US: dict[type[Entity], frozenset[str]] = {
    Incident: frozenset({"severity_history", "state_history"})
}
SECONDS = re.compile(r"\d:\d\d:(\d\d(?:\.\d+)?)")
HISTORIC = ("severity", "state")


@dataclass(frozen=True, slots=True)
class Author:
    """Who edits, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """A change, and the place in the document that asks for it."""

    place: str
    change: Change


def edit_of(
    record: Record, before: Entity, given: dict[str, Any], place: str, author: Author
) -> list[Edit]:
    """Return the change of the fields that are given; none if they stand so already."""
    if given.get("remove") is True:
        along = without_companions(record, before.id) if isinstance(before, TimelineEntry) else []
        return [Edit(place, change) for change in (*along, _removal(before, place))]
    kind = type(before)
    if given.get("id", before.id) != before.id:
        refuse(f"{place}.id", "it is another one's")
    values = to_json_values(before)
    own = _own_fields(kind, given, values, place)
    if isinstance(before, Segment):
        own = _with_voice(record, before, own)
    if isinstance(before, Incident):
        after: Entity = _edited_incident(before, own, given.get("reason"), place, author)
    else:
        merged = _merged(values, own)
        if kind is TimelineEntry and merged["hypothesis_state"] in {None, "open"}:
            merged["settled_at"] = own.get("settled_at")  # it goes with what it was settled as
        after = from_json_values(kind, merged, place=place)
        refuse_unknown(own, to_json_values(after), place)
    if isinstance(before, TimelineEntry) and isinstance(after, TimelineEntry):
        if (after.occurred_at, after.precision) != (before.occurred_at, before.precision):
            _refuse_invented_seconds(before, after, own, place)
            after = _as_fine_as_told(after, own, place)
        after = quoted(record, keeping_original(before, after), place, known=before.sources)
        _check_confirmed(after, place, was=before)
    return [] if after == before else [Edit(place, Change(before, after))]


def new_of(
    record: Record, kind: type[Entity], given: dict[str, Any], place: str, author: Author
) -> Edit:
    """Return the addition of what is given."""
    if given.get("remove") is True:
        refuse(f"{place}.id", "there is no such thing to remove")
    if kind in {Segment, Session}:
        refuse(f"{place}.id", "there is no such thing, and this comes from recordings only")
    derived = DERIVED_FIELDS.get(kind, frozenset())
    own = {name: value for name, value in given.items() if name not in derived}
    own |= {} if kind in SINGLE_PARTS.values() else {"incident_id": record.incident.id}
    _complete(kind, own, author)
    entity = from_json_values(kind, own, place=place)
    own.pop("incident_id", None)
    refuse_unknown(own, to_json_values(entity), place)
    if isinstance(entity, TimelineEntry):
        entity = quoted(record, _as_fine_as_told(entity, own, place), place)
        _check_confirmed(entity, place)
    return Edit(place, Change(None, entity))


def _check_confirmed(
    entry: TimelineEntry, place: str, *, was: TimelineEntry | None = None
) -> None:
    """Refuse to confirm by word alone; what was on record so already is the rules' to tell."""
    confirmed = entry.hypothesis_state is HypothesisState.CONFIRMED
    before = was is not None and was.hypothesis_state is HypothesisState.CONFIRMED
    if confirmed and not before and not entry.evidence:
        refuse(f"{place}.hypothesis_state", "a hypothesis is confirmed by evidence, and has none")


def refuse(place: str, reason: str) -> NoReturn:
    """Refuse the whole document.

    Raises:
        InvalidRecordError: Always.
    """
    raise InvalidRecordError(place, reason)


def refuse_unknown(given: Any, understood: Any, place: str) -> None:
    """Refuse a name at any depth that the entity does not have; it would be lost quietly."""
    if isinstance(given, dict) and isinstance(understood, dict):
        for name, value in given.items():
            if name not in understood:
                refuse(f"{place}.{name}", "there is no such field")
            refuse_unknown(value, understood[name], f"{place}.{name}")
    elif isinstance(given, list) and isinstance(understood, list):
        for index, (item, known) in enumerate(zip(given, understood, strict=False)):
            refuse_unknown(item, known, f"{place}[{index}]")


def _own_fields(
    kind: type[Entity], given: dict[str, Any], values: dict[str, Any], place: str
) -> dict[str, Any]:
    names = frozenset(json_name(field.name) for field in fields(kind)) - {"incident_id"}
    allowed = OPEN_FIELDS.get(kind, names) - KEPT_BY_US.get(kind, frozenset())
    ignored = DERIVED_FIELDS.get(kind, frozenset()) | {"id"}
    ignored |= {"reason"} if kind is Incident else frozenset()
    for name, value in given.items():
        if name in ignored or name in allowed:
            continue
        if name not in values:
            refuse(f"{place}.{name}", "there is no such field")
        if value != values[name]:
            refuse(f"{place}.{name}", "it cannot be changed")
    return {name: value for name, value in given.items() if name in allowed and name != "id"}


def _with_voice(record: Record, before: Segment, own: dict[str, Any]) -> dict[str, Any]:
    """Note that a person chose the voice; the one that is shown stands for all merged into it."""
    shown = MergedVoices(record.speakers).id_of(before.speaker_id)
    if own.get("speaker_id", shown) == shown:
        return {name: value for name, value in own.items() if name != "speaker_id"}
    return {**own, "speaker_by_person": True}


def _merged(values: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Lay what is given over what is there; a part with names of its own is not lost whole."""
    both = {
        name: {**values[name], **value}
        for name, value in given.items()
        if isinstance(value, dict) and isinstance(values.get(name), dict)
    }
    return {**values, **given, **both}


def _edited_incident(
    before: Incident, own: dict[str, Any], reason: object, place: str, author: Author
) -> Incident:
    """Change an incident; severity and state keep their history, with who, when and why."""
    if reason is not None and not isinstance(reason, str):
        refuse(f"{place}.reason", "it must be words, or null")
    other = {name: value for name, value in own.items() if name not in HISTORIC}
    after = from_json_values(Incident, _merged(to_json_values(before), other), place=place)
    refuse_unknown(other, to_json_values(after), place)
    if after.track is not before.track:
        refuse_security(after.track, place=f"{place}.track")
    if "severity" in own:
        severity = own["severity"]
        if severity is not None and not isinstance(severity, str):
            refuse(f"{place}.severity", "it must be a word, or null")
        after = after.with_severity(severity, at=author.at, by=author.by, reason=reason)
    if "state" in own:
        state = from_json_values(IncidentState, own["state"], place=f"{place}.state")
        after = after.with_state(state, at=author.at, by=author.by, reason=reason)
    return after


def _complete(kind: type[Entity], own: dict[str, Any], author: Author) -> None:
    """Fill in what follows from what is given, so that a scribe need not spell it."""
    now = iso_utc(author.at)
    if kind is TimelineEntry:
        if own.get("kind") == EntryKind.HYPOTHESIS:
            own.setdefault("hypothesis_state", HypothesisState.OPEN.value)
        if (told := own.get("occurred_at")) is not None:
            seconds = SECONDS.search(str(told))
            is_fine = seconds is not None and float(seconds[1]) > 0  # many write :00 for a minute
            own.setdefault("precision", Precision.SECOND if is_fine else Precision.MINUTE)
    elif kind in {StatusUpdate, Checkpoint}:
        own.setdefault("at", now)
    elif kind is Role and own.get("person"):
        own.setdefault("from", now)
    elif kind in {Marker, Reconciliation}:
        own.setdefault("by", author.by)


def _as_fine_as_told(entry: TimelineEntry, own: dict[str, Any], place: str) -> TimelineEntry:
    """Drop seconds that the precision does not claim; refuse a precision that nothing was told of.

    Only for what a document changes: a time that stands on record stays as it is.
    """
    told = str(own.get("occurred_at") or "")
    if entry.precision is Precision.SECOND and told and not SECONDS.search(told):
        raise no_seconds(told, f"{place}.precision")
    if entry.occurred_at is None:
        return entry
    return replace(entry, occurred_at=as_fine_as(entry.occurred_at, entry.precision))


def _refuse_invented_seconds(
    before: TimelineEntry, after: TimelineEntry, own: dict[str, Any], place: str
) -> None:
    """Refuse seconds for a time of which none were kept, unless the document tells them."""
    finer = after.precision is Precision.SECOND and before.precision is not Precision.SECOND
    if finer and before.occurred_at is not None and not own.get("occurred_at"):
        known = moment_text(before.occurred_at, before.precision)
        raise no_seconds(known, f"{place}.precision")


def _removal(before: Entity, place: str) -> Change:
    if isinstance(before, Segment | Session):
        refuse(place, "it is part of a recording and is not removed")
    if isinstance(before, Incident | Lock):
        refuse(place, "it is not removed")
    return Change(before, None)
