"""The commands and their words; what they do is in the modules beside."""

from __future__ import annotations

import importlib
import importlib.metadata
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.cli.context import CommandContext

EPILOG = (
    "Every command also takes --home DIR (or HOTWASH_HOME) for the data folder, --as NAME for "
    "who acts, and --json for one JSON document on standard output."
)
# Which module has which commands: only that of the named one is imported, and all for --help.
MODULES = {
    "record_commands": ("new", "incidents", "show", "apply", "search"),
    "export_command": ("export",),
    "sign_key_command": ("sign-key",),
    "rule_commands": ("check",),
    "live_commands": ("status", "mark", "lock"),
    "log_commands": ("log",),
    "standing_commands": ("severity", "state", "role", "scope"),
    "handover_commands": ("checkpoint", "card"),
    "rubric_commands": ("rubric",),
    "capture_commands": ("devices", "record"),
    "attach_command": ("attach",),
    "conduct_commands": ("pause", "resume", "consent"),
    "transcript_commands": ("transcribe", "diarize"),
    "speaker_commands": ("speakers",),
    "voice_commands": ("voices",),
    "glossary_commands": ("glossary",),
    "model_commands": ("models",),
    "server_commands": ("server",),
    "check_commands": ("doctor", "verify", "bench"),
    "redact_command": ("redact",),
    "pack_command": ("pack-audio",),
    "bundle_commands": ("open",),
    "demo_command": ("demo",),
    "timeline_commands": ("promote", "retime", "anchor", "hypothesis", "result", "changes"),
    "evidence_commands": ("evidence",),
    "history_commands": ("undo", "redo", "history", "locks"),
}


def run_command(arguments: Sequence[str], context: CommandContext) -> int:
    """Run the named command; return its exit code."""
    result = typer.main.get_command(_app(_modules_for(arguments))).main(
        args=list(arguments), prog_name="hotwash", standalone_mode=False, obj=context
    )
    return result if isinstance(result, int) else 0


def _modules_for(arguments: Sequence[str]) -> list[str]:
    """Return the module of the named command, or all where no known one is named."""
    named = arguments[0] if arguments else ""
    return [module for module, names in MODULES.items() if named in names] or list(MODULES)


def _app(modules: Sequence[str]) -> typer.Typer:
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
    for module in modules:
        importlib.import_module(f"app.cli.{module}").register(app)
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
