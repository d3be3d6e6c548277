from __future__ import annotations

from datetime import timedelta

from app.domain.change_window import changes_before
from app.domain.imported import EventKind
from app.domain.timeline import Anchor, EntryKind, Source, SourceType
from app.domain.times import Precision
from tests.builders import a_record, an_entry, at
from tests.record_builders import an_event

START = an_entry("5xx", occurred="14:02", anchor=Anchor.IMPACT_START)
DEPLOY = an_event(kind=EventKind.DEPLOY, text="v4.2.0", at=at("13:58"))


def test_changes_before_the_impact_are_told_newest_first() -> None:
    events = (
        DEPLOY,
        an_event(kind=EventKind.CONFIG, text="pool 20", at=at("09:00")),
        an_event(kind=EventKind.DEPENDENCY, text="bank down", at=at("14:01")),
        an_event(kind=EventKind.ALERT, text="5xx", at=at("14:00")),
        an_event(kind=EventKind.DEPLOY, text="too early", at=at("14:01", day=11)),
        an_event(kind=EventKind.DEPLOY, text="the rollback", at=at("14:26")),
    )
    window = changes_before(a_record(START, events=events))
    assert [(c.kind, c.text) for c in window.changes] == [
        ("dependency", "bank down"),
        ("deploy", "v4.2.0"),
        ("config", "pool 20"),
    ]
    assert (window.anchor, window.until) == (Anchor.IMPACT_START, at("14:02"))
    assert window.since == at("14:02", day=11)
    hour = changes_before(a_record(START, events=events), timedelta(hours=1))
    assert len(hour.changes) == 2


def test_what_may_have_come_before_as_finely_as_the_start_is_known_counts() -> None:
    within = an_event(kind=EventKind.DEPLOY, at=at("14:02:40"))
    after = an_event(kind=EventKind.DEPLOY, at=at("14:03"))
    found = changes_before(a_record(START, events=(within, after))).changes
    assert [change.event for change in found] == [within]
    exact = an_entry(occurred="14:02:10", anchor=Anchor.IMPACT_START)
    assert changes_before(a_record(exact, events=(within,))).changes == ()


def test_a_trigger_that_was_told_counts_and_one_made_of_an_event_stands_with_it() -> None:
    told = an_entry("a feature flag", occurred="13:00", anchor=Anchor.TRIGGER)
    untimed = an_entry("something", anchor=Anchor.TRIGGER)
    source = Source(SourceType.EVENT, quote="v4.2.0", event_id=DEPLOY.id)
    promoted = an_entry("deploy", occurred="13:58", anchor=Anchor.TRIGGER, sources=(source,))
    record = a_record(START, told, untimed, promoted, events=(DEPLOY,))
    found = changes_before(record).changes
    assert [(c.kind, c.event, c.entry) for c in found] == [
        ("deploy", DEPLOY, promoted),
        ("trigger", None, told),
    ]
    assert found[1].precision is Precision.MINUTE


def test_without_a_timed_start_the_detection_stands_for_it_and_without_both_nothing_is_told() -> (
    None
):
    detected = an_entry(occurred="14:04", anchor=Anchor.DETECTION)
    guess = an_entry(occurred="13:00", anchor=Anchor.IMPACT_START, kind=EntryKind.HYPOTHESIS)
    window = changes_before(a_record(guess, detected, events=(DEPLOY,)))
    assert (window.anchor, len(window.changes)) == (Anchor.DETECTION, 1)
    nothing = changes_before(a_record(guess, events=(DEPLOY,)))
    assert (nothing.anchor, nothing.until, nothing.changes) == (None, None, ())
