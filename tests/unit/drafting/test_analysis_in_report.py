"""What the report says of impact, causes and actions."""

from dataclasses import replace

import pytest

from app.domain.ids import FactorId
from app.domain.impact import BusinessImpact
from app.domain.record import Change
from app.domain.timeline import Anchor, EntryKind, MitigationResult
from drafting.outline import outline
from drafting.wording import amount
from tests.builders import a_record, an_action, an_entry, an_operation, at
from tests.record_builders import a_factor, an_impact
from tests.unit.drafting.checkout import OPTIONS
from tests.unit.drafting.outlined import method, report_of
from tests.unit.drafting.whole import NO_ALERT, the_whole_record

REPORT = outline(the_whole_record(), OPTIONS)


def test_every_number_of_the_impact_tells_its_basis_assumption_and_evidence() -> None:
    told = [(r.ref, r.layer, r.what, r.value, r.basis) for r in REPORT.analysis.impact.rows]
    assert told == [
        ("I1", "technical", "components", "checkout", ""),
        ("I2", "technical", "error rate", "12 %", "measured"),
        ("I3", "technical", "down", "min: unknown", ""),
        ("I4", "customer", "affected share", "20 %", "estimated"),
        ("I5", "customer", "symptoms", "503 when paying, empty carts", ""),
        ("I6", "business", "all of it", "unknown", ""),
    ]
    assert REPORT.analysis.impact.rows[3].assumption == "as many as met one 503"
    (graph,) = REPORT.analysis.impact.rows[1].sources
    cited = next(row for row in REPORT.evidence if row.ref == graph)
    assert (cited.note, cited.cited_by) == ("Error rate", ("I2", "I7"))


def test_a_layer_of_which_nobody_said_anything_is_named() -> None:
    report = report_of(impact=an_impact(business=BusinessImpact()))
    assert report.analysis.impact.untold == ("business",)


def test_an_objective_tells_by_how_much_it_was_broken() -> None:
    (slo,) = REPORT.analysis.impact.slos
    assert (slo.target, slo.budget, slo.used) == ("99.9 % over 30 days", "43.2 min", "48 min")
    assert (slo.share, slo.breach) == ("111.11 %", "breached by 4.8 min")
    assert REPORT.reach[1].value == "111.11 %"


def test_the_fact_strip_tells_whom_it_reached_and_says_where_that_is_not_known() -> None:
    customers, _, proven = REPORT.reach
    assert (customers.value, customers.basis, customers.refs) == ("20 %", "estimated", ("I4",))
    assert proven.value == "24 of 24"
    assert [measure.value for measure in report_of().reach] == [None, None, None]


def test_a_question_of_the_scope_that_nobody_answered_has_no_answer() -> None:
    told = {row.question: row.answer for row in REPORT.analysis.impact.scope}
    assert told == {
        "users": "EU tenants", "fault domain": "unknown", "dependency": "", "recent change": "",
    }  # fmt: skip


def test_attempts_stand_in_order_with_what_each_led_to() -> None:
    told = [(row.line, row.result) for row in REPORT.analysis.attempts]
    assert told == [
        ("T7", "did not work"), ("T11", "worked"), ("T12", ""),
    ]  # fmt: skip


def test_a_guess_is_no_attempt() -> None:
    guess = an_entry("Perhaps a restart", kind=EntryKind.HYPOTHESIS, occurred="14:00")
    tried = an_entry(
        "Restart", occurred="14:01", kind=EntryKind.ACTION, mitigation_result=MitigationResult.NO
    )
    assert [row.text for row in report_of(guess, tried).analysis.attempts] == ["Restart"]


def test_factors_lead_to_their_evidence_and_to_the_actions_that_answer_them() -> None:
    small, unseen = REPORT.analysis.causes.factors
    assert (small.ref, small.layer, small.role, small.confirmed) == (
        "F1", "technical", "triggering", True,
    )  # fmt: skip
    assert (unseen.confirmed, unseen.actions, small.actions) == (False, ("A3",), ("A3",))
    cited = next(row for row in REPORT.evidence if row.ref == small.sources[0])
    assert cited.cited_by == ("F1", "W1")


def test_factors_are_numbered_as_they_were_entered_whatever_their_ids_are() -> None:
    made = [a_factor(text, id=FactorId(name)) for text, name in (("b", "1"), ("a", "2"))]
    for order in (made, made[::-1]):
        steps = tuple(
            an_operation(Change(None, factor), at=at(f"14:5{n}")) for n, factor in enumerate(order)
        )
        report = report_of(factors=tuple(made), operations=steps)
        assert [row.text for row in report.analysis.causes.factors] == [f.text for f in order]


def test_an_action_of_several_factors_stands_once_and_one_of_none_stands_last() -> None:
    groups = REPORT.analysis.action_groups
    assert [(g.factor.ref if g.factor else "", [a.ref for a in g.actions]) for g in groups] == [
        ("F2", ["A3"]), ("", ["A1", "A2", "A4"]),
    ]  # fmt: skip
    (action,) = groups[0].actions
    assert (action.factors, action.depends_on) == (("F2", "F1"), ("A1",))
    assert (action.ticket, action.ticket_address) == (
        "jira OPS-412", "https://jira.example/OPS-412",
    )  # fmt: skip


def test_what_an_action_refers_to_and_is_gone_is_not_named() -> None:
    report = report_of(actions=(an_action(factors=(NO_ALERT.id,)),))
    assert report.actions[0].factors == ()
    assert [group.factor for group in report.analysis.action_groups] == [None]


def test_the_note_names_what_the_record_holds_nothing_of() -> None:
    assert "Not recorded" not in method(REPORT)
    impact = Anchor.IMPACT_START
    told = method(report_of(an_entry(anchor=impact, occurred="14:02"), impact=an_impact()))
    assert told["Not recorded"] == (
        "Nothing is recorded of mitigation attempts, contributing factors, what was learned and "
        "communications."
    )


def test_evidence_that_only_a_factor_names_is_not_told_as_loose() -> None:
    record = the_whole_record()
    alone = replace(record, entries=(), decisions=(), actions=())
    report = outline(alone, OPTIONS)
    assert [row.cited_by for row in report.evidence if row.note == "Connections in use"] == [
        ("F1", "W1")
    ]
    assert method(report)["Evidence"].startswith("3 of 3")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (12, "12"),
        (1400, "1,400"),
        (43.2, "43.2"),
        (0.0123, "0.0123"),
        (99.999, "100"),
        (-2.5, "-2.5"),
    ],
)
def test_numbers_are_written_as_people_read_them(number: float, words: str) -> None:
    assert amount(number) == words


def test_an_empty_record_has_an_empty_analysis() -> None:
    analysis = outline(a_record(), OPTIONS).analysis
    assert analysis.impact.is_empty
    assert analysis.causes.is_empty
    assert analysis.metrics == analysis.learnings == analysis.action_groups == ()
