"""Figures of the timeline that the recogniser doubted: nobody sees that a figure is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.ids import SegmentId
from app.domain.record import Record
from app.domain.rules.findings import Level, Place, Problem, and_list, quoted
from app.domain.timeline import TimelineEntry
from app.domain.transcript import Segment

STRIPPED = ".,;:!?\"'()“”"


def doubtful_figures(record: Record) -> Iterator[Problem]:
    """Warn of entries that state a figure as it was heard, unsure and without other evidence."""
    cited = {name for e in record.entries for s in e.sources for name in s.segment_ids}
    segments = {s.id: s for s in record.segments if s.id in cited and not s.edited}
    for entry in record.entries:
        figures = () if entry.evidence else tuple(_figures(entry, segments))
        if figures:
            yield Problem(
                Place("entry", entry.id, "text"),
                f"{quoted(entry.text)} states {and_list(figures)}, of which the recogniser was "
                "not sure.",
                "Listen to it; then correct the entry, or attach evidence of the figure.",
                Level.WARN,
            )


def _figures(entry: TimelineEntry, segments: dict[SegmentId, Segment]) -> Iterator[str]:
    stated = {word.strip(STRIPPED) for word in entry.text.split()}
    for source in entry.sources:
        if source.audio is None:
            continue
        for name in source.segment_ids:
            for word in segments[name].words if name in segments else ():
                figure = word.text.strip(STRIPPED)
                inside = word.start_ms < source.span.end_ms and word.end_ms > source.span.start_ms
                if inside and word.is_unsure and word.has_figure and figure in stated:
                    yield f"“{figure}”"
