"""Starts the real recorder process on a sound server's sinks, and makes what they play."""

import json
import wave
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.domain.engine_types import TrackPlan
from app.domain.ids import IncidentId, SessionId, TrackId
from app.domain.sessions import SessionKind, TrackLabel
from capture.devices import SystemSources
from capture.recorder_client import DetachedRecorders
from capture.running_recording import RunningRecording
from tests.sound import wait_until

ROOT = Path(__file__).parents[1]
ROOM, BRIDGE = TrackId("trk-room"), TrackId("trk-bridge")
LABELS = {ROOM: TrackLabel.ROOM, BRIDGE: TrackLabel.BRIDGE}
BOTH = MappingProxyType({ROOM: "room", BRIDGE: "bridge"})
RATE = 16_000


def recorder_pid(session_dir: Path) -> int:
    """Return the process that records into a folder."""
    return int(json.loads((session_dir / "recorder.json").read_bytes())["pid"])


def plans(sinks: Mapping[TrackId, str] = BOTH) -> list[TrackPlan]:
    """Return a plan for each track, which hears what is played into its sink."""
    sources = {source.id: source for source in SystemSources().sources()}
    return [
        TrackPlan(track_id, LABELS[track_id], sources[f"pulse:{sink}.monitor"])
        for track_id, sink in sinks.items()
    ]


def start(
    session_dir: Path, tracks: list[TrackPlan] | None = None, *, clock: str = ""
) -> RunningRecording:
    """Start a recorder; of both sinks, and by the machine's clock, unless told otherwise."""
    return DetachedRecorders(clock=clock).start(
        session_dir,
        incident_id=IncidentId("inc-1"),
        session_id=SessionId("ses-1"),
        kind=SessionKind.BRIDGE,
        plans=plans() if tracks is None else tracks,
    )


def safe_until(recording: RunningRecording, ms: int) -> None:
    """Wait until so much of every track is on the disk."""
    wait_until(
        lambda: all(track.safe_until_ms >= ms for track in recording.status().tracks),
        f"{ms} ms are on the disk",
        seconds=60 + ms / 500,
    )


def a_signal(folder: Path, name: str, seed: int) -> tuple[Path, NDArray[np.float32]]:
    """Write two seconds of noise such as no other seed gives.

    Low tones, for which half a sample of delay is nothing; after a little silence, for PulseAudio
    renders ahead and the monitor misses what is mixed in afterwards.
    """
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.normal(size=2 * RATE))
    spectrum[len(spectrum) // 4 :] = 0
    samples = np.fft.irfft(spectrum).astype(np.float32)
    samples *= 0.3 / np.abs(samples).max()
    path = folder / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(bytes(RATE))
        file.writeframes((samples * 32_767).astype("<i2").tobytes())
    return path, samples


def likeness(recorded: NDArray[np.float32], played: NDArray[np.float32]) -> float:
    """Return the correlation, 0 to 1, at the place where it is best."""
    size = len(recorded) + len(played)
    product = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(played, size))
    lag = int(np.argmax(np.fft.irfft(product)[: len(recorded)]))
    there = recorded[lag : lag + len(played)]
    norm = np.linalg.norm(there) * np.linalg.norm(played[: len(there)])
    return float(abs(np.dot(there, played[: len(there)])) / norm) if norm else 0.0


def noise_wav(path: Path, seconds: float, seed: int) -> NDArray[np.int16]:
    """Write half a second of silence, noise in which no two samples are alike, silence again."""
    random = np.random.default_rng(seed)
    samples = random.integers(-12_000, 12_000, round(seconds * RATE), dtype=np.int16)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(bytes(RATE))
        file.writeframes(samples.astype("<i2").tobytes())
        file.writeframes(bytes(RATE))
    return samples
