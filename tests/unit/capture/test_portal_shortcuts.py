"""Keys by the desktop's portal, which python-dbusmock plays on a private bus."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import pytest

from app.domain.shortcuts import KeyCombination
from capture.shortcuts.portal import trigger
from capture.shortcuts.system import SystemShortcuts
from tests.message_bus import message_bus
from tests.portal import a_portal
from tests.shortcut_listener import FACT, LOOK, Heard
from tests.sound import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="portals are Linux's own")


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus under Wayland, with nobody on it."""
    with message_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
        monkeypatch.setenv("DISPLAY", ":99999")
        yield address


@contextlib.contextmanager
def listening() -> Iterator[Heard]:
    heard, shortcuts = Heard(), SystemShortcuts()
    shortcuts.listen([FACT, LOOK], heard)
    try:
        yield heard
    finally:
        shortcuts.stop()
        assert shortcuts._thread is not None
        assert not shortcuts._thread.is_alive()


def test_the_desktop_is_asked_for_the_keys_and_tells_of_them(bus: str) -> None:
    with a_portal(bus) as portal, listening() as heard:
        wait_until(portal.is_asked, "it is asked for keys")
        portal.press("mark_look")
        portal.press("mark_fact")
        wait_until(lambda: len(heard.actions) == 2, "both are heard")
        wanted = portal.wanted()

    assert wanted == {"mark_fact": "CTRL+ALT+SHIFT+F2", "mark_look": "CTRL+ALT+l"}
    assert heard.actions == [LOOK.action, FACT.action]
    assert heard.problems == []


def test_keys_that_the_desktop_does_not_give_are_named(bus: str) -> None:
    with a_portal(bus, without_keys=("mark_look",)) as portal, listening() as heard:
        wait_until(portal.is_asked, "it is asked for keys")
        portal.press("mark_fact")
        wait_until(lambda: heard.actions == [FACT.action], "the other works")

    assert heard.problems == ["Another program or the desktop has these keys already: Ctrl+Alt+L."]


def test_a_person_who_wants_none_of_it_is_told_that_there_is_none(bus: str) -> None:
    with a_portal(bus, declines=True), listening() as heard:
        wait_until(lambda: bool(heard.problems), "it is told")

    assert heard.problems == ["The desktop was not allowed to give Hotwash keys of its own."]


def test_under_wayland_a_desktop_without_the_portal_says_so(bus: str) -> None:
    assert bus
    with listening() as heard:
        wait_until(lambda: bool(heard.problems), "it is told")

    assert heard.problems == ["This desktop lets no program have keys in all others."]


@pytest.mark.parametrize("how", ["ended", "crashed"])
def test_keys_that_the_desktop_takes_back_are_told(bus: str, how: str) -> None:
    with contextlib.ExitStack() as stack:
        portal = stack.enter_context(a_portal(bus))
        heard = stack.enter_context(listening())
        wait_until(portal.is_asked, "it is asked for keys")
        portal.press("mark_fact")
        wait_until(lambda: bool(heard.actions), "it works")
        if how == "ended":
            portal.end()
        else:
            portal.crash()
        wait_until(lambda: bool(heard.problems), "it is told")

    lost = "The desktop has taken back the keys that work in all programs."
    assert heard.problems == [lost]


def test_stopping_while_the_desktop_asks_the_person_waits_for_nobody(bus: str) -> None:
    with a_portal(bus, hesitates=True) as portal, listening() as heard:
        wait_until(portal.is_asked, "it is asked for keys")

    assert heard.problems == []


def test_where_there_is_no_desktop_nothing_is_listened_for_and_nothing_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    shortcuts, heard = SystemShortcuts(), Heard()
    shortcuts.listen([FACT], heard)

    assert shortcuts._thread is None
    assert heard.problems == []


@pytest.mark.parametrize(
    ("keys", "spelled"), [("Meta+Shift+A", "SHIFT+LOGO+a"), ("Ctrl+F12", "CTRL+F12")]
)
def test_keys_are_spelled_as_the_portal_does(keys: str, spelled: str) -> None:
    assert trigger(KeyCombination.parse(keys)) == spelled
