"""How much of a recording is called saved."""

from app.domain.engine_types import RecorderStatus, TrackStatus
from app.domain.sessions import TrackLabel
from tests.builders import ROOM, SESSION


def saved_ms(*tracks: tuple[int, str], before_ms: int = 0) -> int:
    labels = tuple(TrackLabel)
    told = tuple(
        TrackStatus(ROOM, label, safe_ms, problem=problem)
        for label, (safe_ms, problem) in zip(labels, tracks, strict=False)
    )
    return RecorderStatus(SESSION, 99_000, told).saved_ms(before_ms)


def test_while_all_is_well_it_is_what_every_track_has() -> None:
    assert saved_ms((61_000, ""), (60_500, "")) == 60_500


def test_a_track_whose_device_is_away_does_not_hold_the_other_back() -> None:
    assert saved_ms((20_000, "It is gone."), (60_500, "")) == 60_500


def test_where_no_track_delivers_it_stands_still() -> None:
    nothing_comes = ((20_000, "It is gone."), (60_500, "The disk is full."))
    assert saved_ms(*nothing_comes) == 20_000
    assert saved_ms(*nothing_comes, before_ms=60_500) == 60_500


def test_a_track_that_has_just_come_back_takes_nothing_back() -> None:
    assert saved_ms((20_000, ""), (60_900, ""), before_ms=60_500) == 60_500


def test_before_anything_is_told_it_is_nothing() -> None:
    assert saved_ms() == 0
