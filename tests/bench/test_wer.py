from __future__ import annotations

import pytest

from app.domain.sessions import TrackLabel
from tests.bench.wer import (
    DEMONSTRATION,
    SECOND,
    Line,
    Recording,
    _compare,
    word_error_rate,
)


@pytest.mark.parametrize(
    ("recording", "most"), [(DEMONSTRATION, 0.03), (SECOND, 0.05)], ids=["demo", "second"]
)
def test_recordings_are_recognised_no_worse_than_by_the_plain_library(
    recording: Recording, most: float
) -> None:
    figures = _compare(recording, quick=False)

    for figure in figures:
        print(f"{figure.name}: {figure.value} {figure.unit} (baseline {figure.baseline})")
    errors, position, _speed = figures
    assert errors.ok, errors
    assert errors.baseline is not None
    assert errors.value <= most, "the model does better than that"
    assert position.ok, position


def test_written_forms_count_and_case_and_full_stops_do_not() -> None:
    script = [
        Line(TrackLabel.ROOM, 0, 1, "The alert fired at 14:04."),
        Line(TrackLabel.BRIDGE, 0, 1, "Yes, 12%."),
    ]

    assert (
        word_error_rate(
            script, {TrackLabel.ROOM: ["the alert fired at 14:04"], TrackLabel.BRIDGE: ["yes 12%"]}
        )
        == 0.0
    )
    assert (
        word_error_rate(
            script, {TrackLabel.ROOM: ["the alert fired at 1404"], TrackLabel.BRIDGE: ["yes 12"]}
        )
        == 2 / 7
    )
