from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.domain.ids import SpeakerId
from app.domain.times import Span
from app.domain.transcript import SegmentFlag
from app.domain.voice_samples import voice_samples
from tests.builders import BRIDGE, a_record, a_segment, a_speaker
from tests.record_builders import a_redaction

if TYPE_CHECKING:
    from app.domain.transcript import Segment

VOICE, OTHER = SpeakerId("spk-1"), SpeakerId("spk-2")


def a_line(text: str, start_s: float, seconds: float, **changes: Any) -> Segment:
    start_ms = round(start_s * 1_000)
    mine = {"speaker_id": VOICE} | changes
    return a_segment(text, start_ms, start_ms + round(seconds * 1_000), **mine)


def chosen(*lines: Segment, **parts: Any) -> list[str]:
    voices = (a_speaker("A", id=VOICE), a_speaker("B", id=OTHER, merged_into=VOICE))
    record = a_record(speakers=voices, segments=lines, **parts)
    return [sample.text for sample in voice_samples(record, VOICE)]


def test_the_best_of_beginning_middle_and_end_are_heard_in_order() -> None:
    lines = [
        a_line(f"line {n}", 10 * n, 3, confidence=0.95 if n in {1, 4, 8} else 0.6)
        for n in range(9)
    ]

    assert chosen(*lines) == ["line 1", "line 4", "line 8"]


def test_of_lines_as_sure_the_longer_is_chosen() -> None:
    lines = [a_line("short", 0, 2.5, confidence=0.91), a_line("long", 5, 6, confidence=0.9)]
    rest = [a_line(str(n), 20 + 10 * n, 3) for n in range(4)]

    assert chosen(*lines, *rest)[0] == "long"


@pytest.mark.parametrize(
    "unfit",
    [
        {"redacted": True},
        {"bleed": True},
        {"overlap": True},
        {"flag": SegmentFlag.SILENCE_SUSPECT},
        {"speaker_id": None},
    ],
)
def test_what_does_not_tell_who_it_is_is_never_heard(unfit: dict[str, Any]) -> None:
    assert chosen(a_line("unfit", 0, 5, **unfit), a_line("fit", 10, 5)) == ["fit"]


def test_words_beside_redacted_audio_are_not_heard() -> None:
    cut = a_redaction(start_ms=12_000, end_ms=13_000, track_ids=(BRIDGE,))

    lines = [a_line("around it", 10, 5), a_line("after it", 20, 5)]

    assert chosen(*lines, redactions=(cut,)) == ["after it"]


def test_lines_of_a_merged_voice_are_heard_too() -> None:
    assert chosen(a_line("as B", 0, 5, speaker_id=OTHER)) == ["as B"]


def test_where_little_is_said_short_lines_are_better_than_nothing() -> None:
    lines = [a_line("yes", 0, 0.5), a_line("a good one", 5, 4), a_line("no no", 20, 1)]

    assert chosen(*lines) == ["yes", "a good one", "no no"]


def test_a_silent_voice_has_no_samples_and_a_long_one_no_long_ones() -> None:
    assert chosen() == []
    record = a_record(speakers=(a_speaker("A", id=VOICE),), segments=(a_line("on and on", 1, 60),))
    assert [sample.span for sample in voice_samples(record, VOICE)] == [Span(1_000, 9_000)]
