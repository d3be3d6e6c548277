from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from app.domain.errors import (
    AudioUnreadableError,
    ModelDamagedError,
    ModelMissingError,
    RecognitionBrokenError,
)
from app.domain.recognition_pace import RecognitionPace
from app.domain.sessions import TrackLabel
from tests.sound import wait_until
from tests.unit.transcription.listener import WAIT_S, Listener
from transcription.recognizer_process import RecognizerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.domain.engine_types import RecognitionModel, TrackAudio
    from app.domain.ids import TrackId

    WriteTracks = Callable[[dict[TrackLabel, bytes]], list[TrackAudio]]

ROOT = Path(__file__).parents[3]
BYTES_PER_MS = 32


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def started(
    demo_model: RecognitionModel, listener: Listener
) -> Iterator[Callable[[], RecognizerProcess]]:
    running: list[RecognizerProcess] = []

    def start() -> RecognizerProcess:
        running.append(RecognizerProcess(demo_model, listener))
        return running[-1]

    yield start
    for process in running:
        process.stop()


def excerpt(pcm: bytes, until_ms: int) -> bytes:
    return pcm[: until_ms * BYTES_PER_MS]


def test_two_tracks_are_recognised_in_turn(
    started: Callable[[], RecognizerProcess],
    listener: Listener,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
) -> None:
    tracks = write_tracks({label: excerpt(pcm, 30_500) for label, pcm in demo_pcm.items()})
    process = started()

    for track in tracks:
        process.follow(track, from_ms=0)
        process.finish(track.track_id, until_ms=30_500)
    listener.wait_until(lambda heard: len(heard.finished) == 2)

    assert listener.texts("trk-room") == [
        "This is Priya, I am the incident commander.",
        "We are declaring a SEV1.",
        "I am Marcus and I will take scribe.",
        "What changed right before the incident?",
    ]
    assert "The first alert fired at 14:04." in listener.texts("trk-bridge")
    assert set(listener.order[:4]) == {"trk-room", "trk-bridge"}, "one must not wait for the other"
    assert [listener.cursor(track.track_id) for track in tracks] == [30_500, 30_500]
    assert listener.threads == {"recognizer-replies"}
    assert listener.errors == []


def test_words_lie_in_order_inside_their_segment(
    started: Callable[[], RecognizerProcess],
    listener: Listener,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
) -> None:
    (track,) = write_tracks({TrackLabel.ROOM: excerpt(demo_pcm[TrackLabel.ROOM], 31_000)})
    process = started()

    process.follow(track, from_ms=0)
    process.finish(track.track_id, until_ms=31_000)
    listener.wait_until(lambda heard: heard.finished)

    for segment in listener.segments[track.track_id]:
        assert " ".join(word.text for word in segment.words) == segment.text
        at_ms = segment.span.start_ms
        for word in segment.words:
            assert at_ms <= word.start_ms < word.end_ms <= segment.span.end_ms
            at_ms = word.end_ms
        assert segment.flag is None


def test_audio_that_comes_bit_by_bit_gives_the_same_text(
    started: Callable[[], RecognizerProcess],
    listener: Listener,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
) -> None:
    (track,) = write_tracks({TrackLabel.ROOM: excerpt(demo_pcm[TrackLabel.ROOM], 31_000)})
    process = started()

    process.follow(track, from_ms=0)
    for until_ms in range(0, 20_000, 130):
        process.advance(track.track_id, until_ms=until_ms)
    listener.wait_until(lambda heard: len(heard.texts(track.track_id)) == 3)
    assert not listener.finished
    for until_ms in range(20_000, 31_000, 130):
        process.advance(track.track_id, until_ms=until_ms)
    process.finish(track.track_id, until_ms=31_000)
    listener.wait_until(lambda heard: heard.finished)

    assert listener.texts(track.track_id) == [
        "This is Priya, I am the incident commander.",
        "We are declaring a SEV1.",
        "I am Marcus and I will take scribe.",
        "What changed right before the incident?",
    ]
    cursors = listener.cursors[track.track_id]
    assert cursors == sorted(set(cursors)), "the cursor only ever moves on"


