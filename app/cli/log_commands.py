"""The command log: lines of the live log, typed or piped in."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from app.cli.context import CommandContext
from app.cli.standing_commands import handover_words, role_document
from app.domain.encoding import to_json_values
from app.domain.entry_line import EntryLine, Understood
from app.domain.errors import InvalidRecordError, NotFoundError
from app.domain.ids import IncidentId
from app.domain.role_line import RoleLine
from app.domain.times import moment_text
from app.services.live_log import Logged

REFUSED = 1
STDIN = "-"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("log")(log)


def log(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")],
    text: Annotated[
        str, typer.Argument(metavar="[LINE]", help="Left out or “-”: lines of standard input.")
    ] = STDIN,
) -> None:
    """Enter lines of the live log.

    A line begins with /fact, /hyp, /dec, /act, /status or /role (a letter will do), then a time
    if it was not just now: 14:02, 14:02:31, -5m, -1h30m, yesterday 23:50 or ISO. Around the words
    may stand @role, !anchor (such as !detection) and, on an action, =result (such as =worked).
    /status known … | unknown … | impact … | mitigation … | next 30m.
    /role ic Priya (or “none”: not needed, “end”: nobody any more).
    """
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    if text != STDIN:
        logged = work.program.live_work.log.enter(incident_id, text)
        work.output.document(_document(logged))
        _acknowledge(work, logged)
        return
    lines = [
        _enter(work, incident_id, number, line.rstrip("\r\n"))
        for number, line in enumerate(sys.stdin, start=1)
        if line.strip()
    ]
    work.output.document({"lines": lines})
    if any(line["problem"] is not None for line in lines):
        raise typer.Exit(REFUSED)


def _enter(
    work: CommandContext, incident_id: IncidentId, number: int, text: str
) -> dict[str, Any]:
    """Enter one of many lines; one that is refused does not keep the others out."""
    try:
        logged = work.program.live_work.log.enter(incident_id, text)
    except (InvalidRecordError, NotFoundError) as error:
        work.output.note(f"Line {number} is not entered: {error} {error.remedy}")
        nothing = {"entry": None, "status_update": None, "role": None, "understood": None}
        problem = {"message": str(error), "remedy": error.remedy}
        return {"line": number, "text": text, **nothing, "problem": problem}
    _acknowledge(work, logged)
    return {"line": number, "text": text, **_document(logged), "problem": None}


def _document(logged: Logged) -> dict[str, Any]:
    update, change = logged.status_update, logged.role_change
    return {
        "entry": to_json_values(logged.entry),
        "status_update": None if update is None else to_json_values(update),
        "role": None if change is None else role_document(change),
        "understood": _understood(logged.understood),
    }


def _understood(line: Understood) -> dict[str, Any]:
    if isinstance(line, EntryLine):
        name = "entry"
    else:
        name = "role" if isinstance(line, RoleLine) else "status"
    return {"type": name, **to_json_values(line)}


def _acknowledge(work: CommandContext, logged: Logged) -> None:
    entry = logged.entry
    when = "time unknown"
    if entry.occurred_at is not None:
        when = moment_text(entry.occurred_at, entry.precision)
    marks = [f"!{entry.anchor}"] if entry.anchor is not None else []
    marks += [f"={entry.mitigation_result}"] if entry.mitigation_result is not None else []
    work.output.say("  ".join([when, entry.kind.letter, entry.text, *marks, entry.id]))
    if logged.role_change is not None:
        for line in handover_words(logged.role_change):
            work.output.say(line)
