"""R14's warning of figures that nobody can see to be wrong."""

from dataclasses import replace

import pytest

from app.domain.ids import EvidenceId, SegmentId
from app.domain.rules.findings import Level
from app.domain.timeline import TimelineEntry
from app.domain.transcript import Segment
from tests.builders import a_record, a_segment, a_source, an_entry, doubted
from tests.unit.domain.rules.records import found

SEGMENT = doubted(a_segment("the rate went to 12% at 12:10."), {"12:10.": 0.78})
ENTRY = an_entry("The rate went to 12% at 12:10.", sources=(a_source(SEGMENT),))


def warnings(entry: TimelineEntry, segment: Segment = SEGMENT) -> list[str]:
    findings = found("R14", a_record(entry, segments=(segment,)))
    assert all(finding.level is Level.WARN for finding in findings)
    return [finding.message for finding in findings]


def test_an_entry_that_states_an_unsure_figure_is_told() -> None:
    (message,) = warnings(ENTRY)
    assert "“12:10”" in message
    assert "12%" not in message.partition("states")[2]


@pytest.mark.parametrize(
    ("entry", "segment"),
    [
        (replace(ENTRY, text="The rate went to 12% at 14:02."), SEGMENT),
        (replace(ENTRY, evidence=(EvidenceId("ev-1"),)), SEGMENT),
        (ENTRY, replace(SEGMENT, text="The rate went to 12% at 12:10, yes.")),
        (ENTRY, doubted(SEGMENT, {"12:10.": 0.97})),
        (ENTRY, doubted(SEGMENT, {"12:10.": 0.97, "rate": 0.1})),
    ],
    ids=["corrected", "proven", "listened to", "sure", "no figure"],
)
def test_once_it_is_corrected_proven_or_sure_nothing_is_told(
    entry: TimelineEntry, segment: Segment
) -> None:
    assert warnings(entry, segment) == []


@pytest.mark.parametrize(
    ("time", "sure", "count"),
    [("12:10.", 0.78, 1), ("12:10.", 0.97, 0), ("14:10.", 0.97, 1)],
    ids=["still unsure", "sure", "heard otherwise"],
)
def test_a_later_pass_settles_a_figure_only_where_it_hears_the_same_and_is_sure(
    time: str, sure: float, count: int
) -> None:
    heard = a_segment(f"the rate went to 12% at {time}")
    told = warnings(ENTRY, replace(doubted(heard, {time: sure}), id=SegmentId("seg-later")))
    assert len(told) == count
    assert all("“12:10”" in message for message in told)


def test_words_that_a_person_wrote_after_a_later_pass_settle_the_figure() -> None:
    later = replace(a_segment("the rate went to 12% at 14:10."), id=SegmentId("seg-later"))
    assert warnings(ENTRY, replace(later, text="It went to 12% at a quarter past two.")) == []


def test_only_what_was_cited_counts() -> None:
    words = SEGMENT.words
    before = a_source(SEGMENT, start_ms=words[0].start_ms, end_ms=words[3].end_ms)
    assert warnings(replace(ENTRY, sources=(before,))) == []
