"""The command check: what stands between a record and its final export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import CommandContext
from app.domain.encoding import to_json_values
from app.domain.rules.commands import holding

if TYPE_CHECKING:
    from app.services.checking import CheckedRecord

FINDINGS = 1


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("check")(check)


def check(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")],
) -> None:
    """Hold an incident to the rules: what refuses its final export, and what to look at."""
    work: CommandContext = context.obj
    checked = work.program.checking.check(work.incident(incident))
    work.output.document(_document(checked))
    work.output.table(
        ["rule", "", "what", "remedy"],
        [[f.rule, f.level.value, f.message, f.remedy] for f in checked.findings],
    )
    for finding in checked.findings:
        if finding.command is not None:  # below the table, so that it can be copied in one piece
            work.output.say(f"{finding.rule}: {finding.command}")
        if finding.document is not None:
            work.output.say(f"  {holding(finding.document)}")
    if checked.findings:
        work.output.say("E refuses the final export; W is to be looked at.")
    if checked.language_note:
        work.output.note(checked.language_note)
    verdict = "allowed" if checked.final_allowed else "refused until each E is mended"
    work.output.say(f"Final export: {verdict}. Quality: {checked.quality.score:g} of 100.")
    for part in checked.quality.parts:
        work.output.say(f"  {part.score:g} of {part.max}  {part.name}")
    if not checked.final_allowed:
        raise typer.Exit(FINDINGS)


def _document(checked: CheckedRecord) -> dict[str, Any]:
    return {
        "final_allowed": checked.final_allowed,
        "findings": [to_json_values(finding) for finding in checked.findings],
        "language": [
            {**to_json_values(finding), "place": to_json_values(place)}
            for place, finding in checked.language
        ],
        "language_note": checked.language_note or None,
        "quality": to_json_values(checked.quality),
    }
