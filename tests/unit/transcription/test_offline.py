from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.sessions import TrackLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.engine_types import TrackAudio

ROOT = Path(__file__).parents[3]


def test_recognition_offline_calls_no_network(
    write_tracks: Callable[[dict[TrackLabel, bytes]], list[TrackAudio]],
    demo_pcm: dict[TrackLabel, bytes],
    tmp_path: Path,
) -> None:
    (track,) = write_tracks({TrackLabel.ROOM: demo_pcm[TrackLabel.ROOM][: 9_000 * 32]})
    script = Path(__file__).with_name("offline_run.py")
    # The libraries' own switch must not be what holds them back.
    environment = {key: value for key, value in os.environ.items() if key != "HF_HUB_OFFLINE"}
    environment |= {"PYTHONPATH": str(ROOT), "WATCH_LOG": str(tmp_path / "log")}

    said = subprocess.run(
        [sys.executable, script, track.session_dir, ROOT / "resources" / "models"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "We are declaring a SEV1." in said.stdout
    assert said.stderr == ""
    lines = (tmp_path / "log").read_text().splitlines()
    assert len(lines) == 2, "the program and its child were watched, and had nothing to say"
    assert all(line.startswith("watching") for line in lines)
