"""Commands that bring audio in: devices, record, attach."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.live_view import CONSENT_KEY, PAUSE_KEY, LiveView
from app.cli.terminal_keys import finishing, pressed_keys
from app.domain.encoding import to_json_values
from app.domain.errors import AppError, CaptureError
from app.domain.sessions import SessionKind, TrackLabel
from app.domain.times import clock_text, iso_utc

if TYPE_CHECKING:
    from app.cli.context import CommandContext
    from app.domain.ids import IncidentId
    from app.domain.sessions import Session

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]
Kind = Annotated[SessionKind, typer.Option(help="What the session is.")]
TICK_S = 0.2


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("devices")(devices)
    app.command("record")(record)
    app.command("attach")(attach)


def devices(context: typer.Context) -> None:
    """List microphones and loopback sources."""
    work: CommandContext = context.obj
    kinds = {"mic": "microphone", "loopback": "loopback"}
    rows = [
        {
            "id": source.id,
            "name": source.name,
            "kind": kinds[source.kind.value],
            "sample_rate": source.sample_rate,
            "default": source.default,
        }
        for source in work.program.recording.sources()
    ]
    work.output.document({"devices": rows})
    if not rows:
        work.output.say("No audio sources. “hotwash doctor” says why.")
        return
    cells = [[r["id"], r["kind"], r["name"], "default" if r["default"] else ""] for r in rows]
    work.output.table(["id", "kind", "name", ""], cells)


def record(
    context: typer.Context,
    incident: Incident,
    *,
    mic: Annotated[str, typer.Option(help="Source id for the room, or “none”.")] = "",
    bridge: Annotated[str, typer.Option(help="Source id for the bridge, or “none”.")] = "",
    mic_fallback: Annotated[str, typer.Option(help="Heard while the microphone is away.")] = "",
    bridge_fallback: Annotated[str, typer.Option(help="Heard while the bridge is away.")] = "",
    duration: Annotated[float, typer.Option(help="Seconds; without it, until Ctrl-C.")] = 0.0,
    kind: Kind = SessionKind.BRIDGE,
    transcribe: Annotated[bool, typer.Option(help="Live transcript.")] = True,
    attach: Annotated[
        bool,
        typer.Option("--attach", help="Follow the recorder that runs; Ctrl-C lets it run on."),
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="With --attach: stop it.")] = False,
) -> None:
    """Record the bridge and the room until Ctrl-C, with the transcript on the terminal."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    if not transcribe:
        work.program.live.turn_off()
    view = LiveView(work.output, work.program, incident_id)
    if attach or stop:
        session = _find(work, incident_id)
    else:
        settings = work.program.settings
        session = work.program.recording.start(
            incident_id,
            kind=kind,
            mic=mic or settings.microphone,
            bridge=bridge or settings.bridge,
            mic_fallback=mic_fallback or settings.microphone_fallback,
            bridge_fallback=bridge_fallback or settings.bridge_fallback,
        )
    if not stop:
        _follow(work, view, session, duration)
    if attach and not stop and work.program.recording.active is not None:
        work.output.say(f"The recording goes on. Stop it: hotwash record {incident} --stop")
        view.end(session)
        return
    _finish(work, view, session)


def _find(work: CommandContext, incident_id: IncidentId) -> Session:
    session = work.program.recording.reattach(incident_id)
    if session is None:
        raise CaptureError(
            "No recording of this incident is running.", remedy="Start one without --attach."
        )
    return session


def _follow(work: CommandContext, view: LiveView, session: Session, duration: float) -> None:
    """Show what happens until time is up, the recording ends, or Ctrl-C."""
    until = time.monotonic() + duration if duration > 0 else math.inf
    with suppress(KeyboardInterrupt), pressed_keys() as keys:
        view.begin(session, keys=keys is not None)
        while work.program.recording.active is not None and time.monotonic() < until:
            view.show_news()
            if keys is None:
                time.sleep(TICK_S)
            else:
                key = keys(TICK_S)
                with finishing():
                    _obey(work, view, session, key)


def _obey(work: CommandContext, view: LiveView, session: Session, key: str) -> None:
    """Do what a key on the terminal asks for; what is refused is told and stops nothing."""
    conduct, incident_id = work.program.conduct, session.incident_id
    try:
        if key == PAUSE_KEY and view.is_paused:
            conduct.resume(incident_id)
        elif key == PAUSE_KEY:
            conduct.pause(incident_id)
        elif key == CONSENT_KEY:
            work.output.say(conduct.consent_text())
            view.say_announced(conduct.announce(incident_id)[1])
    except AppError as error:
        work.output.note(f"{error} {error.remedy}")


def _finish(work: CommandContext, view: LiveView, session: Session) -> None:
    try:
        work.program.recording.stop()
        if work.program.recording.failure is None:
            view.say_stopped()
        while not work.program.live.wait(TICK_S):
            view.show_news()
    except KeyboardInterrupt:
        # The audio is sealed, or the recorder seals it; only words are missing.
        work.program.recording.stop()
        work.output.note("The rest was not transcribed; “hotwash transcribe” does it.")
    view.show_news()
    if work.program.recording.failure is not None:
        view.say_saved(session)
        raise work.program.recording.failure
    view.end(session)


def attach(
    context: typer.Context,
    incident: Incident,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    *,
    start: Annotated[str, typer.Option(metavar="ISO", help="When it began, with zone or Z.")] = "",
    track: Annotated[TrackLabel | None, typer.Option(help="Which side the files hear.")] = None,
    kind: Kind = SessionKind.IMPORT,
    transcribe: Annotated[bool, typer.Option(help="Recognise the words at once.")] = True,
) -> None:
    """Attach audio or video files: those of one call are the tracks of one session."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    start_utc = _start(start)
    with work.showing_progress():
        sessions = work.program.attachment.attach(
            incident_id,
            files,
            start_utc=start_utc,
            kind=kind,
            labels=None if track is None else [track] * len(files),
            transcribe=transcribe,
        )
    whole = work.program.incidents.record(incident_id)
    attached = [(session, whole.tracks_of(session.id)) for session in sessions]
    work.output.document(
        {
            "sessions": [
                {
                    "session_id": session.id,
                    "start_utc": iso_utc(session.start_utc),
                    "tracks": [to_json_values(found) for found in tracks],
                }
                for session, tracks in attached
            ]
        }
    )
    for _session, tracks in attached:
        for found in tracks:
            length = clock_text(found.duration_ms or 0)
            work.output.say(f"{found.device}: {found.label.value}, {length}")
    if transcribe:
        _say_voices(work)


def _say_voices(work: CommandContext) -> None:
    if work.program.model_note:
        work.output.note(work.program.model_note)
    unavailable = work.program.speakers.unavailable
    if unavailable is not None:
        work.output.note(f"Voices are labelled by track. {unavailable} {unavailable.remedy}")


def _start(text: str) -> datetime:
    if not text:
        raise typer.BadParameter(
            "When the recording began is not known. Say it: --start 2026-03-12T14:46:00Z."
        )
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as cause:
        raise typer.BadParameter(
            f"--start: “{text}” is no time. Write it like 2026-03-12T14:46:00Z."
        ) from cause
    if moment.tzinfo is None:
        raise typer.BadParameter(
            f"--start: “{text}” has no time zone. Add one, for example Z for UTC."
        )
    return moment.astimezone(UTC)
