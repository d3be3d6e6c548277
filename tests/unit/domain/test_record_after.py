"""A record is followed step by step without being read again."""

from dataclasses import replace

from app.domain.incident import IncidentState
from app.domain.record import Change
from app.domain.record_after import record_after
from tests.builders import a_record, an_entry, an_incident, an_operation, at
from tests.record_builders import a_scope, an_evidence


def test_what_a_step_adds_changes_and_takes_away_stands_in_the_records_order() -> None:
    late, early = (
        an_entry("late", created_at=at("14:40")),
        an_entry("early", created_at=at("14:02")),
    )
    record = a_record(late)
    added = an_operation(Change(None, early), Change(None, an_evidence()), Change(None, a_scope()))
    after = record_after(record, added)
    assert after.entries == (early, late)
    assert (len(after.evidence), after.scope) == (1, a_scope())
    assert after.operations[-1] == added

    reworded = replace(early, text="earlier")
    step = an_operation(Change(early, reworded), Change(late, None))
    assert record_after(after, step).entries == (reworded,)


def test_a_step_that_is_undone_is_taken_back() -> None:
    before = an_incident()
    after = before.with_state(IncidentState.MITIGATED, at=at("14:50"), by="Marcus")
    step = an_operation(Change(before, after))
    record = record_after(replace(a_record(), incident=before), step)
    assert record.incident.state is IncidentState.MITIGATED
    undone = record_after(record, replace(step, undone=True))
    assert undone.incident == before
    assert [one.undone for one in undone.operations] == [True]


def test_a_step_that_is_known_does_not_bring_back_what_was_before_later_ones() -> None:
    before = an_incident()
    middle = before.with_state(IncidentState.MITIGATED, at=at("14:50"), by="Marcus")
    step = an_operation(Change(before, middle))
    latest = middle.with_state(IncidentState.RESOLVED, at=at("14:55"), by="Priya")
    record = replace(a_record(), incident=latest, operations=(step,))
    assert record_after(record, step) == record
