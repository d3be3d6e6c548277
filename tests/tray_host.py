"""A desktop's panel that takes icons (StatusNotifierItem), and the person who clicks in it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.dbusmock import OUR_TEMPLATES, Mock, Remote, a_mock
from tests.sound import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME, PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
MENU = "com.canonical.dbusmenu"


@dataclass(frozen=True)
class Panel:
    """Reads the icon that came last and clicks in its menu, as a panel does for a person."""

    mock: Mock

    def has_icon(self) -> bool:
        """Whether one came."""
        return bool(self._icons())

    def tool_tip(self) -> str:
        """Return what the icon says of itself."""
        return str(self._about_icon("ToolTip")[2])

    def menu(self) -> dict[str, int]:
        """Return the visible words of the menu and its submenus, each with its number."""
        _revision, layout = self._menu().call(MENU, "GetLayout", "iias", 0, -1, [])
        return dict(_entries(layout))

    def click(self, words: str) -> None:
        """Choose an entry of the menu once it is there."""
        wait_until(lambda: words in self.menu(), f"the menu offers “{words}”")
        event = (self.menu()[words], "clicked", ("s", ""), 0)
        self._menu().call(MENU, "Event", "isvu", *event)

    def _icons(self) -> list[str]:
        return [bus_name for (bus_name,) in self.mock.calls("RegisterStatusNotifierItem")]

    def _menu(self) -> Remote:
        return Remote(self.mock.bus, self._icons()[-1], self._about_icon("Menu"))

    def _about_icon(self, what: str) -> Any:
        icon = Remote(self.mock.bus, self._icons()[-1], "/StatusNotifierItem")
        asked = ("org.kde.StatusNotifierItem", what)
        ((_signature, value),) = icon.call("org.freedesktop.DBus.Properties", "Get", "ss", *asked)
        return value


def _entries(layout: Any) -> Iterator[tuple[str, int]]:
    number, properties, children = layout
    visible = properties.get("visible", ("b", True))[1]
    if visible and "label" in properties:
        yield properties["label"][1].replace("_", ""), number
    for _signature, child in children:
        yield from _entries(child)


@contextlib.contextmanager
def a_panel(bus: str) -> Iterator[Panel]:
    """Put a panel on a bus."""
    template = OUR_TEMPLATES / "status_notifier_watcher.py"
    with a_mock(bus, template, NAME, PATH) as mock:
        yield Panel(mock)
