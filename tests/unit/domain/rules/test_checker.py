from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.communications import Audience
from app.domain.incident import Depth, IncidentState
from app.domain.record import Record
from app.domain.rules.checker import Checker, check, final_allowed
from app.domain.rules.findings import Circumstances, Level, Rule
from app.domain.rules.table import RULES
from app.domain.timeline import Anchor
from tests.builders import a_record, a_segment, a_source, an_action, an_entry, an_incident, at
from tests.record_builders import (
    a_checkpoint,
    a_closeout,
    a_communication,
    a_factor,
    a_lock,
    a_message,
    a_reconciliation,
    a_role,
    a_status_update,
    an_evidence,
    an_impact,
    an_rca,
    an_slo,
    some_learnings,
)
from tests.unit.domain.rules.records import NOW, a_final_record


def test_a_record_with_nothing_wrong_may_be_final() -> None:
    assert check(a_final_record(), NOW) == ()
    assert final_allowed(())


def test_the_table_holds_each_rule_once_in_order() -> None:
    assert [rule.id for rule in RULES] == [f"R{number:02}" for number in range(1, 25)]
    warned = {rule.id for rule in RULES if rule.level is Level.WARN}
    assert warned == {"R06", "R10", "R17", "R18", "R19", "R22", "R23", "R24"}
    assert all(rule.sentence.endswith(".") for rule in RULES)


def test_a_new_incident_is_told_a_handful_of_things_once_each() -> None:
    findings = check(Record(an_incident()), NOW)
    assert [finding.rule for finding in findings] == ["R07", "R11", "R17", "R20", "R21"]
    assert all(finding.message and finding.remedy for finding in findings)


def test_a_warning_alone_does_not_refuse() -> None:
    findings = check(a_final_record(impact=None), NOW)
    assert [finding.rule for finding in findings] == ["R17"]
    assert final_allowed(findings)
    assert not final_allowed(check(a_final_record(roles=()), NOW))


def test_the_clock_carries_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Circumstances(NOW.replace(tzinfo=None))


class _Watched:
    """Gives a rule the record, and notes what the rule looks at."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self.record, name)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_reads_what_it_says_that_it_reads(rule: Rule) -> None:
    watched = _Watched(_a_busy_record())
    list(rule.check(watched, Circumstances(NOW)))  # type: ignore[arg-type]
    assert watched.read <= set(rule.reads)


def _a_busy_record() -> Record:
    entry = an_entry(occurred="14:02", anchor=Anchor.DETECTION, sources=(a_source(),))
    return a_final_record(
        entries=(entry, an_entry("5xx", occurred="15:02", anchor=Anchor.IMPACT_START)),
        communications=(a_communication(text="At 14:02:33 Kestrel and Acme fell by 77 %."),),
        learnings=some_learnings(),
        messages=(a_message(),),
        rca=an_rca(),
        slos=(an_slo(),),
        roles=(a_role(), a_role(person="Priya")),
        checkpoints=(a_checkpoint(),),
    )


# One of each is drawn for a field, again and again: the record of an afternoon's work.
CHOICES: dict[str, list[Any]] = {
    "incident": [
        an_incident(),
        an_incident(state=IncidentState.RESOLVED, depth=Depth.LIGHT),
        an_incident(state=IncidentState.CLOSED),
    ],
    "entries": [
        (),
        a_final_record().entries,
        (an_entry(occurred="14:02", anchor=Anchor.DETECTION),),
    ],
    "actions": [(), (an_action(),), a_final_record().actions],
    "factors": [(), (a_factor("Human error"),), a_final_record().factors],
    "roles": [(), (a_role(),), (a_role(), a_role(person="Priya"))],
    "checkpoints": [(), (a_checkpoint(to="Priya", acknowledged_at=at("15:00")),)],
    "status_updates": [
        (),
        (a_status_update(), a_status_update(at=at("15:30"), next_update_at=None)),
    ],
    "communications": [(), (a_communication(text="Down for 24 minutes since 14:02."),)],
    "learnings": [None, some_learnings(lucky=("Marcus saw it at 15:10",))],
    "evidence": [(), a_final_record().evidence, (an_evidence(),)],
    "impact": [None, an_impact()],
    "rca": [None, an_rca(trigger="Marcus forgot the flag", first_occurrence=False)],
    "segments": [(), (a_segment("it was down for 24 minutes"),)],
    "messages": [(), (a_message("14:02 first errors"),)],
    "closeout": [None, a_closeout()],
    "locks": [(), (a_lock(name="Final"),)],
    "reconciliations": [(), (a_reconciliation(),)],
}
edits = st.lists(
    st.sampled_from([(name, one) for name, many in CHOICES.items() for one in many]), max_size=12
)


@given(edits, st.integers(0, 100))
def test_checking_again_after_each_edit_finds_what_a_whole_check_finds(
    made: list[tuple[str, Any]], hours: int
) -> None:
    checker, record = Checker(), a_record()
    for name, value in made:
        record = replace(record, **{name: value})
        now = NOW + timedelta(hours=hours)
        assert checker.check(record, now) == check(record, now)


def test_an_edit_has_only_the_rules_looked_at_that_read_what_it_changed() -> None:
    looked: list[str] = []

    def watched(rule: Rule) -> Rule:
        def note(record: Record, told: Circumstances) -> Any:
            looked.append(rule.id)
            return rule.check(record, told)

        return replace(rule, check=note)

    checker, record = Checker([watched(rule) for rule in RULES]), a_final_record()
    checker.check(record, NOW)
    looked.clear()
    checker.check(replace(record, impact=None), NOW)
    assert looked == ["R01", "R06", "R14", "R17", "R19"]


def test_protection_that_comes_later_is_noticed() -> None:
    checker = Checker()
    record = a_final_record(communications=(a_communication(audience=Audience.SUPPORT),))
    before = checker.check(record, Circumstances(NOW))
    assert checker.check(record, Circumstances(NOW, is_protected=True)) == before
