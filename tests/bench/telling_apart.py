"""Run as a program, alone to load torch: the stock pipeline tells the voices of tracks apart.

``FOLDER SHARE TRACK…``: the pipeline's folder; how far its windows lie apart, as a share of one, 0
for what the pipeline says; files of s16le at 16 kHz. Prints for each track what ``Told`` holds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transcription.vad import SAMPLE_RATE, samples_of

if TYPE_CHECKING:
    from tests.bench.material.recording import Recording

OFFLINE = {"PYANNOTE_METRICS_ENABLED": "0", "HF_HUB_OFFLINE": "1"}


@dataclass(frozen=True, slots=True)
class Told:
    """Who speaks when on one track: (start, end, label) in seconds; and how long that took."""

    turns: list[tuple[float, float, str]]
    took_s: float


def told_of(recording: Recording, pipeline: Path, *, share: float = 0.0) -> dict[str, Told]:
    """Return what the pipeline tells of each track."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / label for label in recording.pcm]
        for file, pcm in zip(files, recording.pcm.values(), strict=True):
            file.write_bytes(pcm)
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(pipeline), str(share), *map(str, files)],
            check=True,
            stdout=subprocess.PIPE,
            env=os.environ | OFFLINE,
        )
    told = (Told(**fields) for fields in json.loads(done.stdout))
    return dict(zip(recording.pcm, told, strict=True))


def _main(pipeline: str, share: float, files: list[Path]) -> None:
    warnings.simplefilter("ignore")  # the libraries' advice to programmers
    import torch
    from pyannote.audio import Pipeline

    run = Pipeline.from_pretrained(pipeline)
    if share:
        run._segmentation.step = share * run._segmentation.duration
    told = []
    for file in files:
        waveform = torch.from_numpy(samples_of(file.read_bytes()))[None]
        began = time.perf_counter()
        output = run({"waveform": waveform, "sample_rate": SAMPLE_RATE})
        took_s = time.perf_counter() - began
        turns = [
            (turn.start, turn.end, label)
            for turn, _, label in output.speaker_diarization.itertracks(yield_label=True)
        ]
        told.append(asdict(Told(turns, took_s)))
    print(json.dumps(told))


if __name__ == "__main__":
    _main(sys.argv[1], float(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
