"""The second line of the fact strip: whom it reached, what it took, how much of it is proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.invariants import UNKNOWN
from drafting.report import Measure

if TYPE_CHECKING:
    from drafting.report import TimelineRow
    from drafting.report_analysis import ImpactPart

_AFFECTED = ("affected", "affected share")


def reach(impact: ImpactPart, timeline: tuple[TimelineRow, ...]) -> tuple[Measure, ...]:
    """Return customers affected, budget used, and the lines with a source."""
    return (_affected(impact), _budget(impact), _proven(timeline))


def _affected(impact: ImpactPart) -> Measure:
    rows = [row for row in impact.rows if row.layer == "customer" and row.what in _AFFECTED]
    known = [row for row in rows if row.basis]
    if known:
        value = ", ".join(row.value for row in known)
        basis = ", ".join(dict.fromkeys(row.basis for row in known))
        return Measure("Customers affected", value, basis, tuple(row.ref for row in known))
    told = bool(rows) or any(r.layer == "customer" and r.value == UNKNOWN for r in impact.rows)
    return Measure("Customers affected", None, UNKNOWN if told else "no impact recorded")


def _budget(impact: ImpactPart) -> Measure:
    if not impact.slos:
        return Measure("Error budget used", None, "no objective recorded")
    worst = max(impact.slos, key=lambda slo: float(slo.share.rstrip(" %").replace(",", "")))
    basis = " · ".join(part for part in (worst.name, worst.breach) if part)
    return Measure("Error budget used", worst.share, basis, (worst.ref,))


def _proven(timeline: tuple[TimelineRow, ...]) -> Measure:
    if not timeline:
        return Measure("Lines with a source", None, "no timeline")
    cited = sum(bool(row.sources) for row in timeline)
    return Measure("Lines with a source", f"{cited} of {len(timeline)}", "recording or evidence")
