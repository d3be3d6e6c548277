"""Services of a desktop on a private bus: python-dbusmock plays them and tells what came to them.

From PyPI it would have to be compiled; the system's own runs as a process of the system's Python.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lacking import skip_for
from tests.sound import STOP_SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

DBUSMOCK = ["/usr/bin/python3", "-I", "-m", "dbusmock"]
OUR_TEMPLATES = Path(__file__).parent / "dbus_templates"
BUS = "org.freedesktop.DBus"


@dataclass(frozen=True)
class Remote:
    """An object that somebody has on a bus, called by a connection of its own each time."""

    bus: str
    name: str
    path: str

    def call(self, interface: str, method: str, signature: str = "", *words: Any) -> Any:
        """Return the body of the answer: a tuple, in which a variant is its signature and value.

        Raises:
            DBusErrorResponse: The answer is an error.
        """
        from jeepney import DBusAddress, new_method_call  # noqa: PLC0415  Linux alone has it
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415  as above
        from jeepney.wrappers import unwrap_msg  # noqa: PLC0415  as above

        address = DBusAddress(self.path, self.name, interface)
        with open_dbus_connection(self.bus) as connection:
            message = new_method_call(address, method, signature, words)
            return unwrap_msg(connection.send_and_get_reply(message, timeout=STOP_SECONDS))


@dataclass(frozen=True)
class Mock(Remote):
    """The main object of a service that python-dbusmock plays."""

    process: subprocess.Popen[bytes]

    def control(self, method: str, signature: str, *words: Any) -> Any:
        """Call a method of python-dbusmock's own, for example ``AddMethod``."""
        return self.call("org.freedesktop.DBus.Mock", method, signature, *words)

    def calls(self, method: str) -> list[list[Any]]:
        """Return the words of each call of a method that came so far."""
        (calls,) = self.control("GetMethodCalls", "s", method)
        return [[value for _signature, value in words] for _time, words in calls]


@contextlib.contextmanager
def a_mock(
    bus: str, template: str | Path, name: str, path: str, **parameters: Any
) -> Iterator[Mock]:
    """Have a service played by a template of python-dbusmock's or of ours until the end."""
    if not _is_there():
        skip_for("the system's Python has no dbusmock (apt: python3-dbusmock)")
    command = [*DBUSMOCK, "--session", "--template", str(template)]
    command += ["--parameters", json.dumps(parameters)]
    environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": bus}
    with subprocess.Popen(command, env=environment) as process:
        try:
            ask_bus = Remote(bus, BUS, "/org/freedesktop/DBus").call
            # It takes the name, then loads the template; what is sent meanwhile waits for that.
            is_there = partial(ask_bus, BUS, "NameHasOwner", "s", name)
            wait_until(lambda: is_there()[0], f"{name} is there", seconds=60)
            yield Mock(bus, name, path, process)
        finally:
            process.terminate()


@cache
def _is_there() -> bool:
    python, *_ = asked = [*DBUSMOCK, "--help"]
    if shutil.which(python) is None:
        return False
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0
