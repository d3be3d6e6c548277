"""How far the tracks of an incident have been recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.transcript import RecognitionPass

if TYPE_CHECKING:
    from app.domain.ids import TrackId
    from app.domain.ports import RecordStore
    from app.domain.record import Record

END_MS = 1_000  # a track's length is known on two clocks; so near its end is its end


def unheard(record: Record, store: RecordStore) -> dict[TrackId, int]:
    """Return the tracks whose recognition was cut off, or never begun, with where it stands.

    Words that came with the record, without any note of how far they reach, count as all.
    """
    with_words = {segment.track_id for segment in record.segments}
    reached = {
        track.id: store.cursor_ms(track.id, RecognitionPass.FINAL)
        or store.cursor_ms(track.id, RecognitionPass.LIVE)
        for track in record.tracks
        if track.duration_ms is not None
    }
    return {
        track.id: reached[track.id]
        for track in record.tracks
        if track.duration_ms is not None
        and reached[track.id] < track.duration_ms - END_MS
        and (reached[track.id] or track.id not in with_words)
    }
