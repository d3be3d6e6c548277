"""The whole job on real parts: speech into sound sinks at one end, a PDF at the other."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pdfplumber
import pytest

from tests.command_line import Hotwash
from tests.sound import SoundServer, sound_server, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO = Path(__file__).parents[2] / "resources" / "demo"
SCRIPT = json.loads((Path(__file__).parents[1] / "data" / "demo_script.json").read_text())
RATE = 16_000
FROM_S, UNTIL_S = 62.0, 82.5  # "The connection pool is at 100 %" to "Mark that as a decision"


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as server:
        yield server


def an_excerpt(folder: Path, track: str) -> Path:
    """Cut the stretch in which the rollback is decided out of a track."""
    with av.open(DEMO / f"{track}.flac") as file:
        frames = [frame.to_ndarray().ravel() for frame in file.decode(audio=0)]
    samples = np.concatenate(frames)
    if samples.dtype == np.int32:
        samples = (samples >> 16).astype(np.int16)
    excerpt = samples[int(FROM_S * RATE) : int(UNTIL_S * RATE)].astype("<i2")
    path = folder / f"{track}.wav"
    with av.open(path, "w") as file:
        stream = file.add_stream("pcm_s16le", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(excerpt.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def said(track: str) -> list[str]:
    lines = [line for line in SCRIPT if line["start"] >= FROM_S and line["end"] <= UNTIL_S]
    return [line["text"] for line in lines if line["track"] == track]


def plain(text: str) -> list[str]:
    return re.findall(r"[\w%:']+", text.lower())


def test_speech_is_recorded_recognised_promoted_and_printed(
    server: SoundServer, tmp_path: Path
) -> None:
    hotwash = Hotwash(tmp_path / "home", server.environment)
    incident = hotwash.json("new", "Checkout errors", "--severity", "SEV1")["id"]
    bridge, room = (an_excerpt(tmp_path, track) for track in ("bridge", "room"))
    recording = hotwash.start(
        "record", incident, "--bridge", "pulse:bridge.monitor", "--mic", "pulse:room.monitor"
    )
    wait_until(lambda: folder_of(hotwash, incident) is not None, "the recorder writes", seconds=30)

    with server.playing("bridge", bridge) as one, server.playing("room", room) as other:
        one.wait()
        other.wait()
    recording.send_signal(signal.SIGINT)
    printed, problems = recording.communicate(timeout=90)

    assert recording.returncode == 0, problems
    assert "the pool" in printed.lower() or "connection pool" in printed.lower()
    shown = hotwash.json("show", incident)
    check_the_transcript(shown)
    promote_the_decision(hotwash, incident, shown)
    check_the_audio(hotwash, incident)
    check_the_pdf(hotwash, incident, tmp_path / "postmortem.pdf")


def folder_of(hotwash: Hotwash, incident: str) -> Path | None:
    found = list((hotwash.home / "incidents" / incident / "audio").glob("*/recorder.json"))
    return found[0].parent if found else None


def check_the_transcript(shown: dict[str, list[dict[str, object]]]) -> None:
    tracks = {t["id"]: t["label"] for t in shown["sessions"][0]["tracks"]}  # type: ignore[attr-defined]
    for label in ("bridge", "room"):
        words = [s["text"] for s in shown["segments"] if tracks[s["track_id"]] == label]
        expected, heard = plain(" ".join(said(label))), plain(" ".join(map(str, words)))
        missing = [word for word in expected if word not in heard]
        assert len(missing) <= len(expected) // 10, (label, missing, words)


def promote_the_decision(hotwash: Hotwash, incident: str, shown: dict[str, list[dict]]) -> None:  # type: ignore[type-arg]
    spoken = next(s for s in shown["segments"] if s["text"].startswith("Decision"))
    where = {name: spoken[name] for name in ("session_id", "track_id", "start_ms", "end_ms")}
    entry = {
        "kind": "decision",
        "text": "Roll back the release.",
        "sources": [{"type": "span", **where}],
    }
    done = hotwash.json("apply", incident, "-", stdin=json.dumps({"entries": [entry]}))
    assert len(done["changed"]) == 2  # the entry and its line in the decision log


def check_the_audio(hotwash: Hotwash, incident: str) -> None:
    verified = hotwash.json("verify", incident)
    assert verified["ok"]
    assert verified["gaps"] == []
    assert verified["files"] >= 2


def check_the_pdf(hotwash: Hotwash, incident: str, path: Path) -> None:
    hotwash.json("export", incident, "--format", "pdf", "--out", path)
    with pdfplumber.open(path) as pdf:
        text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "Checkout errors" in text
    assert "Roll back the release." in text
    assert re.search(r"room 0:00:\d\d\.\d", text), "the line leads back to its span"
    assert "Decision, we roll back the release" in text


def test_a_second_terminal_follows_the_recording_and_leaves_it_running(
    server: SoundServer, tmp_path: Path
) -> None:
    hotwash = Hotwash(tmp_path / "home", server.environment)
    incident = hotwash.json("new", "Attach")["id"]
    assert "No recording" in hotwash.refusal("record", incident, "--attach", code=3)
    first = hotwash.start(
        "record", incident, "--mic", "none", "--bridge", "pulse:bridge.monitor", "--no-transcribe"
    )
    wait_until(lambda: folder_of(hotwash, incident) is not None, "the recorder writes", seconds=30)

    first.kill()  # the terminal is closed: not even a goodbye
    first.communicate()
    second = hotwash.start("record", incident, "--attach", "--no-transcribe")
    assert second.stdout is not None
    greeting = second.stdout.readline()
    second.send_signal(signal.SIGINT)
    parting, _ = second.communicate(timeout=30)

    assert "bridge" in greeting
    assert "The recording goes on" in parting
    timed = hotwash.run("record", incident, "--attach", "--duration", "0.5", "--no-transcribe")
    assert "The recording goes on" in timed.stdout
    assert "A recording is running" in hotwash.refusal("record", incident, code=3)
    stopped = hotwash.json("record", incident, "--stop")
    assert stopped["tracks"][0]["duration_ms"] > 0
    assert hotwash.json("verify", incident)["ok"]
    assert "No recording" in hotwash.refusal("record", incident, "--attach", code=3)
