"""The table of voices: worked by keys, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.roles import KNOWN_ROLES
from ui.colors import colors_of
from ui.people.model import Column, PeopleModel, VoiceRow
from ui.theme import SMALL_PX, sized
from ui.widgets.cell_line import CellLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QItemSelection
    from PySide6.QtGui import QKeyEvent

    from app.domain.ids import SpeakerId
    from ui.people.model import Index

ROW_HEIGHT = 26
SIGN_SIZE = 18
WIDTHS = {Column.SIGN: 30, Column.ROLE: 130, Column.SPEAKS: 60, Column.LINES: 50}


class _VoiceDelegate(QStyledItemDelegate):
    """Paints a voice's sign in the colour of its track, and helps to type names and roles."""

    def __init__(self, table: PeopleTable) -> None:
        super().__init__(table)
        self._table = table
        self.known_names: tuple[str, ...] = ()

    # Qt overrides

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell; who has no name yet is asked for quietly."""
        row = self._table.people.row(index.row())
        quiet = index.column() == Column.NAME and row.voice.name is None
        if quiet or index.column() == Column.VOICE:
            option.palette.setColor(
                option.palette.ColorRole.Text, QColor(colors_of(self._table).secondary)
            )
        option.state &= ~QStyle.StateFlag.State_HasFocus  # the whole row is current
        if index.column() != Column.SIGN:
            super().paint(painter, option, index)
            return
        if self._table.selectionModel().isSelected(index):
            painter.fillRect(option.rect, QColor(colors_of(self._table).selected))
        self._paint_sign(painter, option, row)

    def _paint_sign(self, painter: QPainter, option: QStyleOptionViewItem, row: VoiceRow) -> None:
        colors, side = colors_of(self._table), row.voice.track_label
        box = QRectF(0, 0, SIGN_SIZE, SIGN_SIZE)
        box.moveCenter(option.rect.center().toPointF())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.secondary if side is None else colors.track(side)))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(colors.on_fill))
        painter.setFont(sized(self._table.font(), SMALL_PX, strong=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, row.sign)
        painter.restore()

    def createEditor(  # noqa: N802  Qt's name
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Return a line that knows the roles, and the people who hold one."""
        line = CellLine(parent)
        is_name = index.column() == Column.NAME
        line.setAccessibleName(self.tr("Name of the voice") if is_name else self.tr("Role"))
        known = QCompleter(list(self.known_names if is_name else KNOWN_ROLES), line)
        known.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        line.setCompleter(known)
        return line


class PeopleTable(QTableView):
    """Each row is a voice; the keys act on the current one.

    Signals:
        samples_requested, merge_requested, unmerge_requested, give_requested: For this voice.
        leave_requested: The person goes back to the transcript.
        edit_ended: What was typed is asked for, or was given up.
    """

    samples_requested = Signal(str)
    merge_requested = Signal(str)
    unmerge_requested = Signal(str)
    give_requested = Signal(str)
    leave_requested = Signal()
    edit_ended = Signal()

    def __init__(self, people: PeopleModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.people = people
        self.setModel(people)
        self._delegate = _VoiceDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Voices of the incident"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._lay_out_columns()

    @property
    def current(self) -> SpeakerId | None:
        """The voice on which keys act."""
        index = self.currentIndex()
        return self.people.row(index.row()).voice.id if index.isValid() else None

    @property
    def is_editing(self) -> bool:
        """Whether a name or a role is being typed; other rows would take the line away."""
        return self.state() is QAbstractItemView.State.EditingState

    def know_names(self, names: Sequence[str]) -> None:
        """Offer these names where one is typed."""
        self._delegate.known_names = tuple(names)

    def choose(self, voice: SpeakerId | None) -> None:
        """Make a voice the current one; the first where it is not there."""
        number = self.people.number_of(voice)
        if self.people.rowCount():
            self.setCurrentIndex(self.people.index(number or 0, Column.NAME))

    def edit_name(self) -> None:
        """Let the current voice's name be typed."""
        self._edit(Column.NAME)

    def edit_role(self) -> None:
        """Let the current person's role be typed."""
        self._edit(Column.ROLE)

    def _edit(self, column: Column) -> None:
        index = self.currentIndex()
        if index.isValid():
            self.edit(index.siblingAtColumn(column))

    def _lay_out_columns(self) -> None:
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setMinimumSectionSize(min(WIDTHS.values()))
        for column in Column:
            wide = column not in WIDTHS
            mode = QHeaderView.ResizeMode.Stretch if wide else QHeaderView.ResizeMode.Fixed
            head.setSectionResizeMode(column, mode)
            if not wide:
                self.setColumnWidth(column, WIDTHS[column])

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the current voice."""
        asked = {
            Qt.Key.Key_Space: self.samples_requested,
            Qt.Key.Key_M: self.merge_requested,
            Qt.Key.Key_U: self.unmerge_requested,
            Qt.Key.Key_G: self.give_requested,
        }
        key, voice = Qt.Key(event.key()), self.current
        if key == Qt.Key.Key_Escape:
            self.leave_requested.emit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2}:
            self.edit_name()
        elif key == Qt.Key.Key_R:
            self.edit_role()
        elif key in asked and voice is not None:
            asked[key].emit(voice)
        else:
            super().keyPressEvent(event)

    def closeEditor(  # noqa: N802  Qt's name
        self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint
    ) -> None:
        """Tell that typing has ended; the keys are the table's again."""
        super().closeEditor(editor, hint)
        self.edit_ended.emit()

    def selectionChanged(  # noqa: N802  Qt's name
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        """Tell a screen reader which voice is current."""
        super().selectionChanged(selected, deselected)
        told = self.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
        self.setAccessibleDescription(str(told or ""))
