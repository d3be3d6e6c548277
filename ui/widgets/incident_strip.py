"""Which incident is on screen, and what time it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ui.incident_names import incident_tip, listed_names
from ui.widgets.chooser import Chooser
from ui.widgets.utc_clock import UtcClock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.domain.ids import IncidentId
    from app.services.incidents import IncidentSummary

TOOL_TIP = Qt.ItemDataRole.ToolTipRole


class IncidentStrip(QFrame):
    """Offers the incidents.

    Signals:
        incident_chosen: The id of the incident a person wants to see.
        new_requested: A person wants to name a new one.
        attach_requested: A person has audio files of this incident.
    """

    incident_chosen = Signal(str)
    new_requested = Signal()
    attach_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.chooser = Chooser()
        self.chooser.setMinimumWidth(280)
        self.chooser.setAccessibleName(self.tr("Incident"))
        self.chooser.setToolTip(self.tr("The incident on screen"))
        self.chooser.setPlaceholderText(self.tr("No incident yet"))
        self.chooser.activated.connect(self._on_activated)
        self.new_button = QPushButton(self.tr("New incident"))
        self.new_button.setToolTip(self.tr("Name a new incident (Ctrl+N)"))
        self.new_button.clicked.connect(self.new_requested)
        self.attach_button = QPushButton(self.tr("Attach files"))
        self.attach_button.setToolTip(self.tr("Add audio or video files as a session (Ctrl+O)"))
        self.attach_button.clicked.connect(self.attach_requested)
        self.clock = UtcClock()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.chooser, 3)
        row.addWidget(self.new_button)
        row.addWidget(self.attach_button)
        row.addStretch(1)
        row.addWidget(self.clock)
        self.show_incidents([], "", created={})
        self._ready(on=False)

    def show_incidents(
        self,
        incidents: Sequence[IncidentSummary],
        current_id: str,
        *,
        created: Mapping[IncidentId, datetime],
    ) -> None:
        """Offer these incidents, one of them on screen; ``created``: when each was entered."""
        self._ready(on=True)
        self.chooser.clear()
        for incident, name in zip(incidents, listed_names(incidents, created), strict=True):
            self.chooser.addItem(name, incident.id)
            tip = incident_tip(incident, created)
            self.chooser.setItemData(self.chooser.count() - 1, tip, TOOL_TIP)
        row = self.chooser.findData(current_id)
        self.chooser.setCurrentIndex(row)
        self.chooser.setEnabled(bool(incidents))
        self.chooser.setToolTip(
            self.tr("The incident on screen")
            if row < 0
            else self.tr("The incident on screen: {0}").format(
                self.chooser.itemData(row, TOOL_TIP)
            )
        )

    def _ready(self, *, on: bool) -> None:
        for button in (self.new_button, self.attach_button):
            button.setEnabled(on)

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        self.incident_chosen.emit(str(self.chooser.itemData(row)))
