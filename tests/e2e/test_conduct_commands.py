"""Pause, announcement and alarms by the command line, with real recorders and a real bus."""

import contextlib
import os
import pty
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.audio_files.folder_lock import is_being_written
from capture.audience import GONE_AFTER_S
from capture.recorder_client import DetachedRecorders
from tests.command_line import Hotwash
from tests.desktop import Desktop, a_desktop
from tests.recorders import recorder_pid, safe_until
from tests.sound import SoundServer, wait_until


@pytest.fixture
def hotwash(tmp_path: Path) -> Hotwash:
    return Hotwash(tmp_path / "home", {})


def session_dir_of(hotwash: Hotwash, incident: str) -> Path:
    audio = hotwash.home / "incidents" / incident / "audio"
    wait_until(lambda: bool(list(audio.glob("*/recorder.json"))), "it records", seconds=30)
    (session_dir,) = audio.iterdir()
    return session_dir


def is_followed(session_dir: Path) -> bool:
    """Whether somebody has followed the recorder since before we asked."""
    running = DetachedRecorders().attach(session_dir)
    if running is None:
        return False
    with contextlib.closing(running):
        return not running.status().leads


@contextlib.contextmanager
def recording(hotwash: Hotwash, incident: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Record without words; the command is interrupted at the end if it still runs."""
    sources = ("--bridge", "pulse:bridge.monitor", "--mic", "none", "--no-transcribe")
    process = hotwash.start("record", incident, *sources, *words)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.mark.usefixtures("server")
def test_a_pause_and_an_announcement_are_in_the_record_at_once_and_afterwards(
    hotwash: Hotwash,
) -> None:
    incident = hotwash.json("new", "Checkout")["id"]
    assert "Nothing of this incident" in hotwash.refusal("pause", incident, code=3)
    with recording(hotwash, incident) as process:
        session_dir = session_dir_of(hotwash, incident)
        wait_until(lambda: is_followed(session_dir), "who records follows", seconds=30)
        running = DetachedRecorders().attach(session_dir)
        assert running is not None
        safe_until(running, 500)
        begun = hotwash.json("pause", incident, "--as", "Priya")["pause"]
        assert begun["by"] == "Priya"
        assert begun["end_ms"] is None
        assert hotwash.json("show", incident)["sessions"][0]["pauses"] == [begun]
        assert "paused already" in hotwash.refusal("pause", incident, code=3)
        hotwash.json("mark", incident, "look")
        ended = hotwash.json("resume", incident)["pause"]
        assert ended == begun | {"end_ms": ended["end_ms"]}
        assert "not paused" in hotwash.refusal("resume", incident, code=3)
        stamp = hotwash.json("consent", incident, "--method", "tone", "--as", "Tom")
        assert stamp["text"].startswith("Before we go on")
        again = hotwash.json("consent", incident, "--as", "Priya")
        assert again["consent"] == stamp["consent"]
        process.send_signal(signal.SIGINT)
        said, told = process.communicate(timeout=60)
        assert process.returncode == 0, told

    assert "Paused at" in said
    assert "Recording again at" in said
    session = hotwash.json("show", incident)["sessions"][0]
    assert session["pauses"] == [ended]
    assert (session["consent"]["by"], session["consent"]["method"]) == ("Tom", "tone")
    assert [gap["reason"] for gap in session["gaps"]] == ["pause"]
    assert session["id"] == stamp["session_id"]
    assert hotwash.json("verify", incident)["ok"]


@pytest.mark.usefixtures("server")
def test_keys_on_the_terminal_pause_and_announce(hotwash: Hotwash) -> None:
    incident = hotwash.json("new", "Checkout")["id"]
    terminal, its_end = pty.openpty()
    words = ("record", incident, "--bridge", "pulse:bridge.monitor", "--mic", "none")
    process = subprocess.Popen(
        hotwash.command(*words, "--no-transcribe"),
        stdin=its_end,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    os.close(its_end)
    try:
        running = DetachedRecorders().attach(session_dir_of(hotwash, incident))
        assert running is not None
        safe_until(running, 500)
        assert process.stdout is not None
        wait_until(lambda: "p pauses" in process.stdout.readline(), "keys are read")
        os.write(terminal, b"p")
        wait_until(lambda: running.status().pause is not None, "it is paused")
        wait_until(lambda: "Paused at" in process.stdout.readline(), "that is shown")
        os.write(terminal, b"pc")
        wait_until(lambda: running.status().pause is None, "it goes on")
        wait_until(lambda: running.status().consent is not None, "it is announced")
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
        os.close(terminal)
    assert process.returncode == 0
    assert "Before we go on" in said
    session = hotwash.json("show", incident)["sessions"][0]
    assert len(session["pauses"]) == 1
    assert session["consent"]["method"] == "said aloud"


@pytest.mark.usefixtures("server")
def test_a_recorder_killed_in_a_pause_is_on_record_as_paused_until_the_end(
    hotwash: Hotwash,
) -> None:
    incident = hotwash.json("new", "Checkout")["id"]
    with recording(hotwash, incident):
        session_dir = session_dir_of(hotwash, incident)
        running = DetachedRecorders().attach(session_dir)
        assert running is not None
        safe_until(running, 500)
        begun = hotwash.json("pause", incident)["pause"]
        os.kill(recorder_pid(session_dir), signal.SIGKILL)
        wait_until(lambda: not is_being_written(session_dir), "it is dead")

    session = hotwash.json("show", incident)["sessions"][0]
    assert session["pauses"] == [begun]
    assert hotwash.json("verify", incident)["ok"]


@pytest.mark.usefixtures("server")
def test_a_finished_recording_is_stamped_once_and_the_text_can_be_the_teams_own(
    hotwash: Hotwash,
) -> None:
    incident = hotwash.json("new", "Checkout")["id"]
    assert "There is no recording" in hotwash.refusal("consent", incident, code=1)
    shown = hotwash.json("consent", incident, "--show")
    path = Path(shown["path"])
    assert path.read_text(encoding="utf-8") == shown["text"]
    path.write_text("Achtung, Aufnahme.\n", encoding="utf-8")
    with recording(hotwash, incident, "--duration", "1") as process:
        process.communicate(timeout=60)
    start = hotwash.json("show", incident)["sessions"][0]["start_utc"]

    assert "no position" in hotwash.refusal("consent", incident, "--at", "noon", code=1)
    stamp = hotwash.json("consent", incident, "--method", "chat")

    assert stamp["text"] == "Achtung, Aufnahme.\n"
    assert stamp["consent"]["announced_at"] == start
    assert "stamped this recording already" in hotwash.refusal("consent", incident, code=1)
    path.write_bytes(b"\xff\xfe\xff")
    assert "cannot be read" in hotwash.refusal("consent", incident, "--show", code=3)


def test_a_lost_source_reaches_the_desktop_with_and_without_somebody_who_follows(
    server: SoundServer, hotwash: Hotwash
) -> None:
    incident = hotwash.json("new", "Checkout")["id"]
    module = server.pactl("load-module", "module-null-sink", "sink_name=usb").strip()
    with a_desktop() as desktop:
        process = hotwash.start(
            "record", incident, "--bridge", "pulse:usb.monitor", "--mic", "none", "--no-transcribe"
        )
        session_dir = session_dir_of(hotwash, incident)
        # Else the recorder tells of the first loss, and of the same only after a minute.
        wait_until(lambda: is_followed(session_dir), "who records follows", seconds=30)
        server.pactl("unload-module", module)
        wait_until(lambda: _is_told(desktop, 1), "who follows tells")
        process.kill()  # and now nobody follows; the recorder goes on
        process.communicate(timeout=30)
        module = server.pactl("load-module", "module-null-sink", "sink_name=usb").strip()
        wait_until(lambda: _is_well(session_dir), "the source is back")
        until = time.monotonic() + GONE_AFTER_S
        wait_until(lambda: time.monotonic() > until, "nobody is taken to follow any more")
        server.pactl("unload-module", module)
        wait_until(lambda: _is_told(desktop, 2), "the recorder tells by itself", seconds=30)
    assert hotwash.run("record", incident, "--stop").returncode in {0, 3}


def _is_told(desktop: Desktop, times: int) -> bool:
    titles = [notice.title for notice in desktop.notices()]
    return titles == ["“Monitor of Null Output” is gone from the bridge."] * times


def _is_well(session_dir: Path) -> bool:
    running = DetachedRecorders().attach(session_dir)
    assert running is not None
    status = running.status()
    running.close()
    return not status.alarms and not status.tracks[0].problem
