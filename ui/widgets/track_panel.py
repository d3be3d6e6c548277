"""One track in the recorder strip: which source it will hear, then how loud it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from ui.widgets.chooser import Chooser
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.level_meter import LevelMeter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.engine_types import AudioSource, TrackStatus
    from app.domain.source_trial import Level, SourceTrial

DEFAULT_SOURCE = ""
NO_SOURCE = "none"
DEVICE_WIDTH = 200
SIGN_WIDTH = 8  # what else would be the space between meter and words: nothing moves


class TrackPanel(QWidget):
    """Offers sources while nothing is recorded; shows the level while something is.

    Signals:
        test_requested: The person wants to hear of the chosen source whether it works.
    """

    test_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._problem = self._device_name = ""
        self._is_tried = False
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
        self.chooser.activated.connect(self._on_chooser_activated)
        title.setBuddy(self.chooser)
        title.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.test = QPushButton(self.tr("Test 3 s"))
        self.test.setToolTip(self.tr("Listen to it for three seconds; nothing is kept"))
        self.test.setAccessibleName(self.tr("Test the source of the {0} track").format(name))
        self.test.clicked.connect(self.test_requested)
        self.meter = LevelMeter(name)
        self.sign = QLabel()
        self.sign.setObjectName("problemSign")
        self.sign.setFixedWidth(SIGN_WIDTH)
        self.device = ElidedLabel()
        self.device.setObjectName("secondary")
        self.device.setMaximumWidth(DEVICE_WIDTH)
        self.device.setMinimumWidth(1)  # the first to give way: it is the tool tip as well
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(title)
        row.addWidget(self.chooser, 1)
        row.addWidget(self.test)
        heard = QHBoxLayout()
        heard.setSpacing(0)
        heard.addWidget(self.meter)
        heard.addWidget(self.sign)
        heard.addWidget(self.device)
        row.addLayout(heard)
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
        self.test.setEnabled(not self._is_tried and self.chosen != NO_SOURCE)

    def show_recording(self, *, on: bool, device: str = "") -> None:
        """Show the level in place of the choice, or the other way round."""
        self._is_tried = False
        self.chooser.setVisible(not on)
        self.test.setVisible(not on)
        self.test.setEnabled(self.chosen != NO_SOURCE)
        for widget in (self.meter, self.sign, self.device):
            widget.setVisible(on)
        self.meter.show_level(0.0, 0.0)
        self._device_name = device
        self._show_problem("")

    def show_status(self, status: TrackStatus) -> None:
        """Show the level, and what is wrong with the track."""
        self.meter.show_level(status.peak, status.rms)
        if status.problem != self._problem:
            self._show_problem(status.problem)

    # Trials

    def show_trial_begun(self) -> None:
        """Show the level of the chosen source, until ``show_trial_ended``."""
        self._is_tried = True
        self.test.setEnabled(False)
        self.device.setVisible(False)
        self.meter.show_level(0.0, 0.0)
        self.meter.setVisible(True)

    def show_level(self, level: Level) -> None:
        """Show how loud the source is now that is being tried."""
        if self._is_tried:
            self.meter.show_level(level.peak, level.rms)

    def show_trial_ended(self, trial: SourceTrial | None) -> None:
        """Show what was heard; None: it could not be tried."""
        if not self._is_tried:
            return  # a recording has begun meanwhile
        self._is_tried = False
        self.test.setEnabled(self.chosen != NO_SOURCE)
        self.meter.setVisible(False)
        if trial is not None:
            sign = "✓" if trial.is_good else "!"
            self.device.show_text(f"{sign} {trial.sentence} {trial.remedy}".rstrip())
            self.device.setVisible(True)

    def _show_problem(self, problem: str) -> None:
        self._problem = problem
        self.sign.setText("!" if problem else "")  # a narrow window has no room for the words
        self.sign.setToolTip(problem)
        self.sign.setAccessibleName(problem)
        self.device.show_text(problem or self._device_name)

    @Slot()
    def _on_chooser_activated(self) -> None:
        self.test.setEnabled(not self._is_tried and self.chosen != NO_SOURCE)
        self.device.setVisible(False)  # what was heard of another says nothing of this one
