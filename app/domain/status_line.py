"""A status update on one line: ``known 503s | impact checkout | next 30m``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from app.domain.line_problem import LineError
from app.domain.times import Precision
from app.domain.typed_time import ComingTimeError, coming_moment

PARTS = ("known", "unknown", "impact", "mitigation", "next")
PART = re.compile(rf"(?P<name>{'|'.join((*PARTS, 'closing'))})\b\s*:?\s*", re.IGNORECASE)
EXAMPLE = "/status known 503s on checkout | impact EU | next 30m"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """An update as it was typed; ``at`` is None for now, ``next_update`` empty at the closing."""

    known: str = ""
    unknown: str = ""
    impact: str = ""
    mitigation: str = ""
    next_update: str = ""
    next_update_at: datetime | None = None
    closing: bool = False
    at: datetime | None = None
    precision: Precision = Precision.UNKNOWN


def status_line(
    text: str,
    start: int,
    *,
    at: datetime | None,
    precision: Precision,
    now: datetime,
    zone: tzinfo,
) -> StatusLine:
    """Read the parts of an update; words before the first name are what is known.

    Raises:
        LineError: It says nothing, says a thing twice, or not when the next one comes.
    """
    said = _said(text, start)
    if not any(name in said for name in PARTS[:4]):
        raise LineError(start, len(text), "The update says nothing.", f"Such as {EXAMPLE}.")
    words = {name: part[0] for name, part in said.items()}
    line = StatusLine(
        words.get("known", ""),
        words.get("unknown", ""),
        words.get("impact", ""),
        words.get("mitigation", ""),
        closing="closing" in said,
        at=at,
        precision=precision,
    )
    if "next" in said:
        typed, begins, ends = said["next"]
        coming = _coming(typed, (begins, ends), after=at or now, zone=zone)
        return replace(line, next_update=typed, next_update_at=coming)
    if not line.closing:
        raise LineError(
            len(text),
            len(text),
            "It does not say when the next update comes.",
            "Add “| next 30m”, or “| closing” for the last one.",
        )
    return line


def _said(text: str, start: int) -> dict[str, tuple[str, int, int]]:
    """Return the words of each part, with where the part stands."""
    said: dict[str, tuple[str, int, int]] = {}
    position = start
    for piece in text[start:].split("|"):
        begins, ends = _trimmed(piece, position)
        position += len(piece) + 1
        if begins < ends:
            name, words = _part(text, begins, ends, first=not said)
            if name in said:
                raise LineError(begins, ends, f"“{name}” is said twice.", "Say it once.")
            said[name] = words, begins, ends
    return said


def _trimmed(piece: str, position: int) -> tuple[int, int]:
    lead = len(piece) - len(piece.lstrip())
    return position + lead, position + len(piece.rstrip())


def _part(text: str, begins: int, ends: int, *, first: bool) -> tuple[str, str]:
    match = PART.match(text, begins, ends)
    if match is None:
        if first:
            return "known", text[begins:ends]
        raise LineError(
            begins,
            ends,
            "This part does not say what it is.",
            f"Begin it with {', '.join(PARTS)} or closing.",
        )
    name, words = match["name"].lower(), text[match.end() : ends]
    if not words and name != "closing":
        raise LineError(begins, ends, f"“{name}” says nothing.", "Add words, or leave it out.")
    return name, words


def _coming(typed: str, place: tuple[int, int], *, after: datetime, zone: tzinfo) -> datetime:
    try:
        coming = coming_moment(typed, now=after, zone=zone).astimezone(UTC)
    except ComingTimeError as cause:
        raise LineError(*place, f"{cause}.", cause.remedy) from cause
    except OverflowError as cause:
        raise LineError(
            *place, f"“{typed}” is beyond the calendar.", "Give an earlier time."
        ) from cause
    if coming <= after:
        raise LineError(*place, "The next update must come after this one.", "Give a later time.")
    return coming
