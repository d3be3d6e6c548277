"""What a typed line would enter, in words that fit one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.domain.entry_line import EntryLine
from app.domain.line_problem import LineProblem
from app.domain.role_line import RoleLine, RoleStep
from app.domain.timeline import EntryKind
from app.domain.times import Precision, clock_face
from app.domain.zones import zone_of
from ui.widgets.entry_bar import Preview

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.entry_line import Understood
    from app.domain.status_line import StatusLine
    from app.domain.timeline import TimelineEntry


def line_preview(line: Understood | LineProblem, zone: str, *, now: datetime) -> Preview:
    """Return what to show of a line; times in UTC, with the incident's own zone beside it."""
    if isinstance(line, LineProblem):
        return Preview(f"{line.message} {line.remedy}", is_problem=True)
    if isinstance(line, EntryLine):
        when = when_text(line.occurred_at, line.precision, zone, now=now)
        return Preview(f"{when}  {line.text}{_marks(line)}", line.kind)
    if isinstance(line, RoleLine):
        when = "" if line.at is None else when_text(line.at, line.precision, zone, now=now) + "  "
        return Preview(f"{when}{_role(line)}", EntryKind.RESPONSIBILITY)
    return Preview(_status(line, zone, now=now), EntryKind.STATUS)


def when_text(
    at: datetime | None, precision: Precision, zone: str, *, now: datetime | None = None
) -> str:
    """Return ``14:02 UTC (15:02 Berlin)``, with the day where it is not the present one."""
    if at is None:
        return _tr("time unknown")
    utc = f"{clock_face(at, precision)} UTC"
    if now is not None and at.date() != now.date():
        utc = f"{at:%Y-%m-%d} {utc}"
    local = at.astimezone(zone_of(zone))
    if not local.utcoffset():
        return utc
    return f"{utc} ({local:%H:%M} {zone.rpartition('/')[2].replace('_', ' ')})"


def typed_time(entry: TimelineEntry, zone: str) -> str:
    """Return an entry's time as a person would type it, nothing where it is unknown.

    It says UTC, as the timeline does, where the clocks of the incident's zone show another time.
    """
    at = entry.occurred_at
    if at is None:
        return ""
    about = "~" if entry.precision is Precision.APPROX else ""
    clock = f"{at:%H:%M:%S}" if entry.precision is Precision.SECOND else f"{at:%H:%M}"
    utc = " UTC" if at.astimezone(zone_of(zone)).utcoffset() else ""
    return f"{about}{clock}{utc}"


def _marks(line: EntryLine) -> str:
    marks = [f"@{line.owner_role}"] if line.owner_role else []
    if line.anchor is not None:
        marks.append(f"!{line.anchor.value}")
    if line.mitigation_result is not None:
        marks.append(f"={line.mitigation_result.value}")
    return f"  ·  {' '.join(marks)}" if marks else ""


def _role(line: RoleLine) -> str:
    if line.step is RoleStep.NOT_NEEDED:
        return _tr("{0} is not needed").format(line.role)
    if line.step is RoleStep.ENDED:
        return _tr("nobody is {0} any more").format(line.role)
    return _tr("{0} is {1}").format(line.person, line.role)


def _status(line: StatusLine, zone: str, *, now: datetime) -> str:
    said = [one for one in (line.known, line.impact, line.mitigation, line.unknown) if one]
    if line.closing:
        following = _tr("the last update")
    elif line.next_update_at is not None:
        from_now = round((line.next_update_at - now).total_seconds() / 60)
        moment = when_text(line.next_update_at, Precision.MINUTE, zone, now=now)
        following = _tr("next {0}, in {1} min").format(moment, from_now)
    else:
        following = ""
    return "  ·  ".join([*said, following]) if following else "  ·  ".join(said)


def _tr(text: str) -> str:
    return QCoreApplication.translate("LinePreview", text)
