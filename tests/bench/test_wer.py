from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.domain.sessions import TrackLabel
from app.domain.transcript import SegmentFlag
from tests.bench.material.recording import Line, another_bridge, demonstration
from tests.bench.wer import compare, marked_share, word_error_rate
from tests.builders import a_segment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.material.recording import Recording

SCRIPT = [
    Line(TrackLabel.ROOM, 0, 1, "The alert fired at 14:04."),
    Line(TrackLabel.BRIDGE, 0, 1, "Yes, 12%."),
]


@pytest.mark.parametrize(("recorded", "most"), [(demonstration, 0.03), (another_bridge, 0.05)])
def test_recordings_are_recognised_no_worse_than_by_the_plain_library(
    recorded: Callable[[], Recording], most: float
) -> None:
    figures = compare(recorded())

    for figure in figures:
        print(f"{figure.name}: {figure.value} {figure.unit} (baseline {figure.baseline})")
        assert figure.ok is not False, figure
    assert figures[0].value <= most, "the model does better than that"


def test_written_forms_count_and_case_and_full_stops_do_not() -> None:
    right = {TrackLabel.ROOM: ["the alert fired at 14:04"], TrackLabel.BRIDGE: ["yes 12%"]}
    wrong = {TrackLabel.ROOM: ["the alert fired at 1404"], TrackLabel.BRIDGE: ["yes 12"]}

    assert word_error_rate(SCRIPT, right) == 0.0
    assert word_error_rate(SCRIPT, wrong) == 2 / 7


def test_only_words_that_are_right_count_as_wrongly_marked() -> None:
    sure = a_segment("The alert fired")
    doubtful = replace(a_segment("at noon."), flag=SegmentFlag.LOW_CONFIDENCE)
    heard = {TrackLabel.ROOM: [sure, doubtful], TrackLabel.BRIDGE: [a_segment("Yes, 12%.")]}

    assert marked_share(SCRIPT, heard) == 1 / 6
