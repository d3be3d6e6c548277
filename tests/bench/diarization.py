"""Our diariser beside the stock pipeline, and long recordings in parts beside the whole.

A session of three hours and eight voices in one room is told apart at once and in parts of an
hour, each time in a process of its own, for its memory; ``quick`` takes nine minutes in parts of
three. Both are drafts: at the stock step the library would cluster three hours at once in 17 GB.
Where the data for tests is, the stock pipeline is compared on real meetings as well, with
the real segmentation and the demonstration's embeddings.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from app.audio_files.format import SessionInfo, TrackInfo
from app.audio_files.session_folder import create_session, incoming_track
from app.domain.engine_types import TrackAudio
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import SessionKind, TrackLabel, TrackSource
from app.domain.times import now_utc
from tests.bench.figures import Figure
from tests.bench.material import bridge
from tests.bench.material.recording import BYTES_PER_MS, ROOT, Recording, decoded, demonstration
from tests.bench.telling_apart import OFFLINE, Told
from tests.bench.voices import PIPELINE, error_rate
from transcription.diarizer_process import DiarizerProcess
from transcription.vad import SAMPLE_RATE, samples_of

MINUTES, MINUTES_QUICK = 180, 9
PARTS = 3
PEOPLE = bridge.ROOM_VOICES + bridge.BRIDGE_VOICES
SAME_BAR = 0.001  # of the time: a plumbing check
PARTS_BAR = 0.01  # more error than the whole has
MEMORY_BAR = 1.1
PAUSE_MS = 2_000
DATA = Path(os.environ.get("HOTWASH_TEST_DATA") or ROOT.parent / "shared" / "data")
REAL = DATA / "models" / "segmentation-3.0" / "pytorch_model.bin"
OURS, STOCK = "ours", "stock"


def measure(*, quick: bool = False) -> list[Figure]:
    """Compare our turns with the stock pipeline's, parts with the whole, and their memory."""
    minutes = MINUTES_QUICK if quick else MINUTES
    part_ms = minutes * 60_000 // PARTS
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        figures = [_same(demonstration(), PIPELINE, scratch)]
        if (meetings := _meetings()) is not None:
            figures.append(_same(meetings, _with_real_segmentation(scratch), scratch))
        session = _one_room(minutes)
        third = replace(
            session, pcm={k: pcm[: part_ms * BYTES_PER_MS] for k, pcm in session.pcm.items()}
        )
        whole = _run(OURS, session, PIPELINE, scratch, part_ms=minutes * 60_000)
        parts = _run(OURS, session, PIPELINE, scratch, part_ms=part_ms)
        first = _run(OURS, third, PIPELINE, scratch, part_ms=part_ms)
    return [
        *figures,
        *_parts_figures(session, whole, parts),
        _memory_figure(parts, first, minutes),
    ]


def _same(recording: Recording, pipeline: Path, scratch: Path) -> Figure:
    """Compare our turns with the stock pipeline's, as if those were the truth."""
    ours, stock = (_run(way, recording, pipeline, scratch) for way in (OURS, STOCK))
    metric = DiarizationErrorRate(collar=0.0)
    for track, pcm in recording.pcm.items():
        until_s = len(pcm) / BYTES_PER_MS / 1_000
        metric(
            _annotation(stock["turns"][track]),
            _annotation(ours["turns"][track]),
            uem=Timeline([Segment(0, until_s)]),
        )
    return Figure(
        f"{recording.name}: our turns beside the stock pipeline's",
        round(abs(metric), 5),
        "",
        bar=f"at most {SAME_BAR}",
        ok=abs(metric) <= SAME_BAR,
    )


def _annotation(turns: list[tuple[float, float, str]]) -> Annotation:
    annotation = Annotation()
    for number, (start, end, label) in enumerate(turns):
        annotation[Segment(start, end), number] = label
    return annotation


def _parts_figures(
    session: Recording, whole: dict[str, Any], parts: dict[str, Any]
) -> list[Figure]:
    errors = [
        error_rate(
            session, {track: Told(turns, run["took_s"]) for track, turns in run["turns"].items()}
        )
        for run in (parts, whole)
    ]
    return [
        Figure(
            f"{session.name} in {PARTS} parts: diarization error rate, beside the whole",
            round(errors[0], 4),
            "",
            baseline=round(errors[1], 4),
            bar=f"at most {PARTS_BAR} above the whole",
            ok=errors[0] <= errors[1] + PARTS_BAR,
        ),
        Figure(
            f"{session.name} in {PARTS} parts: time, beside the whole",
            round(parts["took_s"] / session.seconds, 3),
            "s per s of audio",
            baseline=round(whole["took_s"] / session.seconds, 3),
            ratio=round(parts["took_s"] / whole["took_s"], 3),
        ),
    ]


