"""What is doubtful about a line of the transcript, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.transcript import SegmentFlag

if TYPE_CHECKING:
    from ui.transcript.row import Row


def flag_words(flag: SegmentFlag) -> str:
    """Return why a line is left out of drafts."""
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


def word_doubts(row: Row, word: int) -> list[str]:
    """Return what must be known of one word; nothing of most."""
    said = []
    if row.is_unsure(word):
        said.append(_tr("“{0}”: unsure, {1} %").format(row.words[word], row.percent(word)))
    heard = row.heard_as(word)
    if heard is not None:
        said.append(_tr("“{0}”: glossary, heard “{1}”").format(row.words[word], heard))
    return said


def row_doubts(row: Row) -> list[str]:
    """Return what must be known of a line and its words, for who cannot see the marks."""
    said = [] if row.flag is None else [flag_words(row.flag)]
    for word in range(len(row.words)):
        said += word_doubts(row, word)
    return said


def _tr(text: str) -> str:
    return QCoreApplication.translate("TranscriptDoubts", text)
