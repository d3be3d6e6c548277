"""Commands of live work: status, mark, lock."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.context import CommandContext
from app.domain.communications import Audience
from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.ids import SessionId
from app.domain.rules.findings import Level
from app.domain.sessions import Marker, MarkerKind
from app.domain.timeline import TimelineEntry
from app.domain.times import Precision, now_utc, time_text
from app.domain.typed_time import position_ms
from app.services.status_updates import StatusWords

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("status")(status)
    app.command("mark")(mark)
    app.command("lock")(lock)


def status(
    context: typer.Context,
    incident: Incident,
    *,
    known: Annotated[str, typer.Option(help="What is known.")] = "",
    unknown: Annotated[str, typer.Option(help="What is not known yet.")] = "",
    impact: Annotated[str, typer.Option(help="Whom it touches, and how.")] = "",
    mitigation: Annotated[str, typer.Option(help="What is being done.")] = "",
    next_update: Annotated[
        str,
        typer.Option("--next", metavar="TIME", help="The next one: 30m, 14:30, tomorrow 9:00."),
    ] = "",
    closing: Annotated[bool, typer.Option("--closing", help="The last one: no next.")] = False,
    audience: Annotated[Audience, typer.Option(help="Whom it is for.")] = Audience.ENGINEERING,
    channel: Annotated[str, typer.Option(help="Where it is told, such as #inc-42.")] = "",
    approved_by: Annotated[str, typer.Option(help="Who approved it.")] = "",
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When it went out, if not just now: 14:02, -5m.")
    ] = "",
) -> None:
    """Record a status update, with the time of the next one; the timeline tells of it."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    when = work.program.live_work.log.moment(incident_id, at)
    update = work.program.status_updates.post(
        incident_id,
        StatusWords(known, unknown, impact, mitigation),
        next_update=next_update,
        closing=closing,
        audience=audience,
        channel=channel,
        approved_by=approved_by,
        at=None if when is None else when.at,
        precision=Precision.SECOND if when is None else when.precision,
    )
    work.output.document(to_json_values(update))
    coming = update.next_update_at
    if coming is None:
        work.output.say("This was the last update.")
    else:
        shown = time_text(coming, Precision.MINUTE, today=now_utc())
        work.output.say(f"Next update: {shown}")


def mark(
    context: typer.Context,
    incident: Incident,
    kind: Annotated[MarkerKind, typer.Argument(metavar="KIND", help="What it marks.")],
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Words, if there are any.")] = "",
    *,
    session: Annotated[str, typer.Option(help="A recording that is over; with --at.")] = "",
    at: Annotated[str, typer.Option(metavar="POSITION", help="Where on it: 1:17.")] = "",
) -> None:
    """Mark this moment of the running recording; without one, the words become an entry."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    marking = work.program.marking
    if bool(session) != bool(at):
        raise InvalidRecordError("mark", "--session and --at go together", remedy="Give both.")
    made: Marker | TimelineEntry
    if session:
        place = _position(at)
        made = marking.mark_at(incident_id, SessionId(session), place, kind, text)
    else:
        made = marking.mark(incident_id, kind, text)
    is_marker = isinstance(made, Marker)
    shown = to_json_values(made)
    work.output.document(
        {"marker": shown if is_marker else None, "entry": None if is_marker else shown}
    )
    work.output.say("Marked." if is_marker else "Nothing is being recorded: entered as typed.")


def lock(
    context: typer.Context,
    incident: Incident,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as “before analysis”.")],
) -> None:
    """Keep what stands now as a named snapshot; show tells what changes after it."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    made = work.program.locking.lock(incident_id, name)
    findings = work.program.checking.check(incident_id).findings
    refusing = sum(finding.level is Level.REFUSE for finding in findings)
    work.output.document({**to_json_values(made), "refusing": refusing})
    work.output.say(f"Locked: {len(made.parts)} things, record {made.record_sha256[:12]}.")
    if made.is_final and refusing:
        things = "1 finding refuses" if refusing == 1 else f"{refusing} findings refuse"
        work.output.note(f"{things} a final export still: hotwash check {incident_id}")


def _position(typed: str) -> int:
    try:
        return position_ms(typed)
    except ValueError as cause:
        raise InvalidRecordError("at", str(cause), remedy="Type it as 1:17.") from cause
