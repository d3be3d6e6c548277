"""Review dates and due actions as iCalendar (RFC 5545), whole days each.

Events, not to-dos: calendars that people share show those and pass over the others. A date that
is imported again after it was changed replaces the former one, since its name stays.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from app.domain.actions import ActionStatus
from app.domain.errors import ExportError
from drafting.atomic_file import write_whole
from drafting.content.plain_text import printable
from drafting.lines import lines_of
from drafting.outline import shown_title
from drafting.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import icalendar

    from app.domain.record import Record
    from drafting.options import ReportOptions

PRODUCT = "-//Hotwash//Incident record//EN"
_SETTLED = {ActionStatus.VERIFIED, ActionStatus.WONT_DO}


class ReviewCalendar:
    """Writes the dates on which somebody has to look at the incident again."""

    def write(self, record: Record, path: Path, *, options: ReportOptions) -> None:
        """Write the calendar, whole or not at all.

        Raises:
            ExportError: The record has no dates, the file exists and may not be replaced, or it
                cannot be written.
        """
        write_whole(path, calendar_bytes(record, options), overwrite=options.overwrite)


def calendar_bytes(record: Record, options: ReportOptions) -> bytes:
    """Return the calendar; the same bytes for an equal record and equal options.

    Raises:
        ExportError: The record has no dates: a calendar must not be empty.
    """
    import icalendar  # noqa: PLC0415  only who writes a calendar waits for it

    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for event in _events(record, options):
        calendar.add_component(event)
    if not calendar.subcomponents:
        raise ExportError(
            "The record has neither a review date nor an action with a due date.",
            remedy="Give an action its due date, or the close-out a review date.",
        )
    content: bytes = calendar.to_ical()
    return content


def _events(record: Record, options: ReportOptions) -> Iterator[icalendar.Event]:
    incident = record.incident
    title = shown_title(incident)
    about = f"Incident {incident.id}: {title}"
    days = set(record.closeout.review_dates) if record.closeout is not None else set()
    if incident.follow_up_review_date is not None:
        days.add(incident.follow_up_review_date)
    for day in sorted(days):
        name = f"review-{incident.id}-{day.isoformat()}"
        yield _event(name, day, f"Review: {title}", about, options)
    lines = lines_of(record, options)
    for action, row in zip(lines.chosen.actions, lines.actions, strict=True):
        if action.due is None or action.status in _SETTLED:
            continue
        told = (("Owner", row.owner), ("Verification", row.verification), ("Status", row.status))
        details = [f"{what}: {words}" for what, words in told if words]
        description = "\n".join((action.text, *details, about))
        yield _event(
            f"action-{action.id}", action.due, f"Due: {action.text}", description, options
        )


def _event(
    name: str, day: date, summary: str, description: str, options: ReportOptions
) -> icalendar.Event:
    import icalendar  # noqa: PLC0415  as above

    event = icalendar.Event()
    event.add("uid", printable(f"{name}@hotwash"))
    event.add("dtstamp", options.made_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", printable(shortened(summary)))
    event.add("description", printable(description))
    event.add("transp", "TRANSPARENT")  # a date to keep in mind blocks nobody's day
    return event
