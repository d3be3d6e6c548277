"""What the method note says of recognition that was cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.transcript import RecognitionPass
from app.services.recognition_reach import unheard
from tests.builders import BRIDGE, INCIDENT, ROOM, a_track

if TYPE_CHECKING:
    from app.storage.record_store import SqlRecordStore

LIVE, FINAL = RecognitionPass.LIVE, RecognitionPass.FINAL
END_MS = 130_000


def cut_off(store: SqlRecordStore) -> dict[str, int]:
    return dict(unheard(store.record(INCIDENT), store))


def test_live_words_stand_behind_a_final_pass_that_was_cut_off(store: SqlRecordStore) -> None:
    store.add_segments(ROOM, [], made_in=LIVE, cursor_ms=END_MS)
    store.add_segments(BRIDGE, [], made_in=LIVE, cursor_ms=100_000)
    for track_id in (ROOM, BRIDGE):
        store.restart_pass(track_id, FINAL)
        store.add_segments(track_id, [], made_in=FINAL, cursor_ms=20_000)

    assert cut_off(store) == {BRIDGE: 100_000}


def test_a_pass_that_drops_the_words_before_it_and_is_cut_off_is_told(
    store: SqlRecordStore,
) -> None:
    for track_id in (ROOM, BRIDGE):
        store.add_segments(track_id, [], made_in=FINAL, cursor_ms=END_MS)
    assert cut_off(store) == {}

    store.restart_pass(BRIDGE, LIVE)
    store.add_segments(BRIDGE, [], made_in=LIVE, cursor_ms=30_000)

    assert cut_off(store) == {BRIDGE: 30_000}


def test_a_track_whose_device_counts_slowly_is_heard_to_its_end(store: SqlRecordStore) -> None:
    """Eight hours on the session are 2.3 s less by such a device's own count."""
    length_ms = 8 * 3_600_000
    slow = a_track(TrackLabel.ROOM, duration_ms=length_ms, drift_ppm=-80.0)
    changes = [Change(a_track(TrackLabel.ROOM), slow)]
    store.commit(INCIDENT, changes, by="test", label="longer")
    store.add_segments(BRIDGE, [], made_in=FINAL, cursor_ms=END_MS)

    store.add_segments(ROOM, [], made_in=FINAL, cursor_ms=length_ms - 2_304)
    assert cut_off(store) == {}

    store.add_segments(ROOM, [], made_in=FINAL, cursor_ms=length_ms - 10_000)
    assert cut_off(store) == {ROOM: length_ms - 10_000}
