"""The waveform above the transcript, and in words what the session lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.waveform.lacks import legend_text
from ui.waveform.view import WaveformView
from ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from ui.waveform.overview import Overview

SIGN = "▨"


class WaveformStrip(QFrame):
    """Hidden where there is no session."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = WaveformView()
        self.legend = ElidedLabel()
        self.legend.setObjectName("warning")
        self.legend.setContentsMargins(12, 0, 12, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view)
        column.addWidget(self.legend)
        self.show_overview(None)

    def show_overview(self, overview: Overview | None, *, problem: str = "") -> None:
        """Show a session; ``problem`` says why its audio cannot be seen."""
        self.view.show_overview(overview)
        self.setVisible(overview is not None)
        words = whole = problem
        if overview is not None and not problem and overview.lacks:
            start, names = overview.session.start_utc, overview.names(self.view.names)
            words = f"{SIGN} {legend_text(overview.lacks, start, names)}"
            everything = len(overview.lacks)
            whole = legend_text(overview.lacks, start, names, named=everything)
        self.legend.show_text(words)
        self.legend.setToolTip(whole)
        self.legend.setAccessibleName(whole)
        self.legend.setVisible(bool(words))
