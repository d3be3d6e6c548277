from __future__ import annotations

from app.domain.sessions import TrackLabel
from tests.bench.live import Heard, _lines, _of_track
from tests.bench.material.recording import Line
from tests.builders import START, a_segment, a_session, a_track

ROOM = TrackLabel.ROOM
SCRIPT = [
    Line(ROOM, 1_000, 2_000, "We are declaring a SEV1."),
    Line(ROOM, 2_300, 3_000, "Agreed."),
    Line(ROOM, 5_000, 6_000, "Rolling back."),
    Line(ROOM, 8_000, 9_000, "It never came."),
    Line(ROOM, 10_000, 11_000, "Done."),
]


def test_a_line_that_never_came_is_missed_and_two_in_one_segment_are_not() -> None:
    track, begin_s = a_track(ROOM), START.timestamp()
    stored, told = [], []
    for start_ms, end_ms in ((1_000, 3_000), (5_000, 6_000), (10_000, 11_000)):
        segment = a_segment("said", start_ms, end_ms, track_id=track.id)
        stored.append((end_ms + 500, begin_s + end_ms / 1_000 + 0.6))
        told.append((segment, begin_s + end_ms / 1_000 + 0.8))

    delays = _of_track(Heard({track.id: stored}, told), a_session(), track, SCRIPT)

    assert [delay.lines for delay in delays] == [2, 1, 1]
    assert [round(delay.whole_s, 3) for delay in delays] == [0.8] * 3
    assert _lines(delays, len(SCRIPT)).ok is False
    assert _lines(delays, len(SCRIPT) - 1).ok is True
