from __future__ import annotations

from app.domain.recognition_pace import RecognitionPace, next_pace


def paces(*backlogs_s: int) -> list[RecognitionPace]:
    pace, result = RecognitionPace.PARTIALS, []
    for backlog_s in backlogs_s:
        pace = next_pace(pace, backlog_s * 1_000)
        result.append(pace)
    return result


def test_falling_behind_partials_go_first_then_steps_grow_then_it_is_said() -> None:
    assert paces(1, 4, 8, 16) == list(RecognitionPace)


def test_it_recovers_in_reverse_and_not_at_the_first_better_moment() -> None:
    assert paces(16, 9, 7, 5, 3, 2, 1) == [
        RecognitionPace.CATCHING_UP,
        RecognitionPace.CATCHING_UP,
        RecognitionPace.LONGER_STEPS,
        RecognitionPace.LONGER_STEPS,
        RecognitionPace.UTTERANCES,
        RecognitionPace.UTTERANCES,
        RecognitionPace.PARTIALS,
    ]


def test_a_sudden_backlog_goes_to_the_last_pace_at_once() -> None:
    assert paces(60) == [RecognitionPace.CATCHING_UP]
