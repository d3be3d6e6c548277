"""Use cases on entries: their time, anchor, role, hypothesis life and result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.errors import InvalidRecordError
from app.domain.mitigations import may_have_result
from app.domain.record import Change
from app.domain.timeline import Anchor, EntryKind, HypothesisState, keeping_original
from app.domain.times import as_fine_as, moment_text
from app.services.entry_steps import Steps, entry_of, with_evidence
from app.services.typed_moment import typed_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.domain.ids import EntryId, EvidenceId, IncidentId
    from app.domain.ports import EventBus, RecordStore
    from app.domain.record import Operation, Record
    from app.domain.timeline import MitigationResult, TimelineEntry
    from app.domain.times import Precision


class TimelineEditing:
    """Each call is one step of the history; None, and no step, where it stands so already.

    Raises:
        NotFoundError: from any method, when there is no such entry.
    """

    def __init__(self, store: RecordStore, bus: EventBus, *, actor: str) -> None:
        self._store = store
        self._steps = Steps(store, bus, actor=actor)

    # When

    def retime(
        self,
        incident_id: IncidentId,
        entry_id: EntryId,
        typed: str,
        *,
        precision: Precision | None = None,
    ) -> Operation | None:
        """Give an entry another time, as a person types it; the first it had is kept.

        Raises:
            InvalidRecordError: It is no time that has been; see ``typed_moment``.
        """
        record = self._store.record(incident_id)
        entry = entry_of(record, entry_id)
        moment = typed_moment(record, typed, entry=entry, precision=precision)
        return self._retime(record, entry, moment.at, moment.precision)

    def retime_to(
        self,
        incident_id: IncidentId,
        entry_id: EntryId,
        at: datetime | None,
        precision: Precision,
    ) -> Operation | None:
        """Give an entry another time; None goes with UNKNOWN.

        Raises:
            InvalidRecordError: They do not go together.
        """
        record = self._store.record(incident_id)
        return self._retime(record, entry_of(record, entry_id), at, precision)

    def _retime(
        self, record: Record, before: TimelineEntry, at: datetime | None, precision: Precision
    ) -> Operation | None:
        when = None if at is None else as_fine_as(at, precision)
        try:
            after = replace(before, occurred_at=when, precision=precision)
        except ValueError as cause:
            raise InvalidRecordError("time", str(cause)) from cause
        changes = [Change(before, keeping_original(before, after))]
        # A decision was taken when its line says, until somebody tells its own time.
        changes += [
            Change(decision, replace(decision, at=when))
            for decision in record.decisions
            if decision.entry_id == before.id and decision.at == before.occurred_at
        ]
        return self._steps.keep(record.incident.id, changes, "re-time an entry")

    # What it marks

    def set_anchor(
        self,
        incident_id: IncidentId,
        entry_id: EntryId,
        anchor: Anchor | None,
        *,
        because: str | None = None,
    ) -> Operation | None:
        """Say which moment of the incident an entry marks; None takes it back.

        ``because`` is why it has no evidence (“none, because …”), "" takes that back, None
        leaves it.

        Raises:
            InvalidRecordError: A reason is given where there is evidence, or no anchor.
        """
        before = self._entry(incident_id, entry_id)
        reason = before.no_evidence_because if because is None else because.strip() or None
        if because and anchor is None:
            raise InvalidRecordError("because", "only an anchor needs evidence, or a reason")
        if because and before.evidence:
            raise InvalidRecordError(
                "because", "the entry has evidence", remedy="Detach it first, or say nothing."
            )
        after = replace(before, anchor=anchor, no_evidence_because=reason if anchor else None)
        name = "no anchor" if anchor is None else anchor.value.replace("_", " ")
        return self._set(before, after, f"anchor: {name}")

    # The life of a hypothesis

    def confirm(
        self,
        incident_id: IncidentId,
        entry_id: EntryId,
        evidence: Sequence[EvidenceId] = (),
        *,
        at: str = "",
    ) -> Operation | None:
        """Confirm a hypothesis by the evidence that is given here, or that it has.

        ``at`` is when that was, as a person types it; the step's own time where it is empty.

        Raises:
            InvalidRecordError: There is none, or it is no hypothesis.
            NotFoundError: There is no such evidence.
        """
        record = self._store.record(incident_id)
        before = _hypothesis(record, entry_id)
        proven = with_evidence(record, before, evidence)
        known = {one.id for one in record.evidence}
        if known.isdisjoint(proven.evidence):
            raise InvalidRecordError(
                "evidence",
                "a hypothesis is confirmed by evidence, and it has none",
                remedy="Attach what confirms it: a link, a file or a picture.",
            )
        after = replace(
            proven,
            hypothesis_state=HypothesisState.CONFIRMED,
            settled_at=_settled(record, before, at),
        )
        return self._set(before, after, "confirm a hypothesis")

    def disprove(
        self,
        incident_id: IncidentId,
        entry_id: EntryId,
        evidence: Sequence[EvidenceId] = (),
        *,
        at: str = "",
    ) -> Operation | None:
        """Rule a hypothesis out. It stays, ruled out ``at`` the time that is typed, else now.

        Raises:
            InvalidRecordError: It is no hypothesis.
            NotFoundError: There is no such evidence.
        """
        record = self._store.record(incident_id)
        before = _hypothesis(record, entry_id)
        after = replace(
            with_evidence(record, before, evidence),
            hypothesis_state=HypothesisState.DISPROVED,
            settled_at=_settled(record, before, at),
        )
        return self._set(before, after, "rule out a hypothesis")

    def reopen(self, incident_id: IncidentId, entry_id: EntryId) -> Operation | None:
        """Take a ruling back; the evidence stays with the entry.

        Raises:
            InvalidRecordError: It is no hypothesis.
        """
        before = _hypothesis(self._store.record(incident_id), entry_id)
        after = replace(before, hypothesis_state=HypothesisState.OPEN, settled_at=None)
        return self._set(before, after, "reopen a hypothesis")

    # The rest of its columns

    def set_result(
        self, incident_id: IncidentId, entry_id: EntryId, result: MitigationResult | None
    ) -> Operation | None:
        """Say what a mitigation led to; None takes it back.

        Raises:
            InvalidRecordError: The entry is no mitigation.
        """
        before = self._entry(incident_id, entry_id)
        if result is not None and not may_have_result(before):
            raise InvalidRecordError(
                "result",
                "a hypothesis, or what marks another moment, is no mitigation",
                remedy="Anchor the entry that tells the attempt as mitigation_attempt.",
            )
        name = "none" if result is None else result.value
        return self._set(before, replace(before, mitigation_result=result), f"result: {name}")

    def set_role(self, incident_id: IncidentId, entry_id: EntryId, role: str) -> Operation | None:
        """Say which role it was; empty takes it back."""
        before = self._entry(incident_id, entry_id)
        return self._set(before, replace(before, owner_role=role.strip() or None), "set the role")

    def set_customer_visible(
        self, incident_id: IncidentId, entry_id: EntryId, *, visible: bool | None
    ) -> Operation | None:
        """Say whether customers saw it; None where nobody knows."""
        before = self._entry(incident_id, entry_id)
        after = replace(before, customer_visible=visible)
        return self._set(before, after, "say whether customers saw it")

    def set_in_report(
        self, incident_id: IncidentId, entry_id: EntryId, *, in_report: bool
    ) -> Operation | None:
        """Have the report tell it, or not."""
        before = self._entry(incident_id, entry_id)
        label = "put into the report" if in_report else "leave out of the report"
        return self._set(before, replace(before, in_report=in_report), label)

    def _entry(self, incident_id: IncidentId, entry_id: EntryId) -> TimelineEntry:
        return entry_of(self._store.record(incident_id), entry_id)

    def _set(self, before: TimelineEntry, after: TimelineEntry, label: str) -> Operation | None:
        return self._steps.keep(before.incident_id, [Change(before, after)], label)


def _hypothesis(record: Record, entry_id: EntryId) -> TimelineEntry:
    entry = entry_of(record, entry_id)
    if entry.kind is not EntryKind.HYPOTHESIS:
        raise InvalidRecordError(
            "kind", f"it is a {entry.kind.value}, not a hypothesis", remedy="Choose a hypothesis."
        )
    return entry


def _settled(record: Record, entry: TimelineEntry, typed: str) -> datetime | None:
    if not typed:
        return None
    moment = typed_moment(record, typed, entry=entry, place="at")
    stated = entry.occurred_at
    if moment.at and stated and moment.at < as_fine_as(stated, moment.precision):
        raise InvalidRecordError(
            "at",
            f"the hypothesis was stated only at {moment_text(stated, entry.precision)}",
            remedy="Give a later time, or retime the hypothesis first.",
        )
    return moment.at
