"""Records of any shape that the types allow, for properties that must hold of all of them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_type_hints

from hypothesis import strategies as st

from app.domain.actions import Action
from app.domain.closeout import CloseOut, Waiver
from app.domain.communications import Checkpoint, Communication, StatusUpdate
from app.domain.evidence import Evidence
from app.domain.ids import OperationId, ReconciliationId
from app.domain.impact import Basis, Quantity
from app.domain.imported import Reconciliation
from app.domain.incident import Incident, SeverityChange, StateChange
from app.domain.locks import Lock, LockedPart
from app.domain.record import ENTITY_TYPES, LIST_PARTS, SINGLE_PARTS, Change, Operation, Record
from app.domain.redactions import Redaction
from app.domain.roles import Role
from app.domain.sessions import Gap, Pause, Track
from app.domain.slos import BudgetUse, Slo
from app.domain.suggestions import Suggestion
from app.domain.timeline import EntryKind, HypothesisState, Source, SourceType, TimelineEntry
from app.domain.times import Precision
from app.domain.transcript import Segment
from tests.builders import INCIDENT

MOMENTS = st.integers(0, 10**11).map(
    lambda ms: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12
).filter(lambda text: bool(text.strip()))
SHAS = st.text("0123456789abcdef", min_size=64, max_size=64)
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9, allow_nan=False)
SHARES = st.floats(0, 1)
SPANS = st.tuples(st.integers(0, 10**7), st.integers(1, 10**5)).map(lambda s: (s[0], s[0] + s[1]))

st.register_type_strategy(datetime, MOMENTS)
st.register_type_strategy(str, TEXTS)
st.register_type_strategy(date, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
st.register_type_strategy(int, st.integers(0, 10**9))
st.register_type_strategy(float, NUMBERS.map(float))


def _all_of(kind: type[Any], **given: Any) -> st.SearchStrategy[Any]:
    """Draw every field of a kind by its type, but for those that are given."""
    every: dict[str, Any] = {field.name: ... for field in fields(kind)}
    return st.builds(kind, **(every | given))


def _few(strategy: st.SearchStrategy[Any], *, at_least: int = 0) -> st.SearchStrategy[Any]:
    return st.lists(strategy, min_size=at_least, max_size=2).map(tuple)


def _with_span(kind: type[Any]) -> st.SearchStrategy[Any]:
    given: dict[str, Any] = {"start_ms": st.just(0), "end_ms": st.just(1)}
    if kind is Segment:
        given["confidence"] = st.none() | SHARES
    drawn = st.tuples(_all_of(kind, **given), SPANS)
    return drawn.map(lambda both: replace(both[0], start_ms=both[1][0], end_ms=both[1][1]))


def _redactions() -> st.SearchStrategy[Redaction]:
    given = {"start_ms": st.just(0), "end_ms": st.just(1), "track_ids": _few(TEXTS, at_least=1)}
    drawn = st.tuples(_all_of(Redaction, **given), SPANS)
    return drawn.map(lambda both: replace(both[0], start_ms=both[1][0], end_ms=both[1][1]))


def _sources() -> st.SearchStrategy[Source]:
    heard = st.builds(
        lambda kind, ids, span, quote: Source(kind, *ids, *span, quote),
        st.sampled_from([SourceType.SPAN, SourceType.MARKER]),
        st.tuples(TEXTS, TEXTS),
        SPANS,
        TEXTS,
    )
    messages = st.builds(Source, st.just(SourceType.MESSAGE), quote=TEXTS, message_id=TEXTS)
    return heard | messages | st.builds(Source, st.just(SourceType.EVENT), event_id=TEXTS)


def _entries() -> st.SearchStrategy[TimelineEntry]:
    def fitted(drawn: tuple[dict[str, Any], EntryKind, HypothesisState, Precision]) -> Any:
        given, kind, state, precision = drawn
        return TimelineEntry(
            **given,
            kind=kind,
            hypothesis_state=state if kind is EntryKind.HYPOTHESIS else None,
            precision=Precision.UNKNOWN if given["occurred_at"] is None else precision,
            settled_at=given["created_at"]
            if kind is EntryKind.HYPOTHESIS and state is not HypothesisState.OPEN
            else None,
        )

    known = [precision for precision in Precision if precision is not Precision.UNKNOWN]
    apart = {"kind", "hypothesis_state", "precision", "settled_at"}
    hints = get_type_hints(TimelineEntry)
    given = {f.name: st.from_type(hints[f.name]) for f in fields(TimelineEntry)}
    given["sources"] = _few(_sources())
    own = st.fixed_dictionaries({n: s for n, s in given.items() if n not in apart})
    kinds = st.sampled_from(EntryKind)
    states = st.sampled_from(HypothesisState)
    return st.tuples(own, kinds, states, st.sampled_from(known)).map(fitted)


def _incidents() -> st.SearchStrategy[Incident]:
    plain = _all_of(
        Incident, severity_history=st.just(()), state_history=st.just(()), id=st.just("inc-x")
    )
    severities = _few(st.from_type(SeverityChange))
    return st.tuples(plain, severities, _few(st.from_type(StateChange))).map(
        lambda drawn: replace(
            drawn[0],
            severity_history=drawn[1],
            severity=drawn[1][-1].to if drawn[1] else drawn[0].severity,
            state_history=drawn[2],
            state=drawn[2][-1].to if drawn[2] else drawn[0].state,
        )
    )


def _roles() -> st.SearchStrategy[Role]:
    terms = st.lists(MOMENTS, min_size=2, max_size=2).map(sorted)
    held = st.tuples(_all_of(Role, person=TEXTS, not_needed=st.just(False), to=st.none()), terms)
    needless = _all_of(Role, person=st.none(), not_needed=st.just(True), to=st.none())
    return needless | held.map(lambda both: replace(both[0], from_=both[1][0], to=both[1][1]))


def _status_updates() -> st.SearchStrategy[StatusUpdate]:
    drawn = st.tuples(_all_of(StatusUpdate, known=TEXTS, next_update_at=st.none()), st.booleans())
    return drawn.map(
        lambda both: (
            replace(both[0], next_update_at=both[0].at + timedelta(minutes=30))
            if both[1]
            else both[0]
        )
    )


def _checkpoints() -> st.SearchStrategy[Checkpoint]:
    plain = _all_of(Checkpoint, acknowledged_at=st.none(), acknowledged_by=st.none())
    return plain | plain.map(
        lambda made: replace(
            made, acknowledged_at=made.at + timedelta(minutes=1), acknowledged_by="Priya"
        )
    )


def _suggestions() -> st.SearchStrategy[Suggestion]:
    unknown = {"occurred_at": st.none(), "precision": st.just(Precision.UNKNOWN)}
    timed = {"occurred_at": MOMENTS, "precision": st.just(Precision.MINUTE)}
    return _all_of(Suggestion, confidence=SHARES, **unknown) | _all_of(
        Suggestion, confidence=SHARES, **timed
    )


def _quantities() -> st.SearchStrategy[Quantity]:
    known = st.sampled_from([Basis.MEASURED, Basis.ESTIMATED])
    return _all_of(Quantity, value=NUMBERS, basis=known) | _all_of(
        Quantity, value=st.none(), basis=st.just(Basis.UNKNOWN)
    )


def _evidence() -> st.SearchStrategy[Evidence]:
    linked = _all_of(Evidence, url=TEXTS, file=st.none(), sha256=st.none())
    return linked | _all_of(Evidence, file=st.just("shots/1.png"), sha256=SHAS)


def _actions() -> st.SearchStrategy[Action]:
    return _all_of(Action, dependencies=_few(TEXTS.map("act-{}".format)), id=TEXTS)


def _reconciliations() -> st.SearchStrategy[Reconciliation]:
    members = st.lists(TEXTS, min_size=2, max_size=3, unique=True)
    return st.tuples(members, TEXTS, TEXTS).map(
        lambda drawn: Reconciliation(
            ReconciliationId(drawn[1]), INCIDENT, tuple(drawn[0]), drawn[0][0], "M", drawn[2]
        )
    )


_MADE: dict[type[Any], st.SearchStrategy[Any]] = {
    Source: _sources(),
    Quantity: _quantities(),
    Gap: _with_span(Gap),
    Pause: _with_span(Pause),
    BudgetUse: _all_of(BudgetUse, minutes=st.integers(0, 10**6), failing=SHARES),
    LockedPart: _all_of(LockedPart, sha256=SHAS),
    Track: _all_of(Track, sample_rate=st.integers(1, 192_000)),
    Segment: _with_span(Segment),
    Redaction: _redactions(),
    TimelineEntry: _entries(),
    Incident: _incidents(),
    Role: _roles(),
    Slo: _all_of(Slo, target=st.floats(0.001, 0.99999), window_minutes=st.integers(1, 10**6)),
    StatusUpdate: _status_updates(),
    Checkpoint: _checkpoints(),
    Evidence: _evidence(),
    Communication: _all_of(Communication, approver=TEXTS),
    CloseOut: _all_of(CloseOut, waivers=_few(st.from_type(Waiver)).map(lambda w: w[:1])),
    Suggestion: _suggestions(),
    Reconciliation: _reconciliations(),
    Lock: _all_of(Lock, record_sha256=SHAS),
    Action: _actions(),
}
for _kind, _strategy in _MADE.items():
    st.register_type_strategy(_kind, _strategy)


def entities(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Return things of a kind, with any fields that the kind allows."""
    return _MADE[kind] if kind in _MADE else _all_of(kind)


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    """Return a step with a few changes of any kinds."""
    changes = []
    for _ in range(draw(st.integers(0, 2))):
        thing = draw(entities(draw(st.sampled_from(list(ENTITY_TYPES.values())))))
        changes.append(draw(st.sampled_from([Change(None, thing), Change(thing, None)])))
    by, undone = draw(TEXTS), draw(st.booleans())
    name = OperationId(draw(TEXTS))
    undone_by = by if undone else None
    return Operation(name, INCIDENT, draw(MOMENTS), by, "Edit", tuple(changes), undone, undone_by)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Return a record of one incident whose parts belong together, in the record's order."""
    parts: dict[str, tuple[Any, ...]] = {}
    for name, part in LIST_PARTS.items():
        drawn = draw(st.lists(entities(part.kind), max_size=2, unique_by=lambda e: str(e.id)))
        parts[name] = tuple(_owned(thing, parts) for thing in drawn)
    if not parts["sessions"]:
        parts |= {"tracks": (), "segments": ()}
    ordered = {
        name: tuple(sorted(parts[name], key=lambda e: tuple(getattr(e, n) for n in part.order)))
        for name, part in LIST_PARTS.items()
    }
    singles = {
        name: draw(st.none() | entities(kind).map(lambda thing: replace(thing, id=INCIDENT)))
        for name, kind in SINGLE_PARTS.items()
    }
    steps = tuple(draw(st.lists(operations(), max_size=2)))
    incident = replace(draw(entities(Incident)), id=INCIDENT)
    return Record(incident=incident, operations=steps, **ordered, **singles)


def _owned(thing: Any, parts: dict[str, tuple[Any, ...]]) -> Any:
    """Let a thing belong to the incident, and what was recorded to a session of it."""
    if hasattr(thing, "incident_id"):
        return replace(thing, incident_id=INCIDENT)
    sessions = parts["sessions"]
    return replace(thing, session_id=sessions[0].id) if sessions else thing
