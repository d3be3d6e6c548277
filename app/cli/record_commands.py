"""Commands on the record: new, incidents, show, apply, search."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import CommandContext, read_json
from app.cli.output import counted
from app.domain.analysis import Factor, Rca
from app.domain.incident import IncidentTrack
from app.domain.rules.closing import held_back
from app.domain.timeline import TimelineEntry
from app.domain.times import iso_utc, moment_text
from app.services.record_json import record_bytes

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new")(new)
    app.command("incidents")(incidents)
    app.command("show")(show)
    app.command("apply")(apply)
    app.command("search")(search)


def new(
    context: typer.Context,
    title: str,
    *,
    severity: Annotated[str, typer.Option(help="A word of your rubric, such as SEV1.")] = "",
    track: Annotated[IncidentTrack, typer.Option(help="Who may know.")] = IncidentTrack.NORMAL,
) -> None:
    """Open an incident and print its id."""
    work: CommandContext = context.obj
    incident = work.program.incidents.create(title, severity or None, track=track)
    rubric = work.program.live_work.rubric.rubric
    if severity and rubric.level(severity) is None:
        work.output.note(
            f"“{severity}” is no level of your rubric, so it asks for no updates. "
            f"Its levels: {', '.join(rubric.names)}; "
            f"hotwash severity {incident.id} LEVEL corrects it."
        )
    work.output.document(
        {
            "id": incident.id,
            "title": incident.title,
            "severity": incident.severity,
            "created_at": iso_utc(incident.created_at),
        }
    )
    work.output.say(incident.id)


def incidents(context: typer.Context) -> None:
    """List the incidents, newest first."""
    work: CommandContext = context.obj
    rows = [
        {
            "id": summary.id,
            "title": summary.title,
            "severity": summary.severity,
            "state": summary.state.value,
            "started_at": None if summary.started_at is None else iso_utc(summary.started_at),
        }
        for summary in work.program.incidents.summaries()
    ]
    work.output.document({"incidents": rows})
    if not rows:
        work.output.say("No incidents yet. Open one: hotwash new TITLE")
    else:
        work.output.table(list(rows[0]), [list(row.values()) for row in rows])


def show(context: typer.Context, incident: Incident) -> None:
    """Print the whole record: a summary, or all of it with --json."""
    work: CommandContext = context.obj
    record = work.program.incidents.record(work.incident(incident))
    if work.output.as_json:
        work.output.spelled(record_bytes(record))
        return
    about = record.incident
    work.output.say(f"{about.title}  {about.severity or 'no severity'}  {about.state.value}")
    work.output.say(
        f"{counted(len(record.sessions), 'session')}, "
        f"{counted(len(record.segments), 'segment')}, "
        f"{counted(len(record.entries), 'entry', 'entries')}, "
        f"{counted(len(record.decisions), 'decision')}, "
        f"{counted(len(record.actions), 'follow-up action')}"
    )
    bled = sum(segment.bleed for segment in record.segments)
    if bled:
        work.output.say(f"{bled} segments of the room are the bridge heard through loudspeakers.")
    work.output.table(
        ["occurred", "", "what", "marks", "id"],
        [
            [
                moment_text(entry.occurred_at, entry.precision) if entry.occurred_at else "",
                entry.kind.letter,
                entry.text,
                _marks(entry),
                entry.id,
            ]
            for entry in record.timeline()
        ],
    )
    if record.segments:
        work.output.say(
            "What was said is found, with the ids of its segments: hotwash search WORDS"
        )


def _marks(entry: TimelineEntry) -> str:
    """Return the anchor, what became of a hypothesis, and what an attempt led to."""
    state, result = entry.hypothesis_state, entry.mitigation_result
    marks = [] if entry.anchor is None else [entry.anchor.value.replace("_", " ")]
    marks += [] if state is None else [state.value]
    marks += [] if result is None else [f"result: {result.value}"]
    return ", ".join(marks)


def apply(
    context: typer.Context,
    incident: Incident,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="“-” reads standard input.")],
) -> None:
    """Apply edits and promotions written in the record's own schema; all of them, or none."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    operation = work.program.edits.apply(incident_id, read_json(file))
    if any(isinstance(change.entity, Rca | Factor) for change in operation.changes):
        waits = held_back(work.program.incidents.record(incident_id))
        if waits is not None:
            work.output.note(waits)
    changed = [change.entity.id for change in operation.changes]
    work.output.document({"edit": operation.id, "changed": changed})
    work.output.say(f"{counted(len(changed), 'change')} applied.")


def search(context: typer.Context, words: list[str]) -> None:
    """Search the transcripts of all incidents."""
    work: CommandContext = context.obj
    hits = [
        {
            "incident_id": hit.incident_id,
            "title": hit.incident_title,
            "type": "segment",
            "id": hit.segment_id,
            "snippet": hit.snippet,
            "at": iso_utc(hit.said_at),
            "score": hit.score,
        }
        for hit in work.program.store.search(" ".join(words))
    ]
    work.output.document({"hits": hits})
    if not hits:
        work.output.say("Nothing found.")
        return
    work.output.table(
        ["at", "incident", "words", "id"],
        [[hit["at"], hit["title"], hit["snippet"], hit["id"]] for hit in hits],
    )
