"""Paints an entry of the timeline: time, badge, words, and a sign that its audio can be heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.timeline import EntryKind, HypothesisState, MitigationResult, TimelineEntry
from ui.colors import Colors, colors_of
from ui.moments import entry_time_text
from ui.theme import SMALL_PX, sized
from ui.timeline.model import TimelineRole
from ui.widgets.badge import BADGE_SIZE, paint_badge
from ui.widgets.cell_line import CellLine
from ui.widgets.row_ground import paint_row_ground

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    Index = QModelIndex | QPersistentModelIndex

MARGIN = 8
TIME_WIDTH = 80
PLAY_WIDTH = 28
QUIET_HEIGHT = 18
SMALLEST_HEIGHT = 32
TEXT_LEFT = MARGIN + TIME_WIDTH + BADGE_SIZE + 12
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def play_box(row: QRect) -> QRect:
    """Return where a row's play sign is."""
    return QRect(row.right() - PLAY_WIDTH - 4, row.top(), PLAY_WIDTH + 4, row.height())


def text_box(row: QRect) -> QRect:
    """Return where a row's words are."""
    return row.adjusted(TEXT_LEFT, 6, -PLAY_WIDTH - MARGIN, -6)


def quiet_text(entry: TimelineEntry) -> str:
    """Return how much evidence there is, what the entry marks and what it led to."""
    parts = [str(len(entry.evidence))] if entry.evidence else []
    if entry.anchor is not None:
        parts.append(entry.anchor.value.replace("_", " "))
    if entry.mitigation_result is not None:
        parts.append(_result_text(entry.mitigation_result))
    if entry.no_evidence_because:
        parts.append(_tr("no evidence: {0}").format(entry.no_evidence_because))
    return "  ·  ".join(parts)


class TimelineDelegate(QStyledItemDelegate):
    """Belongs to one view, whose width decides where lines break."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.width = 320

    def _paint_time(
        self, painter: QPainter, row: QRect, entry: TimelineEntry, colors: Colors
    ) -> None:
        text, happened = entry_time_text(entry)
        font = sized(self._view.font(), SMALL_PX)
        font.setItalic(not happened)
        painter.setFont(font)
        painter.setPen(QColor(colors.text if happened else colors.secondary))
        box = QRect(row.left() + MARGIN, row.top() + 6, TIME_WIDTH, BADGE_SIZE)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_day(self, painter: QPainter, row: QRect, day: str, colors: Colors) -> None:
        """Paint below the time of which day it is, where a reader could take it for another."""
        font = sized(self._view.font(), SMALL_PX)
        painter.setFont(font)
        painter.setPen(QColor(colors.secondary))
        box = QRect(row.left() + MARGIN, row.top() + 6 + BADGE_SIZE, TIME_WIDTH, QUIET_HEIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, day)

    def _paint_quiet(
        self, painter: QPainter, row: QRect, entry: TimelineEntry, colors: Colors
    ) -> None:
        """Paint below the words what else is known of the entry."""
        text = quiet_text(entry)
        if not text:
            return
        box = text_box(row)
        box.setTop(row.bottom() - QUIET_HEIGHT - 3)
        box.setHeight(QUIET_HEIGHT)
        painter.setFont(sized(self._view.font(), SMALL_PX))
        painter.setPen(QColor(colors.secondary))
        if entry.evidence:
            sheet = QRectF(box.left() + 0.5, box.center().y() - 5.5, 9, 11)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(sheet, 1.5, 1.5)
            for line in (3, 5.5, 8):
                painter.drawLine(
                    sheet.topLeft() + QPointF(2, line), sheet.topLeft() + QPointF(7, line)
                )
            painter.restore()
            box.setLeft(box.left() + 14)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_play(self, painter: QPainter, row: QRect, colors: Colors) -> None:
        box = play_box(row)
        center = QPointF(box.center().x(), row.top() + 6 + BADGE_SIZE / 2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        corners = [QPointF(-4, -6), QPointF(6, 0), QPointF(-4, 6)]
        painter.drawPolygon([center + corner for corner in corners])
        painter.restore()

    # Qt overrides

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return a height that fits the entry's words."""
        words = self.shown_text(index.data(TimelineRole.ENTRY))
        box = text_box(QRect(0, 0, self.width, 10_000))
        metrics = QFontMetrics(sized(self._view.font(), self._view.font().pixelSize()))
        needed = metrics.boundingRect(box, int(WRAP), words).height() + 14
        quiet = QUIET_HEIGHT if quiet_text(index.data(TimelineRole.ENTRY)) else 0
        day = QUIET_HEIGHT if index.data(TimelineRole.DAY) else 0
        return QSize(self.width, max(SMALLEST_HEIGHT + day, max(SMALLEST_HEIGHT, needed) + quiet))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one entry."""
        entry: TimelineEntry = index.data(TimelineRole.ENTRY)
        colors = colors_of(self._view)
        row: QRect = option.rect
        paint_row_ground(painter, option, colors)
        self._paint_time(painter, row, entry, colors)
        self._paint_day(painter, row, index.data(TimelineRole.DAY), colors)
        left = row.left() + MARGIN + TIME_WIDTH
        badge = QRectF(left, row.top() + 6, BADGE_SIZE, BADGE_SIZE)
        strong = sized(self._view.font(), SMALL_PX, strong=True)
        paint_badge(painter, entry.kind, badge, colors=colors, font=strong)
        painter.setFont(sized(self._view.font(), self._view.font().pixelSize()))
        painter.setPen(QColor(colors.text))
        words = text_box(row).adjusted(0, 2, 0, 2)
        painter.drawText(words, int(WRAP), self.shown_text(entry))
        self._paint_quiet(painter, row, entry, colors)
        if entry.sources:
            self._paint_play(painter, row, colors)

    def createEditor(  # noqa: N802  Qt's name
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Return a line to type the entry's words in."""
        editor = CellLine(parent)
        editor.setAccessibleName(self.tr("Words of the entry"))
        editor.setText(index.data(Qt.ItemDataRole.EditRole))
        return editor

    def updateEditorGeometry(  # noqa: N802  Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """Put the editor where the words are."""
        row: QRect = option.rect
        box = text_box(row).adjusted(-6, -4, 0, 0)
        box.setHeight(max(box.height() + 4, editor.sizeHint().height()))
        editor.setGeometry(box)

    def shown_text(self, entry: TimelineEntry) -> str:
        """Return the words, and what a hypothesis has come to."""
        if entry.kind is EntryKind.HYPOTHESIS:
            states = {
                HypothesisState.OPEN: self.tr("open"),
                HypothesisState.CONFIRMED: self.tr("confirmed"),
                HypothesisState.DISPROVED: self.tr("ruled out"),
            }
            state = states[entry.hypothesis_state or HypothesisState.OPEN]
            return f"{entry.text} ({state})"
        return entry.text


def _result_text(result: MitigationResult) -> str:
    return {
        MitigationResult.WORKED: _tr("✓ worked"),
        MitigationResult.PARTIAL: _tr("partly worked"),
        MitigationResult.NO: _tr("did not work"),
        MitigationResult.WORSE: _tr("▲ made it worse"),
        MitigationResult.UNKNOWN: _tr("result unknown"),
    }[result]


def _tr(text: str) -> str:
    return QCoreApplication.translate("TimelineDelegate", text)
