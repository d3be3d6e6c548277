"""Full-text search over all transcripts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.domain.ids import IncidentId, SegmentId
from app.domain.times import after
from app.domain.transcript import SearchHit

if TYPE_CHECKING:
    import sqlite3

FIND = """
SELECT i.id, i.title, s.id, snippet(segment_fts, 0, '[', ']', '…', 16), n.start_utc,
       s.start_ms + n.clock_offset_ms, -bm25(segment_fts)
FROM segment_fts f
JOIN segment s ON s.number = f.rowid
JOIN session n ON n.id = s.session_id
JOIN incident i ON i.id = n.incident_id
WHERE segment_fts MATCH ?
ORDER BY bm25(segment_fts), s.number
LIMIT ?
"""


def search_segments(connection: sqlite3.Connection, words: str, *, limit: int) -> list[SearchHit]:
    """Return the segments that hold all the words, best first; none for no words."""
    # Quoted, so that what a person types is never taken for the index's own query language.
    wanted = " ".join('"' + word.replace('"', '""') + '"' for word in words.split())
    if not wanted:
        return []
    rows = connection.execute(FIND, (wanted, limit)).fetchall()
    return [
        SearchHit(
            IncidentId(incident_id),
            title,
            SegmentId(segment_id),
            snippet,
            after(datetime.fromisoformat(start).replace(tzinfo=UTC), start_ms),
            float(score),
        )
        for incident_id, title, segment_id, snippet, start, start_ms, score in rows
    ]
