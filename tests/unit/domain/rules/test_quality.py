from __future__ import annotations

from dataclasses import replace

from app.domain.record import Record
from app.domain.rules.checker import check
from app.domain.rules.findings import Level
from app.domain.rules.quality import quality
from tests.builders import a_record, a_source, an_action, an_entry, an_incident
from tests.unit.domain.rules.records import NOW, a_final_record


def test_the_score_is_the_sum_of_parts_that_add_up_to_a_hundred() -> None:
    judged = quality(a_record(), check(a_record(), NOW))
    assert sum(part.max for part in judged.parts) == 100
    assert judged.score == round(sum(part.score for part in judged.parts), 1)


def test_a_record_that_meets_each_rule_loses_only_what_it_cannot_prove() -> None:
    record = a_final_record()
    judged = quality(record, check(record, NOW))
    assert [part.score for part in judged.parts] == [40, 20, 17.5, 20]  # 7 of 8 entries
    assert judged.top_fixes == ()
    sourced = tuple(replace(entry, sources=(a_source(),)) for entry in record.entries)
    assert quality(replace(record, entries=sourced), ()).score == 100


def test_nothing_to_prove_and_nothing_to_do_earns_nothing() -> None:
    judged = quality(Record(an_incident()), ())
    assert [part.score for part in judged.parts] == [40, 20, 0, 0]


def test_the_first_fixes_refuse_and_are_of_different_rules() -> None:
    record = a_record(
        *(an_entry("x", evidence=()) for _ in range(3)),
        actions=(an_action(), an_action(), an_action()),
    )
    findings = check(record, NOW)
    fixes = quality(record, findings).top_fixes
    required = [finding for finding in findings if finding.level is Level.REFUSE]
    firsts = [next(f for f in required if f.rule == rule) for rule in ("R07", "R09", "R11")]
    assert [fix.place for fix in fixes] == [finding.place for finding in firsts]
