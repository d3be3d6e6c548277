"""A known signal while the machine is busy, the window stands still, or the recorder itself does.

A plain ``parec`` beside us records each of the same sources. What that keeps, we keep.
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
from tests.e2e.test_window_killed import open_window, state_in_which
from tests.recorders import RATE, ROOM, noise_wav, plans, recorder_pid, safe_until, start
from tests.sound import SoundServer, sound_server, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from app.domain.engine_types import StoredTrack
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


def stand_still(pid: int, seconds: float) -> None:
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(seconds)  # how long it stands still is what is tested
    finally:
        os.kill(pid, signal.SIGCONT)


def places(stream: bytes, played: bytes) -> NDArray[np.int64]:
    """Return for each hundredth of a second that was played at which byte it is; -1 if nowhere."""
    found, at = [], 0
    for begin in range(0, len(played), 2 * PIECE):
        found.append(stream.find(played[begin : begin + 2 * PIECE], at, at + FARTHEST))
        at = max(at, found[-1])
    return np.array(found)


def stored_pcm(session_dir: Path, track: StoredTrack) -> bytes:
    audio, reader = TrackAudio(track.track_id, session_dir, track.label), FolderAudioReader()
    return reader.pcm(audio, 0, reader.duration_ms(audio))


@dataclass(frozen=True)
class Heard:
    """Of each hundredth of a second of a track, whether parec has it and whether we have it."""

    by_parec: NDArray[np.bool_]
    by_us: NDArray[np.bool_]

    @classmethod
    def of(cls, beside: bytes, ours: bytes, played: bytes) -> Heard:
        return cls(places(beside, played) >= 0, places(ours, played) >= 0)

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
            stand_still(window.pid, standing_s)
            assert [player.wait() for player in players] == [0, 0]
            safe_until(recording, recording.status().elapsed_ms)
        recording.stop()
    assert FolderArchive().verify(session_dir).problems == ()
    tracks = {track.label: track for track in FolderArchive().describe(session_dir).tracks}
    return [
        Heard.of(
            (folder / f"{label.value}.raw").read_bytes(),
            stored_pcm(session_dir, tracks[label]),
            played[label],
        )
        for label in SINKS
    ]


def test_what_parec_keeps_while_others_take_both_cores_we_keep(
    server: SoundServer, tmp_path: Path
) -> None:
    heard = record_under_load(server, tmp_path, seconds=3, standing_s=2)

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


# The sound server keeps what comes in two seconds, and not what comes in twenty.
@pytest.mark.parametrize("standing_s", [2, pytest.param(20, marks=pytest.mark.prove)])
def test_what_a_stopped_recorder_missed_is_a_gap_and_the_rest_is_in_its_place(
    server: SoundServer, session_dir: Path, tmp_path: Path, standing_s: int
) -> None:
    played = noise_wav(tmp_path / "near.wav", standing_s + 3, 1).tobytes()
    recording = start(session_dir, plans({ROOM: "near"}))
    with server.playing("near", tmp_path / "near.wav") as player:
        wait_until(lambda: recording.status().tracks[0].peak > 0.1, "it is heard")
        stand_still(recorder_pid(session_dir), standing_s)
        assert player.wait() == 0
    safe_until(recording, recording.status().elapsed_ms)
    recording.stop()

    stored = FolderArchive().describe(session_dir)
    found = places(stored_pcm(session_dir, stored.tracks[0]), played)
    missing_ms = 10 * int(np.sum(found < 0))
    gaps_ms = sum(gap.end_ms - gap.start_ms for gap in stored.gaps)
    there = np.flatnonzero(found >= 0)
    moved = (found[there] - there * 2 * PIECE) / (2 * RATE) * 1_000
    print(f"missing {missing_ms} ms, gaps {gaps_ms} ms, moved by up to {np.ptp(moved):.0f} ms")
    assert abs(missing_ms - gaps_ms) <= 150
    assert np.ptp(moved) <= 150
    assert there[-1] == len(found) - 1, "it is heard to the end"
    assert FolderArchive().verify(session_dir).problems == ()
