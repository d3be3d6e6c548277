"""Commands that record: devices, record."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.live_view import CONSENT_KEY, PAUSE_KEY, LiveView
from app.cli.terminal_keys import finishing, pressed_keys
from app.domain.errors import AppError, CaptureError
from app.domain.levels import bar_text, decibels
from app.domain.sessions import SessionKind, TrackSource

if TYPE_CHECKING:
    from app.cli.context import CommandContext
    from app.domain.engine_types import AudioSource
    from app.domain.ids import IncidentId
    from app.domain.sessions import Session
    from app.domain.source_trial import SourceTrial

Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]
Kind = Annotated[SessionKind, typer.Option(help="What the session is.")]
TICK_S = 0.2
VOICES_WITHIN_S = 10.0  # after the last word; lines that still wait keep the label of their track
KINDS = {TrackSource.MIC: "microphone", TrackSource.LOOPBACK: "loopback"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("devices")(devices)
    app.command("record")(record)


def devices(
    context: typer.Context,
    *,
    test: Annotated[
        str, typer.Option(metavar="SOURCE", help="Listen to this one for 3 s; keeps nothing.")
    ] = "",
) -> None:
    """List microphones and loopback sources; exit 1 when one that is tested is not heard."""
    work: CommandContext = context.obj
    trial = _try_out(work, test) if test else None
    rows = [_device(source) for source in work.program.recording.sources()]
    tested = None if trial is None else _trial(trial)
    work.output.document({"devices": rows, "test": tested})
    if trial is not None:
        work.output.say(f"{trial.source.name}: {trial.sentence} {trial.remedy}".rstrip())
        raise typer.Exit(0 if trial.is_good else 1)
    if not rows:
        work.output.say("No audio sources. “hotwash doctor” says why.")
        return
    cells = [[r["id"], r["kind"], r["name"], "default" if r["default"] else ""] for r in rows]
    work.output.table(["id", "kind", "name", ""], cells)


def _try_out(work: CommandContext, name: str) -> SourceTrial:
    with work.output.changing_line() as show:
        return work.program.source_trials.run(
            name, on_level=lambda level: show(f"{bar_text(level.peak)}  {name}")
        )


def _device(source: AudioSource) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "kind": KINDS[source.kind],
        "sample_rate": source.sample_rate,
        "default": source.default,
    }


def _trial(trial: SourceTrial) -> dict[str, Any]:
    return {
        "id": trial.source.id,
        "verdict": trial.verdict.value,
        "peak_db": round(decibels(trial.peak), 1) if trial.peak else None,
        "sentence": trial.sentence,
        "remedy": trial.remedy or None,
    }


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
    with work.output.changing_end() as show_end:
        view = LiveView(work.output, work.program, incident_id, show_end=show_end)
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
        work.program.live_voices.wait(VOICES_WITHIN_S)
    except KeyboardInterrupt:
        # The audio is sealed, or the recorder seals it; only words are missing.
        work.program.recording.stop()
        work.output.note("The rest was not transcribed; “hotwash transcribe” does it.")
    view.show_news(all_of_it=True)
    if work.program.recording.failure is not None:
        view.say_saved(session)
        raise work.program.recording.failure
    view.end(session)
