"""The waveform on screen: where a person is in it, and where they want to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.domain.sessions import TrackLabel
from app.domain.times import MS_PER_SECOND, Span
from ui.colors import colors_of
from ui.waveform.overview import Overview, Place
from ui.waveform.painting import NARROWEST, SIGN, OverviewPainter, paint_head
from ui.waveform.words import words_at

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from app.domain.ids import TrackId

LANE_HEIGHT = 24
PADDING = 4
STEP_MS, LONG_STEP_MS = 5 * MS_PER_SECOND, 60 * MS_PER_SECOND
STEP_PIXELS = 2  # at least: in eight hours, five seconds are no step that can be seen
IN_VIEW_ALPHA = 40
PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
BACKWARDS = {Qt.Key.Key_Left, Qt.Key.Key_Up}


class WaveformView(QWidget):
    """Shows one session; a click or a key goes to a place in it.

    Signals:
        moved: A person went to a position: the track's id, and milliseconds of the session.
        play_requested: They want to hear it from there, or to hear no more; as ``moved``.
        stop_requested: They have heard enough.
    """

    moved = Signal(str, int)
    play_requested = Signal(str, int)
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.overview: Overview | None = None
        self.at_ms: int | None = None
        self.lane = 0
        self._in_view: Span | None = None
        self._playing_ms: int | None = None
        self._picture: QPixmap | None = None
        self.names = {
            TrackLabel.ROOM: self.tr("Room"),
            TrackLabel.BRIDGE: self.tr("Bridge"),
        }
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Waveform"))

    # What others ask of it

    def show_overview(self, overview: Overview | None) -> None:
        """Show another session, or the same one as it stands now."""
        before = self.overview
        if overview is None or before is None or overview.session.id != before.session.id:
            self.at_ms, self.lane, self._in_view, self._playing_ms = None, 0, None, None
        self.overview = overview
        if overview is not None:
            self.lane = min(self.lane, len(overview.lanes) - 1)
        if before is None or overview is None or len(before.lanes) != len(overview.lanes):
            self.updateGeometry()
        self._picture = None
        self._tell_place()
        self.update()

    def show_in_view(self, span: Span | None) -> None:
        """Show which part of the session the transcript shows."""
        if span != self._in_view:
            self._in_view = span
            self.update()

    def show_playing(self, at_ms: int | None) -> None:
        """Show what is heard now; None when there is silence again."""
        if at_ms != self._playing_ms:
            self._playing_ms = at_ms
            self.update()

    def place(self) -> Place:
        """Return where things are."""
        metrics = QFontMetricsF(self._painter().small)
        named = max(metrics.horizontalAdvance(name) for name in self.names.values())
        left = named + 3 * PADDING
        width = max(1.0, self.width() - left - SIGN)
        until_ms = self.overview.until_ms if self.overview else 0
        return Place(left, width, SIGN + PADDING, LANE_HEIGHT, until_ms)

    def words_at(self, at_ms: int, lane: int) -> str:
        """Return what is at a position of a lane."""
        if self.overview is None:
            return ""
        near_ms, drawn_ms = self._pixels_ms(SIGN / 2), self._pixels_ms(NARROWEST)
        return words_at(
            self.overview, at_ms, lane, names=self.names, near_ms=near_ms, drawn_ms=drawn_ms
        )

    # Going places

    def go_to(self, at_ms: int) -> None:
        """Go to a position, and tell so."""
        if self.overview is None:
            return
        self.at_ms = min(self.overview.until_ms, max(0, at_ms))
        self._tell_place()
        self.update()
        self.moved.emit(self._track_id(), self.at_ms)

    def _go_along(self, positions: list[int], *, backwards: bool) -> None:
        """Go to the next of some positions, or the one before."""
        here = -1 if self.at_ms is None else self.at_ms
        if backwards:
            before = [at_ms for at_ms in positions if at_ms < here]
            found = max(before, default=None)
        else:
            found = min((at_ms for at_ms in positions if at_ms > here), default=None)
        if found is not None:
            self.go_to(found)

    def _go_to_lack(self, *, backwards: bool) -> None:
        overview = self.overview
        if overview is None:
            return
        self._go_along([lack.span.start_ms for lack in overview.lacks], backwards=backwards)
        reached = [lack for lack in overview.lacks if lack.span.start_ms == self.at_ms]
        labels = [lane.track.label for lane in overview.lanes]
        if reached and labels[self.lane] not in reached[0].tracks:
            self.lane = labels.index(reached[0].tracks[0])
            self._tell_place()

    def _step(self, key: int, *, is_long: bool) -> None:
        step_ms = LONG_STEP_MS if is_long else STEP_MS
        step_ms = max(step_ms, self._pixels_ms(STEP_PIXELS))
        self.go_to((self.at_ms or 0) + (-step_ms if key in BACKWARDS else step_ms))

    def _change_lane(self, key: int) -> None:
        if self.overview is not None:
            lane = self.lane + (-1 if key in BACKWARDS else 1)
            self.lane = min(len(self.overview.lanes) - 1, max(0, lane))
            self._tell_place()
            self.update()

    def _track_id(self) -> TrackId:
        if self.overview is None:
            raise ValueError("there is no session to be in")
        return self.overview.lanes[self.lane].track.id

    def _pixels_ms(self, pixels: float) -> int:
        place = self.place()
        return round(pixels * place.until_ms / place.width)

    def _tell_place(self) -> None:
        # Custom painting says nothing to a screen reader by itself
        words = "" if self.at_ms is None else self.words_at(self.at_ms, self.lane)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(event)

    # Painting

    def _painter(self) -> OverviewPainter:
        return OverviewPainter(self.font(), colors_of(self), self.names)

    def _painted(self, overview: Overview) -> QPixmap:
        """Return the picture of the session, which is painted only when it has changed."""
        if self._picture is None:
            ratio = self.devicePixelRatioF()
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(colors_of(self).surface))
            painter = QPainter(self._picture)
            self._painter().paint(painter, overview, self.place())
            painter.end()
        return self._picture

    def _paint_position(self, painter: QPainter, overview: Overview) -> None:
        colors, place = colors_of(self), self.place()
        lanes = QRectF(place.lane(0).topLeft(), place.lane(len(overview.lanes)).topRight())
        if self._in_view is not None:
            band = place.stretch(self._in_view, lanes, NARROWEST)
            tint = QColor(colors.accent)
            tint.setAlpha(IN_VIEW_ALPHA)
            painter.fillRect(band, tint)
            painter.fillRect(QRectF(band.left(), band.bottom(), band.width(), 2), colors.accent)
        if self.at_ms is not None:
            painter.setPen(QPen(QColor(colors.text), 1, Qt.PenStyle.DashLine))
            x, lane = place.x(self.at_ms), place.lane(self.lane)
            painter.drawLine(QPointF(x, lanes.top()), QPointF(x, lanes.bottom()))
            painter.fillRect(QRectF(x - 2, lane.center().y() - 2, 5, 5), QColor(colors.text))
        if self._playing_ms is not None:
            paint_head(painter, place.x(self._playing_ms), lanes, QColor(colors.accent))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the session as it was painted before, and over it what moves."""
        if self.overview is None:
            return
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._painted(self.overview))
        self._paint_position(painter, self.overview)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the session, from gap to gap or marker to marker, and hear it."""
        overview, key, backwards = self.overview, event.key(), event.modifiers() == SHIFT
        if overview is None or event.modifiers() not in {PLAIN, SHIFT}:
            super().keyPressEvent(event)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self._step(key, is_long=backwards)
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self._change_lane(key)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.go_to(0 if key == Qt.Key.Key_Home else overview.until_ms)
        elif key == Qt.Key.Key_G:
            self._go_to_lack(backwards=backwards)
        elif key == Qt.Key.Key_M:
            self._go_along([m.at_ms for m in overview.markers], backwards=backwards)
        elif key in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.play_requested.emit(self._track_id(), self.at_ms or 0)
        elif key == Qt.Key.Key_Escape:
            self.stop_requested.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the pointer is."""
        if self.overview is not None and event.button() == Qt.MouseButton.LeftButton:
            place = self.place()
            self.lane = place.lane_at(event.position().y(), len(self.overview.lanes))
            self.go_to(place.at_ms(event.position().x()))

    def event(self, event: QEvent) -> bool:
        """Tell what is under the pointer; paint anew in other colours, letters or sizes."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if self.overview is not None:
                place = self.place()
                lane = place.lane_at(event.pos().y(), len(self.overview.lanes))
                words = self.words_at(place.at_ms(event.pos().x()), lane)
                QToolTip.showText(event.globalPos(), words, self)
            return True
        if event.type() in {
            QEvent.Type.PaletteChange,
            QEvent.Type.FontChange,
            QEvent.Type.Resize,
            QEvent.Type.DevicePixelRatioChange,
        }:
            self._picture = None
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Return room for markers, the lanes, and the time."""
        lanes = len(self.overview.lanes) if self.overview else 0
        below = QFontMetricsF(self._painter().small).height() + PADDING
        return QSize(320, round(SIGN + PADDING + lanes * LANE_HEIGHT + below))

    def minimumSizeHint(self) -> QSize:
        """Return the same height, however narrow it is."""
        return QSize(120, self.sizeHint().height())
