"""The command server: a transcription server of the team's own, set up, agreed to, left."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated, Any

import typer

from app.cli.context import CommandContext
from app.domain.errors import InvalidRecordError, NotFoundError, RecordError
from app.domain.transcription_server import TranscriptionServer
from app.services.engine_choice import refuse_sending
from app.services.settings_file import read_settings, write_settings

Agree = Annotated[
    bool, typer.Option("--agree", help="You agree that audio leaves this machine for that host.")
]
EXAMPLE = "hotwash server set https://asr.example.org --model whisper-1"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    server = typer.Typer(
        help="Recognise on a transcription server of the team's own (OpenAI's protocol): audio "
        "leaves this machine, so a person has to agree.",
        no_args_is_help=True,
    )
    server.command("show")(show)
    server.command("set")(set_up)
    server.command("on")(on)
    server.command("off")(off)
    server.command("check")(check)
    app.add_typer(server, name="server")


def show(context: typer.Context) -> None:
    """Say which server is set up, and whether it is in use."""
    work: CommandContext = context.obj
    _show(work, work.settings.server)


def set_up(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Such as https://asr.example.org.")],
    *,
    model: Annotated[str, typer.Option(help="What the server calls the model.")],
    token_variable: Annotated[
        str, typer.Option(metavar="NAME", help="Environment variable that holds the token.")
    ] = "",
    token_file: Annotated[
        str, typer.Option(metavar="PATH", help="File that holds the token.")
    ] = "",
    prompt: Annotated[str, typer.Option(help="Words the server is told to expect.")] = "",
    agree: Agree = False,
) -> None:
    """Set up a server and use it; the access token itself is kept nowhere."""
    work: CommandContext = context.obj
    try:
        server = TranscriptionServer(
            url,
            model,
            token_variable=token_variable,
            token_file=token_file,
            prompt=prompt,
        )
    except ValueError as cause:
        raise InvalidRecordError("server", str(cause)) from cause
    _use(work, server, agree=agree)


def on(context: typer.Context, *, agree: Agree = False) -> None:
    """Use the server that is set up."""
    work: CommandContext = context.obj
    _use(work, _known(work), agree=agree)


def off(context: typer.Context) -> None:
    """Recognise on this machine again; the server stays set up."""
    work: CommandContext = context.obj
    _keep(work, replace(_known(work), in_use=False))


def check(context: typer.Context) -> None:
    """Send half a second of silence, and say how the server takes it."""
    from transcription.remote_recognizer import try_server  # noqa: PLC0415  brings numpy

    work: CommandContext = context.obj
    server = _known(work)
    refuse_sending(server, work.settings)
    try_server(server, proxy=work.settings.proxy)
    _show(work, server)
    work.output.say("It answers with a transcript.")


def _known(work: CommandContext) -> TranscriptionServer:
    server = work.settings.server
    if server is None:
        raise NotFoundError("No transcription server is set up.", remedy=f"Set one up: {EXAMPLE}")
    return server


def _use(work: CommandContext, server: TranscriptionServer, *, agree: bool) -> None:
    """Use a server once a person agrees; asks, where somebody can answer.

    Raises:
        RecordError: Nobody has agreed.
    """
    work.output.note(server.statement)
    agree = agree or server.agreed or (sys.stdin.isatty() and _answers_yes())
    if not agree:
        raise RecordError(
            f"Nobody has agreed that audio leaves this machine for {server.host}.",
            remedy="Give --agree; nothing was changed.",
        )
    _keep(work, replace(server, agreed_host=server.host, in_use=True))


def _answers_yes() -> bool:
    return typer.confirm("Do you agree?", err=True)


def _keep(work: CommandContext, server: TranscriptionServer) -> None:
    kept = read_settings(work.home.settings)  # what the environment adds is not for the file
    write_settings(work.home.settings, replace(kept, server=server))
    _show(work, server)
    work.output.say("A program that is open must be opened again to follow.")


def _show(work: CommandContext, server: TranscriptionServer | None) -> None:
    work.output.document({"server": None if server is None else _values(server)})
    if server is None:
        work.output.say("No transcription server is set up: audio stays on this machine.")
        return
    state = server.statement if server.in_use else "Set up and not in use: audio stays here."
    work.output.say(f"{server.host}, model {server.model}. {state}")
    work.output.say(f"Access token: {_token_place(server)}")


def _values(server: TranscriptionServer) -> dict[str, Any]:
    return {
        "url": server.url,
        "host": server.host,
        "model": server.model,
        "in_use": server.in_use,
        "agreed": server.agreed,
        "token_variable": server.token_variable or None,
        "token_file": server.token_file or None,
        "prompt": server.prompt or None,
    }


def _token_place(server: TranscriptionServer) -> str:
    if server.token_variable:
        return f"from the environment variable {server.token_variable}"
    return f"from the file {server.token_file}" if server.token_file else "none"
