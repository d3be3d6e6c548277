"""Run as a program: makes a small speaker pipeline that loads like community-1, and runs it.

``DATA FOLDER AUDIO``: into FOLDER go the real segmentation and PLDA of the test data, and an
embedding model with random weights (no real ones can be had here) in pyannote's own checkpoint
format. Prints the turns that the stock pipeline finds of two voices, as it is and with the step of
a draft, as JSON, in milliseconds.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
EXCERPT = slice(14 * 16_000, 26 * 16_000)
DRAFT, DRAFT_STEP = "draft.yaml", 0.25
EMBEDDING_SIZE = 256  # what the PLDA expects


def build(data: Path, folder: Path) -> None:
    models = data / "models"
    shutil.copytree(
        models / "community-1-plda" / "plda", folder / "plda", copy_function=shutil.copyfile
    )
    (folder / "segmentation").mkdir()
    shutil.copyfile(
        models / "segmentation-3.0" / "pytorch_model.bin",
        folder / "segmentation" / "pytorch_model.bin",
    )
    config = (models / "community-1-plda" / "config.yaml").read_text()
    (folder / "config.yaml").write_text(config)
    step = f"segmentation_step: {DRAFT_STEP}\n    segmentation_batch_size"
    (folder / DRAFT).write_text(config.replace("segmentation_batch_size", step))
    (folder / "embedding").mkdir()
    save_embedding(folder / "embedding" / "pytorch_model.bin")


def save_embedding(path: Path) -> None:
    import pytorch_lightning  # noqa: PLC0415  only this program needs it
    import torch
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.embedding import XVectorSincNet

    torch.manual_seed(7)
    model = XVectorSincNet(dimension=EMBEDDING_SIZE)
    model.specifications = Specifications(
        problem=Problem.REPRESENTATION, resolution=Resolution.CHUNK, duration=5.0, classes=["a"]
    )
    checkpoint = {
        "state_dict": model.state_dict(),
        "hyper_parameters": dict(model.hparams),
        "pytorch-lightning_version": pytorch_lightning.__version__,
    }
    model.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, path)


def run(config: Path, audio: Path) -> list[list[object]]:
    import torch
    from faster_whisper import decode_audio
    from pyannote.audio import Pipeline

    torch.set_num_threads(1)
    pipeline = Pipeline.from_pretrained(config)
    waveform = torch.from_numpy(decode_audio(str(audio))[EXCERPT])[None]
    output = pipeline({"waveform": waveform, "sample_rate": 16_000}, num_speakers=2)
    return [
        [round(segment.start * 1_000), round(segment.end * 1_000), label]
        for segment, _, label in output.exclusive_speaker_diarization.itertracks(yield_label=True)
    ]


if __name__ == "__main__":
    data, folder, audio = (Path(argument) for argument in sys.argv[1:])
    build(data, folder)
    configs = [folder / "config.yaml", folder / DRAFT]
    print(json.dumps([run(config, audio) for config in configs]))
