"""Commands for the people who are recorded: pause, resume, consent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.cli.context import CommandContext
from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.ids import IncidentId, SessionId
from app.domain.times import Precision, after, clock_text, moment_text
from app.domain.typed_time import position_ms

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("pause")(pause)
    app.command("resume")(resume)
    app.command("consent")(consent)


def pause(context: typer.Context, incident: Incident) -> None:
    """Pause the running recording: nothing that is heard reaches the disk until “resume”."""
    work: CommandContext = context.obj
    begun = work.program.conduct.pause(work.incident(incident))
    work.output.document({"pause": to_json_values(begun)})
    work.output.say(f"Paused at {clock_text(begun.start_ms)}. hotwash resume {incident} goes on.")


def resume(context: typer.Context, incident: Incident) -> None:
    """Record again after a pause."""
    work: CommandContext = context.obj
    ended = work.program.conduct.resume(work.incident(incident))
    work.output.document({"pause": to_json_values(ended)})
    lasted_s = ((ended.end_ms or ended.start_ms) - ended.start_ms) / 1_000
    work.output.say(f"Recording again, after {lasted_s:.1f} s that are not on the recording.")


def consent(
    context: typer.Context,
    incident: Incident,
    *,
    method: Annotated[str, typer.Option(help="How people were told: said, tone, chat …")] = "",
    session: Annotated[str, typer.Option(help="Another recording than the latest.")] = "",
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When: a position such as 0:30, or ISO.")
    ] = "",
    show: Annotated[bool, typer.Option("--show", help="Only show the text to read out.")] = False,
) -> None:
    """Stamp that people were told of the recording: now, or on a recording that is over."""
    work: CommandContext = context.obj
    conduct, incident_id = work.program.conduct, work.incident(incident)
    text, path = conduct.consent_text(), str(work.home.consent_text)
    if show:
        conduct.keep_consent_text()
        work.output.document({"session_id": None, "consent": None, "text": text, "path": path})
        work.output.say(f"{text}\nEdit it in {path}")
        return
    session_id, stamp = conduct.announce(
        incident_id,
        method=method,
        session_id=SessionId(session) if session else None,
        at=_moment(work, incident_id, session, at) if at else None,
    )
    work.output.document(
        {
            "session_id": session_id,
            "consent": to_json_values(stamp),
            "text": text,
            "path": path,
        }
    )
    when = moment_text(stamp.announced_at, Precision.SECOND)
    work.output.say(f"Announced at {when} by {stamp.by}: {stamp.method}.")


def _moment(work: CommandContext, incident_id: IncidentId, session: str, typed: str) -> datetime:
    """Return the moment that was typed, on the clock or on the recording."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return _on_recording(work, incident_id, session, typed)
    if moment.tzinfo is None:
        raise InvalidRecordError("--at", f"“{typed}” has no time zone", remedy="Add a Z for UTC.")
    return moment.astimezone(UTC)


def _on_recording(
    work: CommandContext, incident_id: IncidentId, session: str, typed: str
) -> datetime:
    try:
        offset_ms = position_ms(typed)
    except ValueError as cause:
        raise InvalidRecordError("--at", str(cause), remedy="Type it as 0:30.") from cause
    sessions = work.program.incidents.record(incident_id).sessions
    wanted = [known for known in sessions if session in {"", known.id}]
    if not wanted:
        raise InvalidRecordError("--at", "there is no such recording", remedy="See “show”.")
    return after(max(wanted, key=lambda known: known.start_utc).start_utc, offset_ms)
