"""Imported metrics as charts, with the incident's anchors on them."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from drafting.anchor_times import anchor_words
from drafting.report_charts import Mark, MetricChart
from drafting.time_axis import axis_of
from drafting.time_words import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.domain.imported import Point, Series
    from app.domain.record import Record
    from drafting.anchor_times import AnchorPoint

MOST_CHARTS = 6
MOST_POINTS = 600
LEAST_MARGIN = timedelta(minutes=30)
LEAST_POINTS = 2


def metric_charts(record: Record, anchors: Sequence[AnchorPoint]) -> tuple[MetricChart, ...]:
    """Return a chart for each of the first series that can be drawn."""
    charts = (_chart(series, anchors) for series in record.series)
    return tuple(islice((chart for chart in charts if chart is not None), MOST_CHARTS))


def _chart(series: Series, anchors: Sequence[AnchorPoint]) -> MetricChart | None:
    points = sorted(_near(series.points, [a.moment.at for a in anchors]), key=lambda p: p.at)
    axis, offset = axis_of(point.at for point in points)
    if axis is None:
        return None
    values = [float(point.value) for point in points]
    drawn = _thinned([(offset(p.at), float(p.value)) for p in points])
    marks = tuple(
        Mark(offset(a.moment.at), anchor_words(a.anchor), clock(a.moment).utc, a.ref)
        for a in anchors
        if 0 <= offset(a.moment.at) <= axis.length_s
    )
    return MetricChart(
        name=series.name,
        unit=series.unit or "",
        axis=axis,
        points=drawn,
        low=min(values),
        high=max(values),
        marks=marks,
        shown_of=len(points) if len(drawn) < len(points) else 0,
    )


def _near(points: Sequence[Point], anchors: Sequence[datetime]) -> Sequence[Point]:
    """Return the points around the incident; all where too few of them are."""
    if not anchors:
        return points
    first, last = min(anchors), max(anchors)
    margin = max(LEAST_MARGIN, (last - first) / 2)
    near = [point for point in points if first - margin <= point.at <= last + margin]
    return near if len(near) >= LEAST_POINTS else points


def _thinned(points: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return lows and highs of equal stretches where there are more points than can be seen."""
    if len(points) <= MOST_POINTS:
        return tuple(points)
    size = -(-2 * len(points) // MOST_POINTS)
    kept: list[tuple[float, float]] = []
    for start in range(0, len(points), size):
        stretch = points[start : start + size]
        ends = {min(stretch, key=lambda p: p[1]), max(stretch, key=lambda p: p[1])}
        kept += sorted(ends)
    return tuple(kept)
