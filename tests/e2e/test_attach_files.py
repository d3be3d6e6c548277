"""``attach``: what it tells of when files began, its memory, and a start that is corrected."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from tests.command_line import Hotwash
from tests.e2e.test_command_line import NO_SOUND, START, a_tone

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.recorded import KeepFigure

MEGABYTE = 1_000_000
PATTERN_S, RATE, PICTURES_A_SECOND, SAMPLES_A_PACKET = 8, 48_000, 30, 1_024
COMMAND = """
import sys
from pathlib import Path
from app.cli import run

code = run(sys.argv[1:])
# Not getrusage: that begins with what the parent of this process had.
status = Path("/proc/self/status").read_text().split()
print(int(status[status.index("VmHWM:") + 1]) * 1024, file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", NO_SOUND)


def test_files_whose_words_nothing_recognises_are_attached_all_the_same(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    incident = hotwash.json("new", "x")["id"]
    (hotwash.home / "settings.json").write_text('{"model": "small"}', encoding="utf-8")
    source = a_tone(tmp_path / "call.wav", seconds=4)

    done = hotwash.run("--json", "attach", incident, source, "--start", START)

    assert done.returncode == 3
    assert "“small” is not installed" in done.stderr
    (told,) = json.loads(done.stdout)["sessions"]
    (kept,) = hotwash.json("show", incident)["sessions"]
    assert told["session_id"] == kept["id"], "who reads it does not attach the file again"


def test_files_that_tell_when_they_began_need_no_start(hotwash: Hotwash, tmp_path: Path) -> None:
    incident = hotwash.json("new", "x")["id"]
    files = [
        a_tone(tmp_path / name, seconds=4)
        for name in ("GMT20260312-144600_Recording.wav", "2026-03-12 14-46-02.wav")
    ]

    done = hotwash.json("attach", incident, *files, "--no-transcribe")

    (session,) = done["sessions"]
    assert session["start_utc"] == START
    assert session["remarks"] == []
    told = {(one["start_utc"], one["from"], one["words"]) for one in session["starts"]}
    assert told == {
        (START, "name", "from its name"),
        ("2026-03-12T14:46:02Z", "name", "from its name, read as UTC time"),
    }
    assert [track["duration_ms"] for track in session["tracks"]] == [4_000, 6_000]
    gaps = hotwash.json("verify", incident)["gaps"]
    assert [(gap["start_ms"], gap["end_ms"], gap["reason"]) for gap in gaps] == [
        (0, 2_000, "not_in_file")
    ]


def test_a_person_reads_when_each_file_began_and_who_says_so(
    hotwash: Hotwash, tmp_path: Path
) -> None:
    incident = hotwash.json("new", "x")["id"]
    file = a_tone(tmp_path / "GMT20260312-144600_Recording.wav")
    done = hotwash.run("attach", incident, file, "--no-transcribe")
    assert f"began {START}, from its name" in done.stdout


def test_a_start_is_corrected_afterwards(hotwash: Hotwash, tmp_path: Path) -> None:
    incident = hotwash.json("new", "x")["id"]
    file = a_tone(tmp_path / "a.wav")
    attached = hotwash.json("attach", incident, file, "--start", START, "--no-transcribe")
    session = attached["sessions"][0]["session_id"]
    right = "2026-03-12T13:46:00Z"

    done = hotwash.json("attach", incident, "--session", session, "--start", right)

    assert done == {"session_id": session, "start_utc": right, "clock_offset_ms": -3_600_000}
    (shown,) = hotwash.json("show", incident)["sessions"]
    assert shown["clock_offset_ms"] == -3_600_000


@pytest.mark.parametrize(
    "words",
    [("--session", "ses-1"), ("--session", "ses-1", "--start", START, "a.wav"), ()],
)
def test_a_session_a_start_and_files_that_do_not_go_together_are_bad_usage(
    hotwash: Hotwash, words: tuple[str, ...]
) -> None:
    incident = hotwash.json("new", "x")["id"]
    assert "FILE" in hotwash.refusal("attach", incident, *words, code=2)


@pytest.mark.parametrize("words", [("--track", "room"), ("--kind", "import"), ("--stream", "2")])
def test_what_is_said_of_files_is_refused_for_a_session_that_is_there(
    hotwash: Hotwash, words: tuple[str, str]
) -> None:
    incident = hotwash.json("new", "x")["id"]
    correction = ("--session", "ses-1", "--start", START)
    told = hotwash.refusal("attach", incident, *correction, *words, code=2)
    assert f"{words[0]} is for files" in told
    assert "Leave it out." in told


def test_a_start_that_is_none_is_bad_usage_before_anything_else(hotwash: Hotwash) -> None:
    told = hotwash.refusal("attach", "inc-none", "a.wav", "--start", "yesterday", code=2)
    assert "“yesterday” is no time" in told


def a_film(path: Path, minutes: float) -> Path:
    """Write an MP4 of 30 pictures a second and stereo sound, of few packets used again."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=PICTURES_A_SECOND)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("aac", rate=RATE)
        sound.layout, sound.bit_rate = "stereo", 48_000
        picture = av.VideoFrame.from_ndarray(np.zeros((72, 64), dtype=np.uint8), "yuv420p")
        pictures = [*video.encode(picture), *video.encode(None)]
        noise = np.random.default_rng(1).integers(-9_000, 9_000, (1, 2 * PATTERN_S * RATE))
        frame = av.AudioFrame.from_ndarray(noise.astype("<i2"), "s16", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        sounds = list(sound.encode(frame))[2:]  # the first ones are an encoder's beginning
        shown = 0
        for number in range(int(minutes * 60 * RATE / SAMPLES_A_PACKET)):
            at = number * SAMPLES_A_PACKET
            while shown * RATE <= at * PICTURES_A_SECOND:
                _mux(container, pictures[0], shown, Fraction(1, PICTURES_A_SECOND))
                shown += 1
            _mux(container, sounds[number % len(sounds)], at, Fraction(1, RATE))
    return path


def _mux(
    container: av.container.OutputContainer, like: av.Packet, at: int, time_base: Fraction
) -> None:
    packet = av.Packet(bytes(like))
    packet.stream, packet.time_base = like.stream, time_base
    packet.pts = packet.dts = at
    packet.is_keyframe = like.is_keyframe
    container.mux(packet)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("minutes", [1, pytest.param(240, marks=pytest.mark.prove)])
def test_a_long_video_is_attached_in_little_memory(
    hotwash: Hotwash, tmp_path: Path, minutes: int, proof_figure: KeepFigure
) -> None:
    incident = hotwash.json("new", "x")["id"]
    film = a_film(tmp_path / "2026-03-12 14-46-00.mp4", minutes)
    words = ["attach", incident, str(film), "--no-transcribe", "--json", "--home"]

    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words, str(hotwash.home)],
        env=os.environ | hotwash.environment,
        capture_output=True,
        text=True,
        check=True,
    )

    (session,) = json.loads(done.stdout)["sessions"]
    assert session["remarks"] == []
    (track,) = session["tracks"]
    assert abs(track["duration_ms"] - minutes * 60_000) < 200
    peak = int(done.stderr.split()[-1])
    if minutes == 1:  # of four hours, the rest are the tables of an MP4
        assert peak < 200 * MEGABYTE
        return
    assert peak < 500 * MEGABYTE
    figure = round(peak / MEGABYTE, 1)
    proof_figure("a video of 4 h attached: memory", figure, "MB", "below 500 MB")
