"""How long a text may be, what it may hold, and which numbers make no sense.

Held where something is entered (``RecordStore.commit``), and not when an entity is built: what
stands in a database or a bundle is read, undone and merged whatever an earlier version let in.
A step may also leave such a text as it is, or take it over, while it changes the rest.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache

from app.domain.errors import InvalidRecordError
from app.domain.impact import Impact, Quantity
from app.domain.imported import Event, Message, Series
from app.domain.incident import Incident
from app.domain.json_names import json_name
from app.domain.record import Change, Entity, entity_type
from app.domain.sessions import Marker, Session, Track
from app.domain.zones import is_zone

LONGEST_NAME, LONGEST_TEXT, LONGEST_IMPORTED = 300, 20_000, 200_000  # characters
NAMES = frozenset(
    {"title", "codename", "severity", "classification", "name", "person", "role", "unit"}
    | {"owner", "owner_role", "who", "by", "approver", "approved_by"}
)
# Tabs and ends of lines are text; other control characters and halves of a character are none.
# Nor is what turns the letters after it around: a line would not read as it stands. Arabic and
# Hebrew letters need none of those; marks of direction (LRM, RLM), which turn nothing, may stay.
NO_TEXT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# What the recorder has on disk comes into the record as it is.
RECORDED = (Session, Track, Marker)
IMPORTED = (Message, Event, Series)
SIGNED = frozenset({"revenue", "conversions", "sla_amount", "credits_risk"})  # may be a loss


def refuse_excess(changes: Sequence[Change], places: Sequence[str] | None = None) -> None:
    """Refuse what nobody means to enter in one step.

    ``places`` tells where each change was given, if not just for an entity of its kind.

    Raises:
        InvalidRecordError: A new text is too long or holds what is no text, a number is negative
            that cannot be, or there is no such time zone; it names the field.
    """

    @cache  # asked for only where a text is refused: the step may change thousands of lines
    def known() -> frozenset[str]:
        befores = [change.before for change in changes if change.before is not None]
        return frozenset(text for before in befores for *_, text in _texts(before))

    for change, place in zip(changes, places or [""] * len(changes), strict=True):
        _refuse_change(change, place, known)


def _refuse_change(change: Change, place: str, known: Callable[[], frozenset[str]]) -> None:
    after, before = change.after, change.before
    if after is None or isinstance(after, RECORDED):
        return
    where = place or entity_type(after)
    longest = LONGEST_IMPORTED if isinstance(after, IMPORTED) else LONGEST_TEXT
    for path, name, text in _changed_texts(after, before):
        shorter = name in NAMES and not isinstance(after, IMPORTED)
        try:
            refuse_text(text, where + path, longest=LONGEST_NAME if shorter else longest)
        except InvalidRecordError:
            if text not in known():
                raise
    _refuse_senseless(after, before, where)


def refuse_text(text: str, place: str, *, longest: int = LONGEST_TEXT, remedy: str = "") -> None:
    """Refuse a text that is too long or holds what is no text; ``remedy`` is there for either.

    Raises:
        InvalidRecordError: It is, or does.
    """
    if len(text) > longest:
        raise InvalidRecordError(
            place,
            f"it has {len(text):,} characters, and {longest:,} are the most",
            remedy=remedy or "Shorten it, and keep the whole as a file of evidence.",
        )
    if wrong := NO_TEXT.search(text):
        raise InvalidRecordError(
            place,
            f"it holds U+{ord(wrong[0]):04X} after {wrong.start()} characters, which is no text",
            remedy=remedy or "Take that character out.",
        )


def _refuse_senseless(after: Entity, before: Entity | None, where: str) -> None:
    if isinstance(after, Incident):
        was = before.display_timezone if isinstance(before, Incident) else None
        if after.display_timezone != was and not is_zone(after.display_timezone):
            raise InvalidRecordError(
                f"{where}.display_timezone",
                f"there is no time zone “{after.display_timezone}”",
                remedy="Name one such as Europe/Berlin or UTC.",
            )
    if isinstance(after, Impact) and after != before:
        for path, quantity in _amounts(after):
            if quantity.value is not None and quantity.value < 0:
                raise InvalidRecordError(
                    f"{where}{path}.value",
                    f"{quantity.value} is less than nothing",
                    remedy="Give a number from 0, or null with the basis “unknown”.",
                )


def _amounts(impact: Impact) -> Iterator[tuple[str, Quantity]]:
    """Yield the numbers that count or measure something, each with the way to it."""
    for layer in ("technical", "customer", "business"):
        part = getattr(impact, layer)
        for field in fields(part):
            value = getattr(part, field.name)
            if isinstance(value, Quantity) and field.name not in SIGNED:
                yield f".{layer}.{field.name}", value


def _changed_texts(after: Entity, before: Entity | None) -> Iterator[tuple[str, str, str]]:
    """Yield what ``_texts`` does, of the fields that are not as they were."""
    for field in fields(after):
        value, spelled = getattr(after, field.name), json_name(field.name)
        if before is None or value != getattr(before, field.name):
            yield from _texts(value, f".{spelled}", spelled)


def _texts(value: object, path: str = "", name: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the way to each text in an entity, the name of its field, and the text."""
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        yield path, name, value
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]", name)
    elif is_dataclass(value):
        for field in fields(value):
            spelled = json_name(field.name)
            yield from _texts(getattr(value, field.name), f"{path}.{spelled}", spelled)
