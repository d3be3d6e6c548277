"""The command redact: takes what was said out of everything, for good."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import CommandContext
from app.cli.output import counted
from app.domain.encoding import to_json_values
from app.domain.evidence import Box
from app.domain.redaction_plan import Reach
from app.domain.times import clock_text

if TYPE_CHECKING:
    from app.domain.ids import IncidentId
    from app.services.redaction_extent import Extent, Preview, Redacted

WARNING = "This cannot be undone: the audio and the words will be gone from everywhere. Go on?"


ThePicture = Annotated[
    str, typer.Option(metavar="EVIDENCE", help="A picture of evidence to paint over.")
]
Boxes = Annotated[
    list[str] | None,
    typer.Option(metavar="X,Y,WIDTH,HEIGHT", help="Which part, in pixels from upper left."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("redact")(redact)


def redact(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")],
    spans: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SPAN…]",
            help="SEGMENT, SEGMENT[3:5] (words, counted from 0), SESSION@1:17-1:20.5 or an "
            "ENTRY (its text; the audio that it cites is named). None: --also alone.",
        ),
    ] = None,
    reason: Annotated[
        str, typer.Option(help="Why, without saying the words; --preview needs none.")
    ] = "",
    also: Annotated[
        list[str] | None,
        typer.Option(help="Further words to take out of every text of every incident."),
    ] = None,
    *,
    picture: ThePicture = "",
    box: Boxes = None,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="Other incidents lose the words, too.")
    ] = False,
    only_here: Annotated[
        bool, typer.Option("--only-here", help="Other incidents keep them and are named.")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="List what would change; change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take what was said out of audio, text, history, search and backups; no way back.

    The audio of a stretch becomes silence on all tracks of its session. Documents in the
    incident's exports folder are removed: make them anew.
    """
    work: CommandContext = context.obj
    incident_id, reach = work.incident(incident), _reach(context, everywhere, only_here)
    desk, boxes = work.program.redaction, [_box(one) for one in box or ()]
    if bool(boxes) != bool(picture) or (picture and (spans or also or preview)):
        raise typer.BadParameter("--picture and --box stand together, alone", ctx=context)
    if preview:
        seen = desk.preview(incident_id, spans or (), also=also or (), reach=reach)
        _show_preview(work, seen, is_chosen=reach is not None)
        return
    if not reason:
        raise typer.BadParameter("say why", ctx=context, param_hint="--reason")
    if not yes:
        _ask(context)
    if picture:
        _paint_over(work, incident_id, picture, boxes, reason)
        return
    done = desk.redact(incident_id, spans or (), reason=reason, also=also or (), reach=reach)
    _show_done(work, done)


def _paint_over(
    work: CommandContext, incident_id: IncidentId, picture: str, boxes: list[Box], reason: str
) -> None:
    (evidence_id,) = work.evidence(incident_id, [picture])
    shot = work.program.picture_redaction.redact(incident_id, evidence_id, boxes, reason=reason)
    work.output.document(
        {"evidence_id": shot.id, "file": shot.file, "sha256": shot.sha256, "boxes": len(boxes)}
    )
    work.output.say(f"{shot.id}: {counted(len(boxes), 'box', 'boxes')} painted over.")
    work.output.say("Documents in the incident's exports folder are removed: make them anew.")


def _box(typed: str) -> Box:
    try:
        return Box(*map(int, typed.split(",")))
    except (TypeError, ValueError):
        raise typer.BadParameter(f"“{typed}” is no X,Y,WIDTH,HEIGHT", param_hint="--box") from None


def _reach(context: typer.Context, everywhere: bool, only_here: bool) -> Reach | None:  # noqa: FBT001  two flags of one choice
    if everywhere and only_here:
        raise typer.BadParameter(
            "choose one of --everywhere and --only-here", ctx=context, param_hint="--everywhere"
        )
    if everywhere:
        return Reach.EVERYWHERE
    return Reach.ONLY_HERE if only_here else None


def _ask(context: typer.Context) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "nobody can be asked here, and it cannot be undone: add --yes",
            ctx=context,
            param_hint="--yes",
        )
    typer.confirm(WARNING, abort=True, err=True)


def _show_done(work: CommandContext, done: Redacted) -> None:
    made = [to_json_values(redaction) for redaction in done.redactions]
    work.output.document({"redactions": made, **_document(done.extent)})
    for redaction in done.redactions:
        work.output.say(
            f"{redaction.id}: {clock_text(redaction.start_ms)} to {clock_text(redaction.end_ms)}"
            " is silent on all tracks."
        )
    _say_extent(work, done.extent, "changed")


def _show_preview(work: CommandContext, preview: Preview, *, is_chosen: bool) -> None:
    changes = [
        {
            "incident_id": change.incident_id,
            "kind": change.kind,
            "id": change.before["id"],
            "texts": [{"before": before, "after": after} for before, after in change.excerpts],
        }
        for change in preview.changes
    ]
    holding = list(preview.holding)
    more = {"changes": changes, "holding": holding, "sought": list(preview.sought)}
    work.output.document({**_document(preview.extent), **more})
    for line in preview.lines():
        work.output.say(line)
    for path in preview.extent.files:
        work.output.say(f"rewritten: {path}")
    _say_extent(work, preview.extent, "would change")
    if preview.holding and not is_chosen:
        work.output.say(
            f"Other incidents hold the words, too ({', '.join(preview.holding)}): "
            "choose --everywhere or --only-here."
        )


def _say_extent(work: CommandContext, extent: Extent, verb: str) -> None:
    work.output.say(
        f"{extent.segments} segments, {extent.texts} other texts and {len(extent.files)} files"
        f" {verb}."
    )
    for path in extent.removed:
        work.output.say(f"removed: {path}")
    for incident_id in extent.others:
        work.output.say(f"also out of: incident {incident_id}")
    for path, why in extent.left:
        work.output.say(f"left: {path}: {why}")


def _document(extent: Extent) -> dict[str, Any]:
    return {
        "segments": extent.segments,
        "texts": extent.texts,
        "files": len(extent.files),
        "changed_files": list(extent.files),
        "removed": list(extent.removed),
        "others": list(extent.others),
        "left": [{"path": path, "why": why} for path, why in extent.left],
    }
