"""The real window, recorder, sound and screen, worked with while another program has the focus."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.audio_files.archive import FolderArchive
from app.audio_files.conduct_lines import Paused, Resumed
from app.audio_files.folder_lock import is_being_written
from app.audio_files.journal import glance_at_journal
from app.domain.sessions import Marker, MarkerKind
from capture.recorder_client import DetachedRecorders
from tests.message_bus import message_bus
from tests.portal import a_portal
from tests.recorders import recorder_pid
from tests.screen import Screen, a_screen
from tests.sound import SoundServer, sound_server, wait_until
from tests.tray_host import Panel, a_panel

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11 is the desktop of Linux")
ROOT = Path(__file__).parents[2]
STOP_SECONDS = 30
BAR = "Compact bar · Hotwash"


@dataclass
class Room:
    """What a window needs around it, and its data folder."""

    server: SoundServer
    screen: Screen
    bus: str
    home: Path

    @contextlib.contextmanager
    def window(self) -> Iterator[subprocess.Popen[bytes]]:
        """Open the window; what it had recorded when it ends is recorded on."""
        own = {"HOTWASH_HOME": str(self.home), "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
        environment = os.environ | self.server.environment | self.screen.environment | own
        environment |= {"DBUS_SESSION_BUS_ADDRESS": self.bus}
        window = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment)
        try:
            yield window
        finally:
            window.kill()
            window.wait(STOP_SECONDS)

    def session_dir(self) -> Path:
        """Return the folder that a recorder writes, once there is one."""
        wait_until(lambda: any(self.home.rglob("recorder.json")), "it records", seconds=60)
        (address,) = self.home.rglob("recorder.json")
        return address.parent

    def end_recorders(self) -> None:
        """Stop what is still recorded."""
        for address in self.home.rglob("recorder.json"):
            recording = DetachedRecorders().attach(address.parent)
            if recording is not None:
                recording.stop()

    def record(self) -> Path:
        """Have the window record by its own key, and return the session's folder."""
        wait_until(self._recording_after_f9, "it records", seconds=60)
        return self.session_dir()

    def _recording_after_f9(self) -> bool:
        """Press F9: until the program behind the window is loaded, nobody hears it."""
        self.screen.xdotool("key", "F9", "sleep", "0.5")
        return "Recording" in self.screen.title_of_focused()


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    with sound_server() as server, a_screen() as screen, message_bus() as bus:
        server.pactl(
            "load-module", "module-remap-source", "master=room.monitor", "source_name=room_mic"
        )
        room = Room(server, screen, bus, tmp_path / "home")
        yield room
        room.end_recorders()  # while there is sound: without it they would wait for its return


def marked(session_dir: Path) -> list[MarkerKind]:
    lines = glance_at_journal(session_dir)
    return [line.kind for line in lines if isinstance(line, Marker)]


def test_a_key_pressed_in_another_program_is_a_marker_that_the_recorder_has_made_durable(
    room: Room,
) -> None:
    with room.window() as window:
        session_dir = room.record()
        with room.screen.another_program() as other:
            room.screen.xdotool("key", "ctrl+alt+shift+F4")
            wait_until(lambda: marked(session_dir) == [MarkerKind.DECISION], "it is stamped")
            room.screen.xdotool("key", "ctrl+alt+shift+F10")
            wait_until(
                lambda: any(isinstance(line, Paused) for line in glance_at_journal(session_dir)),
                "it pauses",
            )
            room.screen.xdotool("key", "ctrl+alt+shift+F10")
            wait_until(
                lambda: any(isinstance(line, Resumed) for line in glance_at_journal(session_dir)),
                "it records again",
            )
            assert room.screen.title_of_focused() == "another program"
            assert other.poll() is None
        # All at once, as when the power fails: what the recorder said is durable is there
        window.kill()
        os.kill(recorder_pid(session_dir), signal.SIGKILL)
    wait_until(lambda: not is_being_written(session_dir), "it is dead")

    (marker,) = FolderArchive().recover(session_dir).markers
    assert (marker.kind, marker.covers_ms) == (MarkerKind.DECISION, 20_000)


