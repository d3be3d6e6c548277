"""What the program keeps beside the record: needed to go on with it, not to understand it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.ids import OperationId, TrackId
from app.domain.transcript import RecognitionPass


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a recognition pass has come on a track."""

    track_id: TrackId
    made_in: RecognitionPass
    cursor_ms: int


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """Of one incident: its cursors, by track and pass, and the steps that an undo passes over."""

    cursors: tuple[Cursor, ...] = ()
    not_undoable: tuple[OperationId, ...] = ()

    def reached_ms(self, track_id: TrackId) -> tuple[int, int]:
        """Return how far the final and the live pass of a track have come."""
        known = {(cursor.track_id, cursor.made_in): cursor.cursor_ms for cursor in self.cursors}
        return (
            known.get((track_id, RecognitionPass.FINAL), 0),
            known.get((track_id, RecognitionPass.LIVE), 0),
        )
