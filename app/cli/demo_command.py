"""The command that walks the whole way on the shipped recording."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import CommandContext
from app.domain.errors import ExportError
from app.domain.home import Home
from app.domain.settings import Settings
from app.resources import resources_dir
from app.services.demonstration import Demonstration, DemoOutcome
from app.services.settings_file import write_settings

PIPELINE = "demo-voices"
MARK = ".hotwash-demo"  # says that the folder is the demonstration's own, and may be made anew


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the documents and the demo's data folder.")
    ] = Path("hotwash-demo"),
) -> None:
    """Walk the whole way on the shipped recording, in a data folder of its own.

    Two tracks are attached, recognised with the demonstration model, their voices told apart by
    the demonstration pipeline, promoted to a timeline as a scribe would, analysed as a
    facilitator would, and written as a report. Nothing of yours is touched.
    """
    work: CommandContext = context.obj
    work.home = fresh_home(out)
    work.output.say("The demonstration: a synthetic war room of 129 s, two tracks, five voices.")
    with work.showing_progress():
        outcome = Demonstration(work.program, resources_dir() / "demo").run(out)
    _report(work, outcome)


def fresh_home(out: Path) -> Home:
    """Return an empty data folder inside ``out``; what an earlier demonstration made goes.

    Raises:
        ExportError: The folder is taken by something else, or cannot be written.
    """
    root = (out / "home").absolute()
    try:
        if root.exists():
            if not (root / MARK).exists():
                raise ExportError(
                    f"{root} exists and was not made by the demonstration.",
                    remedy="Choose another folder with --out.",
                )
            shutil.rmtree(root)
        root.mkdir(parents=True)
        (root / MARK).touch()
        write_settings(Home(root).settings, Settings(diarization=PIPELINE))
    except OSError as cause:
        raise ExportError(
            f"{out} cannot be used: {cause.strerror or cause}.",
            remedy="Choose another folder with --out, or free some disk space.",
        ) from cause
    return Home(root)


def _report(work: CommandContext, outcome: DemoOutcome) -> None:
    unavailable = work.program.speakers.unavailable
    work.output.document(
        {
            "incident_id": outcome.incident_id,
            "home": str(work.home.root),
            "stages": [
                {"name": s.name, "seconds": round(s.seconds, 3), "result": s.result}
                for s in outcome.stages
            ],
            "documents": [str(path) for path in outcome.documents],
            "not_heard": list(outcome.not_heard),
            "model_note": work.program.model_note,
            "speakers_note": None if unavailable is None else str(unavailable),
        }
    )
    work.output.table(
        ["stage", "seconds", "result"],
        [[s.name, f"{s.seconds:.1f}", s.result] for s in outcome.stages],
    )
    total = sum(stage.seconds for stage in outcome.stages)
    work.output.say(f"{total:.1f} s in all. Data folder: {work.home.root}")
    for words in outcome.not_heard:
        work.output.note(f"Not heard, and so not promoted: “{words}”")
    if unavailable is not None:
        work.output.note(f"Voices are labelled by track. {unavailable} {unavailable.remedy}")
    work.output.note(work.program.model_note)
