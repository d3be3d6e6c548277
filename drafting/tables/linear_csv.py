"""The follow-ups as Linear's CSV importer takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.actions import ActionStatus
from drafting.atomic_file import write_whole
from drafting.tables.csv_file import csv_bytes
from drafting.tables.tickets import ticket_drafts

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from drafting.options import ReportOptions
    from drafting.tables.tickets import TicketDraft

SYSTEM = "linear"
HEADS = (
    "Id",
    "Team",
    "Title",
    "Description",
    "Status",
    "Estimate",
    "Priority",
    "Project",
    "Creator",
    "Assignee",
    "Labels",
    "Cycle Number",
    "Cycle Name",
    "Cycle Start",
    "Cycle End",
    "Created",
    "Updated",
    "Started",
    "Completed",
    "Canceled",
    "Archived",
)
PRIORITIES = ("Urgent", "High", "Medium", "Low", "Low")
NO_PRIORITY = "No priority"
STATUSES = {
    ActionStatus.OPEN: "Todo",
    ActionStatus.IN_PROGRESS: "In Progress",
    ActionStatus.SHIPPED: "In Review",  # until somebody has seen that it works
}


class LinearCsv:
    """Writes what is to be done and has no ticket in Linear."""

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the table, whole or not at all.

        Raises:
            ExportError: The file exists and may not be replaced, or it cannot be written.
        """
        drafts = ticket_drafts(record, options, system=SYSTEM)
        write_whole(
            path, csv_bytes(HEADS, map(_row, drafts), mark=False), overwrite=options.overwrite
        )


def _row(draft: TicketDraft) -> tuple[str, ...]:
    told = {
        "Title": draft.summary,
        "Description": draft.description(("Due", draft.due)),  # Linear has no column for it
        "Status": STATUSES[draft.status],
        "Priority": NO_PRIORITY if draft.rank is None else PRIORITIES[draft.rank],
        "Creator": draft.reporter,
        "Assignee": draft.assignee,
        "Labels": ", ".join(draft.labels),
    }
    return tuple(told.get(head, "") for head in HEADS)
