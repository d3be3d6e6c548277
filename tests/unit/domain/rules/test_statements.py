from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.communications import Audience, LeakWaiver
from app.domain.rules.findings import Finding, Level
from app.domain.timeline import Anchor
from app.domain.times import Precision
from app.domain.transcript import SegmentFlag
from tests.builders import START, a_record, a_segment, an_entry, an_incident, at
from tests.record_builders import (
    a_communication,
    a_message,
    a_quantity,
    a_role,
    a_series,
    a_status_update,
    an_event,
    an_impact,
    an_slo,
    some_learnings,
)
from tests.unit.domain.rules.records import found

INSIDE = Audience.ENGINEERING
RECORD = a_record(
    an_entry("Checkout returned 5xx", occurred="14:02", anchor=Anchor.IMPACT_START),
    an_entry("The alert fired", occurred="14:04:31", anchor=Anchor.DETECTION),
    an_entry("Rollback of v2.4.1 done", occurred="14:26", anchor=Anchor.ROLLBACK_OR_FIX),
    an_entry("Load grew", occurred=at("11:00"), precision=Precision.HOUR),
    an_entry("First complaint", occurred=at("13:55"), precision=Precision.APPROX),
    incident=an_incident(severity="SEV2", display_timezone="Europe/Berlin"),
    roles=(a_role(person="Marcus Chen"),),
    impact=an_impact(),
    segments=(
        a_segment("about 1,200 orders failed in Kestrel"),
        a_segment("9,999 in Phantom", flag=SegmentFlag.SILENCE_SUSPECT),
    ),
    messages=(a_message("deploy OPS-42 is out"),),
    events=(an_event(at=at("14:03:07")),),
    series=(a_series(),),
    slos=(an_slo(),),
)


def said(rule: str, text: str, level: Level = Level.REFUSE) -> list[Finding]:
    draft = a_communication(text=text, audience=INSIDE)
    findings = found(rule, replace(RECORD, communications=(draft,)))
    return [finding for finding in findings if finding.level is level]


@pytest.mark.parametrize(
    "text",
    [
        "It began at 14:02.",
        "It began at 15:02 CET.",  # Berlin, in March
        "The alert fired at 14:04:31, that is at 14:04.",
        "The first complaint came about 13:55.",
        "The alert of 14:03:07 was the first.",
    ],
)
def test_r01_lets_a_time_be_told_as_it_is_known(text: str) -> None:
    assert said("R01", text) == []
    assert said("R14", text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [("It began at 14:02:10.", "14:02:10"), ("Load grew from 11:20 on.", "11:20")],
)
def test_r01_refuses_a_time_finer_than_it_is_known(text: str, word: str) -> None:
    (finding,) = said("R01", text)
    assert f"“{word}”" in finding.message
    assert said("R14", text) == []  # once is enough


@pytest.mark.parametrize(
    "text",
    [
        "It was down for 24 minutes.",  # from the start to the fix
        "1,200 orders failed, 12 % of all.",
        "1200 orders failed.",
        "99.9 % is the objective; its budget is 43.2 minutes.",
        "The error rate reached 12.5 %.",
        "On 2026-03-12 a SEV2 was declared.",
        "On 12 March the rollback of v2.4.1 ended the 5xx.",
        "OPS-42 was in it.",
        "Available 24/7: https://status.example/incidents/77 or help77@example.com",
        "No claims at all.",
    ],
)
def test_r14_lets_pass_what_the_record_holds(text: str) -> None:
    assert said("R14", text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It began at 14:37.", ["14:37"]),
        ("It was down for 25 minutes.", ["25"]),
        ("9,999 orders failed, 13 % of all.", ["9,999", "13 %"]),
        ("It was over on 2026-03-19.", ["2026-03-19"]),
        ("The rollback of v2.4.2 ended the 4xx.", ["v2.4.2", "4xx"]),
        ("It was a SEV1.", ["SEV1"]),
    ],
)
def test_r14_refuses_what_the_record_does_not_hold(text: str, words: list[str]) -> None:
    (finding,) = said("R14", text)
    assert all(f"“{word.removesuffix(' %')}" in finding.message for word in words)
    assert finding.message.count("“") == len(words)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("We rolled back with Marcus and Kestrel.", []),
        ("Then Acme called.", ["Acme"]),
        ("CloudFront was slow.", ["CloudFront"]),
        ("Phantom Industries was told.", ["Phantom", "Industries"]),
        ("Customers saw errors. We are sorry. The API on Monday was slow.", []),
        ("Marcus' laptop was fine, Marcus's phone too.", []),
    ],
)
def test_r14_shows_names_that_are_new_without_refusing(text: str, names: list[str]) -> None:
    findings = said("R14", text, Level.WARN)
    assert [name for f in findings for name in f.message.split("“")[1:]] == [
        part
        for index, name in enumerate(names)
        for part in [f"{name}”" + ("." if index == len(names) - 1 else " and ")]
    ]


