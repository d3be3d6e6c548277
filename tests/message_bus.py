"""A private message bus, on which nobody is but those whom a test puts there."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lacking import skip_for


@contextlib.contextmanager
def message_bus() -> Iterator[str]:
    """Start a bus; its address is what ``DBUS_SYSTEM_BUS_ADDRESS`` and its like take."""
    if sys.platform != "linux":
        pytest.skip("D-Bus is Linux's own")
    if shutil.which("dbus-daemon") is None:
        skip_for("dbus-daemon not installed (apt: dbus-daemon)")
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
