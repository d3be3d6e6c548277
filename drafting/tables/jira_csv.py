"""The follow-ups as Jira's CSV importer takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import ExportError
from drafting.atomic_file import write_whole
from drafting.tables.csv_file import csv_bytes
from drafting.tables.tickets import ticket_drafts

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from drafting.options import ReportOptions
    from drafting.tables.tickets import TicketDraft

SYSTEM = "jira"
DATE_PATTERN = "yyyy-MM-dd"  # what the importer asks for
MOST_ROWS = 1_500
HEADS = (
    "Summary",
    "Issue Type",
    "Description",
    "Priority",
    "Assignee",
    "Reporter",
    "Due Date",
    "Labels",
)
ISSUE_TYPE = "Task"
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")


class JiraCsv:
    """Writes what is to be done and has no ticket in Jira."""

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the table, whole or not at all.

        Raises:
            ExportError: There are more rows than Jira takes, the file exists and may not be
                replaced, or it cannot be written.
        """
        drafts = ticket_drafts(record, options, system=SYSTEM)
        if len(drafts) > MOST_ROWS:
            raise ExportError(
                f"Jira takes {MOST_ROWS} rows at a time, and there are {len(drafts)} actions.",
                remedy="Settle what will not be done, or leave out the entries of some.",
            )
        content = csv_bytes(HEADS, map(_row, drafts), mark=False)
        write_whole(path, content, overwrite=options.overwrite)


def _row(draft: TicketDraft) -> tuple[str, ...]:
    return (
        draft.summary,
        ISSUE_TYPE,
        draft.description(),
        PRIORITIES[draft.rank] if draft.rank is not None else "",
        draft.assignee,
        draft.reporter,
        draft.due,
        " ".join(draft.labels),
    )
