"""The timeline as CSV, one line for each of the report's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafting.atomic_file import write_whole
from drafting.outline import outline
from drafting.tables.csv_file import csv_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.record import Record
    from drafting.options import ReportOptions
    from drafting.report import Report, TimelineRow

HEADS = (
    "Line",
    "Date (UTC)",
    "Time (UTC)",
    "Local time",
    "Since start",
    "Said",
    "Kind",
    "Event",
    "Standing",
    "Anchor",
    "Role",
    "Customer visible",
    "Sources",
)


class TimelineCsv:
    """Writes the timeline for a spreadsheet; times are as fine as they are known."""

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the table, whole or not at all.

        Raises:
            ExportError: The file exists and may not be replaced, or it cannot be written.
        """
        report = outline(record, options)
        content = csv_bytes(HEADS, (_row(row, report) for row in report.timeline), mark=True)
        write_whole(path, content, overwrite=options.overwrite)


def _row(row: TimelineRow, report: Report) -> tuple[str, ...]:
    # “T+00:19”, as flight controllers write it: a bare sign would begin a formula.
    since = f"T{row.delta}" if row.delta else ""
    return (
        row.ref,
        row.clock.day,
        row.clock.utc if row.clock.day else "",
        f"{row.clock.local} {report.zone}" if row.clock.local else "",
        since,
        row.clock.said,
        row.kind.value,
        row.text,
        "; ".join(part for part in (row.note, row.doubt) if part),
        row.anchor,
        row.role,
        "yes" if row.customer_visible else "",
        " ".join(row.sources),
    )
