from __future__ import annotations

import pytest

from app.cli.transcript_commands import speaker_counts
from app.domain.errors import InvalidRecordError
from app.domain.sessions import TrackLabel

ROOM, BRIDGE = TrackLabel.ROOM, TrackLabel.BRIDGE


@pytest.mark.parametrize(
    ("typed", "counts"),
    [
        ("", {}),
        ("3", {ROOM: (3, 3), BRIDGE: (3, 3)}),
        ("2-5", {ROOM: (2, 5), BRIDGE: (2, 5)}),
        ("room=3", {ROOM: (3, 3)}),
        ("bridge=2-5, room=1", {ROOM: (1, 1), BRIDGE: (2, 5)}),
    ],
)
def test_how_many_voices_there_are_is_typed_for_all_or_for_each_side(
    typed: str, counts: dict[TrackLabel, tuple[int, int]]
) -> None:
    assert speaker_counts(typed) == counts


@pytest.mark.parametrize("typed", ["0", "5-3", "many", "2-", "room=", "attic=3", "room=3,4"])
def test_what_is_no_number_of_voices_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidRecordError) as told:
        speaker_counts(typed)
    assert told.value.place == "--speakers"
    assert told.value.remedy.startswith("Write ")