def test_the_bar_marks_by_its_keys_and_a_key_brings_the_window_back(room: Room) -> None:
    screen = room.screen
    with room.window():
        session_dir = room.record()
        screen.xdotool("key", "F8")
        wait_until(lambda: screen.title_of_focused() == BAR, "the bar is there")
        screen.xdotool("key", "F6")
        wait_until(lambda: marked(session_dir) == [MarkerKind.LOOK], "its keys mark")
        with screen.another_program():
            assert is_seen(screen, BAR)
            screen.xdotool("key", "ctrl+alt+shift+F8")
            wait_until(
                lambda: "Recording · Hotwash" in screen.title_of_focused(), "the window is back"
            )
        assert not is_seen(screen, BAR)


def test_the_bar_can_be_clicked_where_another_program_lies_over_it(room: Room) -> None:
    screen = room.screen
    with room.window():
        room.record()
        screen.xdotool("key", "F8")
        wait_until(lambda: screen.title_of_focused() == BAR, "the bar is there")
        with screen.another_program():
            left, top, width = place_of(screen, BAR)
            screen.xdotool("getactivewindow", "windowmove", "--sync", str(left - 40), "0")
            screen.xdotool("getactivewindow", "windowsize", "--sync", str(width + 80), "300")
            screen.xdotool("mousemove", str(left + width - 25), str(top + 22), "click", "1")
            wait_until(
                lambda: "Recording · Hotwash" in screen.title_of_focused(), "the window is back"
            )


def is_seen(screen: Screen, title: str) -> bool:
    return bool(screen.xdotool("search", "--onlyvisible", "--name", f"^{title}$"))


def place_of(screen: Screen, title: str) -> tuple[int, int, int]:
    """Return where a window begins, from the left and the top, and how wide it is."""
    told = screen.xdotool("search", "--name", f"^{title}$", "getwindowgeometry", "--shell")
    place = dict(line.split("=") for line in told.splitlines())
    return int(place["X"]), int(place["Y"]), int(place["WIDTH"])


def test_the_tray_starts_marks_and_stops(room: Room) -> None:
    with a_panel(room.bus) as panel, room.window():
        wait_until(panel.has_icon, "there is an icon", seconds=60)
        click_until_it_records(room, panel)
        session_dir = room.session_dir()
        wait_until(lambda: panel.tool_tip().endswith("saved"), "it tells of the recording")
        panel.click("action")
        wait_until(lambda: marked(session_dir) == [MarkerKind.ACTION], "it is stamped")
        panel.click("Stop the recording")
        wait_until(lambda: not is_being_written(session_dir), "it has stopped")
        wait_until(lambda: "Record" in panel.menu(), "another can be started")
        assert panel.tool_tip() == "Hotwash: Not recording"


def click_until_it_records(room: Room, panel: Panel) -> None:
    """The program behind the window may not be loaded when the first click comes."""

    def tried() -> bool:
        if "Record" in panel.menu():
            panel.click("Record")
        return any(room.home.rglob("recorder.json"))

    wait_until(tried, "it records", seconds=60)


def test_a_desktop_with_a_portal_is_asked_for_the_keys(room: Room) -> None:
    with a_portal(room.bus) as portal, room.window():
        wait_until(portal.is_asked, "it asks for keys", seconds=60)
        session_dir = room.record()
        portal.press("mark_fact")
        wait_until(lambda: marked(session_dir) == [MarkerKind.FACT], "it is stamped")
        room.screen.xdotool("key", "ctrl+alt+shift+F4")
        portal.press("mark_look")
        wait_until(lambda: len(marked(session_dir)) > 1, "the next is stamped")

        assert portal.wanted()["mark_decision"] == "CTRL+ALT+SHIFT+F4"
    assert marked(session_dir) == [MarkerKind.FACT, MarkerKind.LOOK]  # the X server was not asked
