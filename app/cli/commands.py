"""The commands and their words; what they do is in the modules beside."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import (
    bundle_commands,
    capture_commands,
    check_commands,
    conduct_commands,
    demo_command,
    evidence_commands,
    handover_commands,
    history_commands,
    live_commands,
    log_commands,
    model_commands,
    pack_command,
    record_commands,
    redact_command,
    rubric_commands,
    rule_commands,
    standing_commands,
    timeline_commands,
    transcript_commands,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.cli.context import CommandContext

EPILOG = (
    "Every command also takes --home DIR (or HOTWASH_HOME) for the data folder, --as NAME for "
    "who acts, and --json for one JSON document on standard output."
)
MODULES = (
    record_commands,
    rule_commands,
    live_commands,
    log_commands,
    standing_commands,
    handover_commands,
    rubric_commands,
    capture_commands,
    conduct_commands,
    transcript_commands,
    model_commands,
    check_commands,
    redact_command,
    pack_command,
    bundle_commands,
    demo_command,
    timeline_commands,
    evidence_commands,
    history_commands,
)


def run_command(arguments: Sequence[str], context: CommandContext) -> int:
    """Run the named command; return its exit code."""
    result = typer.main.get_command(_app()).main(
        args=list(arguments), prog_name="hotwash", standalone_mode=False, obj=context
    )
    return result if isinstance(result, int) else 0


def _app() -> typer.Typer:
    app = typer.Typer(
        name="hotwash",
        help="Record the bridge, transcribe it here, promote words to a record, print the "
        "postmortem. Without a command, the window opens.",
        epilog=EPILOG,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_before_the_command)
    for module in MODULES:
        module.register(app)
    return app


def _tell_version(context: typer.Context, wanted: bool) -> None:  # noqa: FBT001  typer's signature
    if wanted:
        work: CommandContext = context.obj
        version = importlib.metadata.version("hotwash")
        work.output.document({"version": version})
        work.output.say(f"hotwash {version}")
        raise typer.Exit


def _before_the_command(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_tell_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Global options are taken out of the arguments before this."""
