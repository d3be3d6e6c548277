"""What the list of remembered voices shows, and what its rows do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QCoreApplication

from app.domain.merged_voices import MergedVoices
from app.domain.transcript import Speaker
from app.domain.voice_prints import VoicePrint, VoiceSuggestion

if TYPE_CHECKING:
    from collections.abc import Collection

Row: TypeAlias = VoiceSuggestion | Speaker | VoicePrint


@dataclass(frozen=True, slots=True)
class VoicesShown:
    """What there is to choose from. ``is_on`` and ``kept_by`` are the switch and the key."""

    is_on: bool
    kept_by: str
    suggestions: tuple[VoiceSuggestion, ...] = ()
    named: tuple[Speaker, ...] = ()
    kept: tuple[VoicePrint, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Suggestions first: they are why somebody looks."""
        return (*self.suggestions, *self.named, *self.kept)


def row_text(row: Row) -> str:
    """Return a row in words."""
    match row:
        case VoiceSuggestion():
            return f"?  {row.sentence}"
        case Speaker():
            return _tr("+  {0}, a voice of this incident").format(row.shown_as)
        case VoicePrint():
            return _tr("●  {0} is remembered from {1} s of speech, {2} by {3}").format(
                row.name, round(row.seconds), f"{row.made_at:%Y-%m-%d}", row.made_by
            )


def row_action(row: Row) -> str:
    """Return what a row does when it is chosen."""
    match row:
        case VoiceSuggestion():
            return _tr("It is {0}").format(row.name)
        case Speaker():
            return _tr("Remember {0}").format(row.shown_as)
        case VoicePrint():
            return _tr("Forget {0}").format(row.name)


def nameable(speakers: Collection[Speaker], kept: Collection[VoicePrint]) -> tuple[Speaker, ...]:
    """Return the voices that could be remembered: named by a person, and not remembered yet."""
    known = {(one.incident_id, one.speaker_id) for one in kept}
    return tuple(
        speaker
        for speaker in MergedVoices(speakers).shown
        if speaker.name and speaker.confirmed and (speaker.incident_id, speaker.id) not in known
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("RememberedVoices", text)
