"""The follow-ups as a tracker wants them: what goes into a ticket, whatever the tracker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.actions import ActionStatus
from drafting.lines import lines_of
from drafting.outline import shown_title
from drafting.wording import shortened

if TYPE_CHECKING:
    from app.domain.actions import Action
    from app.domain.record import Record
    from drafting.options import ReportOptions

SUMMARY_LENGTH = 255  # Jira takes no more
LABEL = "incident"
# Words and numbers for how urgent something is, as teams write them; 0 is the most urgent.
_RANKS = {
    "urgent": 0, "critical": 0, "highest": 0, "blocker": 0, "p0": 0, "0": 0,
    "high": 1, "major": 1, "p1": 1, "1": 1,
    "medium": 2, "normal": 2, "p2": 2, "2": 2,
    "low": 3, "minor": 3, "p3": 3, "3": 3,
    "lowest": 4, "trivial": 4, "p4": 4, "4": 4,
}  # fmt: skip


_SETTLED = {ActionStatus.VERIFIED, ActionStatus.WONT_DO}


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """One action as it is filed.

    ``rank`` is 0 (most urgent) to 4, None where no known word tells it. ``due`` is an ISO day or
    empty. ``details`` are (what, words) for the description. ``labels`` hold no spaces.
    """

    text: str
    details: tuple[tuple[str, str], ...]
    rank: int | None
    assignee: str
    reporter: str
    due: str
    labels: tuple[str, ...]
    status: ActionStatus

    @property
    def summary(self) -> str:
        """The words on one line, as long as a tracker takes them."""
        return shortened(self.text, SUMMARY_LENGTH)

    def description(self, *more: tuple[str, str]) -> str:
        """Return what the summary does not say, one thing a line."""
        whole = [] if self.summary == self.text else [self.text, ""]
        told = (f"{what}: {words}" for what, words in (*self.details, *more) if words)
        return "\n".join((*whole, *told))


def ticket_drafts(record: Record, options: ReportOptions, *, system: str) -> list[TicketDraft]:
    """Return what is to be filed: neither what is settled nor what has its ticket there."""
    lines = lines_of(record, options)
    incident = record.incident
    factors = {ref: f.text for f in record.factors if (ref := lines.factors.get(f.id))}
    texts = {row.ref: row.text for row in lines.actions}
    return [
        TicketDraft(
            text=action.text,
            details=(
                ("Verification", row.verification),
                ("Purpose", row.purpose),
                ("Owner's role", action.owner_role or ""),
                ("Against", "; ".join(factors[ref] for ref in row.factors)),
                ("After", "; ".join(texts[ref] for ref in row.depends_on)),
                ("Incident", f"{shown_title(incident)} ({incident.id}, {row.ref})"),
            ),
            rank=_RANKS.get((action.priority or "").strip().casefold()),
            assignee=action.owner or "",
            reporter=incident.owner or "",
            due=row.due,
            labels=(LABEL, *(part for part in (action.category, action.horizon) if part)),
            status=action.status,
        )
        for action, row in zip(lines.chosen.actions, lines.actions, strict=True)
        if action.status not in _SETTLED and not _is_filed(action, system)
    ]


def _is_filed(action: Action, system: str) -> bool:
    return action.ticket is not None and action.ticket.system.casefold() == system
