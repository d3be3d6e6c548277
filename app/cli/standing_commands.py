"""Commands of where an incident stands: severity, state, role, scope."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.context import CommandContext
from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.incident import IncidentState
from app.services.role_changes import RoleChange

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the history.")]
UNKNOWN = "“unknown” is an answer."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("severity")(severity)
    app.command("state")(state)
    app.command("role")(role)
    app.command("scope")(scope)


def severity(
    context: typer.Context,
    incident: Incident,
    level: Annotated[str, typer.Argument(metavar="LEVEL", help="Of your rubric, or none.")],
    *,
    reason: Reason = "",
    any_word: Annotated[bool, typer.Option("--any", help="Take a word outside it.")] = False,
) -> None:
    """Declare how grave it is; the cadence of updates and the depth of the analysis follow."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    before = work.program.incidents.record(incident_id).incident
    wanted = None if level.strip().casefold() == "none" else level
    after = work.program.live_work.standing.set_severity(
        incident_id, wanted, reason=reason, any_word=any_word
    )
    work.output.document(
        {
            "id": after.id,
            "severity": after.severity,
            "depth": after.depth.value,
            "changed": after.severity != before.severity,
            "history": [to_json_values(change) for change in after.severity_history],
        }
    )
    now = after.severity or "no severity"
    was = before.severity or "no severity"
    work.output.say(f"It is {now} already." if now == was else f"Severity: {was} → {now}.")


def state(
    context: typer.Context,
    incident: Incident,
    to: Annotated[IncidentState, typer.Argument(metavar="STATE", help="Where it stands now.")],
    *,
    reason: Reason = "",
) -> None:
    """Move an incident on, or back; it is closed once nothing of its close-out is open."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    before = work.program.incidents.record(incident_id).incident
    after = work.program.live_work.standing.set_state(incident_id, to, reason=reason)
    work.output.document(
        {
            "id": after.id,
            "state": after.state.value,
            "changed": after.state is not before.state,
            "history": [to_json_values(change) for change in after.state_history],
        }
    )
    now, was = (one.state.value.replace("_", " ") for one in (after, before))
    work.output.say(f"It is {now} already." if now == was else f"State: {was} → {now}.")


def role(
    context: typer.Context,
    incident: Incident,
    name: Annotated[str, typer.Argument(metavar="ROLE", help="ic, ops, comms, scribe or yours.")],
    person: Annotated[str, typer.Argument(metavar="[PERSON]", help="Who takes it.")] = "",
    *,
    not_needed: Annotated[
        bool, typer.Option("--not-needed", help="Nobody has to hold it.")
    ] = False,
    end: Annotated[bool, typer.Option("--end", help="It ends, without a successor.")] = False,
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When, if not just now: 14:02, -5m or ISO.")
    ] = "",
) -> None:
    """Give a role to a person (a handover ends who held it), end it, or say it is not needed."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    roles = work.program.live_work.roles
    when = work.program.live_work.log.moment(incident_id, at)
    if not_needed + end + bool(person and not end) != 1 or (not_needed and person):
        raise InvalidRecordError(
            "role",
            "it takes a person, --not-needed or --end",
            remedy="Such as: hotwash role ID ic Priya.",
        )
    if not_needed:
        change = roles.mark_not_needed(incident_id, name, when=when)
    elif end:
        change = roles.end(incident_id, name, person=person, when=when)
    else:
        change = roles.assign(incident_id, name, person, when=when)
    work.output.document(role_document(change))
    work.output.say(change.entry.text)
    for line in handover_words(change):
        work.output.say(line)


def role_document(change: RoleChange) -> dict[str, Any]:
    """Return what a change of role did, as JSON values."""
    checkpoint = change.checkpoint
    return {
        "role": to_json_values(change.role),
        "former": [to_json_values(role) for role in change.former],
        "entry": to_json_values(change.entry),
        "checkpoint": None if checkpoint is None else to_json_values(checkpoint),
    }


def handover_words(change: RoleChange) -> list[str]:
    """Return what a new commander has to do, if anything."""
    if change.checkpoint is None:
        return []
    command = f"hotwash checkpoint {change.checkpoint.incident_id} --acknowledge"
    who = change.role.person
    return [f'{who} reads the checkpoint and acknowledges it: {command} --as "{who}"']


def scope(
    context: typer.Context,
    incident: Incident,
    *,
    users: Annotated[str | None, typer.Option(help=f"Users or tenants. {UNKNOWN}")] = None,
    fault_domain: Annotated[
        str | None, typer.Option(help=f"Region, cell, cluster. {UNKNOWN}")
    ] = None,
    dependency: Annotated[str | None, typer.Option(help=f"What it hangs on. {UNKNOWN}")] = None,
    recent_change: Annotated[
        str | None, typer.Option(help=f"What changed just before. {UNKNOWN}")
    ] = None,
) -> None:
    """Say how far it reaches, as far as anybody knows; each answer replaces the former one."""
    work: CommandContext = context.obj
    answered = work.program.live_work.scoping.answer(
        work.incident(incident),
        users=users,
        fault_domain=fault_domain,
        dependency=dependency,
        recent_change=recent_change,
    )
    work.output.document({**to_json_values(answered), "unanswered": list(answered.unanswered)})
    missing = ", ".join(name.replace("_", " ") for name in answered.unanswered)
    work.output.say(f"Not answered yet: {missing}." if missing else "All four are answered.")
