"""How long and how often each voice of an incident speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.merged_voices import MergedVoices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from app.domain.ids import SpeakerId
    from app.domain.transcript import Segment, Speaker


@dataclass(frozen=True, slots=True)
class TalkTime:
    """What a voice says, in milliseconds and in lines of the transcript."""

    ms: int = 0
    lines: int = 0


NO_TALK = TalkTime()


def talk_times(
    segments: Iterable[Segment], speakers: Iterable[Speaker]
) -> dict[SpeakerId, TalkTime]:
    """Return the talk time of each voice that says anything; merged ones count together.

    What the room's microphone heard from the loudspeakers was said once, on the bridge.
    """
    voices = MergedVoices(speakers)
    found: dict[SpeakerId, TalkTime] = {}
    for segment in segments:
        speaker_id = voices.id_of(segment.speaker_id)
        if speaker_id is not None and not segment.bleed:
            so_far = found.get(speaker_id, NO_TALK)
            found[speaker_id] = TalkTime(so_far.ms + segment.span.duration_ms, so_far.lines + 1)
    return found


def voices_of_note(
    speakers: Iterable[Speaker], talking: Collection[SpeakerId]
) -> tuple[Speaker, ...]:
    """Return the voices that say something, or of whom a person has said something.

    Left out is a track's own voice once all of its lines were told apart.
    """
    voices = MergedVoices(speakers)
    return tuple(
        voice
        for voice in voices.shown
        if voice.id in talking or voice.name or voice.role or voices.merged_into(voice.id)
    )
