"""``attach``: audio and video files become sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.domain.encoding import to_json_values
from app.domain.errors import StartUnknownError
from app.domain.naming import named
from app.domain.sessions import SessionKind, TrackLabel
from app.domain.times import after, clock_text, iso_utc, now_utc

if TYPE_CHECKING:
    from app.cli.context import CommandContext
    from app.domain.ids import IncidentId
    from app.domain.record import Record
    from app.services.attachment_plan import Attached

EXAMPLE = "2026-03-12T14:46:00Z"
FOR_FILES = ("track", "stream", "kind")  # options that say nothing of a session that is there


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("attach")(attach)


def attach(
    context: typer.Context,
    incident: Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE…")] = None,
    *,
    start: Annotated[
        str,
        typer.Option(
            metavar="ISO",
            help="When all of them began, with zone or Z; without it, what each of them says.",
        ),
    ] = "",
    track: Annotated[TrackLabel | None, typer.Option(help="Which side the files hear.")] = None,
    stream: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Of several audio streams only this one."),
    ] = None,
    kind: Annotated[SessionKind, typer.Option(help="What the session is.")] = SessionKind.IMPORT,
    transcribe: Annotated[bool, typer.Option(help="Recognise the words at once.")] = True,
    session: Annotated[
        str, typer.Option(metavar="SESSION", help="In place of files: correct when it began.")
    ] = "",
) -> None:
    """Attach audio or video files: those of one call are the tracks of one session."""
    work: CommandContext = context.obj
    start_utc = _start(start) if start else None
    if session:
        _correct(work, incident, session, _start_alone(context, files, start_utc))
        return
    if not files:
        raise typer.BadParameter("Name a FILE to attach.")
    incident_id = work.incident(incident)
    work.say_what_recognises(wanted=transcribe)
    try:
        with work.showing_progress():
            attached = work.program.attachment.attach(
                incident_id,
                files,
                start_utc=start_utc,
                kind=kind,
                labels=None if track is None else [track] * len(files),
                stream=stream,
            )
    except StartUnknownError as unknown:
        raise typer.BadParameter(f"{unknown} Say it: --start {EXAMPLE}.") from unknown
    # Told before anything is recognised: without a model, too, they are attached.
    _tell(work, work.program.incidents.record(incident_id), attached)
    if transcribe:
        _recognise(work, incident_id, attached)


def _start_alone(
    context: typer.Context, files: list[Path] | None, start_utc: datetime | None
) -> datetime:
    """Return the start; refuse what would have no effect on a session that is there."""
    for name in FOR_FILES:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(
                f"--{name} is for files that are attached; --session only corrects when a session "
                "began. Leave it out."
            )
    if files or start_utc is None:
        raise typer.BadParameter("--session goes with --start, and without FILE.")
    return start_utc


def _tell(work: CommandContext, record: Record, attached: list[Attached]) -> None:
    work.output.document({"sessions": [_session(record, one) for one in attached]})
    for one in attached:
        for found in record.tracks_of(one.session.id):
            length, start = clock_text(found.duration_ms or 0), one.starts[found.id]
            work.output.say(f"{found.device}: {found.label.value}, {length}")
            work.output.say(f"  began {iso_utc(start.at)}, {start.words}")
        for remark in one.remarks:
            work.output.note(remark)


def _session(record: Record, one: Attached) -> dict[str, Any]:
    return {
        "session_id": one.session.id,
        "start_utc": iso_utc(one.session.start_utc),
        "starts": [
            {
                "track_id": track_id,
                "start_utc": iso_utc(start.at),
                "from": start.source.value,
                "words": start.words,
            }
            for track_id, start in one.starts.items()
        ],
        "remarks": list(one.remarks),
        "tracks": [to_json_values(found) for found in record.tracks_of(one.session.id)],
    }


def _correct(work: CommandContext, incident: str, wanted: str, start_utc: datetime) -> None:
    incident_id = work.incident(incident)
    record = work.program.incidents.record(incident_id)
    known = named(record.sessions, wanted, "session", see="hotwash show ID")
    session = work.program.attachment.correct_start(incident_id, known.id, start_utc)
    began = iso_utc(after(session.start_utc, session.clock_offset_ms))
    work.output.document(
        {
            "session_id": session.id,
            "start_utc": began,
            "clock_offset_ms": session.clock_offset_ms,
        }
    )
    work.output.say(f"The session began at {began}. Entries from it keep the times they have.")


def _recognise(work: CommandContext, incident_id: IncidentId, attached: list[Attached]) -> None:
    with work.showing_progress():
        sessions = {one.session.id for one in attached}
        work.program.transcription.run(incident_id, sessions=sessions)
    unavailable = work.program.speakers.unavailable
    if unavailable is not None:
        work.output.note(f"Voices are labelled by track. {unavailable} {unavailable.remedy}")


def _start(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        utc = moment.astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        raise typer.BadParameter(
            f"--start: “{text}” is no time. Write it like {EXAMPLE}."
        ) from cause
    if moment.tzinfo is None:
        raise typer.BadParameter(
            f"--start: “{text}” has no time zone. Add one, for example Z for UTC."
        )
    if utc > now_utc():
        raise typer.BadParameter(f"--start: “{text}” lies in the future.")
    return utc
