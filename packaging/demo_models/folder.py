"""Puts a pipeline together in the form that ``pyannote.audio.Pipeline.from_pretrained`` loads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from transcription.model_card import DIARIZATION, ModelCard, marks_of, write_card

if TYPE_CHECKING:
    from pathlib import Path

NAME = "demo-voices"
CONFIG = "config.yaml"


def write_config(folder: Path, settings: dict[str, Any]) -> None:
    """Write what is in the pipeline and its ``settings``; JSON is YAML as well.

    The clustering of our own choice is one of pyannote.audio's; each of them is given the PLDA,
    which would be asked of the hub otherwise.
    """
    config = {
        "dependencies": {"pyannote.audio": "4.0.0"},
        "pipeline": {
            "name": "pyannote.audio.pipelines.SpeakerDiarization",
            "params": {
                "segmentation": "$model/segmentation",
                "segmentation_batch_size": 8,
                "embedding": "$model/embedding",
                "embedding_batch_size": 8,
                "embedding_exclude_overlap": True,
                "plda": "$model/plda",
                "clustering": settings["kind"],
            },
        },
        "params": settings["params"],
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def seal(folder: Path) -> None:
    """Write down what each file is, so that damage is noticed."""
    marks = {name: mark for name, mark in marks_of(folder).items() if name != "CARD.md"}
    card = ModelCard(NAME, DIARIZATION, ("en",), "Apache-2.0", demo=True, files=marks)
    write_card(folder, card)
