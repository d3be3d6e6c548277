from __future__ import annotations

from app.domain.sessions import TrackLabel
from tests.bench.wer import Line, measure, word_error_rate


def test_the_demonstration_is_recognised_no_worse_than_by_the_plain_library() -> None:
    figures = measure()

    for figure in figures:
        print(f"{figure.name}: {figure.value} {figure.unit} (baseline {figure.baseline})")
    errors, position, _speed = figures
    assert errors.ok, errors
    assert errors.baseline is not None
    assert errors.value <= 0.03, "what the model's card promises"
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
