"""Which severity the incident had, along the phase ribbon."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from app.domain.timeline import Anchor
from drafting.report_charts import Bar

if TYPE_CHECKING:
    from app.domain.incident import Incident
    from drafting.anchor_times import AnchorTimes

NONE = "no severity"


def severity_bands(incident: Incident, times: AnchorTimes) -> tuple[Bar, ...]:
    """Return the severities from the ribbon's first anchor to its last; none without a change.

    A severity that was recorded after the end says nothing of when it held.
    """
    ribbon, start = times.ribbon(), times.at(Anchor.IMPACT_START)
    if not ribbon or start is None:
        return ()
    length = float(ribbon[-1].offset_s)
    offsets = [(c.at - start.moment.at).total_seconds() for c in incident.severity_history]
    inside = [0 < offset < length for offset in offsets]
    if not any(inside):
        return ()
    changes = [
        (offset, change.to or NONE)
        for offset, change, within in zip(offsets, incident.severity_history, inside, strict=True)
        if within
    ]
    first = incident.severity_history[inside.index(True)].from_ or NONE
    steps = [(0.0, first), *changes, (length, "")]
    return tuple(Bar(begin, end, name) for (begin, name), (end, _) in pairwise(steps))
