"""A private session bus with a desktop that takes notices, and nobody else's."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "org.freedesktop.Notifications"
STOP_SECONDS = 10


@dataclass(frozen=True)
class Notice:
    """What a desktop was asked to show."""

    app: str
    title: str
    body: str
    urgency: int


@dataclass
class Desktop:
    """Its bus, and what it was asked to show so far."""

    address: str
    notices: list[Notice] = field(default_factory=list)

    def serve(self, connection: Any) -> None:
        """Answer until the bus is gone."""
        jeepney = pytest.importorskip("jeepney")
        with contextlib.suppress(OSError, EOFError):
            while True:
                call = connection.receive()
                if call.header.message_type is jeepney.MessageType.method_call:
                    app, _replaces, _icon, title, body, _actions, hints, _expires = call.body
                    self.notices.append(Notice(app, title, body, hints["urgency"][1]))
                    number = len(self.notices)
                    connection.send(jeepney.new_method_return(call, "u", (number,)))


@contextlib.contextmanager
def a_desktop() -> Iterator[Desktop]:
    """Start a bus of its own and a desktop on it; ``DBUS_SESSION_BUS_ADDRESS`` leads there."""
    if shutil.which("dbus-daemon") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("dbus-daemon is not installed")
        pytest.skip("dbus-daemon is not installed")
    pytest.importorskip("jeepney", reason="D-Bus is Linux's own")
    blocking = pytest.importorskip("jeepney.io.blocking")
    messages = pytest.importorskip("jeepney.bus_messages")
    command = ["dbus-daemon", "--session", "--nofork", "--print-address", "--nopidfile"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bus:
        assert bus.stdout is not None
        desktop = Desktop(bus.stdout.readline().strip())
        connection = blocking.open_dbus_connection(desktop.address)
        connection.send_and_get_reply(messages.message_bus.RequestName(NAME))
        server = threading.Thread(target=desktop.serve, args=(connection,), name="desktop")
        server.start()
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
                yield desktop
        finally:
            bus.terminate()
            bus.wait(STOP_SECONDS)
            server.join(STOP_SECONDS)
            connection.close()
