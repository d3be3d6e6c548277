"""The voices of an incident's bridge or room, as they stand on record and as they sound."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from app.domain.ids import SpeakerId, new_id
from app.domain.transcript import RecognitionPass, Segment, Speaker
from app.domain.voice_clusters import VoiceClusters
from app.domain.voice_samples import clearest
from app.services.track_speakers import track_speaker

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from app.domain.ids import SegmentId, SessionId
    from app.domain.record import Record
    from app.domain.sessions import TrackLabel
    from app.domain.voice_vectors import Vector

SAMPLES = 3  # of a voice: what it sounds like is told by them


class TrackVoices:
    """The record is the truth: this is made anew when people say whose lines are whose."""

    def __init__(self, record: Record, label: TrackLabel, *, same_above: float) -> None:
        self._fresh: list[Speaker] = []
        self._incident_id = record.incident.id
        self._label = label
        # The voice that stands for the whole track is nobody's, until a person says whose.
        self._whole = track_speaker(record.incident.id, label).id
        self._made_here: set[SpeakerId] = set()
        tracks = {track.id for track in record.tracks if track.label is label}
        self._segments = {s.id: s for s in record.segments if s.track_id in tracks}
        self._speakers = {
            known.id: known
            for known in record.speakers
            if known.track_label is label and (known.id != self._whole or known.name)
        }
        self._clusters = VoiceClusters(same_above, self._name_new)
        self._clusters.keep_apart(_known_to_people(record))

    def samples_lacking(self, heard: Container[SegmentId]) -> list[Segment]:
        """Return what must be listened to so that each voice on record is known by its sound."""
        lacking: list[Segment] = []
        for speaker_id in self._speakers:
            lines = [s for s in self._segments.values() if s.speaker_id == speaker_id]
            if not any(line.id in heard for line in lines):
                lacking += clearest(lines, most=SAMPLES)
        return lacking

    def nobodys(self, session_id: SessionId) -> list[Segment]:
        """Return the live lines of a session that are nobody's yet, in order."""
        return [
            line
            for line in sorted(self._segments.values(), key=lambda line: line.start_ms)
            if line.session_id == session_id
            and line.made_in is RecognitionPass.LIVE
            and self._is_nobodys(line)
        ]

    def know(self, vectors: Mapping[SegmentId, Vector]) -> None:
        """Learn how the voices on record sound."""
        for line in self._segments.values():
            if line.id in vectors and line.speaker_id in self._speakers:
                self._clusters.place(
                    line.id, line.speaker_id, vectors[line.id], line.span.duration_ms
                )

    def hear(self, segment: Segment, vector: Vector) -> list[tuple[Segment, Segment]]:
        """Take a line in; return each whose voice is another now, before and after."""
        known = self._segments.setdefault(segment.id, segment)
        if known.redacted or not self._is_nobodys(known):  # a person was quicker
            return []
        labels = self._clusters.hear(segment.id, vector, segment.span.duration_ms)
        changed = [
            (self._segments[key], replace(self._segments[key], speaker_id=voice))
            for key, voice in labels.items()
        ]
        self._segments.update({after.id: after for _, after in changed})
        return changed

    def take_fresh(self) -> list[Speaker]:
        """Return, once, the voices that the record does not have yet."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def take_gone(self) -> list[Speaker]:
        """Return, once, the voices made here that turned out to be others'."""
        gone = [self._speakers.pop(voice) for voice in self._made_here - self._clusters.voices]
        self._made_here.difference_update(speaker.id for speaker in gone)
        return gone

    def _is_nobodys(self, line: Segment) -> bool:
        return line.speaker_id in {None, self._whole} and not line.speaker_by_person

    def _name_new(self) -> SpeakerId:
        taken = {speaker.label for speaker in self._speakers.values()}
        side = self._label.value.capitalize()
        label = next(name for n in count(1) if (name := f"{side} {n}") not in taken)
        speaker = Speaker(SpeakerId(new_id("spk")), self._incident_id, label, self._label)
        self._speakers[speaker.id] = speaker
        self._made_here.add(speaker.id)
        self._fresh.append(speaker)
        return speaker.id


def _known_to_people(record: Record) -> set[SpeakerId]:
    """Return the voices that people have named or joined, or between which they moved lines."""
    known: set[SpeakerId | None] = set()
    for speaker in record.speakers:
        if speaker.name or speaker.confirmed or speaker.merged_into:
            known |= {speaker.id, speaker.merged_into}
    for operation in record.operations:
        for change in () if operation.undone else operation.changes:
            if isinstance(change.before, Segment) and isinstance(change.after, Segment):
                pair = {change.before.speaker_id, change.after.speaker_id}
                known |= pair if len(pair) > 1 else set()
    return {voice for voice in known if voice is not None}
