"""The close-out: what is done, waived or open, when it is looked at again, who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.closeout import CloseOut, CloseOutItem
from drafting.report_conduct import CheckRow, CloseOutPart

if TYPE_CHECKING:
    from app.domain.record import Record

DONE, WAIVED, OPEN = "done", "waived", "open"
_ITEMS = {
    CloseOutItem.ACTIONS_SHIPPED: "the most important preventing action is shipped",
    CloseOutItem.VERIFICATION_COMPLETE: "what was shipped is verified",
    CloseOutItem.RUNBOOK_UPDATED: "the runbook is updated",
    CloseOutItem.REVIEW_HELD: "the review was held",
    CloseOutItem.CUSTOMER_CONFIRMED: "customers confirmed that it works",
}
SIGNERS = ("owner", "incident commander", "facilitator")


def closeout_part(record: Record) -> CloseOutPart:
    """Return the checklist; one that nobody has begun is open throughout."""
    closeout = record.closeout or CloseOut(record.incident.id)
    review = record.incident.follow_up_review_date
    dates = {*closeout.review_dates, *([review] if review is not None else [])}
    people = {role.name: role.person for role in record.roles if role.person and role.is_held}
    people |= {"owner": record.incident.owner} if record.incident.owner else {}
    return CloseOutPart(
        checks=tuple(_check(closeout, item) for item in CloseOutItem),
        review_dates=tuple(day.isoformat() for day in sorted(dates)),
        signers=tuple(
            f"{signer} ({people[signer]})" if people.get(signer) else signer for signer in SIGNERS
        ),
    )


def _check(closeout: CloseOut, item: CloseOutItem) -> CheckRow:
    if getattr(closeout, item.value):
        return CheckRow(_ITEMS[item], DONE, "")
    waiver = next((waiver for waiver in closeout.waivers if waiver.item is item), None)
    if waiver is None:
        return CheckRow(_ITEMS[item], OPEN, "")
    return CheckRow(_ITEMS[item], WAIVED, f"by {waiver.by}: {waiver.reason}")
