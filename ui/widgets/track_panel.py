"""One track in the recorder strip: which source it will hear, then how loud it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.widgets.chooser import Chooser
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.level_meter import LevelMeter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.engine_types import AudioSource, TrackStatus

DEFAULT_SOURCE = ""
NO_SOURCE = "none"
DEVICE_WIDTH = 200


class TrackPanel(QWidget):
    """Offers sources while nothing is recorded; shows the level while something is."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._problem = self._device_name = ""
        title = QLabel(name)
        title.setObjectName("heading")
        self.chooser = Chooser()
        self.chooser.setAccessibleName(self.tr("Source of the {0} track").format(name))
        self.chooser.setToolTip(self.chooser.accessibleName())
        self.chooser.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.chooser.setMinimumContentsLength(10)
        self.chooser.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        title.setBuddy(self.chooser)
        title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.meter = LevelMeter(name)
        self.device = ElidedLabel()
        self.device.setObjectName("secondary")
        self.device.setMaximumWidth(DEVICE_WIDTH)
        self.device.setMinimumWidth(1)  # the first to give way: it is the tool tip as well
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(title)
        row.addWidget(self.chooser, 1)
        row.addWidget(self.meter)
        row.addWidget(self.device)
        row.addStretch()
        self.show_sources([], chosen=DEFAULT_SOURCE)
        self.show_recording(on=False)

    @property
    def chosen(self) -> str:
        """The source to record from: an id, ``""`` for the default, ``none`` for no track."""
        return str(self.chooser.currentData())

    def show_sources(self, sources: Sequence[AudioSource], *, chosen: str) -> None:
        """Offer these sources, keeping what is chosen where it still exists."""
        self.chooser.clear()
        default = next((source.name for source in sources if source.default), "")
        label = self.tr("Default: {0}").format(default) if default else self.tr("Default")
        self.chooser.addItem(label, DEFAULT_SOURCE)
        for source in sources:
            self.chooser.addItem(source.name, source.id)
        self.chooser.addItem(self.tr("Do not record"), NO_SOURCE)
        for row in range(self.chooser.count()):
            full = str(self.chooser.itemText(row))
            self.chooser.setItemData(row, full, Qt.ItemDataRole.ToolTipRole)
        self.chooser.setCurrentIndex(max(0, self.chooser.findData(chosen)))

    def show_recording(self, *, on: bool, device: str = "") -> None:
        """Show the level in place of the choice, or the other way round."""
        self.chooser.setVisible(not on)
        self.meter.setVisible(on)
        self.device.setVisible(on)
        self.meter.show_level(0.0, 0.0)
        self._problem, self._device_name = "", device
        self.device.show_text(device)

    def show_status(self, status: TrackStatus) -> None:
        """Show the level, and what is wrong with the track."""
        self.meter.show_level(status.peak, status.rms)
        if status.problem and status.problem != self._problem:
            self.device.show_text(f"! {status.problem}")
        elif self._problem and not status.problem:
            self.device.show_text(self._device_name)
        self._problem = status.problem
