"""A stand-in for a desktop's panel that takes icons (StatusNotifierItem), on a private bus."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.message_bus import STOP_SECONDS
from tests.sound import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

jeepney = pytest.importorskip("jeepney", reason="D-Bus is Linux's own")

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
ABOUT = f"""<node><interface name="{WATCHER}">
<method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
<property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
<property name="ProtocolVersion" type="i" access="read"/>
</interface></node>"""


@dataclass
class FakePanel:
    """Takes icons, reads them and clicks in their menus, as a panel does for a person."""

    bus: Any
    hand: Any  # a connection of its own, with which the person clicks
    items: list[str] = field(default_factory=list)

    def serve(self) -> None:
        """Answer until the bus goes away."""
        with contextlib.suppress(ConnectionError, OSError, ValueError):
            while True:
                call = self.bus.receive()
                if call.header.message_type is jeepney.MessageType.method_call:
                    self.bus.send(self._answer(call))

    def tool_tip(self) -> str:
        """Return what the icon says of itself."""
        return str(self._get("ToolTip")[2])

    def menu(self) -> dict[str, int]:
        """Return the visible words of the menu and its submenus, each with its number."""
        address = self._address(str(self._get("Menu")), MENU)
        call = jeepney.new_method_call(address, "GetLayout", "iias", (0, -1, []))
        (_revision, layout) = self.hand.send_and_get_reply(call, timeout=STOP_SECONDS).body
        return dict(_entries(layout))

    def click(self, words: str) -> None:
        """Choose an entry of the menu once it is there."""
        wait_until(lambda: words in self.menu(), f"the menu offers “{words}”")
        address = self._address(str(self._get("Menu")), MENU)
        event = (self.menu()[words], "clicked", ("s", ""), 0)
        call = jeepney.new_method_call(address, "Event", "isvu", event)
        self.hand.send_and_get_reply(call, timeout=STOP_SECONDS)

    def _get(self, name: str) -> Any:
        call = jeepney.Properties(self._address("/StatusNotifierItem", ITEM)).get(name)
        return self.hand.send_and_get_reply(call, timeout=STOP_SECONDS).body[0][1]

    def _address(self, path: str, interface: str) -> Any:
        return jeepney.DBusAddress(path, bus_name=self.items[-1], interface=interface)

    def _answer(self, call: Any) -> Any:
        member = call.header.fields[jeepney.HeaderFields.member]
        if member == "Introspect":
            return jeepney.new_method_return(call, "s", (ABOUT,))
        if member == "Get":
            value = ("i", 0) if call.body[1] == "ProtocolVersion" else ("b", True)
            return jeepney.new_method_return(call, "v", (value,))
        if member == "RegisterStatusNotifierItem":
            self.items.append(call.header.fields[jeepney.HeaderFields.sender])
            return jeepney.new_method_return(call)
        return jeepney.new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")


def _entries(layout: Any) -> Iterator[tuple[str, int]]:
    number, properties, children = layout
    visible = properties.get("visible", ("b", True))[1]
    if visible and "label" in properties:
        yield properties["label"][1].replace("_", ""), number
    for _signature, child in children:
        yield from _entries(child)


@contextlib.contextmanager
def a_panel(address: str) -> Iterator[FakePanel]:
    """Serve the watcher's name on a bus."""
    blocking = pytest.importorskip("jeepney.io.blocking")
    messages = pytest.importorskip("jeepney.bus_messages")
    opened = blocking.open_dbus_connection
    with opened(address) as bus, opened(address) as hand:
        bus.send_and_get_reply(messages.message_bus.RequestName(WATCHER))
        panel = FakePanel(bus, hand)
        thread = threading.Thread(target=panel.serve, name="panel")
        thread.start()
        try:
            yield panel
        finally:
            bus.sock.shutdown(socket.SHUT_RDWR)
            thread.join(STOP_SECONDS)
