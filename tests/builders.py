"""Valid things to test with: each builder needs no argument, and takes whatever is the point."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from app.domain.actions import Action
from app.domain.decisions import Decision
from app.domain.glossary import Glossary, Term, TermKind
from app.domain.ids import (
    ActionId,
    DecisionId,
    EntryId,
    IncidentId,
    MarkerId,
    OperationId,
    SegmentId,
    SessionId,
    SpeakerId,
    TrackId,
)
from app.domain.incident import Incident
from app.domain.record import Change, Operation, Record
from app.domain.sessions import (
    Gap,
    GapReason,
    Marker,
    MarkerKind,
    Session,
    SessionKind,
    Track,
    TrackLabel,
    TrackSource,
)
from app.domain.spelling import SpellingMap
from app.domain.timeline import EntryKind, HypothesisState, Source, SourceType, TimelineEntry
from app.domain.times import Precision, after
from app.domain.transcript import RecognitionPass, Segment, Speaker, Word

if TYPE_CHECKING:
    from collections.abc import Mapping

INCIDENT = IncidentId("inc-a")
SESSION = SessionId("ses-a")
ROOM = TrackId("trk-room")
BRIDGE = TrackId("trk-bridge")
# A fixed past moment: a Thursday, so that "Friday" is tomorrow in the demonstration's words.
START = datetime(2026, 3, 12, 14, 46, tzinfo=UTC)

_numbers = itertools.count(1)


def _next(prefix: str) -> str:
    return f"{prefix}-{next(_numbers):06d}"


def at(clock: str, *, day: int = 12) -> datetime:
    """Return ``14:02`` or ``14:02:31`` on a day of March 2026, UTC."""
    return datetime.combine(date(2026, 3, day), time.fromisoformat(clock), UTC)


def an_incident(**changes: Any) -> Incident:
    """Return an active incident of no severity."""
    incident = Incident(INCIDENT, "Checkout errors", created_at=START)
    return replace(incident, **changes)


def a_session(**changes: Any) -> Session:
    """Return a bridge session that began at ``START``."""
    return replace(Session(SESSION, INCIDENT, SessionKind.BRIDGE, START), **changes)


def a_track(label: TrackLabel = TrackLabel.BRIDGE, **changes: Any) -> Track:
    """Return a track of ``SESSION``, ``BRIDGE`` or ``ROOM`` by its label, two minutes long."""
    bridge = label is TrackLabel.BRIDGE
    track = Track(
        id=BRIDGE if bridge else ROOM,
        session_id=SESSION,
        label=label,
        source=TrackSource.LOOPBACK if bridge else TrackSource.MIC,
        device="Monitor of Headset" if bridge else "Built-in Microphone",
        duration_ms=130_000,
    )
    return replace(track, **changes)


def a_gap(**changes: Any) -> Gap:
    """Return a gap of three seconds on the bridge track."""
    return replace(Gap(BRIDGE, 12_000, 15_000, GapReason.DEVICE_LOST), **changes)


def a_marker(**changes: Any) -> Marker:
    """Return a marker pressed a minute into the session."""
    marker = Marker(MarkerId(_next("mrk")), SESSION, 60_000, MarkerKind.LOOK, "Marcus")
    return replace(marker, **changes)


def a_speaker(label: str = "SPEAKER_00", **changes: Any) -> Speaker:
    """Return a voice that nobody has named yet."""
    return replace(Speaker(SpeakerId(_next("spk")), INCIDENT, label), **changes)


def a_word(text: str = "rollback", start_ms: int = 0, end_ms: int = 400) -> Word:
    """Return one word the recogniser was sure of."""
    return Word(text, start_ms, end_ms, 0.97)


def words_of(text: str, start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """Spread the words of a text evenly over a stretch."""
    parts = text.split()
    step = (end_ms - start_ms) / max(1, len(parts))
    bounds = [start_ms + round(step * i) for i in range(len(parts) + 1)]
    return tuple(
        a_word(part, *pair) for part, pair in zip(parts, itertools.pairwise(bounds), strict=True)
    )


def a_segment(
    text: str = "The rollback started at 14:21.",
    start_ms: int = 77_000,
    end_ms: int = 79_900,
    **changes: Any,
) -> Segment:
    """Return a final, unedited segment on the bridge track, with its words."""
    segment = Segment(
        id=SegmentId(_next("seg")),
        session_id=SESSION,
        track_id=BRIDGE,
        start_ms=start_ms,
        end_ms=end_ms,
        text=text,
        original_text=text,
        made_in=RecognitionPass.FINAL,
        words=words_of(text, start_ms, end_ms),
    )
    return replace(segment, **changes)


CHECKOUT_API = Term("checkout-api", TermKind.SERVICE, ("check out api",))


def a_spelled_segment(text: str = "the check out api is down", **changes: Any) -> Segment:
    """Return a segment in which “checkout-api” stands where “check out api” was heard."""
    spellings = SpellingMap.of(Glossary((CHECKOUT_API,)))
    return spellings.respelled(a_segment(text, **changes))


def doubted(segment: Segment, probabilities: Mapping[str, float]) -> Segment:
    """Return a segment of whose words the recogniser was as sure as told."""
    words = (
        replace(word, probability=probabilities.get(word.text, word.probability))
        for word in segment.words
    )
    return replace(segment, words=tuple(words))


def a_source(segment: Segment | None = None, **changes: Any) -> Source:
    """Return a span source; of a segment, if one is given."""
    segment = segment or a_segment()
    source = Source(
        SourceType.SPAN,
        segment.session_id,
        segment.track_id,
        segment.start_ms,
        segment.end_ms,
        quote=segment.text,
        segment_ids=(segment.id,),
    )
    return replace(source, **changes)


def an_entry(
    text: str = "The rollback started",
    *,
    kind: EntryKind = EntryKind.FACT,
    occurred: str | datetime | None = None,
    **changes: Any,
) -> TimelineEntry:
    """Return an entry; ``occurred`` is ``"14:21"`` (a minute), ``"14:21:05"``, a datetime or None.

    A hypothesis is open unless told otherwise.
    """
    moment = at(occurred) if isinstance(occurred, str) else occurred
    precision = Precision.UNKNOWN
    if moment is not None:
        to_the_minute = isinstance(occurred, str) and occurred.count(":") == 1
        precision = Precision.MINUTE if to_the_minute else Precision.SECOND
    entry = TimelineEntry(
        id=EntryId(_next("ent")),
        incident_id=INCIDENT,
        kind=kind,
        text=text,
        occurred_at=moment,
        precision=changes.pop("precision", precision),
        hypothesis_state=changes.pop(
            "hypothesis_state", HypothesisState.OPEN if kind is EntryKind.HYPOTHESIS else None
        ),
        created_at=START,
    )
    return replace(entry, **changes)


def a_decision(entry: TimelineEntry | None = None, **changes: Any) -> Decision:
    """Return the decision that belongs to an entry."""
    entry = entry or an_entry("Roll back the release", kind=EntryKind.DECISION, occurred="14:20")
    decision = Decision(
        id=DecisionId(_next("dec")),
        incident_id=entry.incident_id,
        entry_id=entry.id,
        decision=entry.text,
        at=entry.occurred_at,
        who=entry.owner_role,
        sources=entry.sources,
    )
    return replace(decision, **changes)


def an_action(text: str = "Add an alert on connection pool usage", **changes: Any) -> Action:
    """Return an open action without owner or date."""
    return replace(Action(ActionId(_next("act")), INCIDENT, text), **changes)


def an_operation(*changes: Change, **fields: Any) -> Operation:
    """Return a step of Marcus's work."""
    operation = Operation(
        OperationId(_next("op")), INCIDENT, after(START, 60_000), "Marcus", "Edit", changes
    )
    return replace(operation, **fields)


def a_record(*entries: TimelineEntry, **parts: Any) -> Record:
    """Return a record of one session with both tracks, with the entries and any other parts."""
    record = Record(
        incident=an_incident(),
        sessions=(a_session(),),
        tracks=(a_track(TrackLabel.ROOM), a_track(TrackLabel.BRIDGE)),
        entries=entries,
    )
    return replace(record, **parts)


def a_due_date() -> date:
    """Return a date a week after ``START``."""
    return date(2026, 3, 19)
