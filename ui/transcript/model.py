"""The transcript as a Qt list model."""

from __future__ import annotations

import bisect
import enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.domain.times import Span
from app.domain.transcript import RecognitionPass
from ui.moments import utc_text
from ui.transcript.doubt_words import row_doubts
from ui.transcript.row import MarkerRow, TranscriptRow

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import datetime

    from PySide6.QtCore import QObject

    from app.domain.ids import SegmentId
    from app.domain.timeline import Source
    from app.domain.transcript import Segment
    from ui.transcript.row import Row

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class TranscriptRole(enum.IntEnum):
    """What a view can ask of a row besides its text."""

    ROW = Qt.ItemDataRole.UserRole


class TranscriptModel(QAbstractListModel):
    """Rows of all tracks in the order of the clock; each segment and marker has one row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._ids: set[str] = set()

    def row(self, number: int) -> Row:
        """Return one row."""
        return self._rows[number]

    def rows(self) -> list[Row]:
        """Return all rows as they stand now."""
        return self._rows.copy()

    def number_at(self, moment: datetime) -> int | None:
        """Return the last row that began by a moment, or else the first; None without rows."""
        if not self._rows:
            return None
        return max(0, bisect.bisect_right(self._rows, moment, key=lambda row: row.at) - 1)

    def replace_all(self, rows: Sequence[Row]) -> None:
        """Show other rows; they are in order."""
        self.beginResetModel()
        self._rows = list(rows)
        self._ids = {row.id for row in rows}
        self.endResetModel()

    def add(self, rows: Sequence[Row]) -> None:
        """Put new rows in their places, in runs; those that are there are brought up to date.

        ``rows`` are in order. Live segments belong at or near the end, so this costs little.
        """
        fresh = []
        for row in rows:
            if row.id in self._ids:
                self.update(row)
            else:
                fresh.append(row)
        start = 0
        while start < len(fresh):
            place = bisect.bisect_right(self._rows, fresh[start].order, key=_order)
            end = start + 1
            following = self._rows[place].order if place < len(self._rows) else None
            while end < len(fresh) and (following is None or fresh[end].order < following):
                end += 1
            self._insert(place, fresh[start:end])
            start = end

    def update(self, row: Row) -> None:
        """Show a segment as it stands now; its time has not changed."""
        number = self.number_of(row.id, row)
        if number is not None:
            self._rows[number] = row
            index = self.index(number)
            self.dataChanged.emit(index, index)

    def segments(self, ids: Container[str]) -> list[Segment]:
        """Return those of some segments that are shown, as they stand; the latest first."""
        return [
            row.segment
            for row in reversed(self._rows)
            if isinstance(row, TranscriptRow) and row.id in ids
        ]

    def gives_way_to(self, segments: Sequence[Segment]) -> bool:
        """Whether rows are shown in whose place a final pass has put these segments of a track."""
        final = [segment for segment in segments if segment.made_in is RecognitionPass.FINAL]
        if not final:
            return False
        new, track_id = {segment.id for segment in final}, final[0].track_id
        span = Span(final[0].start_ms, max(segment.end_ms for segment in final))
        return any(
            isinstance(row, TranscriptRow)
            and row.segment.track_id == track_id
            and row.segment.span.overlap_ms(span) > 0
            and row.id not in new
            for row in self._rows
        )

    def said_in(self, source: Source) -> SegmentId | None:
        """Return the segment that a source rests on.

        A later pass makes new segments: then it is the first that lies where the old ones lay.
        """
        for segment_id in source.segment_ids:
            if segment_id in self._ids:
                return segment_id
        audio = source.audio
        if audio is None:
            return None
        return next(
            (
                row.segment.id
                for row in self._rows
                if isinstance(row, TranscriptRow)
                and row.segment.track_id == audio.track_id
                and row.segment.span.overlap_ms(audio.span)
            ),
            None,
        )

    def number_of(self, segment_id: str, like: Row | None = None) -> int | None:
        """Return the row a segment has; quickly where a row at the same moment is given."""
        if segment_id not in self._ids:
            return None
        if like is not None:
            number = bisect.bisect_left(self._rows, like.order, key=_order)
            if number < len(self._rows) and self._rows[number].id == segment_id:
                return number
        return next((n for n, row in enumerate(self._rows) if row.id == segment_id), None)

    def _insert(self, place: int, rows: list[Row]) -> None:
        self.beginInsertRows(ROOT, place, place + len(rows) - 1)
        self._rows[place:place] = rows
        self._ids.update(row.id for row in rows)
        self.endInsertRows()

    # Qt overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        """Return the number of rows; they have no children."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row as one line of text or, for ``TranscriptRole.ROW``, itself."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _line(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return " ".join([_line(row), *row_doubts(row)])
            case TranscriptRole.ROW:
                return row
            case _:
                return None


def _line(row: Row) -> str:
    if isinstance(row, MarkerRow):
        return f"{utc_text(row.at)} {' '.join(row.words)}"
    who = row.speaker or row.track_label.value
    who += ", from the loudspeakers" if row.segment.bleed else ""
    return f"{utc_text(row.at)} {who}: {row.segment.text}"


def _order(row: Row) -> tuple[Any, str]:
    return row.order
