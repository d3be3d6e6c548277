"""Run as a program, alone to load torch: the stock pipeline tells two voices of a track apart.

``FOLDER AUDIO``: the pipeline, and a file of s16le at 16 kHz. Prints the exclusive turns as JSON,
in milliseconds: as the pipeline is, and with the step of a draft.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from transcription.vad import SAMPLE_RATE, samples_of

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
DRAFT_STEP = 0.25  # of the window


def main(folder: Path, audio: Path) -> None:
    import torch
    from pyannote.audio import Pipeline

    torch.set_num_threads(1)
    pipeline = Pipeline.from_pretrained(folder)
    waveform = torch.from_numpy(samples_of(audio.read_bytes()))[None]
    inference = pipeline._segmentation
    told = []
    for step in (inference.step, DRAFT_STEP * inference.duration):
        inference.step = step
        output = pipeline({"waveform": waveform, "sample_rate": SAMPLE_RATE}, num_speakers=2)
        found = output.exclusive_speaker_diarization.itertracks(yield_label=True)
        told.append([(round(s.start * 1_000), round(s.end * 1_000), who) for s, _, who in found])
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
