"""Time axes of charts: where they begin, how long they are, where their ticks stand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from drafting.report_charts import AxisTick, TimeAxis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_TICKS = 8
MINUTE, HOUR, DAY = 60, 3_600, 86_400
_STEPS = tuple([n * MINUTE for n in (1, 2, 5, 10, 15, 30)] + [n * HOUR for n in (1, 2, 3, 6, 12)])


def axis_of(
    moments: Iterable[datetime],
) -> tuple[TimeAxis | None, Callable[[datetime], float]]:
    """Return an axis from the first moment to the last, and how a moment is placed on it.

    There is no axis unless two moments differ.
    """
    ordered = sorted(moments)
    start = ordered[0].astimezone(UTC) if ordered else datetime.max.replace(tzinfo=UTC)

    def offset(moment: datetime) -> float:
        return (moment - start).total_seconds()

    length = offset(ordered[-1]) if ordered else 0.0
    return (TimeAxis(length, _ticks(start, length)) if length > 0 else None), offset


def _ticks(start: datetime, length_s: float) -> tuple[AxisTick, ...]:
    """Return ticks at round times; over a day they tell the day as well."""
    step = next((s for s in _STEPS if length_s / s <= MOST_TICKS), None)
    if step is None:
        days = -(-length_s // DAY)
        step = DAY * int(-(-days // MOST_TICKS))
    first = -(-start.timestamp() // step) * step
    ticks = []
    at = first
    while at - start.timestamp() <= length_s:
        moment = datetime.fromtimestamp(at, UTC)
        words = f"{moment:%H:%M}" if length_s < DAY else f"{moment:%m-%d %H:%M}"
        ticks.append(AxisTick(at - start.timestamp(), words))
        at += step
    return tuple(ticks)
