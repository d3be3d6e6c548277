"""What a recording of two tracks costs the machine, with a window that asks how it goes."""

import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.proof.recorded import KeepFigure
from tests.recorders import noise_wav, recorder_pid, safe_until, start
from tests.sound import SoundServer

ASKED_EVERY_S = 0.25  # as the window does
MOST_OF_A_CORE = 3.0  # per cent
MOST_GROWN_MB = 10


@dataclass(frozen=True)
class Cost:
    """Per cent of one core, and by how much the memory has grown."""

    core: float
    grown_mb: float


def cost_of(server: SoundServer, session_dir: Path, wav: Path, seconds: int) -> Cost:
    """Record noise on both tracks for so long."""
    noise_wav(wav, seconds + 10, 1)
    with server.playing("room", wav), server.playing("bridge", wav):
        recording = start(session_dir)
        recorder = psutil.Process(recorder_pid(session_dir))
        safe_until(recording, 1_000)
        before, grown_from = recorder.cpu_times(), recorder.memory_info().rss
        began = time.monotonic()
        while (lasted := time.monotonic() - began) < seconds:
            recording.status()
            time.sleep(ASKED_EVERY_S)
        after, grown_to = recorder.cpu_times(), recorder.memory_info().rss
        recording.stop()
    used = after.user + after.system - before.user - before.system
    return Cost(100 * used / lasted, (grown_to - grown_from) / 1e6)


def test_a_recorder_takes_little_of_a_core(
    server: SoundServer, session_dir: Path, tmp_path: Path
) -> None:
    cost = cost_of(server, session_dir, tmp_path / "noise.wav", 4)

    assert cost.core < MOST_OF_A_CORE
    assert cost.grown_mb < MOST_GROWN_MB


@pytest.mark.prove
@pytest.mark.timeout(300)
def test_a_recorder_takes_little_of_a_core_for_a_minute_and_its_memory_stays(
    server: SoundServer, session_dir: Path, tmp_path: Path, proof_figure: KeepFigure
) -> None:
    cost = cost_of(server, session_dir, tmp_path / "noise.wav", 60)

    assert cost.core < MOST_OF_A_CORE
    assert cost.grown_mb < MOST_GROWN_MB
    bar = f"less than {MOST_OF_A_CORE:g} % for two tracks in real time, over 60 s"
    proof_figure("the recorder: of one core", round(cost.core, 2), "%", bar)
    bar = f"at most {MOST_GROWN_MB} MB over 60 s"
    proof_figure("the recorder: memory grown", round(cost.grown_mb, 2), "MB", bar)
