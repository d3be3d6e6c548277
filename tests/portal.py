"""A stand-in for the desktop's GlobalShortcuts portal, on a private bus."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.message_bus import STOP_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

jeepney = pytest.importorskip("jeepney", reason="D-Bus is Linux's own")

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"


@dataclass
class FakePortal:
    """Answers as xdg-desktop-portal does: with the handle of a request, then with its signal.

    ``without_keys`` are ids that the desktop binds without a key; ``declines`` is what a person
    does who wants none of it, ``hesitates`` one who leaves the desktop's question open.
    """

    bus: Any
    declines: bool = False
    hesitates: bool = False
    without_keys: tuple[str, ...] = ()
    wanted: dict[str, str] = field(default_factory=dict)
    session: str = ""
    is_bound: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        """Answer until the bus goes away."""
        with contextlib.suppress(ConnectionError, OSError, ValueError):
            while True:
                call = self.bus.receive()
                if call.header.message_type is jeepney.MessageType.method_call:
                    self._answer(call)

    def press(self, action: str) -> None:
        """Have the person press the keys of an action."""
        self._signal(PATH, SHORTCUTS, "Activated", "osta{sv}", (self.session, action, 1, {}))

    def end(self) -> None:
        """End the session, as a desktop does whose person takes back what they have allowed."""
        body: tuple[Any, ...] = ({},)
        self._signal(self.session, "org.freedesktop.portal.Session", "Closed", "a{sv}", body)

    def _answer(self, call: Any) -> None:
        fields = call.header.fields
        member = fields[jeepney.HeaderFields.member]
        if member == "Get":
            self.bus.send(jeepney.new_method_return(call, "v", (("u", 2),)))
            return
        options = call.body[-1]
        sender = fields[jeepney.HeaderFields.sender].removeprefix(":").replace(".", "_")
        request = f"{PATH}/request/{sender}/{options['handle_token'][1]}"
        results: dict[str, Any] = {}
        if member == "CreateSession":
            self.session = f"{PATH}/session/{sender}/{options['session_handle_token'][1]}"
            results = {"session_handle": ("s", self.session)}
        elif not self.declines:
            assert call.body[0] == self.session
            self.wanted = {name: about["preferred_trigger"][1] for name, about in call.body[1]}
            results = {"shortcuts": ("a(sa{sv})", [self._bound(*one) for one in call.body[1]])}
        refused = self.declines and member == "BindShortcuts"
        response = (1 if refused else 0, results)
        if not (self.hesitates and member == "BindShortcuts"):
            # Before the answer to the call: a portal may be as quick as that
            self._signal(request, "org.freedesktop.portal.Request", "Response", "ua{sv}", response)
        self.bus.send(jeepney.new_method_return(call, "o", (request,)))
        if member == "BindShortcuts":
            self.is_bound.set()

    def _bound(self, name: str, about: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        keys = "" if name in self.without_keys else about["preferred_trigger"][1]
        return name, {
            "description": about["description"],
            "trigger_description": ("s", keys),
        }

    def _signal(
        self, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]
    ) -> None:
        emitter = jeepney.DBusAddress(path, interface=interface)
        self.bus.send(jeepney.new_signal(emitter, member, signature, body))


@contextlib.contextmanager
def a_portal(address: str, **behaviour: Any) -> Iterator[FakePortal]:
    """Serve the portal's name on a bus; the name is given up at the end."""
    blocking = pytest.importorskip("jeepney.io.blocking")
    messages = pytest.importorskip("jeepney.bus_messages")
    with blocking.open_dbus_connection(address) as bus:
        bus.send_and_get_reply(messages.message_bus.RequestName(NAME))
        fake = FakePortal(bus, **behaviour)
        thread = threading.Thread(target=fake.serve, name="portal")
        thread.start()
        try:
            yield fake
        finally:
            bus.sock.shutdown(socket.SHUT_RDWR)
            thread.join(STOP_SECONDS)
