"""Recordings of which it is known what is said in them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import av

from app.audio_files.flac import flac_of
from app.domain.sessions import TrackLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[3]
BYTES_PER_MS = 32
SCRIPT = "script.json"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the script, in order of its start."""

    track: TrackLabel
    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """The tracks, s16le at 16 kHz, and what is said on them.

    ``runs_on`` says that lines follow without a pause, or overlap: they are no utterances then.
    """

    name: str
    pcm: Mapping[TrackLabel, bytes]
    script: tuple[Line, ...]
    runs_on: bool = False

    @property
    def seconds(self) -> float:
        """Length of all tracks together."""
        return sum(map(len, self.pcm.values())) / BYTES_PER_MS / 1_000

    @classmethod
    def load(cls, name: str, folder: Path) -> Recording:
        """Read what ``save`` wrote."""
        files = {label: folder / f"{label}.flac" for label in TrackLabel}
        return replace(_recording(name, files, folder / SCRIPT), runs_on=True)

    def save(self, folder: Path) -> None:
        """Write the tracks and the script into a folder."""
        for label, pcm in self.pcm.items():
            (folder / f"{label}.flac").write_bytes(flac_of(pcm))
        script = [
            {
                "track": line.track,
                "start": line.start_ms / 1_000,
                "end": line.end_ms / 1_000,
                "speaker": line.speaker,
                "text": line.text,
            }
            for line in self.script
        ]
        (folder / SCRIPT).write_text(json.dumps(script), encoding="utf-8")


def demonstration(*labels: TrackLabel) -> Recording:
    """Return the demonstration, or only some of its tracks."""
    files = {label: demonstration_file(label) for label in labels or TrackLabel}
    return _recording("demonstration", files, ROOT / "tests" / "data" / "demo_script.json")


def demonstration_file(label: TrackLabel) -> Path:
    """Return a track of the demonstration, as it can be played."""
    return ROOT / "resources" / "demo" / f"{label}.flac"


def another_bridge() -> Recording:
    """Return other sentences of the domain: three voices the demonstration lacks, phone band."""
    data = ROOT / "tests" / "data"
    files = {TrackLabel.BRIDGE: data / "second_bridge.flac"}
    return _recording("another bridge", files, data / "second_script.json")


def decoded(path: Path) -> bytes:
    """Return a 16 kHz mono file as s16le."""
    with av.open(str(path)) as container:
        return b"".join(frame.to_ndarray().tobytes() for frame in container.decode(audio=0))


def _recording(name: str, files: Mapping[TrackLabel, Path], script: Path) -> Recording:
    lines = [
        Line(
            TrackLabel(line["track"]),
            round(line["start"] * 1_000),
            round(line["end"] * 1_000),
            line["text"],
            line["speaker"],
        )
        for line in json.loads(script.read_text(encoding="utf-8"))
    ]
    pcm = {label: decoded(path) for label, path in files.items()}
    return Recording(name, pcm, tuple(line for line in lines if line.track in pcm))
