"""Both cores are taken by others and the window stands still: the recorder misses nothing.

Beside it a plain ``parec`` records each of the same sources. What that keeps, we keep.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.reader import FolderAudioReader
from app.domain.engine_types import TrackAudio
from app.domain.sessions import TrackLabel
from capture.recorder_client import DetachedRecorders
from tests.e2e.test_recorder import safe_until
from tests.e2e.test_recorder_clock import RATE, noise_wav
from tests.e2e.test_window_killed import open_window, state_in_which
from tests.sound import SoundServer, sound_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.proof.recorded import KeepFigure

EXACT = ("rate=16000", "channels=1", "format=s16le")
SINKS = {TrackLabel.BRIDGE: "far", TrackLabel.ROOM: "near"}
HEARD_AT = {TrackLabel.BRIDGE: "far.monitor", TrackLabel.ROOM: "desk"}
PIECE = RATE // 100
FARTHEST = 60 * RATE * 2  # bytes; so much may be missing between two pieces
BURNER = [sys.executable, "-c", "while True: pass"]
BURNERS_PER_CORE = 2


@pytest.fixture
def server() -> Iterator[SoundServer]:
    """Sources of the recorder's own format, which change no sample: an output, a microphone."""
    with sound_server() as server, pytest.MonkeyPatch.context() as patch:
        server.use(patch)
        for sink in SINKS.values():
            server.pactl("load-module", "module-null-sink", f"sink_name={sink}", *EXACT)
        server.pactl(
            "load-module", "module-remap-source", "source_name=desk", "master=near.monitor", *EXACT
        )
        server.pactl("set-default-sink", "far")
        server.pactl("set-default-source", "desk")
        yield server


@contextlib.contextmanager
def running(commands: list[list[str]]) -> Iterator[None]:
    with contextlib.ExitStack() as on_exit:
        for command in commands:
            process = on_exit.enter_context(subprocess.Popen(command))
            on_exit.callback(process.terminate)
        yield


def kept(stream: bytes, played: bytes) -> NDArray[np.bool_]:
    """Return of each hundredth of a second that was played whether it is there, in order."""
    found, at = [], 0
    for start in range(0, len(played), 2 * PIECE):
        place = stream.find(played[start : start + 2 * PIECE], at, at + FARTHEST)
        found.append(place >= 0)
        at = max(at, place)
    return np.array(found)


@dataclass(frozen=True)
class Heard:
    """Of each hundredth of a second of a track, whether parec has it and whether we have it."""

    by_parec: NDArray[np.bool_]
    by_us: NDArray[np.bool_]

    @property
    def missed(self) -> int:
        return int(np.sum(self.by_parec & ~self.by_us))


def record_under_load(
    server: SoundServer, folder: Path, *, seconds: int, standing_s: float
) -> list[Heard]:
    """Record what is played for so long, from the real window, which stands still meanwhile."""
    home, played = folder / "home", dict[TrackLabel, bytes]()
    for number, (label, sink) in enumerate(SINKS.items()):
        played[label] = noise_wav(folder / f"{sink}.wav", seconds, number).tobytes()
    parec = ["parec", "--raw", "--rate=16000", "--channels=1", "--format=s16le"]
    parecs = [
        [*parec, "--device", source, str(folder / f"{label.value}.raw")]
        for label, source in HEARD_AT.items()
    ]
    burners = [BURNER] * BURNERS_PER_CORE * (os.cpu_count() or 1)
    with open_window(server, home, "F9") as window:
        state_in_which(window, "recording")
        (session_dir,) = (file.parent for file in home.rglob("recorder.json"))
        recording = DetachedRecorders().attach(session_dir)
        assert recording is not None
        with running(parecs), running(burners), contextlib.ExitStack() as playing:
            players = [
                playing.enter_context(server.playing(sink, folder / f"{sink}.wav"))
                for sink in SINKS.values()
            ]
            window.send_signal(signal.SIGSTOP)
            time.sleep(standing_s)  # how long it stands still is what is tested
            window.send_signal(signal.SIGCONT)
            assert [player.wait() for player in players] == [0, 0]
            safe_until(recording, recording.status().elapsed_ms)
        recording.stop()
    assert FolderArchive().verify(session_dir).problems == ()
    reader, heard = FolderAudioReader(), []
    for track in FolderArchive().describe(session_dir).tracks:
        ours = TrackAudio(track.track_id, session_dir, track.label)
        stored = reader.pcm(ours, 0, reader.duration_ms(ours))
        beside = (folder / f"{track.label.value}.raw").read_bytes()
        heard.append(Heard(kept(beside, played[track.label]), kept(stored, played[track.label])))
    assert len(heard) == 2
    return heard


def test_what_parec_keeps_while_others_take_both_cores_we_keep(
    server: SoundServer, tmp_path: Path
) -> None:
    heard = record_under_load(server, tmp_path, seconds=4, standing_s=3)

    assert all(track.by_parec.mean() > 0.5 for track in heard), "there is something to compare"
    assert [track.missed for track in heard] == [0, 0]


@pytest.mark.prove
@pytest.mark.timeout(1_200)
def test_what_parec_keeps_in_ten_minutes_of_saturated_cores_we_keep(
    server: SoundServer, tmp_path: Path, proof_figure: KeepFigure
) -> None:
    heard = record_under_load(server, tmp_path, seconds=600, standing_s=30)

    assert [track.missed for track in heard] == [0, 0]
    pieces = int(sum(np.sum(track.by_parec) for track in heard))
    assert pieces > 2 * 60_000 * 0.9, "there is something to compare"
    bar = "no 10 ms of two tracks in 10 min with both cores taken, the window stopped for 30 s"
    proof_figure("saturated: kept by parec and not by us", 0, f"of {pieces} pieces", bar)
