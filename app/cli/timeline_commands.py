"""Commands on the timeline: promote, retime, anchor, hypothesis, result, changes."""

from __future__ import annotations

import enum
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import CommandContext
from app.cli.promoted_reference import promote_reference
from app.domain.change_window import ChangeWindow, FoundChange, changes_before
from app.domain.encoding import to_json_values
from app.domain.errors import InvalidRecordError
from app.domain.ids import EntryId, IncidentId
from app.domain.mitigations import mitigation_attempts
from app.domain.rules.findings import and_list
from app.domain.timeline import Anchor, EntryKind, MitigationResult, TimelineEntry
from app.domain.times import Precision, iso_utc, moment_text
from app.services.entry_steps import entry_of
from app.services.promotion import Given

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.record import Operation

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]
Entry = Annotated[str, typer.Argument(metavar="ENTRY", help="The entry's id; see “show”.")]
NONE = "none"
MAX_HOURS = 24 * 366


class Ruling(enum.StrEnum):
    """What can become of a hypothesis."""

    CONFIRM = "confirm"
    DISPROVE = "disprove"
    REOPEN = "reopen"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("promote")(promote)
    # so that -5m is a time and no option
    app.command("retime", context_settings={"ignore_unknown_options": True})(retime)
    app.command("anchor")(anchor)
    app.command("hypothesis")(hypothesis)
    app.command("result")(result)
    app.command("changes")(changes)


def promote(
    context: typer.Context,
    incident: Incident,
    reference: Annotated[
        str,
        typer.Argument(
            metavar="REF", help="A segment, message, event or marker, or SESSION@1:17-1:20."
        ),
    ],
    kind: Annotated[EntryKind, typer.Argument(metavar="KIND", help="What it states.")],
    *,
    text: Annotated[str, typer.Option(help="What the entry says; else the words there.")] = "",
    time: Annotated[
        str, typer.Option(help="When it occurred: 14:02, 14:02:31, ISO or unknown.")
    ] = "",
    mark: Annotated[
        Anchor | None, typer.Option("--anchor", help="Which moment of the incident it is.")
    ] = None,
) -> None:
    """Make an entry of what was said, written, reported or marked; the words stay its source."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    operation = promote_reference(
        work.program,
        incident_id,
        reference,
        kind=kind,
        text=text or None,
        given=Given(time, mark),
    )
    made = next(c.after for c in operation.changes if isinstance(c.after, TimelineEntry))
    _show(work, incident_id, made.id, operation)


def retime(
    context: typer.Context,
    incident: Incident,
    entry: Entry,
    time: Annotated[
        str,
        typer.Argument(
            metavar="TIME", help="14:02, 14:02:31, -5m, yesterday 23:50, ISO or “unknown”."
        ),
    ],
    *,
    precision: Annotated[
        Precision | None, typer.Option(help="By default as finely as it is typed.")
    ] = None,
) -> None:
    """Give an entry another time; the first it had is kept."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    entry_id = work.entry(incident_id, entry)
    editing = work.program.timeline_editing
    operation = editing.retime(incident_id, entry_id, time, precision=precision)
    _show(work, incident_id, entry_id, operation)


def anchor(
    context: typer.Context,
    incident: Incident,
    entry: Entry,
    name: Annotated[str, typer.Argument(metavar="ANCHOR", help=f"{', '.join(Anchor)}, or none.")],
    *,
    because: Annotated[
        str | None, typer.Option(help="Why there is no evidence of it: “none, because …”.")
    ] = None,
) -> None:
    """Say which moment of the incident an entry marks; its times are made from these."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    entry_id = work.entry(incident_id, entry)
    if name != NONE and name not in set(Anchor):
        raise InvalidRecordError(
            "anchor", f"there is no “{name}”", remedy=f"Choose of {', '.join(Anchor)}, none."
        )
    chosen = None if name == NONE else Anchor(name)
    former = entry_of(work.program.incidents.record(incident_id), entry_id).anchor
    operation = work.program.timeline_editing.set_anchor(
        incident_id, entry_id, chosen, because=because
    )
    _show(work, incident_id, entry_id, operation)
    if former not in {None, chosen}:
        work.output.note(f"It was the {former} before.")
    entries = work.program.incidents.record(incident_id).entries
    others = [one.id for one in entries if chosen and one.anchor is chosen and one.id != entry_id]
    if others:
        work.output.note(f"The same is marked by {and_list(others)}.")


def hypothesis(
    context: typer.Context,
    incident: Incident,
    entry: Entry,
    ruling: Annotated[Ruling, typer.Argument(help="What becomes of it.")],
    *,
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="EVI", help="What decides it; to confirm it needs some."),
    ] = None,
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When that was; else as of this command.")
    ] = "",
) -> None:
    """Confirm a hypothesis by evidence, rule it out, or open it again."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    entry_id = work.entry(incident_id, entry)
    proofs = work.evidence(incident_id, evidence or [])
    editing = work.program.timeline_editing
    if ruling is Ruling.CONFIRM:
        operation = editing.confirm(incident_id, entry_id, proofs, at=at)
    elif ruling is Ruling.DISPROVE:
        operation = editing.disprove(incident_id, entry_id, proofs, at=at)
    elif proofs or at:
        raise InvalidRecordError("reopen", "to open it again takes neither evidence nor time")
    else:
        operation = editing.reopen(incident_id, entry_id)
    _show(work, incident_id, entry_id, operation)


