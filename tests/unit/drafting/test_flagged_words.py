from typing import Any

import pytest

from app.domain.transcript import SegmentFlag
from tests.builders import (
    ROOM,
    a_segment,
    a_source,
    an_action,
    an_entry,
)
from tests.unit.drafting.outlined import report_of


def flagged(text: str = "Thanks for watching", **changes: Any) -> Any:
    changes = {"start_ms": 5_000, "end_ms": 6_000, "flag": SegmentFlag.SILENCE_SUSPECT} | changes
    return a_segment(text, **changes)


def test_a_statement_that_rests_on_flagged_transcript_does_not_enter() -> None:
    segment = flagged()
    entry = an_entry("Thanks for watching", sources=(a_source(segment),))
    action = an_action("Thanks for watching", sources=(a_source(segment),))
    report = report_of(entry, segments=(segment,), actions=(action,))
    assert report.timeline == report.actions == report.sources == ()
    assert any("Left out because of flagged transcript: 2" in c.text for c in report.cautions)


def test_flagged_words_are_withheld_where_other_words_carry_the_entry() -> None:
    good, bad = a_segment("The rollback started"), flagged()
    entry = an_entry("The rollback started", sources=(a_source(good), a_source(bad)))
    report = report_of(entry, segments=(good, bad))
    assert [(s.quote, s.withheld) for s in report.sources] == [
        ("The rollback started", False),
        ("", True),
    ]


def test_flagged_words_do_not_slip_in_through_the_entry_s_own_text() -> None:
    good, bad = a_segment("The rollback started"), flagged()
    text = "The rollback started. Thanks, for watching!"
    report = report_of(
        an_entry(text, sources=(a_source(good), a_source(bad))), segments=(good, bad)
    )
    assert report.timeline == ()


def test_flagged_words_are_found_where_a_source_names_no_segment() -> None:
    bad = flagged()
    source = a_source(bad, segment_ids=())
    report = report_of(an_entry("Thanks for watching", sources=(source,)), segments=(bad,))
    assert report.timeline == ()


def of_an_earlier_pass(quote: str, **changes: Any) -> Any:
    """Return a source whose segment a later pass has replaced."""
    return a_source(flagged(quote), **changes)


def test_words_that_a_later_pass_flags_again_do_not_enter() -> None:
    source = of_an_earlier_pass("Thanks for watching")
    entry = an_entry("Thanks for watching", sources=(source,))
    report = report_of(
        entry,
        segments=(flagged("thanks for watching!"),),
        actions=(an_action("Thanks for watching", sources=(source,)),),
    )
    assert report.timeline == report.actions == report.sources == ()
    assert any("Left out because of flagged transcript: 2" in c.text for c in report.cautions)


@pytest.mark.parametrize(
    ("quote", "texts"),
    [
        ("for watching", ["Thanks for watching"]),
        ("Thanks for watching, bye", ["Thanks for watching", "Bye."]),
        ("for watching, bye", ["Thanks for watching", "bye, all"]),
    ],
)
def test_flagged_words_are_found_however_a_later_pass_cuts_them(
    quote: str, texts: list[str]
) -> None:
    again = tuple(
        flagged(text, start_ms=5_000 + 300 * n, end_ms=5_300 + 300 * n)
        for n, text in enumerate(texts)
    )
    report = report_of(an_entry(quote, sources=(of_an_earlier_pass(quote),)), segments=again)
    assert report.timeline == ()


def test_the_flagged_part_of_a_quote_is_found_beside_words_that_stand() -> None:
    quote = "We roll back. Thanks for watching."
    now = (a_segment("We roll back.", 5_000, 5_400), flagged(start_ms=5_400))
    report = report_of(an_entry(quote, sources=(of_an_earlier_pass(quote),)), segments=now)
    assert report.timeline == ()


@pytest.mark.parametrize(
    "now",
    [
        (a_segment("The rollback started", 5_000, 6_000),),
        (a_segment("The rollback started", 5_000, 5_900), flagged("started", start_ms=5_900)),
        (flagged("Thanks for watching"),),
        (flagged("The rollback started", start_ms=6_000, end_ms=7_000),),
        (flagged("The rollback started", track_id=ROOM),),
        (flagged("The rollback started", original_text="Thanks for watching"),),
        (),
    ],
    ids=["heard", "a flagged echo", "other words", "later", "another track", "edited", "nothing"],
)
def test_a_quote_stands_when_no_flagged_words_repeat_it(now: tuple[Any, ...]) -> None:
    source = of_an_earlier_pass("The rollback started")
    report = report_of(an_entry("The rollback started", sources=(source,)), segments=now)
    assert [s.quote for s in report.sources] == ["The rollback started"]


def test_words_that_a_person_rewrote_stand_in_spite_of_the_flag() -> None:
    segment = flagged("The rollback started", original_text="Thanks for watching")
    report = report_of(
        an_entry("The rollback started", sources=(a_source(segment),)), segments=(segment,)
    )
    assert report.sources[0].quote == "The rollback started"
