"""What a record is to say of who speaks, once its voices were told apart anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from app.domain.engine_types import SpeakerTurn
from app.domain.ids import SpeakerId
from app.domain.merged_voices import MergedVoices
from app.domain.record import Change
from app.domain.sessions import TrackLabel
from app.domain.speaker_assignment import labelled_parts
from app.domain.transcript import Speaker
from app.domain.voice_mapping import map_voices
from app.domain.voice_turns import VoiceTurns
from app.services.track_speakers import whole_tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.domain.record import Record
    from app.domain.speaker_assignment import LabelledSegment
    from app.domain.transcript import Segment

DRAFT = " (draft)"


@dataclass(frozen=True, slots=True)
class VoiceLabels:
    """What is to be written: voices, and each segment that changes with what it becomes."""

    voices: tuple[Change, ...]
    divisions: tuple[tuple[Segment, tuple[Segment, ...]], ...]


def voice_labels(record: Record, turns: Sequence[SpeakerTurn], *, is_draft: bool) -> VoiceLabels:
    """Say whose the segments are; ``turns`` are a diariser's, on the time of the session.

    A voice that said the same before is that one, with the name a person gave it. What people
    have labelled themselves stays. Labels of a draft say so.
    """
    sides = {track.id: track.label for track in record.tracks}
    told = [replace(turn, label=f"{sides[turn.track_id]} {turn.label}") for turn in turns]
    parts = list(_parts(record, told))
    heard = dict.fromkeys(one.label for _, made in parts for one in made if one.label is not None)
    voices = _voices(record, told, heard, DRAFT if is_draft else "")
    known = {speaker.id: speaker for speaker in record.speakers}
    changes = [Change(known.get(voice.id), voice) for voice in voices.values()]
    divisions = [
        (segment, tuple(replace(one.segment, speaker_id=voices[one.label].id) for one in made))
        for segment, made in parts
    ]
    return VoiceLabels(
        tuple(change for change in changes if change.before != change.after),
        tuple((segment, made) for segment, made in divisions if made != (segment,)),
    )


def _parts(
    record: Record, told: Sequence[SpeakerTurn]
) -> Iterator[tuple[Segment, list[LabelledSegment]]]:
    """Yield the segments that a voice was heard in, divided where it changes.

    What loudspeakers repeat in the room is said on the bridge.
    """
    heard = VoiceTurns.by_track(told)
    bridges = {t.session_id: t.id for t in record.tracks if t.label is TrackLabel.BRIDGE}
    for segment in record.segments:
        track_id = segment.track_id
        if segment.bleed:
            track_id = bridges.get(segment.session_id, track_id)
        if track_id in heard and not segment.speaker_by_person:
            made = labelled_parts(segment, heard[track_id])
            if all(one.label is not None for one in made):
                yield segment, made


def _voices(
    record: Record, told: Sequence[SpeakerTurn], heard: Iterable[str], mark: str
) -> dict[str | None, Speaker]:
    """Return who each label is: somebody of before, or a voice that is new."""
    named = _named(record)
    mapping = _same_as_before(record, told, named)
    known = {speaker.id: speaker for speaker in record.speakers}
    fresh = {side: _fresh_voices(record, side) for side in TrackLabel}
    voices: dict[str | None, Speaker] = {}
    for label in heard:
        if label in mapping:
            voice = known[SpeakerId(mapping[label])]
        else:
            voice = next(fresh[TrackLabel(label.partition(" ")[0])])
        voices[label] = replace(voice, label=voice.label.removesuffix(DRAFT) + mark)
    return voices


def _named(record: Record) -> set[SpeakerId]:
    """Return the voices that people have named, by itself or by whom it was merged into."""
    voices = MergedVoices(record.speakers)
    counted = ((speaker.id, voices.get(speaker.id)) for speaker in record.speakers)
    return {voice for voice, person in counted if person is not None and person.name is not None}


def _same_as_before(
    record: Record, told: Sequence[SpeakerTurn], named: set[SpeakerId]
) -> dict[str, str]:
    """Return who of before each label is.

    What a person said of single lines tells who a voice is where nothing else does: those who were
    split off a voice do not take with them what was left to it.
    """
    mapping = map_voices(_said_before(record, named), told, named=named)
    by_people = _said_before(record, named, by_people=True)
    left = (turn for turn in by_people if turn.label not in mapping.values())
    unknown = (turn for turn in told if turn.label not in mapping)
    return mapping | map_voices(left, unknown, named=named)


def _said_before(
    record: Record, named: set[SpeakerId], *, by_people: bool = False
) -> list[SpeakerTurn]:
    """Return who said what so far, by earlier passes or as people said of single lines.

    A track's own voice is nobody, unless it has a name.
    """
    nobody = whole_tracks(record.incident.id) - named
    return [
        SpeakerTurn(segment.track_id, segment.span, segment.speaker_id)
        for segment in record.segments
        if segment.speaker_id is not None
        and segment.speaker_by_person is by_people
        and segment.speaker_id not in nobody
        and not segment.bleed  # on the room's track it is somebody of the bridge
    ]


def _fresh_voices(record: Record, side: TrackLabel) -> Iterator[Speaker]:
    """Yield voices that the record does not have yet, numbered on."""
    taken = {speaker.id for speaker in record.speakers}
    labels = {speaker.label.removesuffix(DRAFT) for speaker in record.speakers}
    for number in count(1):
        voice_id = SpeakerId(f"spk-{record.incident.id}-{side.value}-{number}")
        label = f"{side.value.capitalize()} {number}"
        if voice_id not in taken and label not in labels:
            yield Speaker(voice_id, record.incident.id, label, side)
