from app.domain.incident_times import IncidentTimes, incident_times
from app.domain.timeline import Anchor, EntryKind, HypothesisState, MitigationResult
from tests.builders import a_source, an_entry, at
from tests.record_builders import an_evidence


def test_times_come_from_anchors_alone() -> None:
    entries = [
        an_entry("deploy", occurred="13:58", anchor=Anchor.TRIGGER),
        an_entry("errors", occurred="14:02", anchor=Anchor.IMPACT_START),
        an_entry("alert", occurred="14:04", anchor=Anchor.DETECTION),
        an_entry("said nothing of", occurred="14:05"),
        an_entry("rollback done", occurred="14:26", anchor=Anchor.ROLLBACK_OR_FIX),
        an_entry("recovered", occurred="14:31", anchor=Anchor.RECOVERY_CONFIRMED),
    ]
    assert incident_times(entries) == IncidentTimes(
        started=at("14:02"), detected=at("14:04"), mitigated=at("14:26"), recovered=at("14:31")
    )


def test_an_anchor_without_a_time_gives_no_time() -> None:
    assert incident_times([an_entry(anchor=Anchor.DECLARED)]).declared is None


def test_without_a_timed_impact_the_trigger_starts_it() -> None:
    times = incident_times([an_entry("deploy", occurred="13:58", anchor=Anchor.TRIGGER)])
    assert times.started == at("13:58")


def test_the_last_fix_that_worked_counts_and_the_first_detection_that_is_no_guess() -> None:
    times = incident_times(
        [
            an_entry(occurred="14:10", anchor=Anchor.ROLLBACK_OR_FIX),
            an_entry(occurred="14:26", anchor=Anchor.ROLLBACK_OR_FIX),
            an_entry(
                occurred="14:40",
                anchor=Anchor.ROLLBACK_OR_FIX,
                mitigation_result=MitigationResult.NO,
            ),
            an_entry(occurred="14:01", anchor=Anchor.DETECTION, kind=EntryKind.HYPOTHESIS),
            an_entry(occurred="14:08", anchor=Anchor.DETECTION),
            an_entry(occurred="14:04", anchor=Anchor.DETECTION),
        ]
    )
    assert (times.mitigated, times.detected) == (at("14:26"), at("14:04"))


def test_a_hypothesis_anchors_only_once_it_is_confirmed_with_evidence() -> None:
    said, proof = (a_source(),), (an_evidence().id,)
    for state, evidence, counts in (
        (HypothesisState.OPEN, proof, False),
        (HypothesisState.CONFIRMED, (), False),
        (HypothesisState.DISPROVED, proof, False),
        (HypothesisState.CONFIRMED, proof, True),
    ):
        guess = an_entry(
            occurred="14:01",
            anchor=Anchor.IMPACT_START,
            kind=EntryKind.HYPOTHESIS,
            hypothesis_state=state,
            sources=said,
            evidence=evidence,
        )
        assert incident_times([guess]).started == (at("14:01") if counts else None)
