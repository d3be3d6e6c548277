"""What is selected in the transcript, as the services take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.promotion import Selection
from ui.transcript.row import MarkerRow

if TYPE_CHECKING:
    from ui.transcript.view import TranscriptView


def chosen_words(view: TranscriptView) -> list[Selection]:
    """Return the selected words; of markers, which say nothing, none."""
    return [
        Selection(row.segment.id, first, last)
        for row, first, last in view.selected_rows()
        if not isinstance(row, MarkerRow)
    ]
