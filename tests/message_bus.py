"""A private message bus, and on it a stand-in for logind that grants locks against sleep."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from jeepney import DBusAddress, MessageType, new_error, new_method_call, new_method_return
from jeepney.io.blocking import DBusConnection, open_dbus_connection

BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
STOP_SECONDS = 10


@contextlib.contextmanager
def message_bus() -> Iterator[str]:
    """Start a bus of one's own; its address is what ``DBUS_SYSTEM_BUS_ADDRESS`` takes."""
    if shutil.which("dbus-daemon") is None:
        reason = "dbus-daemon not installed (apt: dbus-daemon)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="hw-bus-") as folder:
        config = Path(folder) / "bus.conf"
        config.write_text(
            "<busconfig><type>session</type>"
            f"<listen>unix:path={folder}/bus</listen>"
            '<policy context="default"><allow send_destination="*"/><allow own="*"/>'
            '<allow receive_sender="*"/></policy></busconfig>'
        )
        command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
            assert daemon.stdout is not None
            try:
                yield daemon.stdout.readline().strip()
            finally:
                daemon.terminate()


@dataclass
class FakeLogind:
    """Answers ``Inhibit`` as logind does: with a descriptor that holds the lock while open."""

    bus: DBusConnection
    refuses: bool = False
    asked: list[tuple[str, ...]] = field(default_factory=list)
    locks: list[socket.socket] = field(default_factory=list)

    def serve(self) -> None:
        """Answer until the bus goes away."""
        with contextlib.suppress(ConnectionError, OSError, ValueError):
            while True:
                call = self.bus.receive()
                if call.header.message_type is MessageType.method_call:
                    self._answer(call)

    def _answer(self, call: object) -> None:
        self.asked.append(tuple(call.body))  # type: ignore[attr-defined]  # jeepney is untyped
        if self.refuses:
            denied = new_error(call, "org.freedesktop.DBus.Error.AccessDenied", "s", ("no",))
            self.bus.send(denied)
            return
        ours, theirs = socket.socketpair()
        self.locks.append(ours)  # before anybody can know of it
        with theirs:
            self.bus.send(new_method_return(call, "h", (theirs,)))

    def released(self) -> bool:
        """Wait until whoever holds the first lock lets go of it."""
        self.locks[0].settimeout(STOP_SECONDS)
        return self.locks[0].recv(1) == b""


@contextlib.contextmanager
def logind(address: str) -> Iterator[FakeLogind]:
    """Serve logind's name on a bus."""
    with open_dbus_connection(address, enable_fds=True) as bus:
        name = ("org.freedesktop.login1", 0)
        bus.send_and_get_reply(new_method_call(BUS, "RequestName", "su", name))
        fake = FakeLogind(bus)
        thread = threading.Thread(target=fake.serve, name="logind")
        thread.start()
        try:
            yield fake
        finally:
            bus.sock.shutdown(socket.SHUT_RDWR)
            thread.join(STOP_SECONDS)
            for lock in fake.locks:
                lock.close()
