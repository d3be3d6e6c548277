"""Figures of the timeline that the recogniser doubted: nobody sees that a figure is wrong."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.track_segments import TrackSegments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from app.domain.ids import EntryId
    from app.domain.record import Record
    from app.domain.timeline import Source, SourceAudio, TimelineEntry
    from app.domain.transcript import Segment

STRIPPED = ".,;:!?\"'()“”"


def unsure_figures(record: Record) -> dict[EntryId, tuple[str, ...]]:
    """Return the entries that state figures as they were heard, unsure, and those figures.

    A later pass makes new segments: where those are not sure either, or say something else, the
    figure stays unsure. Evidence of an entry, and a person's correction of the line, settle it.
    """
    heard = _Heard(record)
    found = {
        entry.id: tuple(dict.fromkeys(_figures(entry, heard)))
        for entry in record.entries
        if not entry.evidence
    }
    return {name: figures for name, figures in found.items() if figures}


class _Heard:
    """Finds what stands now in the transcript where a source lies."""

    def __init__(self, record: Record) -> None:
        self._record = record
        cited = {name for e in record.entries for s in e.sources for name in s.segment_ids}
        self._cited = {s.id: s for s in record.segments if s.id in cited}

    def cited(self, source: Source) -> list[Segment]:
        """Return the segments that a source names, as far as no later pass has replaced them."""
        return [self._cited[name] for name in source.segment_ids if name in self._cited]

    def later(self, audio: SourceAudio) -> list[Segment]:
        """Return what a later pass has put in their place."""
        return self._tracks.overlapping(audio.track_id, audio.span)

    @cached_property
    def _tracks(self) -> TrackSegments:
        return TrackSegments(self._record.segments)


def _figures(entry: TimelineEntry, heard: _Heard) -> Iterator[str]:
    stated = {word.strip(STRIPPED) for word in entry.text.split()}
    for source in entry.sources:
        if source.audio is None or not source.segment_ids:
            continue
        cited = heard.cited(source)
        later = [] if cited else heard.later(source.audio)
        unedited = [segment for segment in cited or later if not segment.edited]
        yield from _unsure(unedited, source.audio, stated)
        if later and not any(segment.edited or segment.redacted for segment in later):
            yield from _heard_otherwise(later, source.quote, stated)


def _unsure(
    segments: Sequence[Segment], audio: SourceAudio, stated: Collection[str]
) -> Iterator[str]:
    for segment in segments:
        for word in segment.words:
            figure = word.text.strip(STRIPPED)
            inside = word.start_ms < audio.span.end_ms and word.end_ms > audio.span.start_ms
            if inside and word.is_unsure and word.has_figure and figure in stated:
                yield figure


def _heard_otherwise(
    segments: Sequence[Segment], quote: str, stated: Collection[str]
) -> Iterator[str]:
    now = {word.strip(STRIPPED) for segment in segments for word in segment.text.split()}
    for word in quote.split():
        figure = word.strip(STRIPPED)
        if figure in stated and figure not in now and any(map(str.isdigit, figure)):
            yield figure
