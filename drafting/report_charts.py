"""The report as data, what is drawn: each chart on a scale of its own, in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drafting.report_basics import Ref


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A place on a time axis, ``offset_s`` seconds after its beginning."""

    offset_s: float
    words: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """A stretch of time, longer than nothing; ticks within it."""

    length_s: float
    ticks: tuple[AxisTick, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a time axis: an anchor, a status update; ``ref`` is its line, if any."""

    offset_s: float
    words: str
    clock: str
    ref: Ref = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch on a time axis; ``open_end`` where nobody recorded that it ended."""

    start_s: float
    end_s: float
    words: str
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """Bars of one kind, such as all who held a role."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class LaneChart:
    """Lanes under each other on one axis."""

    axis: TimeAxis
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class MetricChart:
    """A metric: points are (seconds, value), in their order; marks are the anchors.

    ``shown_of`` is how many points were measured where not all are drawn.
    """

    name: str
    unit: str
    axis: TimeAxis
    points: tuple[tuple[float, float], ...]
    low: float
    high: float
    marks: tuple[Mark, ...]
    shown_of: int = 0


@dataclass(frozen=True, slots=True)
class CadenceStrip:
    """Status updates that were sent and when they were due; ``late`` lie between due and sent."""

    axis: TimeAxis
    sent: tuple[Mark, ...]
    due: tuple[Mark, ...]
    late: tuple[Bar, ...]
