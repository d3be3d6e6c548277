"""Notices on the desktop, for a person who looks at another window. One way per system."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

APP_NAME = "Hotwash"
SEND_SECONDS = 5
KEPT = 8  # notices that wait for a desktop that hangs; older ones are of no use
NORMAL, CRITICAL = 1, 2  # urgencies of the freedesktop specification

TOAST = """
[Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = \
WindowsRuntime] | Out-Null
$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent(\
[Windows.UI.Notifications.ToastTemplateType]::ToastText02)
$texts = $xml.GetElementsByTagName('text')
$texts.Item(0).AppendChild($xml.CreateTextNode($env:HOTWASH_TITLE)) | Out-Null
$texts.Item(1).AppendChild($xml.CreateTextNode($env:HOTWASH_BODY)) | Out-Null
$toast = [Windows.UI.Notifications.ToastNotification]::new($xml)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier(\
'{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe').Show($toast)
"""
OSASCRIPT = (
    "on run words",
    "display notification (item 2 of words) with title (item 1 of words)",
    "end run",
)


class DesktopNotifier:
    """Implements ``Notifier``. Never waits, never fails: a desktop without notices has none."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[str, str, bool]] = queue.Queue(KEPT)
        self._begun = threading.Lock()
        self._thread: threading.Thread | None = None

    def notify(self, title: str, body: str, *, urgent: bool) -> None:
        """Show a notice soon."""
        with self._begun:
            if self._thread is None:
                # A daemon: a desktop that does not answer must not keep the program.
                self._thread = threading.Thread(
                    target=self._run, name="desktop-notifier", daemon=True
                )
                self._thread.start()
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait((title, body, urgent))

    def _run(self) -> None:
        send = _sender()
        while True:
            title, body, urgent = self._waiting.get()
            send(title, body, urgent)


def _sender() -> Callable[[str, str, bool], None]:
    if sys.platform == "win32":
        return _send_toast
    if sys.platform == "darwin":
        return _send_by_osascript
    return _send_over_dbus


def _send_over_dbus(title: str, body: str, urgent: bool) -> None:  # noqa: FBT001  one of three
    """Show a notice by the freedesktop's Notifications on the session's bus."""
    # Here, for they are not there on other systems
    from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415  see above
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415  see above

    address = DBusAddress(
        "/org/freedesktop/Notifications",
        bus_name="org.freedesktop.Notifications",
        interface="org.freedesktop.Notifications",
    )
    hints: dict[str, Any] = {
        "urgency": ("y", CRITICAL if urgent else NORMAL),
        "desktop-entry": ("s", "hotwash"),
    }
    words: tuple[Any, ...] = (APP_NAME, 0, "audio-input-microphone", title, body, [], hints, -1)
    call = new_method_call(address, "Notify", "susssasa{sv}i", words)
    # No bus, no desktop, or one that does not answer: the terminal and the window tell as well.
    failures = (OSError, KeyError, ValueError, EOFError, RuntimeError)
    with contextlib.suppress(*failures), open_dbus_connection("SESSION") as connection:
        answer = connection.send_and_get_reply(call, timeout=SEND_SECONDS)
        if answer.header.message_type is MessageType.error:
            raise ValueError(answer.body)


def _send_toast(title: str, body: str, _urgent: bool) -> None:  # noqa: FBT001  one of three
    """Show a toast; the words go by the environment, where nothing is taken for a command."""
    _run_quietly(
        ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", TOAST],
        {"HOTWASH_TITLE": title, "HOTWASH_BODY": body},
    )


def _send_by_osascript(title: str, body: str, _urgent: bool) -> None:  # noqa: FBT001  as above
    """Show a notice of the notification centre; its words are arguments, no script."""
    command = ["osascript"]
    for line in OSASCRIPT:
        command += ["-e", line]
    _run_quietly([*command, title, body], {})


def _run_quietly(command: list[str], environment: dict[str, str]) -> None:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(  # noqa: S603  the system's own program
            command,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SEND_SECONDS,
            check=False,
        )
