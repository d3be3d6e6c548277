"""Numbers the cited stretches of the recordings, in the order in which they are cited."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from app.domain.times import clock_text
from drafting.report import Ref, SourceRow
from drafting.track_segments import TrackSegments

if TYPE_CHECKING:
    from app.domain.ids import SpeakerId
    from app.domain.record import Record
    from app.domain.timeline import Source
    from app.domain.transcript import Segment, Speaker
    from drafting.selection import Trust


@dataclass(slots=True)
class _Cited:
    ref: Ref
    source: Source
    by: list[Ref] = field(default_factory=list)


class SourceIndex:
    """Give it every citation in reading order, then ask for the rows.

    The same stretch with the same words is one source, however often it is cited.
    """

    def __init__(self, record: Record, trust: Trust) -> None:
        self._record = record
        self._trust = trust
        self._cited: dict[tuple[str, str, int, int, str], _Cited] = {}
        self._tracks = TrackSegments(record.segments)
        self._segments = {segment.id: segment for segment in record.segments}
        self._speakers = {speaker.id: speaker for speaker in record.speakers}

    def cite(self, sources: tuple[Source, ...], by: Ref) -> tuple[Ref, ...]:
        """Return the references of the sources, noting who cites them."""
        refs: dict[Ref, None] = {}
        for source in sources:
            key = (
                source.session_id,
                source.track_id,
                source.start_ms,
                source.end_ms,
                source.quote,
            )
            cited = self._cited.setdefault(key, _Cited(f"S{len(self._cited) + 1}", source))
            if by not in cited.by:
                cited.by.append(by)
            refs[cited.ref] = None
        return tuple(refs)

    def rows(self) -> tuple[SourceRow, ...]:
        """Return the index."""
        return tuple(self._row(cited) for cited in self._cited.values())

    def _row(self, cited: _Cited) -> SourceRow:
        source = cited.source
        withheld = self._trust.withholds(source)
        start = self._record.utc(source.session_id, source.start_ms).astimezone(UTC)
        return SourceRow(
            ref=cited.ref,
            track=self._record.track(source.track_id).label.value,
            span=f"{clock_text(source.start_ms)}\N{EN DASH}{clock_text(source.end_ms)}",
            clock=f"{start:%H:%M:%S} UTC",
            speaker=self._voice(source),
            quote="" if withheld else source.quote,
            withheld=withheld,
            cited_by=tuple(cited.by),
        )

    def _voice(self, source: Source) -> str:
        """Name who speaks, role first; the longest voice where several do."""
        heard: dict[SpeakerId, int] = {}
        for segment in self._segments_of(source):
            if segment.speaker_id is not None:
                length = segment.span.overlap_ms(source.span)
                heard[segment.speaker_id] = heard.get(segment.speaker_id, 0) + length
        names = [
            voice_words(self._speakers[speaker_id])
            for speaker_id in sorted(heard, key=lambda key: -heard[key])
            if speaker_id in self._speakers
        ]
        return ", ".join(dict.fromkeys(names))

    def _segments_of(self, source: Source) -> list[Segment]:
        named = [self._segments[i] for i in source.segment_ids if i in self._segments]
        if named:
            return named
        # A later pass made new segments: those that lie where the old ones lay speak for them.
        nearby = self._tracks.overlapping(source.track_id, source.span)
        return [s for s in nearby if s.span.overlap_ms(source.span) * 2 > s.span.duration_ms]


def voice_words(speaker: Speaker) -> str:
    """Return a voice as it is printed: role before name, and whether a person confirmed it."""
    name = speaker.shown_as
    words = f"{speaker.role} ({name})" if speaker.role else name
    return words if speaker.confirmed else f"{words}, not confirmed"
