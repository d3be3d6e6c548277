"""Figures of the timeline that the recogniser doubted: nobody sees that a figure is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.domain.ids import EntryId, SegmentId
    from app.domain.record import Record
    from app.domain.timeline import TimelineEntry
    from app.domain.transcript import Segment

STRIPPED = ".,;:!?\"'()“”"


def unsure_figures(record: Record) -> dict[EntryId, tuple[str, ...]]:
    """Return the entries that state figures as they were heard, unsure, and those figures.

    Evidence of an entry, and a person's correction of the line, settle them.
    """
    cited = {name for e in record.entries for s in e.sources for name in s.segment_ids}
    segments = {s.id: s for s in record.segments if s.id in cited and not s.edited}
    found = {
        entry.id: tuple(dict.fromkeys(_figures(entry, segments)))
        for entry in record.entries
        if not entry.evidence
    }
    return {name: figures for name, figures in found.items() if figures}


def _figures(entry: TimelineEntry, segments: Mapping[SegmentId, Segment]) -> Iterator[str]:
    stated = {word.strip(STRIPPED) for word in entry.text.split()}
    for source in entry.sources:
        if source.audio is None:
            continue
        for name in source.segment_ids:
            for word in segments[name].words if name in segments else ():
                figure = word.text.strip(STRIPPED)
                inside = word.start_ms < source.span.end_ms and word.end_ms > source.span.start_ms
                if inside and word.is_unsure and word.has_figure and figure in stated:
                    yield figure
