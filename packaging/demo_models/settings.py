"""Chooses how a pipeline clusters, on generated bridges of voices kept for that alone."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from folder import write_config
from pyannote.audio import Pipeline
from training_voices import development_voices

from tests.bench.material import bridge
from tests.bench.telling_apart import Told
from tests.bench.voices import error_rate
from transcription.vad import SAMPLE_RATE, samples_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.material.recording import Recording

BRIDGES, MINUTES = 2, 5
SEED = 100
AGGLOMERATIVE, VBX = "AgglomerativeClustering", "VBxClustering"


@dataclass(frozen=True, slots=True)
class Heard:
    """What the networks make of one track, kept to be clustered in many ways."""

    label: str
    file: dict[str, Any]
    segmentations: Any
    embeddings: Any


def choose(folder: Path, scratch: Path) -> tuple[float, dict[str, Any]]:
    """Return the lowest mean error rate, and the settings that have it."""
    recordings = list(_bridges(scratch))
    trial = scratch / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    shutil.copytree(folder, trial)
    tried: list[tuple[float, dict[str, Any]]] = []
    heard: list[list[Heard]] = []
    for kind, every in ((AGGLOMERATIVE, _agglomerative()), (VBX, _vbx())):
        write_config(trial, {"kind": kind, "params": {}})
        pipeline = Pipeline.from_pretrained(trial)
        heard = heard or [_heard(pipeline, recording) for recording in recordings]
        for params in every:
            pipeline.instantiate(params)
            rates = [
                error_rate(recording, {each.label: _told(pipeline, each) for each in tracks})
                for recording, tracks in zip(recordings, heard, strict=True)
            ]
            tried.append((sum(rates) / len(rates), {"kind": kind, "params": params}))
    for rate, settings in sorted(tried, key=lambda one: one[0])[:8]:
        print(f"settings: {rate:.4f} {settings}")
    return min(tried, key=lambda one: one[0])


def _bridges(scratch: Path) -> Iterator[Recording]:
    voices = development_voices(scratch)
    for number in range(BRIDGES):
        there = voices[number::BRIDGES]
        half = len(there) // 2
        plan = bridge.Plan(SEED + number, MINUTES, tuple(there[:half]), tuple(there[half:]))
        yield bridge.generate(plan)


def _agglomerative() -> Iterator[dict[str, Any]]:
    ways = itertools.product(
        ("centroid", "average", "complete"), (2, 4, 8), [n / 20 for n in range(6, 25)]
    )
    for method, least, threshold in ways:
        yield {
            "clustering": {"method": method, "min_cluster_size": least, "threshold": threshold},
            "segmentation": {"min_duration_off": 0.0},
        }


def _vbx() -> Iterator[dict[str, Any]]:
    for threshold, fa, fb in itertools.product(
        (0.5, 0.6, 0.7, 0.8), (0.03, 0.07, 0.15, 0.3), (0.2, 0.8, 3.0, 10.0)
    ):
        yield {
            "clustering": {"threshold": threshold, "Fa": fa, "Fb": fb},
            "segmentation": {"min_duration_off": 0.0},
        }


def _heard(pipeline: Any, recording: Recording) -> list[Heard]:
    found = []
    for label, pcm in recording.pcm.items():
        waveform = torch.from_numpy(samples_of(pcm).copy())[None]
        file = {"waveform": waveform, "sample_rate": SAMPLE_RATE, "uri": label}
        segmentations = pipeline.get_segmentations(file)
        embeddings = pipeline.get_embeddings(file, segmentations, exclude_overlap=True)
        found.append(Heard(label, file, segmentations, embeddings))
    return found


def _told(pipeline: Any, heard: Heard) -> Told:
    # Clustering writes into both.
    pipeline.get_segmentations = lambda *_, **__: heard.segmentations
    pipeline.get_embeddings = lambda *_, **__: heard.embeddings.copy()
    output = pipeline(dict(heard.file))
    turns = output.speaker_diarization.itertracks(yield_label=True)
    return Told([(turn.start, turn.end, label) for turn, _, label in turns], 0.0)