def test_what_is_being_said_is_told_while_it_is_said(
    started: Callable[[], RecognizerProcess],
    listener: Listener,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
) -> None:
    (track,) = write_tracks({TrackLabel.ROOM: excerpt(demo_pcm[TrackLabel.ROOM], 3_600)})
    process = started()
    process.follow(track, from_ms=0)
    process.keep_pace(RecognitionPace.UTTERANCES)
    process.advance(track.track_id, until_ms=2_000)
    listener.wait_until(lambda heard: heard.listened.get(track.track_id) == 2_000)
    process.keep_pace(RecognitionPace.PARTIALS)
    positions = chain(range(2_000, 3_600, 20), repeat(3_600))

    def is_told() -> bool:
        process.advance(track.track_id, until_ms=next(positions))
        return bool(listener.partials)

    wait_until(is_told, "the beginning of the line is told", seconds=WAIT_S)
    assert listener.texts(track.track_id) == []
    process.finish(track.track_id, until_ms=3_600)
    listener.wait_until(lambda heard: heard.finished)

    (partial, *_), (line,) = listener.partials[track.track_id], listener.texts(track.track_id)
    assert line.startswith(partial.text.rstrip(".,"))


def test_silence_moves_the_cursor_on(
    started: Callable[[], RecognizerProcess], listener: Listener, write_tracks: WriteTracks
) -> None:
    (track,) = write_tracks({TrackLabel.ROOM: bytes(60_000 * BYTES_PER_MS)})
    process = started()

    process.follow(track, from_ms=0)
    process.advance(track.track_id, until_ms=60_000)
    listener.wait_until(lambda heard: heard.cursor(track.track_id) > 59_000)

    assert listener.texts(track.track_id) == []
    assert len(listener.cursors[track.track_id]) < 10, "each costs a transaction"


def test_a_killed_child_is_noticed_and_another_goes_on_from_the_cursor(
    started: Callable[[], RecognizerProcess],
    listener: Listener,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
    demo_model: RecognitionModel,
) -> None:
    pcm = excerpt(demo_pcm[TrackLabel.BRIDGE], 62_500)
    (track,) = write_tracks({TrackLabel.BRIDGE: pcm})
    process = started()
    process.follow(track, from_ms=0)
    process.finish(track.track_id, until_ms=62_500)
    listener.wait_until(lambda heard: len(heard.texts(track.track_id)) >= 4)

    os.kill(process.pid or 0, signal.SIGKILL)
    listener.wait_until(lambda heard: heard.exits)
    assert listener.exits == [-signal.SIGKILL]
    assert listener.finished == []
    again = started()
    again.follow(track, from_ms=listener.cursor(track.track_id))
    again.finish(track.track_id, until_ms=62_500)
    listener.wait_until(lambda heard: heard.finished)

    undisturbed = Listener()
    reference = RecognizerProcess(demo_model, undisturbed)
    reference.follow(track, from_ms=0)
    reference.finish(track.track_id, until_ms=62_500)
    undisturbed.wait_until(lambda heard: heard.finished)
    reference.stop()
    assert listener.segments == undisturbed.segments
    assert len(listener.texts(track.track_id)) > 10


def test_stop_ends_the_child_and_is_no_crash(
    started: Callable[[], RecognizerProcess], listener: Listener
) -> None:
    process = started()
    child = psutil.Process(process.pid)

    process.stop()

    assert not child.is_running()
    assert listener.exits == []
    assert "recognizer-replies" not in {thread.name for thread in threading.enumerate()}


def heard_silence(process: RecognizerProcess, write_tracks: WriteTracks) -> TrackId:
    """Have a recogniser listen to five seconds of silence, to which it replies once."""
    (track,) = write_tracks({TrackLabel.ROOM: bytes(5_000 * BYTES_PER_MS)})
    process.follow(track, from_ms=0)
    process.advance(track.track_id, until_ms=5_000)
    return track.track_id


def test_a_reply_that_fails_ends_the_child_and_is_told(
    demo_model: RecognitionModel, write_tracks: WriteTracks
) -> None:
    class Faulty(Listener):
        def on_listened(self, track_id: TrackId, until_ms: int) -> None:
            raise ZeroDivisionError(f"{track_id} at {until_ms}")

    listener = Faulty()
    process = RecognizerProcess(demo_model, listener)
    child = psutil.Process(process.pid)

    track_id = heard_silence(process, write_tracks)
    listener.wait_until(lambda heard: heard.errors)

    (error,) = listener.errors
    assert isinstance(error, RecognitionBrokenError)
    assert "ZeroDivisionError: trk-room at 5000" in str(error)
    assert not child.is_running()
    process.advance(track_id, until_ms=6_000)
    process.stop()
    assert listener.exits == [], "it did not end by itself"


