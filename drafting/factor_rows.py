"""Why it could happen, what the review brought up, and which actions answer what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.analysis import FactorLayer, FactorRole, FactorStatus
from drafting.report_analysis import ActionGroup, Causes, FactorRow, Learning, WhyRow
from drafting.wording import spaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.actions import Action
    from app.domain.analysis import Rca
    from app.domain.ids import EntryId, FactorId
    from app.domain.learnings import Learnings
    from app.domain.record import Record
    from drafting.order import Order
    from drafting.report import ActionRow, Ref
    from drafting.source_index import SourceIndex

_LEARNINGS = {
    "went_well": "What went well",
    "went_badly": "What did not go well",
    "lucky": "Where we were lucky",
    "surprised": "What surprised us",
}
_GAPS = ("detection_gap", "mitigation_gap", "prevention_gap")
_FIRST = {True: "yes", False: "no, it happened before", None: ""}
LAYERS = tuple(spaced(layer.value) for layer in FactorLayer)


def factor_refs(record: Record, order: Order) -> dict[FactorId, Ref]:
    """Number the factors: by layer, the triggering ones first, then as they were entered."""
    layers, roles = list(FactorLayer), list(FactorRole)
    factors = sorted(
        record.factors,
        key=lambda f: (layers.index(f.layer), roles.index(f.role), *order.of_factor(f)),
    )
    return {factor.id: f"F{number}" for number, factor in enumerate(factors, start=1)}


def causes(
    record: Record,
    refs: Mapping[FactorId, Ref],
    lines: Mapping[EntryId, Ref],
    index: SourceIndex,
    actions: Sequence[tuple[Ref, Action]],
) -> Causes:
    """Return the analysis; ``lines`` are those of the timeline that are printed."""
    known = {factor.id: factor for factor in record.factors}
    factors = []
    for factor_id, ref in refs.items():
        factor = known[factor_id]
        factors.append(
            FactorRow(
                ref=ref,
                layer=spaced(factor.layer.value),
                role=factor.role.value,
                text=factor.text,
                confirmed=factor.status is FactorStatus.CONFIRMED,
                lines=tuple(lines[entry] for entry in factor.entries if entry in lines),
                sources=index.cite((), ref, evidence=factor.evidence),
                actions=tuple(name for name, action in actions if factor_id in action.factors),
            )
        )
    told = _analysis(record.rca, index) if record.rca is not None else Causes()
    return replace(told, factors=tuple(factors), layers=LAYERS)


def _analysis(rca: Rca, index: SourceIndex) -> Causes:
    whys = tuple(
        WhyRow(
            ref := f"W{number}",
            why.question,
            why.answer or "",
            index.cite((), ref, evidence=why.evidence),
        )
        for number, why in enumerate(rca.whys, start=1)
    )
    return Causes(
        trigger=rca.trigger or "",
        method=rca.method or "",
        first_occurrence=_FIRST[rca.first_occurrence],
        stopping_condition=rca.recurrence_stopping_condition or "",
        gaps=tuple((spaced(gap), getattr(rca, gap) or "") for gap in _GAPS),
        whys=whys,
        unconfirmed=rca.unconfirmed,
        missed_defenses=rca.missed_defenses,
        open_questions=rca.open_questions,
    )


def learnings(told: Learnings | None) -> tuple[Learning, ...]:
    """Return the four heads, those without words as well; none where nobody began."""
    if told is None:
        return ()
    return tuple(Learning(head, getattr(told, name)) for name, head in _LEARNINGS.items())


def action_groups(
    actions: Sequence[ActionRow], factors: Sequence[FactorRow]
) -> tuple[ActionGroup, ...]:
    """Return the actions under the first factor that each answers, then those of no factor."""
    groups = [
        ActionGroup(factor, tuple(a for a in actions if a.factors[:1] == (factor.ref,)))
        for factor in factors
    ]
    loose = tuple(action for action in actions if not action.factors)
    ended = [*groups, ActionGroup(None, loose)]
    return tuple(group for group in ended if group.actions)
