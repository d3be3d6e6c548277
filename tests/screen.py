"""A screen nobody sees, with a window manager, and a keyboard to press: Xvfb, openbox, xdotool."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.lacking import skip_for
from tests.sound import STOP_SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

PROGRAMS = ("Xvfb", "openbox", "xdotool")
# A window of another program: says what is typed into it.
OTHER_PROGRAM = """
from PySide6.QtWidgets import QApplication, QLineEdit
application = QApplication([])
line = QLineEdit()
line.setWindowTitle("another program")
line.textChanged.connect(lambda text: print(text, flush=True))
line.show()
application.exec()
"""


@dataclass(frozen=True)
class Screen:
    """A running X server; ``environment`` is what its programs need."""

    environment: dict[str, str]

    def use(self, patch: pytest.MonkeyPatch) -> None:
        """Let this process and its children show their windows there."""
        for name, value in self.environment.items():
            patch.setenv(name, value)
        for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
            patch.delenv(name, raising=False)

    def xdotool(self, *words: str) -> str:
        """Press keys, or ask for windows."""
        environment = os.environ | self.environment
        done = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def title_of_focused(self) -> str:
        """Return the title of the window that keys go to."""
        return self.xdotool("getactivewindow", "getwindowname")

    def is_managed(self) -> bool:
        """Whether the window manager is at work: it alone can tell which window is active."""
        return bool(self.xdotool("get_num_desktops"))

    @contextlib.contextmanager
    def another_program(self) -> Iterator[subprocess.Popen[str]]:
        """Open the window of another program, which then has the focus."""
        environment = os.environ | self.environment | {"QT_QPA_PLATFORM": "xcb"}
        command = [sys.executable, "-c", OTHER_PROGRAM]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True
        ) as program:
            try:
                wait_until(
                    lambda: self.title_of_focused() == "another program", "it has the focus"
                )
                yield program
            finally:
                program.terminate()
                program.wait(STOP_SECONDS)


@contextlib.contextmanager
def a_screen() -> Iterator[Screen]:
    """Start a screen of its own, whatever desktop this machine has."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        skip_for(f"{', '.join(missing)} not installed (apt: xvfb openbox xdotool)")
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="hw-screen-"))
        told, tells = os.pipe()
        # Without a reset after its last client, which here is whoever asks for the window manager;
        # a manager that comes in the middle of one finds no screen.
        command = ["Xvfb", "-displayfd", str(tells), "-noreset", "-screen", "0", "1280x900x24"]
        command += ["-nolisten", "tcp"]
        server = subprocess.Popen(command, pass_fds=[tells], stderr=subprocess.DEVNULL)
        stack.callback(_end, server)
        os.close(tells)
        with os.fdopen(told) as display:
            screen = Screen({"DISPLAY": f":{display.readline().strip()}", "HOME": home})
        managers = [_openbox(screen)]
        stack.callback(lambda: _end(managers[-1]))

        def is_managed() -> bool:
            if managers[-1].poll() is not None:  # it came before the screen was there
                managers.append(_openbox(screen))
            return screen.is_managed()

        wait_until(is_managed, "there is a window manager")
        yield screen


def _openbox(screen: Screen) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["openbox", "--sm-disable"],
        env=os.environ | screen.environment,
        stderr=subprocess.DEVNULL,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(STOP_SECONDS)
