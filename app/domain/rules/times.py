"""Rules on time: R04 the order, R18 sources that disagree, R19 a postmortem overdue."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from app.domain.imported import Event, Message
from app.domain.incident import Incident, IncidentState
from app.domain.incident_times import anchor_entries, incident_times
from app.domain.record import Record
from app.domain.rules.commands import TIME, WORDS, Typed, applying, command
from app.domain.rules.findings import Circumstances, Place, Problem, quoted
from app.domain.rules.moments import Moment, moment
from app.domain.rules.remembered import Remembered, RememberedEach
from app.domain.sessions import Session, SessionKind
from app.domain.spoken_time import occurrence, spoken_clock_times
from app.domain.timeline import Anchor, Source, SourceType, TimelineEntry
from app.domain.times import Precision, after
from app.domain.zones import zone_of

# Each step with the anchors that time it, the first that is known.
STEPS: tuple[tuple[str, tuple[Anchor, ...]], ...] = (
    ("start", (Anchor.IMPACT_START, Anchor.TRIGGER)),
    ("detection", (Anchor.DETECTION,)),
    ("mitigation", (Anchor.ROLLBACK_OR_FIX,)),
    ("resolution", (Anchor.MONITORING_COMPLETE,)),
)
ONCE = (Anchor.IMPACT_START, Anchor.DECLARED)  # of these there is one moment, whoever tells it
POSTMORTEM_DUE = timedelta(hours=48)


def in_order(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R04: what came first is not timed after what followed from it."""
    anchored = anchor_entries(e for e in record.entries if e.anchor is not None)
    known = [
        (name, anchored[anchor])
        for name, anchors in STEPS
        for anchor in [next((a for a in anchors if a in anchored), None)]
        if anchor is not None
    ]
    for (first, earlier), (second, later) in itertools.pairwise(known):
        begun, done = _moment_of(earlier), _moment_of(later)
        if begun is not None and done is not None and done.is_before(begun):
            yield Problem(
                Place("entry", later.id, "occurred_at"),
                f"The {second} ({_clock(later)}) is timed before the {first} ({_clock(earlier)}).",
                "Correct whichever time is wrong, or leave it unknown.",
                typed=command(later.incident_id, "retime", later.id, TIME),
            )


def sources_agree(record: Record, _: Circumstances) -> Iterator[Problem]:
    """R18: what is told of one moment tells one time, or a person has chosen."""
    settled = [frozenset(one.members) for one in record.reconciliations]
    told = _told(record.incident, record.sessions, record.events, record.messages)
    for entry, claims in zip(record.entries, told.of_each(record.entries), strict=True):
        if len(claims) > 1:
            yield from _disagreement(record, entry, claims, settled)
    for anchor in ONCE:
        stated = [entry for entry in record.entries if entry.anchor is anchor]
        claims = [(when, frozenset({e.id}), _clock(e)) for e in stated if (when := _moment_of(e))]
        if claims:
            yield from _disagreement(record, stated[-1], claims, settled)


Claim = tuple[Moment, frozenset[str], str]


def _disagreement(
    record: Record, entry: TimelineEntry, claims: list[Claim], settled: list[frozenset[str]]
) -> Iterator[Problem]:
    for (first, names, clock), (second, others, other_clock) in itertools.combinations(claims, 2):
        if first.disagrees_with(second) and not any(s & names and s & others for s in settled):
            yield Problem(
                Place("entry", entry.id, "occurred_at"),
                f"Sources of {quoted(entry.text)} disagree on its time: "
                f"{clock} and {other_clock}.",
                "Choose which one to believe, and say why.",
                typed=_choosing(record, names, others),
            )
            return


def _choosing(record: Record, names: frozenset[str], others: frozenset[str]) -> Typed | None:
    first, second = min(names, default=None), min(others, default=None)
    if first is None or second is None or first == second:
        return None
    chosen = {"members": [first, second], "chosen": first, "why": WORDS}
    return applying(record.incident.id, {"reconciliations": [chosen]})


class _Told:
    """Finds the times that the sources of entries tell."""

    def __init__(
        self,
        incident: Incident,
        sessions: tuple[Session, ...],
        events: tuple[Event, ...],
        messages: tuple[Message, ...],
    ) -> None:
        self._zone = zone_of(incident.display_timezone)
        self._sessions: Mapping[str, Session] = {one.id: one for one in sessions}
        self._events = {event.id: event.at for event in events}
        self._messages = {message.id: message.at for message in messages}
        self.of_each = RememberedEach(self._of_entry)

    def _of_entry(self, entry: TimelineEntry) -> list[Claim]:
        claims: list[Claim] = []
        when = _moment_of(entry)
        if when is not None:
            claims.append((when, frozenset({entry.id}), _clock(entry)))
        for source in entry.sources:
            at, precision, names = self._of_source(source)
            if at is not None:
                claims.append((moment(at, precision), names, _clock_of(at, precision)))
        return claims

    def _of_source(self, source: Source) -> tuple[datetime | None, Precision, frozenset[str]]:
        if source.type is SourceType.EVENT and source.event_id is not None:
            names = frozenset({source.event_id})
            return self._events.get(source.event_id), Precision.SECOND, names
        # Words tell a time only where they name one; when they were said is another matter.
        said_at = self._said_at(source)
        if said_at is None or len(spoken_clock_times(source.quote)) != 1:
            return None, Precision.UNKNOWN, frozenset()
        at, precision = occurrence(
            source.quote, said_at=said_at, kind=SessionKind.BRIDGE, zone=self._zone
        )
        named = (source.message_id, source.marker_id, *source.segment_ids)
        return at, precision, frozenset(name for name in named if name)

    def _said_at(self, source: Source) -> datetime | None:
        if source.message_id is not None:
            return self._messages.get(source.message_id)
        session = self._sessions.get(source.session_id or "")
        # On a session that looks back, the day is not that of the incident.
        if session is None or session.kind.is_retrospective or source.start_ms is None:
            return None
        return after(session.start_utc, session.clock_offset_ms + source.start_ms)


_told = Remembered(_Told)


def final_in_time(record: Record, circumstances: Circumstances) -> Iterator[Problem]:
    """R19: a postmortem is final two days after the resolution."""
    incident = record.incident
    anchored = (entry for entry in record.entries if entry.anchor is not None)
    resolved = incident_times(anchored).resolved or next(
        (c.at for c in reversed(incident.state_history) if c.to is IncidentState.RESOLVED), None
    )
    if resolved is None or incident.state is IncidentState.CLOSED:
        return
    if any(lock.is_final for lock in record.locks):
        return
    if circumstances.now - resolved > POSTMORTEM_DUE:
        days = (circumstances.now - resolved).days
        yield Problem(
            Place("incident", incident.id, "state"),
            f"It was resolved {days} days ago, and the postmortem is not final.",
            "Finish it: lock it as “final”, or close the incident.",
            typed=command(record.incident.id, "lock", "final"),
        )


def _moment_of(entry: TimelineEntry) -> Moment | None:
    return None if entry.occurred_at is None else moment(entry.occurred_at, entry.precision)


def _clock(entry: TimelineEntry) -> str:
    return _clock_of(entry.occurred_at or datetime.min.replace(tzinfo=UTC), entry.precision)


def _clock_of(at: datetime, precision: Precision) -> str:
    if precision is Precision.SECOND:
        return f"{at:%H:%M:%S} UTC"
    return f"{'about ' if precision is not Precision.MINUTE else ''}{at:%H:%M} UTC"
