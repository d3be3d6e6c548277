"""The follow-up actions, and which of them come first."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from app.domain.actions import Action, ActionStatus
from drafting.evidence_index import web_address
from drafting.report import ActionRow, Ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import ActionId, EntryId, FactorId
    from drafting.source_index import SourceIndex

TOP = 3
_RANKS = ("urgent", "critical", "highest", "high", "medium", "normal", "low", "lowest")
_UNRANKED = 99
_SETTLED = {ActionStatus.VERIFIED, ActionStatus.WONT_DO}


def action_rows(
    actions: tuple[Action, ...],
    refs: Mapping[EntryId, Ref],
    index: SourceIndex,
    factors: Mapping[FactorId, Ref],
) -> tuple[ActionRow, ...]:
    """Return the actions, numbered in their order."""
    names = action_refs(actions)
    return tuple(
        ActionRow(
            ref=ref,
            text=action.text,
            owner=_owner(action),
            due=action.due.isoformat() if action.due is not None else "",
            priority=action.priority or "",
            purpose=", ".join(part.value for part in (action.category, action.horizon) if part),
            verification=action.verification_plan or "",
            status=_status(action),
            line=refs.get(action.entry_id, "") if action.entry_id is not None else "",
            sources=index.cite(action.sources, ref),
            factors=tuple(factors[each] for each in action.factors if each in factors),
            depends_on=tuple(names[each] for each in action.dependencies if each in names),
            ticket=f"{action.ticket.system} {action.ticket.key}" if action.ticket else "",
            ticket_address=web_address(action.ticket.url or "") if action.ticket else "",
        )
        for ref, action in zip(names.values(), actions, strict=True)
    )


def action_refs(actions: tuple[Action, ...]) -> dict[ActionId, Ref]:
    """Number the actions in their order."""
    return {action.id: f"A{number}" for number, action in enumerate(actions, start=1)}


def top_actions(actions: tuple[Action, ...], rows: tuple[ActionRow, ...]) -> tuple[ActionRow, ...]:
    """Return the three to see first: unsettled, by priority, then by due date."""
    unsettled = [
        (_rank(action.priority), action.due or date.max, number, row)
        for number, (action, row) in enumerate(zip(actions, rows, strict=True))
        if action.status not in _SETTLED
    ]
    return tuple(row for *_, row in sorted(unsettled, key=lambda item: item[:3])[:TOP])


def ranking(actions: tuple[Action, ...]) -> str:
    """Return by what the top actions are chosen: only by what somebody recorded."""
    unsettled = [action for action in actions if action.status not in _SETTLED]
    if not unsettled:
        return ""
    criteria = []
    if any(_rank(action.priority) != _UNRANKED for action in unsettled):
        criteria.append("priority")
    if any(action.due is not None for action in unsettled):
        criteria.append("due date")
    if not criteria:
        return "By number: neither priority nor due date is recorded."
    return f"By {', then '.join([*criteria, 'number'])}."


def _rank(priority: str | None) -> int:
    """Return where a priority stands: ``P0``, ``1``, or a word; unknown words come last."""
    word = (priority or "").strip().casefold()
    if word in _RANKS:
        return _RANKS.index(word)
    number = re.fullmatch(r"p?([0-9]{1,2})", word)
    return int(number[1]) if number else _UNRANKED


def _owner(action: Action) -> str:
    if action.owner and action.owner_role:
        return f"{action.owner_role} ({action.owner})"
    return action.owner_role or action.owner or ""


def _status(action: Action) -> str:
    if action.status is not ActionStatus.WONT_DO:
        return action.status.value.replace("_", " ")
    reason = f": {action.wont_do_reason}" if action.wont_do_reason else ""
    return f"will not be done{reason}"
