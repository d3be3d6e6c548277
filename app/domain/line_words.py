"""What a typed line was understood as, in words: shown while it is being typed."""

from __future__ import annotations

from datetime import datetime

from app.domain.entry_line import EntryLine, Understood
from app.domain.role_line import RoleLine, RoleStep
from app.domain.status_line import StatusLine
from app.domain.times import Precision, time_text

STEPS = {RoleStep.NOT_NEEDED: "not needed", RoleStep.ENDED: "ends"}


def understood_words(line: Understood, *, now: datetime) -> str:
    """Return ``Fact · 14:02 UTC · the words · detection``; with the day where not today."""
    if isinstance(line, StatusLine):
        return " · ".join(_status(line, now))
    if isinstance(line, RoleLine):
        who = line.person or STEPS[line.step]
        when = [] if line.at is None else [time_text(line.at, line.precision, today=now)]
        return " · ".join(["Role", *when, f"{line.role}: {who}"])
    return " · ".join(_entry(line, now))


def _entry(line: EntryLine, now: datetime) -> list[str]:
    when = "time unknown"
    if line.occurred_at is not None:
        when = "now"
        if line.occurred_at != now:
            when = time_text(line.occurred_at, line.precision, today=now)
    said = [line.kind.value.capitalize(), when, line.text]
    if line.anchor is not None:
        said.append(line.anchor.value.replace("_", " "))
    if line.mitigation_result is not None:
        said.append(f"result: {line.mitigation_result.value}")
    return said + ([line.owner_role] if line.owner_role else [])


def _status(line: StatusLine, now: datetime) -> list[str]:
    parts = (
        ("known", line.known),
        ("unknown", line.unknown),
        ("impact", line.impact),
        ("mitigation", line.mitigation),
    )
    said = ["Status", "now" if line.at is None else time_text(line.at, line.precision, today=now)]
    said += [f"{name}: {words}" for name, words in parts if words]
    if line.next_update_at is not None:
        said.append(f"next update {time_text(line.next_update_at, Precision.MINUTE, today=now)}")
    return said + (["the last update"] if line.closing else [])
