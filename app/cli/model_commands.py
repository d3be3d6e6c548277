"""Commands on models: list, add, download, remove, check."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import CommandContext
from app.domain.events import WorkProgressed
from app.wiring import model_folder
from transcription.model_rows import server_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcription.model_files import ModelFolder
    from transcription.model_rows import ModelRow

Name = Annotated[str, typer.Argument(metavar="NAME", help="As “models list” shows it.")]
UNUSABLE = 1


def register(app: typer.Typer) -> None:
    """Add the commands."""
    models = typer.Typer(help="Recognition and diarization models.", no_args_is_help=True)
    models.command("list")(list_models)
    models.command("add")(add)
    models.command("download")(download)
    models.command("remove")(remove)
    models.command("check")(check)
    app.add_typer(models, name="models")


def list_models(context: typer.Context) -> None:
    """List what is installed, then what can be downloaded by name."""
    work: CommandContext = context.obj
    rows = _folder(work).listed()
    server = work.settings.server
    if server is not None and server.in_use:
        rows = [server_row(server), *(replace(row, default=False) for row in rows)]
    _show(work, rows)


def add(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER")],
    *,
    name: Annotated[str, typer.Option(help="What to call it; by default the folder's name.")] = "",
) -> None:
    """Install a model, or a pyannote pipeline, from a folder: for machines without network."""
    work: CommandContext = context.obj
    _show(work, [_folder(work).add(folder, name)])


def download(context: typer.Context, name: Name) -> None:
    """Fetch a faster-whisper model by name (tiny … large-v3), or as org/repo."""
    work: CommandContext = context.obj
    work.output.say(f"Downloading “{name}”. Ctrl-C breaks off; another call goes on from there.")
    with work.output.progress() as show:
        row = _folder(work).download(
            name,
            lambda done, total: show(
                WorkProgressed(f"download {name}", float(done), float(total))
            ),
        )
    _show(work, [row])


def remove(context: typer.Context, name: Name) -> None:
    """Delete an installed model."""
    work: CommandContext = context.obj
    _folder(work).remove(name)
    work.output.document({"removed": name})
    work.output.say(f"Removed: {name}")


def check(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]")] = "",
) -> None:
    """Read every file of one or all installed models and compare the checksums."""
    work: CommandContext = context.obj
    rows = _folder(work).check(name)
    _show(work, rows)
    if not all(row.usable for row in rows):
        raise typer.Exit(UNUSABLE)


def _folder(work: CommandContext) -> ModelFolder:
    return model_folder(work.home, work.settings)


def _show(work: CommandContext, rows: Sequence[ModelRow]) -> None:
    work.output.document({"models": [_values(row) for row in rows]})
    work.output.table(
        ["name", "kind", "", "size", "languages", "licence"], [_line(r) for r in rows]
    )


def _values(row: ModelRow) -> dict[str, object]:
    path = None if row.path is None else str(row.path)
    return {**asdict(row), "path": path, "languages": list(row.languages)}


def _line(row: ModelRow) -> list[str]:
    state = "available" if row.host is None else f"on {row.host}: audio leaves this machine"
    if row.installed:
        state = "installed" if row.usable else "DAMAGED"
    marks = [state, *(["default"] if row.default else []), *(["demo only"] if row.demo else [])]
    size = f"{row.size_bytes / 1e6:.1f} MB" if row.size_bytes else ""
    return [
        row.name,
        row.kind,
        ", ".join(marks),
        size,
        ", ".join(row.languages),
        row.licence or "",
    ]
