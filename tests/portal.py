"""A desktop with the GlobalShortcuts portal, and the person who presses its keys."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.dbusmock import OUR_TEMPLATES, Mock, a_mock

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"


@dataclass(frozen=True)
class Portal:
    """Tells what it was asked for."""

    mock: Mock

    def is_asked(self) -> bool:
        """Whether it has been asked for keys, and has answered unless the person hesitates."""
        return bool(self.mock.calls("BindShortcuts"))

    def wanted(self) -> dict[str, str]:
        """Return the keys that it was asked for, by the ids of what they do."""
        ((_session, shortcuts, _window, _options),) = self.mock.calls("BindShortcuts")
        return {name: about["preferred_trigger"][1] for name, about in shortcuts}

    def press(self, action: str) -> None:
        """Have the person press the keys of an action."""
        pressed = [("o", self._session()), ("s", action), ("t", 1), ("a{sv}", {})]
        interface = "org.freedesktop.portal.GlobalShortcuts"
        self.mock.control("EmitSignal", "sssav", interface, "Activated", "osta{sv}", pressed)

    def end(self) -> None:
        """End the session, as a desktop does whose person takes back what they have allowed."""
        signal = ("org.freedesktop.portal.Session", "Closed", "a{sv}", [("a{sv}", {})])
        sender = {"path": ("s", self._session())}
        self.mock.control("EmitSignalDetailed", "sssava{sv}", *signal, sender)

    def crash(self) -> None:
        """Die without a word."""
        self.mock.process.kill()

    def _session(self) -> str:
        ((session, *_),) = self.mock.calls("BindShortcuts")
        return str(session)


@contextlib.contextmanager
def a_portal(bus: str, **behaviour: Any) -> Iterator[Portal]:
    """Put the portal on a bus; how its person behaves is told by the template's parameters."""
    template = OUR_TEMPLATES / "global_shortcuts.py"
    with a_mock(bus, template, NAME, PATH, **behaviour) as mock:
        yield Portal(mock)
