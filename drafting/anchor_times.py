"""The incident's own times, derived from the entries that carry the anchors and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.incident_times import anchor_entries
from app.domain.timeline import Anchor
from app.domain.times import Precision
from drafting.report import Measure, Ref, Tick
from drafting.time_words import Moment, between, clock, duration, moment_of
from drafting.wording import listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        self._untimed: dict[Anchor, list[Ref]] = {}
        for ref, entry in refs.values():
            if entry.anchor is not None and _wants_a_time(entry):
                self._untimed.setdefault(entry.anchor, []).append(ref)
        chosen = anchor_entries(entry for _, entry in refs.values())
        self._points = {
            anchor: _point(anchor, refs[entry.id][0], entry) for anchor, entry in chosen.items()
        }

    def at(self, anchor: Anchor) -> AnchorPoint | None:
        """Return where an anchor stands, None where it is not recorded."""
        return self._points.get(anchor)

    def points(self) -> tuple[AnchorPoint, ...]:
        """Return all that stand, in the order of time."""
        return tuple(sorted(self._points.values(), key=lambda point: point.moment.at))

    def untimed(self, anchor: Anchor) -> tuple[Ref, ...]:
        """Return the lines that carry an anchor and whose time nobody stated."""
        return tuple(self._untimed.get(anchor, ()))

    def measures(self) -> tuple[Measure, ...]:
        """Return the fact strip; a cell without its anchors says so."""
        return tuple(self._measure(*measure) for measure in MEASURES)

    def _measure(self, label: str, first: Anchor, last: Anchor) -> Measure:
        start, end = self.at(first), self.at(last)
        if start is None or end is None:
            return self._missing(label, [a for a in (first, last) if self.at(a) is None])
        refs = (start.ref, end.ref)
        faces = _faces(start.moment, end.moment)
        length = duration(start.moment, end.moment)
        if length is None:
            return Measure(label, None, f"{faces[1]} lies before {faces[0]}", refs)
        return Measure(label, length, f"{faces[0]} to {faces[1]}", refs)

    def _missing(self, label: str, anchors: Sequence[Anchor]) -> Measure:
        """Return a cell without a value: which lines lack a time, and which anchors a line."""
        refs = tuple(dict.fromkeys(ref for anchor in anchors for ref in self.untimed(anchor)))
        absent = [anchor_words(anchor) for anchor in anchors if not self.untimed(anchor)]
        parts = [f"missing: {', '.join(absent)}"] if absent else []
        parts += [without_time(refs)] if refs else []
        return Measure(label, None, "; ".join(parts), refs)

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


def without_time(refs: Sequence[Ref]) -> str:
    """Return ``T10 has no stated time``."""
    return f"{listing(refs)} {'has' if len(refs) == 1 else 'have'} no stated time"


def _faces(start: Moment, end: Moment) -> tuple[str, str]:
    """Return two times as printed, with their days where those differ."""
    first, last = clock(start), clock(end)
    if first.day == last.day:
        return first.utc, last.utc
    return f"{first.day} {first.utc}", f"{last.day} {last.utc}"


def _wants_a_time(entry: TimelineEntry) -> bool:
    """Whether nothing but a time keeps an entry from anchoring."""
    if entry.occurred_at is not None:
        return False
    # Any time will do: the question is whether the entry anchors once it has one.
    timed = replace(entry, occurred_at=entry.created_at, precision=Precision.SECOND)
    return bool(anchor_entries([timed]))


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
