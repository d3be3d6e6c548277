"""Commands on models: list, add, download, remove, check, measure, use."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from app.cli.context import CommandContext
from app.domain.engine_types import RemoteModel
from app.domain.errors import AppError, ModelError
from app.domain.events import WorkProgressed
from app.domain.transcript import RecognitionPass
from app.recognition_wiring import model_folder
from app.services.engine_choice import EngineChoice
from app.services.settings_file import read_settings, write_settings
from transcription.model_card import RECOGNITION
from transcription.model_names import ANY_LANGUAGE
from transcription.model_rows import server_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcription.model_files import ModelFolder
    from transcription.model_rows import ModelRow

Name = Annotated[str, typer.Argument(metavar="NAME", help="As “models list” shows it.")]
AnyName = Annotated[str, typer.Argument(metavar="[NAME]", help="By default, all of them.")]
Measured = Annotated[
    bool, typer.Option("--measure/--no-measure", help="Whether to measure its speed here, too.")
]
UNUSABLE = 1
AUTOMATIC = "auto"
Place: TypeAlias = Path | str  # a folder, or a server's host
HEADS = ["name", "", "size", "languages", "licence", "speed"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    models = typer.Typer(help="Recognition and diarization models.", no_args_is_help=True)
    models.command("list")(list_models)
    models.command("add")(add)
    models.command("download")(download)
    models.command("remove")(remove)
    models.command("check")(check)
    models.command("measure")(measure)
    models.command("use")(use)
    app.add_typer(models, name="models")


def list_models(context: typer.Context) -> None:
    """List what is installed, then what can be downloaded by name; say what suits this machine."""
    work: CommandContext = context.obj
    folder = _folder(work)
    rows = folder.listed()
    server = work.settings.server
    if server is not None and server.in_use:
        rows = [server_row(server), *(replace(row, default=False) for row in rows)]
    _show(work, folder, rows)


def add(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER")],
    *,
    name: Annotated[str, typer.Option(help="What to call it; by default the folder's name.")] = "",
    measured: Measured = True,
) -> None:
    """Install a model, or a pyannote pipeline, from a folder: for machines without network."""
    work: CommandContext = context.obj
    models = _folder(work)
    _show_new(work, models, models.add(folder, name), measured=measured)


def download(context: typer.Context, name: Name, *, measured: Measured = True) -> None:
    """Fetch a faster-whisper model by name (tiny … large-v3), or as org/repo.

    “proxy” in the settings, HTTPS_PROXY and NO_PROXY are heeded; “offline” in the settings and
    HOTWASH_OFFLINE=1 forbid it.
    """
    work: CommandContext = context.obj
    work.output.say(f"Downloading “{name}”. Ctrl-C breaks off; another call goes on from there.")
    models = _folder(work)
    with work.output.progress() as show:
        row = models.download(
            name,
            lambda done, total: show(
                WorkProgressed(f"download {name}", float(done), float(total))
            ),
        )
    _show_new(work, models, row, measured=measured)


def remove(context: typer.Context, name: Name) -> None:
    """Delete an installed model, or what is here of one that was fetched in part."""
    work: CommandContext = context.obj
    chosen = {_spelled_as_folder(one) for one in (work.settings.model, work.settings.final_model)}
    if _spelled_as_folder(name) in chosen:
        raise ModelError(
            f"“{name}” is the model that was chosen for recognition.",
            remedy=f"Choose another first: hotwash models use {AUTOMATIC}.",
        )
    _folder(work).remove(name)
    work.output.document({"removed": name})
    work.output.say(f"Removed: {name}")


def check(context: typer.Context, name: AnyName = "") -> None:
    """Read every file of one or all installed models and compare the checksums."""
    work: CommandContext = context.obj
    models = _folder(work)
    rows = models.check(name)
    _show(work, models, rows)
    if not all(row.usable for row in rows):
        raise typer.Exit(UNUSABLE)


def measure(context: typer.Context, name: AnyName = "") -> None:
    """Measure how fast one or all installed models recognise on this machine, and keep that."""
    work: CommandContext = context.obj
    models = _folder(work)
    wanted = (
        [name]
        if name
        else [row.name for row in models.installed() if row.usable and row.kind == RECOGNITION]
    )
    _show(work, models, [models.measure(one) for one in wanted])


def use(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=f"“{AUTOMATIC}” chooses the best one installed.")
    ],
    *,
    made_in: Annotated[
        RecognitionPass,
        typer.Option("--pass", help="The final pass takes the live one's, unless it has its own."),
    ] = RecognitionPass.LIVE,
) -> None:
    """Choose the model for live recognition, or another for the final pass."""
    work: CommandContext = context.obj
    models = _folder(work)
    chosen = "" if name == AUTOMATIC else name
    if chosen:
        models.recognition_model(chosen, language=work.settings.language)
    kept = read_settings(work.home.settings)
    if made_in is RecognitionPass.FINAL:
        kept = replace(kept, final_model=chosen)
    else:
        kept = replace(kept, model=chosen)
    write_settings(work.home.settings, kept)
    if kept.server is not None and kept.server.in_use:
        work.output.note(f"{kept.server.host} recognises until you say: hotwash server off.")
    _show(work, models, models.installed())


def _spelled_as_folder(name: str) -> str:
    """Return the other spelling of a name that has an owner: that of its folder."""
    return name.replace("/", "--")


def _folder(work: CommandContext) -> ModelFolder:
    return model_folder(work.home, work.settings)


def _show_new(work: CommandContext, models: ModelFolder, row: ModelRow, *, measured: bool) -> None:
    if measured and row.kind == RECOGNITION:
        try:
            row = models.measure(row.name)
        except AppError as error:  # it is installed all the same
            work.output.note(f"{error} {error.remedy}")
    _show(work, models, [row])


def _show(work: CommandContext, models: ModelFolder, rows: Sequence[ModelRow]) -> None:
    used = _used(work, models)
    advice = models.advice(work.settings.language)
    work.output.document(
        {"models": [_values(row, used) for row in rows], "recommendation": asdict(advice)}
    )
    work.output.table(HEADS, [_line(row, used) for row in rows])
    for row in rows:
        if row.problem is not None:
            work.output.note(f"{row.problem} {row.problem.remedy}")
    work.output.say(f"Speed is in times real time, live. Recommended here: {advice}")


def _used(work: CommandContext, models: ModelFolder) -> dict[Place, list[str]]:
    """Return for which passes what is taken, as things stand."""
    used: dict[Place, list[str]] = {}
    engines = EngineChoice(models, work.settings)
    for made_in in RecognitionPass:
        try:
            model = engines.for_pass(made_in)
        except ModelError:
            continue  # nothing is; whoever recognises is told why
        place = model.host if isinstance(model, RemoteModel) else model.path
        used.setdefault(place, []).append(made_in.value)
    return used


def _passes(row: ModelRow, used: dict[Place, list[str]]) -> list[str]:
    place = row.host or row.path
    return [] if place is None else used.get(place, [])


def _values(row: ModelRow, used: dict[Place, list[str]]) -> dict[str, object]:
    measured = row.measured
    return {
        "name": row.name,
        "kind": row.kind,
        "path": None if row.path is None else str(row.path),
        "size_bytes": row.size_bytes,
        "begun_bytes": row.begun_bytes,
        "languages": list(row.languages),
        "licence": row.licence,
        "installed": row.installed,
        "usable": row.usable,
        "demo": row.demo,
        "default": row.default,
        "used_for": _passes(row, used),
        "checksum_ok": row.checksum_ok,
        "problem": None if row.problem is None else str(row.problem),
        "speed": None if measured is None else measured.speed,
        "measured": None if measured is None else asdict(measured),
        "host": row.host,
    }


def _line(row: ModelRow, used: dict[Place, list[str]]) -> list[str]:
    state = f"{row.begun_bytes / 1e6:.0f} MB fetched" if row.begun_bytes else "available"
    if row.installed:
        state = "installed" if row.usable else "DAMAGED"
    if row.host is not None:
        state = f"on {row.host}: audio leaves this machine"
    marks = [state, *_passes(row, used), *(["demo only"] if row.demo else [])]
    if row.kind != RECOGNITION:
        marks.append("tells voices apart")
    about = "" if row.installed else "~"
    return [
        row.name,
        ", ".join(marks),
        f"{about}{row.size_bytes / 1e6:.0f} MB" if row.size_bytes else "",
        "many" if row.languages == ANY_LANGUAGE else ", ".join(row.languages),
        row.licence or "",
        "" if row.measured is None else f"{row.measured.speed:.3g} x",
    ]
