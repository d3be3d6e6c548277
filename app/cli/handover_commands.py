"""Commands for who takes over or joins late: checkpoint, card."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.context import CommandContext
from app.domain.card import card_text
from app.domain.communications import Checkpoint
from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.handover import CheckpointWords
from app.domain.ids import CheckpointId
from app.services.live_situation import Situation

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]
ROWS = (
    ("state", "State"),
    ("hypothesis", "Hypothesis"),
    ("customer_impact", "Customer impact"),
    ("decision_point", "Last decision"),
    ("comms_cadence", "Updates"),
    ("next_decision_point", "Next decision"),
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("checkpoint")(checkpoint)
    app.command("card")(card)


def checkpoint(
    context: typer.Context,
    incident: Incident,
    which: Annotated[
        str,
        typer.Argument(metavar="[CHECKPOINT]", help="Which to acknowledge; else the latest."),
    ] = "",
    *,
    to: Annotated[str, typer.Option(metavar="PERSON", help="Who takes over.")] = "",
    role: Annotated[str, typer.Option(help="What they take over.")] = "ic",
    acknowledge: Annotated[
        bool, typer.Option("--acknowledge", help="You, or who --as names, have read it.")
    ] = False,
    state: Annotated[str | None, typer.Option(help="Instead of the recorded state.")] = None,
    hypothesis: Annotated[str | None, typer.Option(help="Instead of the recorded one.")] = None,
    impact: Annotated[str | None, typer.Option(help="Instead of the recorded impact.")] = None,
    in_flight: Annotated[
        list[str] | None, typer.Option(help="Instead of what is recorded; once for each.")
    ] = None,
    decision_point: Annotated[
        str | None, typer.Option(help="Instead of the last recorded decision.")
    ] = None,
    cadence: Annotated[str | None, typer.Option(help="Instead of the clock's.")] = None,
    next_point: Annotated[
        str | None, typer.Option("--next", help="What is to be decided next, and when.")
    ] = None,
) -> None:
    """Hand over: a checkpoint filled in from the record, which the receiver acknowledges."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    checkpoints = work.program.live_work.checkpoints
    if acknowledge == bool(to) or (which and not acknowledge):
        raise InvalidRecordError(
            "checkpoint", "it takes --to PERSON, or --acknowledge", remedy="Give one of them."
        )
    if acknowledge:
        wanted = CheckpointId(which) if which else None
        made = checkpoints.acknowledge(incident_id, wanted)
    else:
        words = CheckpointWords(
            state,
            hypothesis,
            impact,
            None if in_flight is None else tuple(one for one in in_flight if one.strip()),
            decision_point,
            cadence,
            next_point,
        )
        made = checkpoints.make(incident_id, to=to, role=role, words=words)
    work.output.document(to_json_values(made))
    work.output.say(_words(made))


def _words(made: Checkpoint) -> str:
    lines = [f"{made.id}: {made.role}, {made.from_ or 'nobody'} → {made.to}"]
    lines += [f"{name:<16} {getattr(made, field) or 'not recorded'}" for field, name in ROWS]
    lines += [f"{'In flight':<16} {one}" for one in made.in_flight]
    if made.acknowledged_at is not None:
        lines.append(f"Acknowledged by {(made.acknowledged_by or '').rstrip('.')}.")
    else:
        lines.append(f"{made.to} acknowledges it with --acknowledge.")
    return "\n".join(lines)


def card(context: typer.Context, incident: Incident) -> None:
    """Print where an incident stands on one screen, for who joins late; text to be copied."""
    work: CommandContext = context.obj
    situation = work.program.live_work.situation.of(work.incident(incident))
    text = card_text(situation.card)
    work.output.document(
        {
            "card": to_json_values(situation.card),
            "clock": _clock(situation),
            "nudge": None if situation.nudge is None else to_json_values(situation.nudge),
            "held_back": situation.held_back,
            "text": text,
        }
    )
    work.output.say(text.rstrip("\n"))
    if situation.nudge is not None:
        work.output.say(f"! {situation.nudge.message} {situation.nudge.remedy}")


def _clock(situation: Situation) -> dict[str, Any]:
    clock, now = situation.clock, situation.now
    left = clock.remaining(now)
    return {
        **to_json_values(clock),
        "state": clock.state(now).value,
        "remaining_seconds": None if left is None else int(left.total_seconds()),
        "late": [
            {**to_json_values(late), "minutes": round(late.minutes, 1)} for late in clock.late
        ],
    }
