"""What a line of the transcript says when the pointer rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.times import MS_PER_SECOND
from app.domain.transcript import SegmentFlag
from ui.moments import full_text
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
        lines.append(_flag_text(row.segment.flag))
    if row.segment.bleed:
        lines.append(_tr("The bridge, as the room's microphone heard it from the loudspeakers"))
    if word is not None and row.is_unsure(word):
        percent = round(row.chance_of(word) * 100)
        lines.append(_tr("“{0}”: unsure, {1} %").format(row.words[word], percent))
    if row.segment.edited:
        lines.append(_tr("Recognised as: {0}").format(row.segment.original_text))
    return "\n".join(lines)


def _flag_text(flag: SegmentFlag) -> str:
    return {
        SegmentFlag.SILENCE_SUSPECT: _tr(
            "Doubtful: there may be no speech here. It is left out of drafts."
        ),
        SegmentFlag.REPEATED: _tr(
            "Doubtful: the same words over and over. It is left out of drafts."
        ),
        SegmentFlag.LOW_CONFIDENCE: _tr(
            "Doubtful: the recogniser was not sure of this line. It is left out of drafts."
        ),
    }[flag]


def _tr(text: str) -> str:
    return QCoreApplication.translate("TranscriptToolTip", text)