def _memory_figure(parts: dict[str, Any], first: dict[str, Any], minutes: int) -> Figure:
    return Figure(
        f"memory for {minutes} min in {PARTS} parts, beside {minutes // PARTS} min",
        round(parts["bytes"] / 1e6),
        "MB",
        round(first["bytes"] / 1e6),
        round(parts["bytes"] / first["bytes"], 3),
        f"at most {MEMORY_BAR} times",
        parts["bytes"] <= MEMORY_BAR * first["bytes"],
    )


# Material


def _one_room(minutes: int) -> Recording:
    """Return a session of eight people in one room; nobody is on the bridge."""
    made = bridge.kept(bridge.Plan(seed=91, minutes=minutes, room=PEOPLE, bridge=()))
    name = f"generated room of {minutes} min and {len(PEOPLE)} voices"
    return Recording(name, {TrackLabel.ROOM: made.pcm[TrackLabel.ROOM]}, made.script, runs_on=True)


def _meetings() -> Recording | None:
    """Return excerpts of real meetings, one after the other; None where they are not."""
    if not REAL.is_file():
        print("… without real meetings: HOTWASH_TEST_DATA names no such data", file=sys.stderr)
        return None
    files = sorted((DATA / "speech" / "ami").glob("*.flac"))
    pause = bytes(PAUSE_MS * BYTES_PER_MS)
    pcm = pause.join(decoded(file) for file in files)
    return Recording("real meetings (AMI)", {TrackLabel.ROOM: pcm}, ())


def _with_real_segmentation(scratch: Path) -> Path:
    """Return the demonstration's pipeline with the segmentation that real ones have."""
    pipeline = scratch / "real-segmentation"
    shutil.copytree(PIPELINE, pipeline)
    shutil.copyfile(REAL, pipeline / "segmentation" / REAL.name)
    return pipeline


# One run, in a process of its own


def _run(
    way: str, recording: Recording, pipeline: Path, scratch: Path, *, part_ms: int = 0
) -> dict[str, Any]:
    """Return the exclusive turns of each track, the seconds it took, and the peak of memory."""
    for label, pcm in recording.pcm.items():
        (scratch / f"{label}.pcm").write_bytes(pcm)
    done = subprocess.run(
        [sys.executable, "-m", __name__, way, pipeline, scratch, str(part_ms), *recording.pcm],
        check=True,
        stdout=subprocess.PIPE,
        env=os.environ | OFFLINE,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _main(way: str, pipeline: Path, scratch: Path, part_ms: int, labels: list[str]) -> None:
    began = time.perf_counter()
    if way == STOCK:
        turns = {label: _stock(pipeline, scratch / f"{label}.pcm") for label in labels}
    else:
        turns = _ours(pipeline, scratch, part_ms, [TrackLabel(label) for label in labels])
    took_s = time.perf_counter() - began
    kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"turns": turns, "took_s": took_s, "bytes": kib * 1024}))


def _stock(pipeline: Path, file: Path) -> list[tuple[float, float, str]]:
    warnings.simplefilter("ignore")  # the libraries' advice to programmers
    import torch
    from pyannote.audio import Pipeline

    waveform = torch.from_numpy(samples_of(file.read_bytes()))[None]
    output = Pipeline.from_pretrained(pipeline)({"waveform": waveform, "sample_rate": SAMPLE_RATE})
    found = output.exclusive_speaker_diarization.itertracks(yield_label=True)
    return [(turn.start, turn.end, label) for turn, _, label in found]


def _ours(
    pipeline: Path, scratch: Path, part_ms: int, labels: list[TrackLabel]
) -> dict[str, list[tuple[float, float, str]]]:
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = Path(name) / "session"
        infos = tuple(
            TrackInfo(TrackId(label), label, TrackSource.FILE, "bench", SAMPLE_RATE)
            for label in labels
        )
        start = now_utc()
        info = SessionInfo(
            IncidentId("inc-a"), SessionId("ses-a"), SessionKind.IMPORT, start, infos
        )
        create_session(folder, info)
        tracks = [TrackAudio(one.track_id, folder, one.label) for one in infos]
        for track in tracks:
            with incoming_track(track) as writer:
                writer.append((scratch / f"{track.label}.pcm").read_bytes())
        diarizer = DiarizerProcess(str(pipeline), **({"part_ms": part_ms} if part_ms else {}))
        found = diarizer.turns(
            tracks, speakers={}, is_draft=bool(part_ms), on_progress=lambda _step, _share: None
        )
    return {
        label: [
            (turn.span.start_ms / 1_000, turn.span.end_ms / 1_000, turn.label)
            for turn in found
            if turn.track_id == label
        ]
        for label in labels
    }


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