def test_a_reply_may_stop_the_recogniser(
    demo_model: RecognitionModel, write_tracks: WriteTracks
) -> None:
    class Stopping(Listener):
        def on_listened(self, track_id: TrackId, until_ms: int) -> None:
            process.stop()
            super().on_listened(track_id, until_ms)

    listener = Stopping()
    process = RecognizerProcess(demo_model, listener)
    child = psutil.Process(process.pid)

    heard_silence(process, write_tracks)
    listener.wait_until(lambda heard: heard.listened)

    assert not child.is_running()
    process.stop()
    assert "recognizer-replies" not in {thread.name for thread in threading.enumerate()}
    assert (listener.errors, listener.exits) == ([], [])


def test_a_missing_model_is_told_once(
    demo_model: RecognitionModel, listener: Listener, tmp_path: Path
) -> None:
    model = replace(demo_model, path=tmp_path / "nowhere")
    process = RecognizerProcess(model, listener)

    listener.wait_until(lambda heard: heard.errors)
    process.stop()

    (error,) = listener.errors
    assert isinstance(error, ModelMissingError)
    assert "hotwash models" in error.remedy
    assert listener.exits == []


def test_a_damaged_model_is_told_once(
    demo_model: RecognitionModel, listener: Listener, tmp_path: Path
) -> None:
    for file in demo_model.path.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[:1_000])
    process = RecognizerProcess(replace(demo_model, path=tmp_path), listener)

    listener.wait_until(lambda heard: heard.errors)
    process.stop()

    (error,) = listener.errors
    assert isinstance(error, ModelDamagedError)
    assert str(error).startswith("The recognition model “demo-en” does not load: ")
    assert error.remedy
    assert listener.exits == []


def test_unreadable_audio_is_told_and_the_other_track_goes_on(
    started: Callable[[], RecognizerProcess],
    listener: Listener,
    write_tracks: WriteTracks,
    demo_pcm: dict[TrackLabel, bytes],
) -> None:
    tracks = write_tracks({label: excerpt(pcm, 12_000) for label, pcm in demo_pcm.items()})
    (damaged,) = tracks[0].session_dir.glob("bridge-*.wav")
    damaged.write_bytes(damaged.read_bytes()[:5_000])
    process = started()

    for track in tracks:
        process.follow(track, from_ms=0)
        process.finish(track.track_id, until_ms=12_000)
    listener.wait_until(lambda heard: len(heard.finished) == 2)

    (error,) = listener.errors
    assert isinstance(error, AudioUnreadableError)
    assert damaged.name in str(error)
    assert error.path == damaged
    assert len(listener.texts("trk-room")) == 3


PARENT = """
import sys, time
from pathlib import Path
from app.domain.engine_types import RecognitionModel
from tests.unit.transcription.listener import Listener
from transcription.recognizer_process import RecognizerProcess

if __name__ == "__main__":
    model = RecognitionModel("demo-en", Path("resources/models/demo-en"), language="en")
    process = RecognizerProcess(model, Listener())
    print(process.pid, flush=True)
    {then}
"""


def started_parent(tmp_path: Path, then: str) -> tuple[subprocess.Popen[str], int]:
    script = tmp_path / "parent.py"
    script.write_text(PARENT.replace("{then}", then))
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    return parent, int(parent.stdout.readline())


def wait_gone(pid: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(timeout=WAIT_S)


def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    parent, child = started_parent(tmp_path, "time.sleep(60)")

    parent.kill()
    parent.communicate()

    wait_gone(child)


def test_a_program_that_forgot_to_stop_still_exits(tmp_path: Path) -> None:
    parent, child = started_parent(tmp_path, "pass")

    _, errors = parent.communicate(timeout=WAIT_S)

    assert (parent.returncode, errors) == (0, "")
    wait_gone(child)


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.3, 1.5])
def test_ctrl_c_prints_nothing_from_the_child(tmp_path: Path, after_s: float) -> None:
    waiting = "try: time.sleep(60)\n    except KeyboardInterrupt: process.stop(); sys.exit(130)"
    parent, child = started_parent(tmp_path, waiting)
    time.sleep(after_s)  # the moment is the point: while the child starts, loads, waits

    os.killpg(parent.pid, signal.SIGINT)
    _, errors = parent.communicate(timeout=WAIT_S)

    assert (parent.returncode, errors) == (130, "")
    wait_gone(child)
