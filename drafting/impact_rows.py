"""How far the incident reached: the three layers, the objectives, the scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.impact import Quantity
from app.domain.invariants import UNKNOWN
from app.domain.scope import QUESTIONS
from drafting.report_analysis import ImpactPart, ImpactRow, ScopeRow, SloRow
from drafting.wording import amount, spaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.impact import BusinessImpact, CustomerImpact, Impact, TechnicalImpact
    from app.domain.record import Record
    from app.domain.scope import Scope
    from app.domain.slos import Slo
    from drafting.source_index import SourceIndex

# What each layer tells, in its order, as it is printed.
_TOLD: dict[str, dict[str, str]] = {
    "technical": {
        "components": "components",
        "regions": "regions",
        "error_rate": "error rate",
        "latency": "latency",
        "degraded_minutes": "degraded",
        "down_minutes": "down",
    },
    "customer": {
        "affected_count": "affected",
        "affected_percent": "affected share",
        "segments": "segments",
        "symptoms": "symptoms",
        "journeys": "journeys",
        "support_cases": "support cases",
        "data_loss": "data loss",
        "data_corruption": "data corruption",
    },
    "business": {
        "revenue": "revenue",
        "conversions": "conversions",
        "failed_transactions": "failed transactions",
        "sla_breach": "SLA breach",
        "sla_amount": "SLA amount",
        "credits_risk": "credits at risk",
    },
}
_YES = {True: "yes", False: "no"}
MINUTES_A_DAY = 1_440
MINUTES_AN_HOUR = 60


def impact_part(record: Record, index: SourceIndex) -> ImpactPart:
    """Return what is known of the impact, citing its evidence."""
    impact = record.impact
    rows = tuple(_rows(impact, index)) if impact is not None else ()
    numbers = enumerate(record.slos, start=len(rows) + 1)
    return ImpactPart(
        rows=rows,
        untold=impact.empty_layers if impact is not None else (),
        slos=tuple(_slo(f"I{number}", slo, index) for number, slo in numbers),
        scope=_scope(record.scope) if record.scope is not None else (),
    )


def _rows(impact: Impact, index: SourceIndex) -> Iterator[ImpactRow]:
    number = 0
    for layer, names in _TOLD.items():
        told: TechnicalImpact | CustomerImpact | BusinessImpact = getattr(impact, layer)
        if told.unknown:
            number += 1
            yield ImpactRow(f"I{number}", layer, "all of it", UNKNOWN, "", "", ())
        for name, what in names.items():
            said = getattr(told, name)
            if said is None or said == ():
                continue
            number += 1
            yield _row(f"I{number}", layer, what, said, index)


def _row(
    ref: str,
    layer: str,
    what: str,
    said: Quantity | tuple[str, ...] | str | bool,  # noqa: FBT001  as the record holds it
    index: SourceIndex,
) -> ImpactRow:
    if isinstance(said, Quantity):
        cited = index.cite((), ref, evidence=said.evidence)
        basis = "" if said.value is None else said.basis.value
        return ImpactRow(
            ref, layer, what, quantity_words(said), basis, said.assumption or "", cited
        )
    words = _YES[said] if isinstance(said, bool) else said
    value = words if isinstance(words, str) else ", ".join(words)
    return ImpactRow(ref, layer, what, value, "", "", ())


def quantity_words(quantity: Quantity) -> str:
    """Return ``12 %``, ``1,400 customers`` or ``customers: unknown``."""
    if quantity.value is None:
        return f"{quantity.unit}: {UNKNOWN}"
    return f"{amount(quantity.value)} {quantity.unit}"


def _slo(ref: str, slo: Slo, index: SourceIndex) -> SloRow:
    evidence = tuple(dict.fromkeys(one for use in slo.used for one in use.evidence))
    made_of = "; ".join(
        f"{amount(use.minutes)} min, {amount(100 * use.failing)} % failing" for use in slo.used
    )
    over = slo.breached_by_minutes
    return SloRow(
        ref=ref,
        name=slo.name,
        target=f"{amount(100 * slo.target)} % over {_window(slo.window_minutes)}",
        budget=f"{amount(slo.budget_minutes)} min",
        used=f"{amount(slo.used_minutes)} min",
        share=f"{amount(100 * slo.consumed)} %",
        made_of=made_of,
        breach=f"breached by {amount(over)} min" if over else "",
        sources=index.cite((), ref, evidence=evidence),
    )


def _window(minutes: int) -> str:
    for length, unit in ((MINUTES_A_DAY, "days"), (MINUTES_AN_HOUR, "hours")):
        if minutes % length == 0:
            return f"{minutes // length} {unit}"
    return f"{minutes} min"


def _scope(scope: Scope) -> tuple[ScopeRow, ...]:
    return tuple(ScopeRow(spaced(name), getattr(scope, name) or "") for name in QUESTIONS)
