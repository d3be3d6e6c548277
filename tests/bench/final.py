"""The final pass beside the plain library, on an hour of which half is silence.

Each run is a process of its own, from the import of the library to the last word with its times;
its memory is the peak of all its processes. The recording is the demonstration's speech, its
pauses shortened, again and again, each time followed by as much quiet.

The plain runs are ``BatchedInferencePipeline`` and ``WhisperModel.transcribe`` with their VAD, at
their usual windows, with words. ``--quick`` takes 6 minutes instead of 60, and 24 instead of 240.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.bootstrap import build
from app.domain.home import Home
from app.domain.ids import IncidentId
from app.domain.sessions import SessionKind
from app.domain.times import now_utc
from tests.bench.figures import Figure
from tests.bench.peak import peak_bytes
from tests.unit.transcription.conftest import RESOURCES, pcm_of
from transcription.model_files import ModelFolder
from transcription.utterances import UtteranceCutter
from transcription.vad import SAMPLE_RATE, SileroModel, SpeechProbabilities, VadOptions, samples_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDS, ROUNDS_QUICK = 5, 3
MINUTES, MINUTES_QUICK = 60, 6
LONGER = 4  # times as long, for the memory
PAUSE_MS = 500
QUIET = 3  # of 32,768: a room in which nobody speaks
FASTER_THAN_BATCHED, FASTER_THAN_SEQUENTIAL = 0.95, 1.5
MOST_MEMORY, MOST_GROWTH = 1.15, 1.05
BATCHED, SEQUENTIAL, OURS = "batched", "sequential", "ours"


def measure(*, quick: bool = False) -> list[Figure]:
    """Recognise all three ways in turn, then a recording four times as long our way."""
    minutes, rounds = (MINUTES_QUICK, ROUNDS_QUICK) if quick else (MINUTES, ROUNDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = _runs((BATCHED, SEQUENTIAL, OURS), folder, minutes, rounds)
        longer = _longer(folder, minutes)
    return [
        _speed(told, BATCHED, FASTER_THAN_BATCHED, minutes),
        _speed(told, SEQUENTIAL, FASTER_THAN_SEQUENTIAL, minutes),
        *_memory(told, longer, minutes),
    ]


def measure_memory(minutes: int = MINUTES) -> list[Figure]:
    """Run once batched, once our way and once on a recording four times as long; memory alone."""
    with tempfile.TemporaryDirectory() as name:
        told = _runs((BATCHED, OURS), Path(name), minutes, 1)
        return _memory(told, _longer(Path(name), minutes), minutes)


def _runs(
    ways: Sequence[str], folder: Path, minutes: int, rounds: int
) -> dict[str, list[dict[str, float]]]:
    recording, home = folder / "once.wav", folder / "home"
    _write(recording, minutes)
    _attach(home, recording)
    told: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, runs in told.items():
            runs.append(_run(way, home if way == OURS else recording))
    return told


def _longer(folder: Path, minutes: int) -> float:
    """Return the memory that our way takes on a recording ``LONGER`` times as long, in bytes."""
    recording, home = folder / "longer.wav", folder / "longer"
    _write(recording, minutes * LONGER)
    _attach(home, recording)
    return _run(OURS, home)["bytes"]


def _speed(
    told: dict[str, list[dict[str, float]]], plain: str, least: float, minutes: int
) -> Figure:
    """Compare run by run, since others use the machine as well, and take the median."""
    ratio = statistics.median(
        theirs["seconds"] / ours["seconds"]
        for theirs, ours in zip(told[plain], told[OURS], strict=True)
    )
    ours, theirs = (
        minutes * 60 / statistics.median(run["seconds"] for run in told[way])
        for way in (OURS, plain)
    )
    return Figure(
        f"final pass over {minutes} min, beside plain {plain}",
        round(ours, 1),
        "x real time",
        round(theirs, 1),
        round(ratio, 3),
        f"at least {least}",
        ratio >= least,
    )


def _memory(told: dict[str, list[dict[str, float]]], longer: float, minutes: int) -> list[Figure]:
    ours, plain = (
        statistics.median(run["bytes"] for run in told[way]) / 1e6 for way in (OURS, BATCHED)
    )
    growth = longer / 1e6 / ours
    return [
        Figure(
            f"its memory at {minutes} min, window and recogniser together",
            round(ours),
            "MB",
            round(plain),
            round(ours / plain, 3),
            f"at most {MOST_MEMORY}",
            ours / plain <= MOST_MEMORY,
        ),
        Figure(
            f"its memory at {minutes * LONGER} min, beside {minutes} min",
            round(longer / 1e6),
            "MB",
            round(ours),
            round(growth, 3),
            f"at most {MOST_GROWTH}",
            growth <= MOST_GROWTH,
        ),
    ]


# The recording


def _write(path: Path, minutes: int) -> None:
    """Write the recording; the same one each time."""
    speech = _speech()
    dice = np.random.default_rng(7)
    quiet = dice.normal(0, QUIET, len(speech)).astype("<i2")
    block = np.concatenate([speech, quiet])
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        left = minutes * 60 * SAMPLE_RATE
        while left:
            piece = block[:left]
            file.writeframes(piece.tobytes())
            left -= len(piece)


def _speech() -> np.ndarray:
    """Return the utterances of both tracks, one after the other, s16; shape (n,)."""
    pause = np.zeros(PAUSE_MS * SAMPLE_RATE // 1_000, dtype="<i2")
    pieces = []
    for label in ("room", "bridge"):
        pcm = pcm_of(RESOURCES / "demo" / f"{label}.flac")
        probabilities, cutter = SpeechProbabilities(SileroModel()), UtteranceCutter(VadOptions())
        found = cutter.push(probabilities.push(samples_of(pcm)))
        for utterance in [*found, *cutter.finish(len(pcm) // 32)]:
            span = utterance.audio
            stretch = pcm[span.start_ms * 32 : span.end_ms * 32]
            pieces += [np.frombuffer(stretch, dtype="<i2"), pause]
    return np.concatenate(pieces)


def _attach(home: Path, recording: Path) -> None:
    program = build(Home(home), actor="benchmark", offline=True)
    try:
        incident = program.incidents.create("Benchmark")
        program.attachment.attach(
            incident.id,
            [recording],
            start_utc=now_utc(),
            kind=SessionKind.HOTWASH,
        )
    finally:
        program.shutdown()


# One run, in a process of its own


def _run(way: str, where: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", __name__, way, str(where)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _ours(home: Path) -> int:
    program = build(Home(home), actor="benchmark", offline=True)
    try:
        (incident,) = program.store.incidents()
        program.transcription.run(IncidentId(incident.id), label_voices=False, anew=True)
        return len(program.store.record(incident.id).segments)
    finally:
        program.shutdown()


def _batched(recording: Path) -> int:
    from faster_whisper import BatchedInferencePipeline

    segments, _ = BatchedInferencePipeline(_model()).transcribe(
        str(recording), language="en", word_timestamps=True, batch_size=8
    )
    return len(list(segments))


def _sequential(recording: Path) -> int:
    segments, _ = _model().transcribe(
        str(recording), language="en", word_timestamps=True, vad_filter=True
    )
    return len(list(segments))


def _model():  # noqa: ANN202  the library is untyped
    from faster_whisper import WhisperModel

    model = ModelFolder(RESOURCES / "none", RESOURCES / "models").recognition_model()
    return WhisperModel(
        str(model.path), device="cpu", compute_type="int8", cpu_threads=model.threads
    )


WAYS: dict[str, Callable[[Path], int]] = {OURS: _ours, BATCHED: _batched, SEQUENTIAL: _sequential}


def _main(way: str, where: Path) -> None:
    began = time.perf_counter()
    segments = WAYS[way](where)
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "bytes": peak_bytes(), "segments": segments}))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
