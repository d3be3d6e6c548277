"""Shows how loud a track is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.levels import BARS, decibels, lit_bars
from ui.colors import colors_of

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

CLIPPING = 0.99
HOT_STEP = 10  # from here on a step is drawn as a warning


class LevelMeter(QWidget):
    """Bars from -48 dB to full scale: tall up to the mean, lower up to the peak."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.peak = 0.0
        self.rms = 0.0
        self._name = name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_level(0.0, 0.0)

    @property
    def clips(self) -> bool:
        """Whether the input is too loud to be recorded undistorted."""
        return self.peak >= CLIPPING

    def show_level(self, peak: float, rms: float) -> None:
        """Show the loudness of the last moment, full scale 1.0."""
        self.peak, self.rms = peak, rms
        state = self.tr("too loud") if self.clips else f"{decibels(peak):.0f} dB"
        self.setAccessibleName(self.tr("Level of {0}: {1}").format(self._name, state))
        self.setToolTip(self.accessibleName())
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        """Return the size of twelve bars."""
        return QSize(BARS * 7, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars."""
        colors = colors_of(self)
        lit, tall = lit_bars(self.rms), lit_bars(self.peak)
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(BARS):
            color = colors.line
            if step < tall:
                color = colors.warning if step >= HOT_STEP else colors.good
            if self.clips and step < tall:
                color = colors.recording
            height = 14 if step < lit else 10
            if step >= tall:
                height = 6
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(QRectF(step * 7, (20 - height) / 2, 5, height), 1, 1)
        painter.end()
