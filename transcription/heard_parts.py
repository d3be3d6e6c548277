"""Puts together what was heard part by part: the same voice gets the same label everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.engine_types import ANY_NUMBER
from transcription.voice_linking import link_voices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.engine_types import SpeakerCount, SpeakerTurn
    from app.domain.sessions import TrackLabel
    from transcription.diarizer_messages import PartHeard
    from transcription.voice_linking import VoiceKey


def joined_turns(
    heard: Sequence[PartHeard], speakers: Mapping[TrackLabel, SpeakerCount]
) -> list[SpeakerTurn]:
    """Return the turns of all parts, in their order; labels count the voices of a side, from 1."""
    turns: list[SpeakerTurn] = []
    for side in sorted({part.track.label for part in heard}):
        parts = [part for part in heard if part.track.label is side]
        _, most = speakers.get(side, ANY_NUMBER)
        linked = link_voices(
            [part.voices for part in parts], alike_from=parts[0].alike_from, most=most
        )
        numbers: dict[VoiceKey, int] = {}
        for number, part in enumerate(parts):
            for turn in part.turns:
                voice = linked[number, turn.label]
                label = str(numbers.setdefault(voice, len(numbers) + 1))
                turns.append(replace(turn, label=label))
    return turns
