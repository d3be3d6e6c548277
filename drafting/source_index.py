"""Numbers what is cited, stretches of the recordings and evidence, in the order of citing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from app.domain.merged_voices import MergedVoices
from app.domain.times import clock_text
from app.domain.track_segments import TrackSegments
from drafting.quote_marks import marked_quote
from drafting.report import Ref, SourceRow

if TYPE_CHECKING:
    from app.domain.ids import EvidenceId, SegmentId, SpeakerId
    from app.domain.imported import Event, Message
    from app.domain.record import Record
    from app.domain.timeline import Source, SourceAudio
    from app.domain.times import Span
    from app.domain.transcript import Segment, Speaker
    from drafting.evidence_index import EvidenceIndex
    from drafting.report import EvidenceRow
    from drafting.selection import Trust


LOUDSPEAKERS = "the bridge, through the room's loudspeakers"


@dataclass(slots=True)
class _Cited:
    ref: Ref
    source: Source
    by: list[Ref] = field(default_factory=list)


class SourceIndex:
    """Give it every citation in reading order, then ask for the rows.

    The same stretch with the same words is one source, however often it is cited.
    """

    def __init__(self, record: Record, trust: Trust, evidence: EvidenceIndex) -> None:
        self._record = record
        self._trust = trust
        self._evidence = evidence
        self._cited: dict[tuple[SourceAudio | str | None, str], _Cited] = {}
        self._tracks = TrackSegments(record.segments)
        self._segments = {segment.id: segment for segment in record.segments}
        self._voices = MergedVoices(record.speakers)

    def cite(
        self, sources: tuple[Source, ...], by: Ref, *, evidence: tuple[EvidenceId, ...] = ()
    ) -> tuple[Ref, ...]:
        """Return the references of the sources, then of the evidence, noting who cites them."""
        refs: dict[Ref, None] = {}
        for source in sources:
            key = (source.audio or source.message_id or source.event_id, source.quote)
            cited = self._cited.setdefault(key, _Cited(f"S{len(self._cited) + 1}", source))
            if by not in cited.by:
                cited.by.append(by)
            refs[cited.ref] = None
        return (*refs, *self._evidence.cite(evidence, by))

    def rows(self) -> tuple[SourceRow, ...]:
        """Return the index of the recordings, messages and events."""
        return tuple(self._row(cited) for cited in self._cited.values())

    def evidence_rows(self) -> tuple[EvidenceRow, ...]:
        """Return the index of the evidence."""
        return self._evidence.rows()

    def _row(self, cited: _Cited) -> SourceRow:
        source = cited.source
        if source.audio is None:
            return self._written_row(cited)
        withheld = self._trust.withholds(source)
        span = source.audio.span
        start = self._record.utc(source.audio.session_id, span.start_ms).astimezone(UTC)
        return SourceRow(
            ref=cited.ref,
            track=self._record.track(source.audio.track_id).label.value,
            span=f"{clock_text(span.start_ms)}\N{EN DASH}{clock_text(span.end_ms)}",
            clock=f"{start:%H:%M:%S} UTC",
            speaker=self._voice(source.audio, source.segment_ids),
            quote="" if withheld else self._marked(source, source.audio),
            withheld=withheld,
            cited_by=tuple(cited.by),
            audio=source.audio,
        )

    def _marked(self, source: Source, audio: SourceAudio) -> str:
        """Return the words with their doubts, also with those of a later pass."""
        said = self._segments_of(audio, source.segment_ids)
        return marked_quote(source.quote, said, audio.span)

    def _written_row(self, cited: _Cited) -> SourceRow:
        """Cite a message or an event, which lies on no track."""
        source = cited.source
        known: list[Message | Event] = [*self._record.messages, *self._record.events]
        written = next((w for w in known if w.id in {source.message_id, source.event_id}), None)
        return SourceRow(
            ref=cited.ref,
            track=source.type.value,
            span="",
            clock="" if written is None else f"{written.at.astimezone(UTC):%H:%M:%S} UTC",
            speaker="" if written is None else written.author or "",
            quote=source.quote,
            withheld=False,
            cited_by=tuple(cited.by),
            audio=None,
        )

    def _voice(self, audio: SourceAudio, segment_ids: tuple[SegmentId, ...]) -> str:
        """Name who speaks, role first; the longest voice where several do."""
        segments = self._segments_of(audio, segment_ids)
        if segments and all(segment.bleed for segment in segments):
            return LOUDSPEAKERS  # the room's voices did not say it
        heard: dict[SpeakerId, int] = {}
        for segment in segments:
            speaker_id = self._voices.id_of(segment.speaker_id)
            if speaker_id is not None:
                length = segment.span.overlap_ms(audio.span)
                heard[speaker_id] = heard.get(speaker_id, 0) + length
        names = [
            voice_words(voice)
            for speaker_id in sorted(heard, key=lambda key: -heard[key])
            if (voice := self._voices.get(speaker_id)) is not None
        ]
        return ", ".join(dict.fromkeys(names))

    def _segments_of(
        self, audio: SourceAudio, segment_ids: tuple[SegmentId, ...]
    ) -> list[Segment]:
        named = [self._segments[i] for i in segment_ids if i in self._segments]
        if sum(s.span.overlap_ms(audio.span) for s in named) >= audio.span.duration_ms:
            return named
        # A later pass made new segments, or a person has divided one: those that lie where the
        # old ones lay speak for them.
        nearby = self._tracks.overlapping(audio.track_id, audio.span)
        return [s for s in nearby if s in named or _speaks_within(s, audio.span)]


def _speaks_within(segment: Segment, span: Span) -> bool:
    """Whether most of a segment, or the middle of one of its words, lies in a stretch."""
    mostly = segment.span.overlap_ms(span) * 2 > segment.span.duration_ms
    middles = ((word.start_ms + word.end_ms) // 2 for word in segment.words)
    return mostly or any(span.start_ms <= middle < span.end_ms for middle in middles)


def voice_words(speaker: Speaker) -> str:
    """Return a voice as it is printed: role before name, and whether a person confirmed it."""
    name = speaker.shown_as
    words = f"{speaker.role} ({name})" if speaker.role else name
    return words if speaker.confirmed else f"{words}, not confirmed"