def test_r14_reads_learnings_line_by_line() -> None:
    lines = some_learnings(went_well=("The alert came at 14:04",), lucky=("ok", "77 were spared"))
    (finding,) = found("R14", replace(RECORD, learnings=lines))
    assert (finding.place.type, finding.place.field) == ("learnings", "lucky[1]")


def test_r14_finds_what_is_only_measured() -> None:
    record = a_record(
        impact=an_impact(technical=replace(an_impact().technical, latency=a_quantity(870, "ms"))),
        communications=(a_communication(text="Latency reached 870ms.", audience=INSIDE),),
    )
    assert found("R14", record) == []


EXTERNAL = [Audience.STATUS_PAGE, Audience.CUSTOMER_EMAIL, Audience.EXTERNAL]
APPROVED_AT = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("audience", list(Audience))
def test_r13_asks_for_approval_by_name_where_people_outside_read_it(audience: Audience) -> None:
    bare = a_communication(audience=audience, approver=None, approved_at=None)
    asked = replace(bare, approver="Priya")
    approved = replace(asked, approved_at=APPROVED_AT)
    expected = 1 if audience in EXTERNAL else 0
    assert len(found("R13", a_record(communications=(bare,)))) == expected
    assert len(found("R13", a_record(communications=(asked,)))) == expected
    assert found("R13", a_record(communications=(approved,))) == []


@pytest.mark.parametrize("audience", list(Audience))
def test_r13_refuses_what_gives_something_away_outside(audience: Audience) -> None:
    leaky = a_communication(audience=audience, text="db-prod-03 at 10.0.0.7 was full")
    findings = found("R13", a_record(communications=(leaky,)))
    assert len(findings) == (1 if audience in EXTERNAL else 0)
    assert all("“db-prod-03” and “10.0.0.7”" in finding.message for finding in findings)


def test_r13_looks_at_status_updates_for_people_outside_too() -> None:
    update = a_status_update(audience=Audience.STATUS_PAGE, mitigation="restarting web01")
    findings = found("R13", a_record(status_updates=(update,)))
    assert [finding.place.field for finding in findings] == ["approved_by", "mitigation"]
    clean = replace(update, approved_by="Priya", mitigation="restarting")
    assert found("R13", a_record(status_updates=(clean,))) == []
    inside = replace(update, audience=INSIDE)
    assert found("R13", a_record(status_updates=(inside,))) == []


def test_a_leak_that_was_waived_by_name_is_let_go_but_needs_its_approver_still() -> None:
    waiver = LeakWaiver("Priya", "the customer asked for the host by name", START)
    text = a_communication(text="db-prod-03 was full", leak_waiver=waiver)
    update = a_status_update(
        audience=Audience.STATUS_PAGE, known="db-prod-03 was full", leak_waiver=waiver
    )

    findings = found("R13", a_record(communications=(text,), status_updates=(update,)))

    assert [finding.place.field for finding in findings] == ["approved_by"]
