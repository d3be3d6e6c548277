"""Charts for forms that draw nothing: the ribbon as a table, a metric in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.content.blocks import Table
from drafting.content.lines import links, plain
from drafting.wording import amount, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drafting.content.blocks import Line
    from drafting.report import Tick
    from drafting.report_charts import MetricChart


def ribbon_table(ticks: Sequence[Tick]) -> Table:
    """Return the anchors with what the incident was in from each of them on."""
    return Table(
        ("Anchor", "UTC", "Line", "Then"),
        tuple(
            (
                plain(tick.name),
                plain(tick.clock),
                links((tick.ref,) if tick.ref else ()),
                plain(tick.phase),
            )
            for tick in ticks
        ),
        (4, 2, 2, 3),
    )


def metric_words(metric: MetricChart) -> Line:
    """Return a metric's name, its reach and how often it was measured."""
    unit = f" {metric.unit}" if metric.unit else ""
    points = counted(metric.shown_of or len(metric.points), "point")
    reach = f"{amount(metric.low)} to {amount(metric.high)}{unit}"
    return plain(f"{metric.name}: {reach}, {points}.")
