"""Keys of an X server, pressed on a real one while another program has the focus."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import pytest

from capture.shortcuts.system import SystemShortcuts
from tests.screen import Screen, a_screen
from tests.shortcut_listener import FACT, LOOK, Heard
from tests.sound import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11 is the desktop of Linux")


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with a_screen() as screen, pytest.MonkeyPatch.context() as patch:
        screen.use(patch)
        # No portal there: the X server's own way is to be taken
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
        yield screen


@contextlib.contextmanager
def listening(screen: Screen) -> Iterator[Heard]:
    """Listen for both shortcuts, from the moment at which they are heard."""
    heard, shortcuts = Heard(), SystemShortcuts()
    shortcuts.listen([FACT, LOOK], heard)
    try:
        wait_until(lambda: _arrives(screen, "ctrl+alt+l", heard), "the keys are heard")
        heard.actions.clear()
        yield heard
    finally:
        shortcuts.stop()


def _arrives(screen: Screen, keys: str, heard: Heard) -> bool:
    screen.xdotool("key", keys)
    return bool(heard.actions)


def test_keys_are_heard_while_another_program_has_the_focus_which_hears_nothing_of_them(
    screen: Screen,
) -> None:
    with screen.another_program() as other, listening(screen) as heard:
        screen.xdotool("key", "ctrl+alt+shift+F2")
        screen.xdotool("key", "ctrl+alt+l")
        screen.xdotool("key", "ctrl+alt+F2")
        screen.xdotool("type", "hi")
        assert other.stdout is not None
        assert [other.stdout.readline(), other.stdout.readline()] == ["h\n", "hi\n"]
        wait_until(lambda: len(heard.actions) >= 2, "both are heard")
        assert screen.title_of_focused() == "another program"

    assert heard.actions == [FACT.action, LOOK.action]
    assert heard.problems == []


@pytest.mark.parametrize("lock", ["Num_Lock", "Caps_Lock"])
def test_a_lock_key_that_is_on_changes_nothing(screen: Screen, lock: str) -> None:
    with listening(screen) as heard:
        screen.xdotool("key", lock)
        try:
            screen.xdotool("key", "ctrl+alt+shift+F2")
            wait_until(lambda: heard.actions == [FACT.action], "it is heard")
        finally:
            screen.xdotool("key", lock)


def test_a_key_that_is_held_down_is_one(screen: Screen) -> None:
    with listening(screen) as heard, screen.another_program() as other:
        screen.xdotool("keydown", "ctrl+alt+l")
        screen.xdotool("sleep", "1.2")  # the server repeats a key after 0.66 s
        screen.xdotool("keyup", "ctrl+alt+l")
        screen.xdotool("keydown", "x", "sleep", "1.2", "keyup", "x")
        assert other.stdout is not None
        assert [other.stdout.readline(), other.stdout.readline()] == ["x\n", "xx\n"]

    assert heard.actions == [LOOK.action]


def test_keys_that_another_program_has_are_named_and_the_others_work(screen: Screen) -> None:
    with listening(screen) as first:
        second, shortcuts = Heard(), SystemShortcuts()
        shortcuts.listen([FACT], second)
        wait_until(lambda: bool(second.problems), "it is told")
        shortcuts.stop()
        screen.xdotool("key", "ctrl+alt+shift+F2")
        wait_until(lambda: first.actions == [FACT.action], "the first still has them")

    assert second.actions == []
    assert second.problems == [
        "Another program or the desktop has these keys already: Ctrl+Alt+Shift+F2."
    ]


def test_keys_are_given_back(screen: Screen) -> None:
    for _ in range(2):
        with listening(screen) as heard:
            assert heard.problems == []


def test_a_server_that_goes_away_is_told() -> None:
    heard, shortcuts = Heard(), SystemShortcuts()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
        with a_screen() as screen:
            screen.use(patch)
            shortcuts.listen([LOOK], heard)
            wait_until(lambda: _arrives(screen, "ctrl+alt+l", heard), "the keys are heard")
        wait_until(lambda: bool(heard.problems), "it is told")
    shortcuts.stop()

    assert heard.problems == ["The keys of all programs are lost."]
