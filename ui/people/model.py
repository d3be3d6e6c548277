"""The voices of an incident as a Qt table model."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.domain.merged_voices import MergedVoices
from app.domain.talk_time import NO_TALK, TalkTime, talk_times, voices_of_note
from app.domain.times import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtCore import QObject

    from app.domain.ids import SpeakerId
    from app.domain.record import Record
    from app.domain.transcript import Segment, Speaker

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Column(enum.IntEnum):
    """What stands in a row, from left to right."""

    SIGN = 0
    NAME = 1
    ROLE = 2
    VOICE = 3
    SPEAKS = 4
    LINES = 5


EDITED = frozenset({Column.NAME, Column.ROLE})
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
FIGURES = frozenset({Column.SPEAKS, Column.LINES})


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """A voice with what it says; ``merged`` are the labels of those that count as it.

    ``sign`` is the key that gives it lines; none from the tenth on.
    """

    voice: Speaker
    talk: TalkTime
    merged: tuple[str, ...]
    sign: str

    @property
    def label(self) -> str:
        """What the program calls it, and those that count as it."""
        return " + ".join((self.voice.label, *self.merged))

    @property
    def speaks(self) -> str:
        """How long it speaks, as minutes and seconds."""
        minutes, seconds = divmod(self.talk.ms // MS_PER_SECOND, 60)
        return f"{minutes}:{seconds:02d}"


def voice_rows(record: Record, segments: Iterable[Segment]) -> list[VoiceRow]:
    """Return the voices that say something, or of whom a person has said something."""
    voices = MergedVoices(record.speakers)
    talks = talk_times(segments, record.speakers)
    return [
        VoiceRow(
            voice,
            talks.get(voice.id, NO_TALK),
            tuple(merged.label for merged in voices.merged_into(voice.id)),
            str(number) if number < 10 else "",  # noqa: PLR2004  the keys there are
        )
        for number, voice in enumerate(voices_of_note(record.speakers, talks), 1)
    ]


class PeopleModel(QAbstractTableModel):
    """A row for each voice. What is typed is asked for, and shown once it is on record.

    Signals:
        name_edited, role_edited: The voice's id and what was typed.
    """

    name_edited = Signal(str, str)
    role_edited = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[VoiceRow] = []
        self._heads = {
            Column.SIGN: "",
            Column.NAME: self.tr("Name"),
            Column.ROLE: self.tr("Role"),
            Column.VOICE: self.tr("Voice"),
            Column.SPEAKS: self.tr("Speaks"),
            Column.LINES: self.tr("Lines"),
        }

    def row(self, number: int) -> VoiceRow:
        """Return one row."""
        return self._rows[number]

    def number_of(self, voice: SpeakerId | None) -> int | None:
        """Return the row of a voice; None where it has none."""
        return next((n for n, row in enumerate(self._rows) if row.voice.id == voice), None)

    def others(self, voice: SpeakerId) -> list[VoiceRow]:
        """Return all rows but one voice's."""
        return [row for row in self._rows if row.voice.id != voice]

    def replace_all(self, rows: Sequence[VoiceRow]) -> None:
        """Show other rows; nothing happens where they are the same."""
        if list(rows) != self._rows:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()

    def _text(self, row: VoiceRow, column: Column) -> str:
        return {
            Column.SIGN: row.sign,
            Column.NAME: row.voice.name or self.tr("who?"),
            Column.ROLE: row.voice.role or "",
            Column.VOICE: row.label,
            Column.SPEAKS: row.speaks,
            Column.LINES: str(row.talk.lines),
        }[column]

    def _told(self, row: VoiceRow) -> str:
        """Return the whole row for a screen reader."""
        text = self.tr("{0}, {1}, role {2}, speaks {3}, {4} lines")
        name, role = row.voice.name or self.tr("no name"), row.voice.role or self.tr("none")
        return text.format(name, row.label, role, row.speaks, row.talk.lines)

    # Qt overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        """Return the number of voices."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's head."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in FIGURES:
            return RIGHT
        return self._heads[Column(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(row, column)
            case Qt.ItemDataRole.EditRole:
                return (row.voice.name if column is Column.NAME else row.voice.role) or ""
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._told(row)
            case Qt.ItemDataRole.TextAlignmentRole if column in FIGURES:
                return RIGHT
            case _:
                return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done to a cell."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in EDITED else flags

    def setData(  # noqa: N802  Qt's name
        self, index: Index, value: Any, _role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Ask for what was typed."""
        voice = self._rows[index.row()].voice
        asked = self.name_edited if index.column() == Column.NAME else self.role_edited
        asked.emit(voice.id, str(value))
        return True
