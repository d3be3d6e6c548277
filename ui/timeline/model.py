"""The timeline as a Qt list model."""

from __future__ import annotations

import bisect
import enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.domain.timeline import timeline_order
from ui.evidence.words import evidence_name
from ui.moments import entry_day, entry_time_text, full_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from PySide6.QtCore import QObject

    from app.domain.evidence import Evidence
    from app.domain.ids import EntryId, EvidenceId
    from app.domain.timeline import TimelineEntry

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class TimelineRole(enum.IntEnum):
    """What a view can ask of a row besides its text."""

    ENTRY = Qt.ItemDataRole.UserRole
    DAY = Qt.ItemDataRole.UserRole + 1


class TimelineModel(QAbstractListModel):
    """Entries in the order of the timeline, one row each.

    Signals:
        text_edited: An entry's id and the words a person typed for it. The row changes when the
            record has.
    """

    text_edited = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[TimelineEntry] = []
        self._evidence: dict[EvidenceId, Evidence] = {}
        self._first_day: date | None = None

    def begin_with(self, day: date) -> None:
        """Take a day for granted: the first row tells its own where that is another."""
        self._first_day = day

    def know_evidence(self, evidence: Iterable[Evidence]) -> None:
        """Learn what the evidence is that entries name by its id."""
        self._evidence.update({one.id: one for one in evidence})

    def evidence_of(self, entry: TimelineEntry) -> list[Evidence]:
        """Return an entry's evidence, as far as it is known."""
        return [self._evidence[one] for one in entry.evidence if one in self._evidence]

    def entry(self, number: int) -> TimelineEntry:
        """Return one entry."""
        return self._entries[number]

    def day_text(self, number: int) -> str:
        """Return ``2026-03-12`` where a row is of another day than the one before it."""
        day = entry_day(self._entries[number])
        before = entry_day(self._entries[number - 1]) if number else self._first_day
        return "" if before in {None, day} else day.isoformat()

    def number_of(self, entry_id: EntryId) -> int | None:
        """Return the row of an entry."""
        numbers = (n for n, entry in enumerate(self._entries) if entry.id == entry_id)
        return next(numbers, None)

    def replace_all(self, entries: Iterable[TimelineEntry]) -> None:
        """Show other entries; those that stood before keep what a view knows of them."""
        asked = {entry.id: entry for entry in entries}
        shown = {entry.id: entry for entry in self._entries}
        if asked.keys().isdisjoint(shown):
            self.beginResetModel()
            self._entries = sorted(asked.values(), key=timeline_order)
            self.endResetModel()
            return
        for gone in shown.keys() - asked.keys():
            self.remove(gone)
        for entry in asked.values():
            if shown.get(entry.id) != entry:
                self.put(entry)

    def put(self, entry: TimelineEntry) -> None:
        """Show an entry as it stands now, in its place."""
        number = self.number_of(entry.id)
        others = [one for one in self._entries if one.id != entry.id]
        place = bisect.bisect_right(others, timeline_order(entry), key=timeline_order)
        if number is None:
            self.beginInsertRows(ROOT, place, place)
            self._entries.insert(place, entry)
            self.endInsertRows()
            return
        if place != number:  # moved, not removed and inserted: what is current stays with it
            self.beginMoveRows(ROOT, number, number, ROOT, place + (place > number))
            self._entries = [*others[:place], entry, *others[place:]]
            self.endMoveRows()
        self._entries[place] = entry
        self.dataChanged.emit(self.index(place), self.index(place))

    def remove(self, entry_id: EntryId) -> None:
        """Show an entry no longer."""
        number = self.number_of(entry_id)
        if number is not None:
            self.beginRemoveRows(ROOT, number, number)
            del self._entries[number]
            self.endRemoveRows()

    # Qt overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        """Return the number of entries; rows have no children."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row as one line of text, its words to edit, or the entry itself."""
        if not index.isValid():
            return None
        entry, number = self._entries[index.row()], index.row()
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                when = f"{self.day_text(number)} {entry_time_text(entry)[0]}".strip()
                return f"{when} {entry.kind.value}: {entry.text}"
            case Qt.ItemDataRole.EditRole:
                return entry.text
            case Qt.ItemDataRole.ToolTipRole:
                return self._tool_tip(entry)
            case TimelineRole.ENTRY:
                return entry
            case _:
                return self.day_text(number) if role == TimelineRole.DAY else None

    def setData(  # noqa: N802  Qt's name
        self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Ask for an entry's words to be changed."""
        text = str(value).strip()
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or not text:
            return False
        entry = self._entries[index.row()]
        if text != entry.text:
            self.text_edited.emit(entry.id, text)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that entries can be edited in place."""
        return super().flags(index) | (
            Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags
        )

    def _tool_tip(self, entry: TimelineEntry) -> str:
        lines = []
        if entry.occurred_at is not None:
            lines.append(self.tr("Happened {0}").format(full_text(entry.occurred_at)))
        if entry.noticed_at is not None:
            lines.append(self.tr("Said {0}").format(full_text(entry.noticed_at)))
        if entry.original_time is not None:
            lines.append(self.tr("First given as {0}").format(full_text(entry.original_time)))
        proof = self.tr("Evidence: {0}")
        lines += [proof.format(evidence_name(one)) for one in self.evidence_of(entry)]
        lines += [f"“{source.quote}”" for source in entry.sources if source.quote]
        return "\n".join(lines)
