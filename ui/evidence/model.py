"""Pieces of evidence as a Qt list model."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Slot

from ui.evidence.words import evidence_about, evidence_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.evidence import Evidence
    from ui.evidence.looks import Look, Looks

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence, and in words what it proves; empty where that need not be said."""

    evidence: Evidence
    proves: str = ""


class EvidenceRole(enum.IntEnum):
    """What a view can ask of a row besides its text."""

    ROW = Qt.ItemDataRole.UserRole
    LOOK = Qt.ItemDataRole.UserRole + 1


class EvidenceModel(QAbstractListModel):
    """One row for each piece; ``looks`` it shares with other models of the same evidence."""

    def __init__(self, looks: Looks) -> None:
        super().__init__(looks)
        self._looks = looks
        self._rows: list[EvidenceRow] = []
        looks.changed.connect(self._on_look_changed)

    def evidence(self, number: int) -> Evidence:
        """Return one piece."""
        return self._rows[number].evidence

    def show(self, rows: Sequence[EvidenceRow]) -> None:
        """Show other rows; what is current stays so as far as the first of another piece."""
        pairs = list(zip(self._rows, rows, strict=False))
        same = next(
            (n for n, (old, new) in enumerate(pairs) if old.evidence.id != new.evidence.id),
            len(pairs),
        )
        if same < len(self._rows):
            self.beginRemoveRows(ROOT, same, len(self._rows) - 1)
            del self._rows[same:]
            self.endRemoveRows()
        if same < len(rows):
            self.beginInsertRows(ROOT, same, len(rows) - 1)
            self._rows += rows[same:]
            self.endInsertRows()
        self._rows[:same] = rows[:same]
        if same:
            self.dataChanged.emit(self.index(0), self.index(same - 1))

    @Slot(str)
    def _on_look_changed(self, sha256: str) -> None:
        for number, row in enumerate(self._rows):
            if row.evidence.sha256 == sha256:
                self.dataChanged.emit(self.index(number), self.index(number))

    # Qt overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        """Return the number of pieces; rows have no children."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row as one line of text, all that is known of it, itself or its look."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return ". ".join(self._lines(row))
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(self._lines(row))
            case EvidenceRole.ROW:
                return row
            case EvidenceRole.LOOK:
                return self._looks.of(row.evidence)
            case _:
                return None

    def _lines(self, row: EvidenceRow) -> list[str]:
        look: Look | None = self._looks.of(row.evidence)
        problem = "" if look is None else look.problem
        url = row.evidence.url or ""
        lines = [evidence_name(row.evidence), evidence_about(row.evidence), url, problem]
        return list(dict.fromkeys(line for line in [*lines, row.proves] if line))
