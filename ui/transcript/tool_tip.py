"""What a line of the transcript says when the pointer rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.times import MS_PER_SECOND
from ui.moments import full_text
from ui.transcript.doubt_words import flag_words, word_doubts
from ui.transcript.row import MarkerRow

if TYPE_CHECKING:
    from ui.transcript.row import Row


def row_tip(row: Row, word: int | None) -> str:
    """Return when the line was said, and what is doubtful about it or about one of its words."""
    lines = [full_text(row.at)]
    if isinstance(row, MarkerRow):
        seconds = row.marker.covers_ms // MS_PER_SECOND
        return "\n".join([*lines, _tr("Marks the {0} seconds before").format(seconds)])
    if row.segment.flag is not None:
        lines.append(flag_words(row.segment.flag))
    if row.segment.bleed:
        lines.append(_tr("The bridge, as the room's microphone heard it from the loudspeakers"))
    if word is not None:
        lines += word_doubts(row, word)
    if row.segment.edited:
        lines.append(_tr("Recognised as: {0}").format(row.segment.original_text))
    return "\n".join(lines)


def _tr(text: str) -> str:
    return QCoreApplication.translate("TranscriptToolTip", text)
