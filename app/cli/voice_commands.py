"""The command voices: people's voices that are remembered across incidents, if they agree."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from app.cli.context import CommandContext
from app.domain.errors import PassphraseNeededError
from app.domain.naming import named
from app.domain.times import iso_utc
from app.domain.voice_prints import WHAT_IS_KEPT, VoicePrint, VoiceSuggestion

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Incident = Annotated[str, typer.Argument(metavar="ID", help="Incident id, or its beginning.")]
Voice = Annotated[
    str, typer.Argument(metavar="VOICE", help="Id or name of a voice that is named.")
]
Print = Annotated[str, typer.Argument(metavar="PRINT", help="Its id, or the beginning of it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    voices = typer.Typer(
        help="Remember voices that people have named, to suggest names in later incidents. "
        "Off until it is switched on.",
        no_args_is_help=True,
    )
    voices.command("on")(on)
    voices.command("off")(off)
    voices.command("list")(show)
    voices.command("remember")(remember)
    voices.command("suggest")(suggest)
    voices.command("forget")(forget)
    voices.command("forget-all")(forget_all)
    app.add_typer(voices, name="voices")


def on(context: typer.Context) -> None:
    """Allow voices to be remembered; says what is kept."""
    work: CommandContext = context.obj
    work.output.note(WHAT_IS_KEPT)
    work.program.voice_prints.switch(on=True)
    _tell_switch(work)
    work.output.say("Voices may be remembered: hotwash voices remember ID VOICE.")


def off(context: typer.Context) -> None:
    """Remember and suggest no longer; what is kept stays until it is forgotten."""
    work: CommandContext = context.obj
    prints = work.program.voice_prints
    prints.switch(on=False)
    _tell_switch(work)
    kept = " What is kept stays: hotwash voices forget-all." if prints.keeps_any else ""
    work.output.say(f"Voices are not remembered any more.{kept}")


def show(context: typer.Context) -> None:
    """List the voices that are remembered."""
    work: CommandContext = context.obj
    prints = work.program.voice_prints
    kept = _with_key(work, prints.kept)
    work.output.document({"on": prints.is_on, "voices": [_values(one) for one in kept]})
    work.output.table(
        ["id", "name", "from", "heard", "remembered", "by"],
        [
            [
                one.id,
                one.name,
                one.incident_id,
                f"{one.seconds:.0f} s",
                one.made_at.date(),
                one.made_by,
            ]
            for one in kept
        ],
    )
    if not kept:
        work.output.say("No voice is remembered.")


def remember(context: typer.Context, incident: Incident, voice: Voice) -> None:
    """Remember a voice of an incident that a person has named."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    speakers = work.program.incidents.record(incident_id).speakers
    by_name = [speaker for speaker in speakers if voice in {speaker.name, speaker.label}]
    chosen = by_name[0] if len(by_name) == 1 else None
    speaker = chosen or named(speakers, voice, "voice", see="hotwash speakers ID")
    with work.showing_progress():
        made = _with_key(work, lambda: work.program.voice_prints.remember(incident_id, speaker.id))
    work.output.document({"voice": _values(made)})
    work.output.say(
        f"{made.name}'s voice is remembered from {made.seconds:.0f} s of speech: {made.id}."
    )


def suggest(context: typer.Context, incident: Incident) -> None:
    """Say who the voices of an incident may be; to accept one, name the voice."""
    work: CommandContext = context.obj
    incident_id = work.incident(incident)
    with work.showing_progress():
        found = _with_key(work, lambda: work.program.voice_prints.suggest(incident_id))
    work.output.document(
        {"incident_id": incident_id, "suggestions": [_suggestion(one) for one in found]}
    )
    for one in found:
        work.output.say(one.sentence)
    if found:
        example = found[0]
        work.output.say(
            "Nothing is named by itself. To accept one: "
            f'hotwash speakers {incident} --rename "{example.speaker_id}={example.name}"'
        )
    else:
        work.output.say("No voice without a name is like one that is remembered.")


def forget(context: typer.Context, wanted: Print) -> None:
    """Forget a remembered voice."""
    work: CommandContext = context.obj
    gone = _with_key(work, lambda: work.program.voice_prints.forget(wanted))
    work.output.document({"forgotten": [gone.id]})
    work.output.say(f"{gone.name}'s voice is forgotten.")


def forget_all(context: typer.Context) -> None:
    """Forget all voices and the key; needs no passphrase."""
    work: CommandContext = context.obj
    work.program.voice_prints.forget_all()
    work.output.document({"forgotten": "all"})
    work.output.say("No voice is remembered any more.")


def _with_key(work: CommandContext, act: Callable[[], T]) -> T:
    """Do what may need a passphrase; where none was given and somebody is there, ask."""
    try:
        return act()
    except PassphraseNeededError:
        if not sys.stdin.isatty():
            raise
        is_new = not work.program.voice_prints.keeps_any
        passphrase = typer.prompt(
            "Passphrase of the remembered voices",
            hide_input=True,
            confirmation_prompt=is_new,
            err=True,
        )
        work.program.voice_prints.unlock(passphrase)
        return act()


def _tell_switch(work: CommandContext) -> None:
    work.output.document({"on": work.program.voice_prints.is_on})


def _values(one: VoicePrint) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "incident_id": one.incident_id,
        "speaker_id": one.speaker_id,
        "session_ids": sorted({stretch.session_id for stretch in one.stretches}),
        "seconds": round(one.seconds, 1),
        "model_id": one.model_id,
        "made_at": iso_utc(one.made_at),
        "made_by": one.made_by,
    }


def _suggestion(one: VoiceSuggestion) -> dict[str, Any]:
    return {
        "speaker_id": one.speaker_id,
        "label": one.label,
        "name": one.name,
        "score": round(one.score, 3),
        "next_best": None if one.next_best is None else round(one.next_best, 3),
        "margin": None if one.margin is None else round(one.margin, 3),
        "clear": one.is_clear,
        "print_id": one.print_id,
    }
