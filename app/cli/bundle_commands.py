"""The command that opens a bundle; ``export`` makes one and ``verify`` checks it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import CommandContext
from app.cli.output import counted
from app.domain.conflict_words import conflict_words

TAKING = (
    "What is here stands. To take what the bundle says, enter it: with its command, or as a "
    "document with “hotwash apply {0} FILE.json”. “hotwash history {0}” keeps both."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("open")(open_bundle)


def open_bundle(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A bundle from “export”.")],
) -> None:
    """Open a bundle that was made here or on another machine.

    An incident that is here already is merged: what only the bundle has is added, what both have
    changed stays as it is here and is told, as is what each did on its own and both cannot be.
    """
    work: CommandContext = context.obj
    with work.showing_progress():
        opened = work.program.opening.open(path)
    work.output.document(
        {
            "incident_id": opened.incident_id,
            "title": opened.title,
            "new": opened.new,
            "unchanged": opened.unchanged,
            "merged": opened.merged,
            "conflicts": [asdict(conflict) for conflict in opened.conflicts],
            "doubles": [asdict(double) for double in opened.doubles],
            "sessions_added": opened.sessions_added,
            "files": opened.files,
        }
    )
    work.output.say(f"{opened.incident_id}  {opened.title}")
    work.output.say(
        f"{opened.new} new, {opened.merged} changed, {opened.unchanged} unchanged; "
        f"{counted(opened.sessions_added, 'session')} and {counted(opened.files, 'file')} added."
    )
    for conflict in opened.conflicts:
        for line in conflict_words(conflict):
            work.output.say(line)
    if opened.conflicts:
        work.output.say(TAKING.format(opened.incident_id))
    for double in opened.doubles:
        work.output.say(f"{double.message} {double.remedy}")
