"""The command redact: takes what was said out of everything, for good."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import CommandContext
from app.domain.encoding import to_json_values
from app.domain.times import clock_text

if TYPE_CHECKING:
    from app.services.redaction import Redacted

WARNING = "This cannot be undone: the audio and the words will be gone from everywhere. Go on?"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("redact")(redact)


def redact(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")],
    spans: Annotated[
        list[str],
        typer.Argument(
            metavar="SPAN…",
            help="SEGMENT, SEGMENT[3:5] (words, counted from 0) or SESSION@1:17-1:20.5.",
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why, without saying the words.")],
    also: Annotated[
        list[str] | None,
        typer.Option(help="Further words to take out of every text of every incident."),
    ] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take what was said out of audio, text, history, search and backups; no way back.

    The audio of a stretch becomes silence on all tracks of its session. Documents in the
    incident's exports folder are removed: make them anew.
    """
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    if not yes:
        _ask(context)
    done = work.program.redaction.redact(incident_id, spans, reason=reason, also=also or ())
    work.output.document(_document(done))
    for redaction in done.redactions:
        work.output.say(
            f"{redaction.id}: {clock_text(redaction.start_ms)} to {clock_text(redaction.end_ms)}"
            " is silent on all tracks."
        )
    work.output.say(
        f"{done.segments} segments, {done.texts} other texts and {len(done.files)} files changed."
    )
    for path in done.removed:
        work.output.say(f"removed: {path}")
    for path, why in done.left:
        work.output.say(f"left: {path}: {why}")


def _ask(context: typer.Context) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "nobody can be asked here, and it cannot be undone: add --yes",
            ctx=context,
            param_hint="--yes",
        )
    typer.confirm(WARNING, abort=True, err=True)


def _document(done: Redacted) -> dict[str, Any]:
    return {
        "redactions": [to_json_values(redaction) for redaction in done.redactions],
        "segments": done.segments,
        "texts": done.texts,
        "files": len(done.files),
        "removed": list(done.removed),
        "left": [{"path": path, "why": why} for path, why in done.left],
    }
