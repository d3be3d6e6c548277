"""What works on this machine, what does not, and how to mend it."""

from __future__ import annotations

import enum
import importlib.metadata
import importlib.util
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass

from app.cli.context import CommandContext
from app.domain.engine_types import RemoteModel
from app.domain.errors import AppError
from app.domain.loopback_advice import loopback_advice
from app.domain.sessions import TrackSource
from app.domain.transcript import RecognitionPass
from app.recognition_wiring import model_folder
from app.services.engine_choice import EngineChoice
from transcription.model_advice import slowness
from transcription.remote_recognizer import try_server

LOW_DISK_BYTES = 2_000_000_000
BYTES_PER_HOUR = 16_000 * 2 * 3_600 * 2  # two tracks of 16 kHz, 16 bit
ADD_PIPELINE = "Add one: hotwash models add FOLDER, with a pyannote pipeline in it."
LIBRARIES = (
    "hotwash",
    "PySide6",
    "faster-whisper",
    "ctranslate2",
    "sounddevice",
    "pyannote.audio",
    "torch",
    "sqlmodel",
    "reportlab",
)


class CheckState(enum.StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``remedy`` is empty when nothing is to be done."""

    name: str
    state: CheckState
    detail: str
    remedy: str = ""


def run_checks(work: CommandContext) -> list[Check]:
    """Look at everything; one check that fails does not keep the others from being made."""
    checks: tuple[tuple[str, CheckState, Callable[[CommandContext], Check]], ...] = (
        ("data folder", CheckState.FAIL, _database),
        ("disk", CheckState.FAIL, _disk),
        ("audio sources", CheckState.WARN, _sources),
        ("recognition", CheckState.FAIL, _recognition),
        ("network", CheckState.WARN, _network),
        ("speakers", CheckState.WARN, _speakers),
        ("remembered voices", CheckState.WARN, _remembered_voices),
        ("window", CheckState.WARN, _window),
    )
    return [_guarded(work, *check) for check in checks]


def versions() -> dict[str, str | None]:
    """Return the versions of what the program is made of; None for what is not installed."""
    found: dict[str, str | None] = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "sqlite": sqlite3.sqlite_version,
    }
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def _guarded(
    work: CommandContext,
    name: str,
    if_it_fails: CheckState,
    look: Callable[[CommandContext], Check],
) -> Check:
    try:
        return look(work)
    except AppError as error:
        return Check(name, if_it_fails, str(error), error.remedy)


def _database(work: CommandContext) -> Check:
    count = len(work.program.incidents.summaries())
    return Check("data folder", CheckState.OK, f"{work.home.root}, {count} incidents")


def _disk(work: CommandContext) -> Check:
    folder = next(p for p in (work.home.root, *work.home.root.parents) if p.exists())
    free = shutil.disk_usage(folder).free
    detail = f"{free / 1e9:.1f} GB free, about {free // BYTES_PER_HOUR} h of recording"
    if free < LOW_DISK_BYTES:
        return Check("disk", CheckState.WARN, detail, "Free some space before the next incident.")
    return Check("disk", CheckState.OK, detail)


def _sources(work: CommandContext) -> Check:
    sources = work.program.recording.sources()
    microphones = [s for s in sources if s.kind is TrackSource.MIC]
    loopbacks = [s for s in sources if s.kind is TrackSource.LOOPBACK]
    detail = f"{len(microphones)} microphones, {len(loopbacks)} loopback sources"
    if not sources:
        return Check(
            "audio sources",
            CheckState.WARN,
            detail,
            "Start the sound server (PulseAudio or PipeWire) or connect a microphone; "
            "files can be attached without one.",
        )
    if not loopbacks:
        return Check(
            "audio sources",
            CheckState.WARN,
            detail,
            loopback_advice(sys.platform),
        )
    return Check("audio sources", CheckState.OK, detail)


def _recognition(work: CommandContext) -> Check:
    settings = work.program.settings
    models = model_folder(work.home, settings)
    engines = EngineChoice(models, settings)
    model = engines.for_pass(RecognitionPass.LIVE)
    if isinstance(model, RemoteModel):
        try_server(model.server)
        detail = f"{model.name} on {model.host} answers. {model.server.statement}"
        return Check("recognition", CheckState.OK, detail)
    measured = models.measured(model)
    detail = f"{model.name}, {measured or 'speed not measured yet'}"
    final = engines.for_pass(RecognitionPass.FINAL)
    if final.name != model.name:
        detail += f"; {final.name} for the final pass"
    detail += f"; recommended here: {models.advice(settings.language)}"
    if model.demo:
        return Check("recognition", CheckState.WARN, detail, work.program.model_note)
    if measured is None:
        remedy = f"See how fast it is: hotwash models measure {model.name}"
        return Check("recognition", CheckState.OK, detail, remedy)
    problem = slowness(model, measured, models.machine)
    return Check("recognition", CheckState.WARN if problem else CheckState.OK, detail, problem)


def _network(work: CommandContext) -> Check:
    settings = work.program.settings
    if settings.offline:
        return Check("network", CheckState.OK, "offline by the settings or HOTWASH_OFFLINE")
    server = settings.server
    sends = server is not None and server.in_use
    detail = f"used for “models download”{'' if sends else ' alone'}"
    if server is not None and sends:
        detail += f", and for recognition on {server.host}"
    if settings.proxy:
        detail += ", through the proxy of the settings"
    return Check("network", CheckState.OK, detail)


def _speakers(work: CommandContext) -> Check:
    if importlib.util.find_spec("torch") is None:
        return Check(
            "speakers",
            CheckState.WARN,
            "torch is not installed; voices are labelled by track",
            "Set up without HOTWASH_TORCH=none to have voices told apart.",
        )
    settings = work.program.settings
    models = model_folder(work.home, settings)
    pipeline = models.pipeline(settings.diarization)
    if not pipeline:
        return Check(
            "speakers",
            CheckState.WARN,
            "no pipeline is set or installed; voices are labelled by track",
            ADD_PIPELINE,
        )
    if any(row.demo and str(row.path) == pipeline for row in models.installed()):
        return Check(
            "speakers",
            CheckState.WARN,
            f"{settings.diarization}, the demonstration's: it knows synthetic voices alone",
            ADD_PIPELINE,
        )
    return Check("speakers", CheckState.OK, pipeline)


def _remembered_voices(work: CommandContext) -> Check:
    prints = work.program.voice_prints
    detail = "on" if prints.is_on else "off"
    if prints.is_on or prints.keeps_any:
        kept = "some are kept" if prints.keeps_any else "none is kept"
        detail = f"{detail}; {kept}. {prints.kept_by}"
    return Check("remembered voices", CheckState.OK, detail)


def _window(_work: CommandContext) -> Check:
    if importlib.util.find_spec("PySide6") is None:
        return Check("window", CheckState.WARN, "PySide6 is not installed", "Run make setup.")
    return Check("window", CheckState.OK, "PySide6 is installed")
