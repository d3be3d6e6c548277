"""How far the tracks of an incident have been recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.transcript import RecognitionPass

if TYPE_CHECKING:
    from app.domain.ids import TrackId
    from app.domain.ports import RecordStore
    from app.domain.record import Record
    from app.domain.sessions import Track

END_MS = 1_000  # so near its end is its end
MILLION = 1_000_000


def unheard(record: Record, store: RecordStore) -> dict[TrackId, int]:
    """Return the tracks whose recognition was cut off, or never begun, with where it stands.

    While a pass takes the place of another, what that one made stands behind it: the one that
    has come further tells. Words that came with the record, without any note of how far they
    reach, count as all.
    """
    with_words = {segment.track_id for segment in record.segments}
    reached = {
        track.id: max(store.cursor_ms(track.id, made_in) for made_in in RecognitionPass)
        for track in record.tracks
    }
    return {
        track.id: reached[track.id]
        for track in record.tracks
        if reached[track.id] < _end_ms(track) and (reached[track.id] or track.id not in with_words)
    }


def _end_ms(track: Track) -> int:
    """Return from where on nothing of a track is left to be heard; 0 while it is recorded.

    Its length is the session's, a cursor counts as its device does.
    """
    if track.duration_ms is None:
        return 0
    drift_ms = track.duration_ms * abs(track.drift_ppm or 0) / MILLION
    return track.duration_ms - END_MS - round(drift_ms)