def result(
    context: typer.Context,
    incident: Incident,
    entry: Annotated[str, typer.Argument(metavar="[ENTRY]", help="The attempt.")] = "",
    outcome: Annotated[
        MitigationResult | None, typer.Argument(metavar="[RESULT]", help="What it led to.")
    ] = None,
) -> None:
    """Say what an attempt to mitigate led to; list the attempts in order."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    if entry:
        if outcome is None:
            results = ", ".join(MitigationResult)
            raise InvalidRecordError("result", "it is missing", remedy=f"Say one of {results}.")
        work.program.timeline_editing.set_result(
            incident_id, work.entry(incident_id, entry), outcome
        )
    attempts = mitigation_attempts(work.program.incidents.record(incident_id).entries)
    work.output.document({"attempts": [to_json_values(one) for one in attempts]})
    work.output.table(
        ["occurred", "id", "what", "result"],
        [[_when(one), one.id, one.text, one.mitigation_result or "not said"] for one in attempts],
    )


def changes(
    context: typer.Context,
    incident: Incident,
    *,
    hours: Annotated[float, typer.Option(min=0.1, max=MAX_HOURS, help="How far back.")] = 24,
) -> None:
    """List what changed before the impact began: deploys, configuration, dependencies."""
    work: CommandContext = context.obj
    record = work.program.incidents.record(work.incident(incident))
    window = changes_before(record, timedelta(hours=hours))
    work.output.document(_window(window))
    if window.until is None or window.anchor is None:
        work.output.say("Neither the impact's start nor the detection has a time yet.")
        return
    name = window.anchor.value.replace("_", " ")
    work.output.say(f"Within {hours:g} h before the {name} ({_moment(window.until)}):")
    work.output.table(
        ["at", "kind", "what"], [[_moment(c.at), c.kind, c.text] for c in window.changes]
    )
    if not window.changes:
        work.output.say("Nothing on record.")


def _window(window: ChangeWindow) -> dict[str, Any]:
    return {
        "anchor": None if window.anchor is None else window.anchor.value,
        "since": None if window.since is None else iso_utc(window.since),
        "until": None if window.until is None else iso_utc(window.until),
        "changes": [_change(change, window) for change in window.changes],
    }


def _change(change: FoundChange, window: ChangeWindow) -> dict[str, Any]:
    before = None if window.until is None else (window.until - change.at).total_seconds() / 60
    return {
        "at": iso_utc(change.at),
        "precision": change.precision.value,
        "minutes_before": before,
        "kind": change.kind,
        "text": change.text,
        "event_id": None if change.event is None else change.event.id,
        "entry_id": None if change.entry is None else change.entry.id,
        "url": None if change.event is None else change.event.url,
    }


def _show(
    work: CommandContext, incident_id: IncidentId, entry_id: EntryId, operation: Operation | None
) -> None:
    entry = entry_of(work.program.incidents.record(incident_id), entry_id)
    work.output.document(
        {"edit": None if operation is None else operation.id, "entry": to_json_values(entry)}
    )
    done = "It stands so already" if operation is None else operation.label.capitalize()
    anchored = f" [{entry.anchor.value}]" if entry.anchor else ""
    work.output.say(
        f"{done}: {_when(entry)} {entry.kind.value}{anchored} {entry.text} ({entry.id})"
    )


def _moment(at: datetime) -> str:
    return moment_text(at, Precision.SECOND)


def _when(entry: TimelineEntry) -> str:
    if entry.occurred_at is None:
        return "time unknown"
    return moment_text(entry.occurred_at, entry.precision)
