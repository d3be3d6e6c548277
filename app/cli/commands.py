"""The commands and their words; what they do is in the modules beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from app.cli import (
    capture_commands,
    check_commands,
    demo_command,
    evidence_commands,
    handover_commands,
    history_commands,
    live_commands,
    log_commands,
    model_commands,
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
    transcript_commands,
    model_commands,
    check_commands,
    redact_command,
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
    app.callback()(_nothing_before_the_command)
    for module in MODULES:
        module.register(app)
    return app


def _nothing_before_the_command() -> None:
    """Global options are taken out of the arguments before this."""
