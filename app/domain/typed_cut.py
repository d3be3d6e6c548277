"""What is chosen of a record, as it is typed: stretches, words, entries of the timeline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.cuts import Cut
from app.domain.errors import InvalidRecordError
from app.domain.naming import named
from app.domain.redacting import MARK
from app.domain.timeline import TimelineEntry
from app.domain.times import Span
from app.domain.typed_time import position_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import SegmentId
    from app.domain.record import Record
    from app.domain.transcript import Segment

ENTRY = "ent-"  # how the ids of entries begin
WORDS = re.compile(r"(?P<segment>[^\[@]+)(?:\[(?P<first>\d*):(?P<last>\d*)\])?")
STRETCH = re.compile(r"(?P<session>[^@]+)@(?P<start>[^-]+)-(?P<end>[^-]+)")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose of a record."""

    cuts: tuple[Cut, ...]
    entries: tuple[TimelineEntry, ...]


def choice_of(record: Record, spans: Sequence[str]) -> Choice:
    """Return what was typed, each once.

    Raises:
        NotFoundError: There is no such segment, session or entry.
        InvalidRecordError: One of them is no stretch.
    """
    typed = [span.strip() for span in spans]
    entries = [
        named(record.entries, one, "entry", see="hotwash show ID --json")
        for one in typed
        if one.startswith(ENTRY)
    ]
    cuts = [cut_of(record, one) for one in typed if not one.startswith(ENTRY)]
    return Choice(tuple(dict.fromkeys(cuts)), tuple(dict.fromkeys(entries)))


def cut_of(record: Record, typed: str) -> Cut:
    """Return the stretch that was typed.

    Raises:
        NotFoundError: There is no such segment or session.
        InvalidRecordError: It is no stretch.
    """
    if stretch := STRETCH.fullmatch(typed.strip()):
        return _by_clock(record, typed, stretch)
    found, words = _segment_words(record, typed)
    if words is None:
        return Cut(found.session_id, found.span, found.track_id)
    chosen = found.words[words.start : words.stop]
    redacted = [word.text == MARK for word in chosen]
    if any(redacted) and not all(redacted):  # offsets have moved since they were looked up
        raise InvalidRecordError(
            f"span “{typed}”",
            "some of these words are redacted already",
            remedy="Look at the segment again and choose words beside the mark. Where other "
            "incidents still hold what is gone here: hotwash redact ID --also WORDS.",
        )
    end_ms = max(chosen[-1].end_ms, chosen[0].start_ms + 1)
    return Cut(found.session_id, Span(chosen[0].start_ms, end_ms), found.track_id)


def selection_of(record: Record, typed: str) -> tuple[SegmentId, int | None, int | None]:
    """Return the segment that was typed, with the first and the last of its words.

    Both are None for the whole segment.

    Raises:
        NotFoundError: There is no such segment.
        InvalidRecordError: It is no segment, or has no such words.
    """
    found, words = _segment_words(record, typed)
    return (found.id, None, None) if words is None else (found.id, words.start, words.stop - 1)


def _segment_words(record: Record, typed: str) -> tuple[Segment, range | None]:
    """Return the segment, and which of its words; None where all of it is meant."""
    words = WORDS.fullmatch(typed.strip())
    if words is None:
        raise InvalidRecordError(
            f"span “{typed}”",
            "it is none of SEGMENT, SEGMENT[3:5], SESSION@1:17-1:20.5 and ENTRY",
        )
    found = named(record.segments, words["segment"], "segment", see="hotwash show ID --json")
    if words["first"] is None:
        return found, None
    first, last = int(words["first"] or 0), int(words["last"]) if words["last"] else None
    if last is not None and first >= last:
        raise _ends_first(typed)
    chosen = range(len(found.words))[first:last]
    if not chosen:
        raise InvalidRecordError(
            f"span “{typed}”", f"the segment has {len(found.words)} words with times"
        )
    return found, chosen


def _by_clock(record: Record, typed: str, stretch: re.Match[str]) -> Cut:
    session = named(record.sessions, stretch["session"], "session", see="hotwash show ID --json")
    try:
        start_ms, end_ms = position_ms(stretch["start"]), position_ms(stretch["end"])
    except ValueError as cause:
        raise InvalidRecordError(f"span “{typed}”", str(cause)) from cause
    if start_ms >= end_ms:
        raise _ends_first(typed)
    span = Span(start_ms, end_ms)
    lengths = [track.duration_ms or 0 for track in record.tracks_of(session.id)]
    if lengths and span.start_ms >= max(lengths):
        raise InvalidRecordError(f"span “{typed}”", "the session is over before that")
    return Cut(session.id, span)


def _ends_first(typed: str) -> InvalidRecordError:
    return InvalidRecordError(
        f"span “{typed}”",
        "its end does not lie after its start",
        remedy="Give the start first; [3:5] are the words 3 and 4.",
    )
