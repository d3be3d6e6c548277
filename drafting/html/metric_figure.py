"""A metric as a drawing inside the page, with the incident's anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.html.words import shown
from drafting.wording import amount

if TYPE_CHECKING:
    from drafting.report_charts import MetricChart

WIDTH, HEIGHT = 900, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 68, 24
LABEL_ROWS, LABEL_STEP = 5, 11
LETTER, GAP = 5.6, 3  # how wide a letter of a label is at most, mostly; and the air around it


def metric_figure(metric: MetricChart) -> str:
    """Return a figure; what it shows is told in its caption as well."""
    unit = f" ({metric.unit})" if metric.unit else ""
    caption = shown(f"{metric.name}{unit}")
    return (
        f'<figure class="metric"><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{caption}">{_axes(metric)}{_marks(metric)}'
        f'<polyline class="curve" points="{_points(metric)}"/></svg>'
        f'<figcaption dir="auto">{caption}: {amount(metric.low)} to {amount(metric.high)}'
        "</figcaption></figure>"
    )


def _x(metric: MetricChart, offset_s: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * offset_s / metric.axis.length_s


def _y(metric: MetricChart, value: float) -> float:
    reach = metric.high - metric.low or 1.0
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - metric.low) / reach


def _points(metric: MetricChart) -> str:
    return " ".join(f"{_x(metric, at):.1f},{_y(metric, value):.1f}" for at, value in metric.points)


def _axes(metric: MetricChart) -> str:
    levels = "".join(
        f'<text x="{LEFT - 6}" y="{_y(metric, value) + 4:.1f}" class="level">'
        f"{amount(value)}</text>"
        for value in dict.fromkeys((metric.low, metric.high))
    )
    ticks = "".join(
        f'<text x="{_x(metric, tick.offset_s):.1f}" y="{HEIGHT - 6}" class="tick">'
        f"{shown(tick.words)}</text>"
        for tick in metric.axis.ticks
    )
    base = HEIGHT - BOTTOM
    line = f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>'
    return f"{line}{levels}{ticks}"


def _marks(metric: MetricChart) -> str:
    """Return the anchors; a label takes the first row in which it meets no other."""
    taken = [0.0] * LABEL_ROWS
    drawn = []
    for mark in metric.marks:
        words = f"{mark.clock} {mark.words}"
        x, width = _x(metric, mark.offset_s), LETTER * len(words) + 2 * GAP
        start = x if x + width <= WIDTH else x - width
        row = next((n for n, end in enumerate(taken) if start >= end), LABEL_ROWS - 1)
        taken[row] = start + width
        y = LABEL_STEP * (row + 1)
        drawn.append(
            f'<line class="anchor" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 8}" y2="{HEIGHT - BOTTOM}"/>'
            f'<text x="{start + GAP:.1f}" y="{y}">{shown(words)}</text>'
        )
    return "".join(drawn)
