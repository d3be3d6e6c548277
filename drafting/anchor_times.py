"""The incident's own times, derived from the entries that carry the anchors and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.incident_times import anchor_entries
from app.domain.timeline import Anchor
from app.domain.times import Precision
from drafting.report import Measure, Ref, Tick
from drafting.time_words import Moment, between, clock, duration, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.timeline import TimelineEntry

MEASURES = (
    ("Impact lasted", Anchor.IMPACT_START, Anchor.RECOVERY_CONFIRMED),
    ("Time to detect", Anchor.IMPACT_START, Anchor.DETECTION),
    ("Time to declare", Anchor.IMPACT_START, Anchor.DECLARED),
    ("Time to mitigate", Anchor.IMPACT_START, Anchor.ROLLBACK_OR_FIX),
    ("Time to resolve", Anchor.IMPACT_START, Anchor.MONITORING_COMPLETE),
)
RIBBON = (
    Anchor.IMPACT_START,
    Anchor.DETECTION,
    Anchor.DECLARED,
    Anchor.ROLLBACK_OR_FIX,
    Anchor.RECOVERY_CONFIRMED,
    Anchor.MONITORING_COMPLETE,
)
MIN_TICKS = 2


def anchor_words(anchor: Anchor) -> str:
    """Return an anchor's name as it is printed."""
    if anchor is Anchor.ROLLBACK_OR_FIX:
        return "rollback or fix"
    return anchor.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class AnchorPoint:
    """Where an anchor stands: the line that carries it, and when."""

    anchor: Anchor
    moment: Moment
    ref: Ref
    text: str


class AnchorTimes:
    """Finds anchors among the printed lines and calculates between them."""

    def __init__(self, lines: Iterable[tuple[Ref, TimelineEntry]]) -> None:
        refs = {entry.id: (ref, entry) for ref, entry in lines}
        chosen = anchor_entries(entry for _, entry in refs.values())
        self._points = {
            anchor: _point(anchor, refs[entry.id][0], entry) for anchor, entry in chosen.items()
        }

    def at(self, anchor: Anchor) -> AnchorPoint | None:
        """Return where an anchor stands, None where it is not recorded."""
        return self._points.get(anchor)

    def measures(self) -> tuple[Measure, ...]:
        """Return the fact strip; a cell without its anchors says so."""
        return tuple(self._measure(*measure) for measure in MEASURES)

    def _measure(self, label: str, first: Anchor, last: Anchor) -> Measure:
        start, end = self.at(first), self.at(last)
        missing = [anchor_words(a) for a, p in ((first, start), (last, end)) if p is None]
        if start is None or end is None:
            return Measure(label, None, f"missing: {', '.join(missing)}")
        refs = (start.ref, end.ref)
        faces = clock(start.moment).utc, clock(end.moment).utc
        length = duration(start.moment, end.moment)
        if length is None:
            return Measure(label, None, f"{faces[1]} lies before {faces[0]}", refs)
        return Measure(label, length, f"{faces[0]} to {faces[1]}", refs)

    def ribbon(self) -> tuple[Tick, ...]:
        """Return the anchors on one scale; none unless they are known in minutes and in order."""
        points = [point for anchor in RIBBON if (point := self.at(anchor)) is not None]
        points = [point for point in points if point.moment.precision is not Precision.HOUR]
        if len(points) < MIN_TICKS or points[0].anchor is not Anchor.IMPACT_START:
            return ()
        start = points[0].moment
        offsets = [int(between(start, p.moment)[0].total_seconds()) for p in points]
        if offsets[-1] == 0 or offsets != sorted(offsets):
            return ()
        phases = [_phase(point.anchor, after.anchor) for point, after in pairwise(points)]
        return tuple(
            Tick(anchor_words(p.anchor), clock(p.moment).utc, offset, p.ref, phase)
            for p, offset, phase in zip(points, offsets, [*phases, ""], strict=True)
        )


def _phase(anchor: Anchor, after: Anchor) -> str:
    """Return what an incident is in from one anchor to the next."""
    if anchor is Anchor.IMPACT_START:
        return "undetected" if after is Anchor.DETECTION else "impact"
    return {Anchor.ROLLBACK_OR_FIX: "recovery", Anchor.RECOVERY_CONFIRMED: "monitoring"}.get(
        anchor, "response"
    )


def _point(anchor: Anchor, ref: Ref, entry: TimelineEntry) -> AnchorPoint:
    moment = moment_of(entry)
    if moment is None:  # pragma: no cover  an entry without a time anchors nothing
        raise ValueError(f"entry {entry.id} has no time")
    return AnchorPoint(anchor, moment, ref, entry.text)
