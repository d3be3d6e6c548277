"""Commands on the history: undo, redo, history, locks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import CommandContext
from app.domain.errors import NotFoundError
from app.domain.record import Operation, entity_type
from app.domain.times import Precision, iso_utc, moment_text
from app.services.lock_diff import FieldDiff, ThingDiff, lock_diff

if TYPE_CHECKING:
    from app.domain.locks import Lock

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]
TOLD = ("label", "by", "at", "undone_by", "changes")
SHOWN_WORDS = 60  # characters
NO_STEP: dict[str, Any] = {**dict.fromkeys(("id", *TOLD)), "changes": []}
MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("undo")(undo)
    app.command("redo")(redo)
    app.command("history")(history)
    app.command("locks")(locks)


def undo(context: typer.Context, incident: Incident) -> None:
    """Take back the latest step, whoever did it."""
    work: CommandContext = context.obj
    operation = work.program.editing.undo(work.incident(incident))
    _tell(work, operation, "Undone", "Nothing to undo.")


def redo(context: typer.Context, incident: Incident) -> None:
    """Do again what was taken back last."""
    work: CommandContext = context.obj
    operation = work.program.editing.redo(work.incident(incident))
    _tell(work, operation, "Done again", "Nothing to redo.")


def _tell(work: CommandContext, operation: Operation | None, done: str, nothing: str) -> None:
    step = NO_STEP if operation is None else _step(operation)
    # “edit” is the name under which apply shows a step, too.
    work.output.document({"edit": step["id"], **{name: step[name] for name in TOLD}})
    if operation is None:
        work.output.say(nothing)
    else:
        when = iso_utc(operation.at)
        work.output.say(f"{done}: {_what(operation)} (by {operation.by}, {when})")


def history(
    context: typer.Context,
    incident: Incident,
    thing: Annotated[
        str, typer.Argument(metavar="[ENTRY]", help="The steps on one entry, or any other thing.")
    ] = "",
) -> None:
    """List the steps: when, who, what; those that were taken back, too."""
    work: CommandContext = context.obj
    record = work.program.incidents.record(work.incident(incident))
    steps = [
        operation
        for operation in record.operations
        if not thing or any(change.entity.id == thing for change in operation.changes)
    ]
    if thing and not steps:
        raise NotFoundError(f"Nothing was ever done to “{thing}”.", remedy="Check the id.")
    work.output.document({"steps": [_step(operation) for operation in steps]})
    work.output.table(
        ["at", "by", "what", ""],
        [[iso_utc(step.at), step.by, _what(step), _undone(step)] for step in steps],
    )


def _what(step: Operation) -> str:
    """Return what a step did, and to what: the first words of the first thing that has any."""
    for change in step.changes:
        for name in ("text", "known", "role", "name", "title"):
            words = getattr(change.entity, name, None)
            if isinstance(words, str) and words.strip():
                short = words if len(words) <= SHOWN_WORDS else f"{words[:SHOWN_WORDS].rstrip()}…"
                return f"{step.label}: {short}"
    return step.label


def _undone(step: Operation) -> str:
    return f"undone by {step.undone_by}" if step.undone else ""


def _step(operation: Operation) -> dict[str, Any]:
    return {
        "id": operation.id,
        "at": iso_utc(operation.at),
        "by": operation.by,
        "label": operation.label,
        "undone": operation.undone,
        "undone_by": operation.undone_by,
        "changes": [
            {"type": entity_type(change.entity), "id": change.entity.id}
            for change in operation.changes
        ],
    }


def locks(
    context: typer.Context,
    incident: Incident,
    *,
    diff: Annotated[
        str, typer.Option("--diff", metavar="NAME", help="What changed after this lock.")
    ] = "",
) -> None:
    """List the locks and how much changed after each; with --diff, what, word by word."""
    work: CommandContext = context.obj
    record = work.program.incidents.record(work.incident(incident))
    if diff and diff not in {name for lock in record.locks for name in (lock.name, lock.id)}:
        raise NotFoundError(f"There is no lock “{diff}”.", remedy="“hotwash locks ID” lists them.")
    differing = [(lock, lock_diff(record, lock)) for lock in record.locks]
    shown = next((things for lock, things in differing if diff in {lock.name, lock.id}), ())
    work.output.document(
        {
            "locks": [_lock(lock, len(things)) for lock, things in differing],
            "diff": [_thing(thing) for thing in shown] if diff else None,
        }
    )
    if not diff:
        rows = [[lock.name, iso_utc(lock.at), lock.by, len(t)] for lock, t in differing]
        work.output.table(["name", "at", "by", "changed since"], rows)
        return
    for thing in shown:
        _say(work, thing)
    if not shown:
        work.output.say("Everything stands as it was locked.")


def _lock(lock: Lock, changed: int) -> dict[str, Any]:
    return {
        "id": lock.id,
        "name": lock.name,
        "at": iso_utc(lock.at),
        "by": lock.by,
        "record_sha256": lock.record_sha256,
        "things": len(lock.parts),
        "changed": changed,
    }


def _thing(thing: ThingDiff) -> dict[str, Any]:
    return {
        "type": thing.type,
        "id": thing.id,
        "change": thing.change.value,
        "shown_as": thing.shown_as,
        "former_known": thing.former_known,
        "fields": [
            {
                "name": field.name,
                "former": field.former,
                "now": field.now,
                "words": [{"change": run.change, "text": run.text} for run in field.words],
            }
            for field in thing.fields
        ],
        "steps": [
            {"at": iso_utc(step.at), "by": step.by, "label": step.label} for step in thing.steps
        ],
    }


def _say(work: CommandContext, thing: ThingDiff) -> None:
    work.output.say(f"{thing.change.value} {thing.type} {thing.id}  {thing.shown_as}")
    if not thing.former_known:
        work.output.say("    its former words are not kept")
    for field in thing.fields:
        work.output.say(f"    {field.name}: {_field(field)}")
    for step in thing.steps:
        work.output.say(f"    {moment_text(step.at, Precision.SECOND)} {step.by}: {step.label}")


def _field(field: FieldDiff) -> str:
    if field.words:
        return "".join(MARKS[run.change].format(run.text) for run in field.words)
    former, now = (json.dumps(v, ensure_ascii=False) for v in (field.former, field.now))
    return f"{former} → {now}"
