"""The command rubric: the team's severity levels, and where they come from."""

from __future__ import annotations

from typing import Annotated

import typer

from app.bootstrap import shipped_rubric
from app.cli.context import CommandContext
from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.rubric import Rubric, SeverityLevel
from app.services.rubric_file import rubric_in_force, write_own_rubric


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("rubric")(rubric)


def rubric(
    context: typer.Context,
    *,
    init: Annotated[
        bool,
        typer.Option("--init", help="Write a copy to edit into the data folder."),
    ] = False,
    radius: Annotated[str, typer.Option(help="How many it touches; with --urgency.")] = "",
    urgency: Annotated[str, typer.Option(help="How urgent it is; with --radius.")] = "",
) -> None:
    """Show the severity levels in force: what each means, and how often it asks for an update."""
    work: CommandContext = context.obj
    own = work.home.rubric
    if init:
        write_own_rubric(own, shipped_rubric())
    found = rubric_in_force(own, shipped_rubric())
    levels = found.rubric
    suggested = _suggested(levels, radius, urgency)
    if found.problem is not None:
        work.output.note(f"{found.problem} {found.problem.remedy}")
    work.output.document(
        {
            "path": str(found.path),
            "own": found.is_own,
            "nudge_minutes": levels.nudge_minutes,
            "levels": [to_json_values(level) for level in levels.levels],
            "helper": {name: dict(rows) for name, rows in levels.helper.items()},
            "suggested": None if suggested is None else suggested.name,
            "problem": None
            if found.problem is None
            else {"message": str(found.problem), "remedy": found.problem.remedy},
        }
    )
    if suggested is not None:
        work.output.say(f"{suggested.name}: {suggested.meaning}")
        return
    work.output.table(
        ["level", "update every", "analysis", "meaning"],
        [
            [
                one.name,
                "-" if one.cadence_minutes is None else f"{one.cadence_minutes} min",
                one.depth.value.replace("_", " "),
                one.meaning,
            ]
            for one in levels.levels
        ],
    )
    whose = "your own" if found.is_own else "as shipped; edit a copy with: hotwash rubric --init"
    work.output.say(f"From {found.path} ({whose})")


def _suggested(levels: Rubric, radius: str, urgency: str) -> SeverityLevel | None:
    if not radius and not urgency:
        return None
    found = levels.suggested(radius=radius, urgency=urgency)
    if found is None:
        radii = dict.fromkeys(name for rows in levels.helper.values() for name in rows)
        raise InvalidRecordError(
            "rubric",
            f"the helper has no place for --radius “{radius}” and --urgency “{urgency}”",
            remedy=f"Radius: {', '.join(radii) or 'none'}; "
            f"urgency: {', '.join(levels.helper) or 'none'}.",
        )
    return found
