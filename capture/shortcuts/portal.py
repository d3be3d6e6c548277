"""Keys by the desktop's leave: the XDG GlobalShortcuts portal, the only way under Wayland."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from typing import TYPE_CHECKING, Any

from app.domain.errors import ShortcutError
from app.domain.shortcuts import FUNCTION_KEYS, Modifier
from capture.shortcuts.ways import NotOfferedError, tell_taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

    from app.domain.shortcuts import KeyCombination, Shortcut, ShortcutListener

BUS_NAME = "org.freedesktop.portal.Desktop"
PORTAL_PATH = "/org/freedesktop/portal/desktop"
INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
MATCHES = (
    f"type='signal',sender='{BUS_NAME}'",
    f"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{BUS_NAME}'",
)
ANSWER_SECONDS = 5
# As the freedesktop's "shortcuts" specification names them
MODIFIERS = {
    Modifier.CTRL: "CTRL",
    Modifier.ALT: "ALT",
    Modifier.SHIFT: "SHIFT",
    Modifier.META: "LOGO",
}


class PortalKeys:
    """Listens by the portal on the session's bus. Implements ``Way``.

    The desktop may ask the person, who takes all the time in the world; the keys that come of it
    may be others than those asked for.
    """

    def __init__(self, shortcuts: Sequence[Shortcut], listener: ShortcutListener) -> None:
        self._shortcuts = shortcuts
        self._listener = listener
        self._turn = threading.Lock()
        self._socket: socket.socket | None = None
        self._stopping = False

    def run(self) -> None:
        """Listen until ``stop``.

        Raises:
            NotOfferedError: There is no bus, or no such portal on it.
        """
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415  Linux alone has it

        try:
            bus = open_dbus_connection("SESSION")
        except (OSError, KeyError, ValueError, EOFError, RuntimeError) as cause:
            raise NotOfferedError(f"there is no session bus ({cause})") from cause
        with bus:
            try:
                if self._may_begin(bus.sock):
                    self._listen(_Portal(bus))
            except OSError:  # the bus has gone, or ``stop`` hung up
                if not self._stopping:
                    self._listener.refused(_lost())
            finally:
                with self._turn:
                    self._socket = None

    def stop(self) -> None:
        """Have ``run`` return."""
        with self._turn:
            self._stopping = True
            if self._socket is not None:
                with contextlib.suppress(OSError):  # the bus has hung up first
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _may_begin(self, connected: socket.socket) -> bool:
        with self._turn:
            self._socket = connected
            return not self._stopping

    def _listen(self, portal: _Portal) -> None:
        session = portal.begin()
        bound = portal.bind(session, self._shortcuts)
        if bound is None:
            self._listener.refused(
                ShortcutError("The desktop was not allowed to give Hotwash keys of its own.")
            )
            return
        keyless = [one for one in self._shortcuts if one.action.value not in bound]
        tell_taken(self._listener, keyless)
        actions = {shortcut.action.value: shortcut.action for shortcut in self._shortcuts}
        for name in portal.activations(session):
            if name in actions:  # a desktop may remember one that was given up since
                self._listener.pressed(actions[name])
        self._listener.refused(_lost())


class _Portal:
    """The portal, as seen by one connection; every message passes ``_messages``.

    Raises:
        NotOfferedError: The desktop has none.
    """

    def __init__(self, bus: DBusConnection) -> None:
        from jeepney import DBusAddress, MessageType, Properties  # noqa: PLC0415  as above
        from jeepney.bus_messages import message_bus  # noqa: PLC0415  as above

        self._bus = bus
        self._address = DBusAddress(PORTAL_PATH, BUS_NAME, INTERFACE)
        asked = Properties(self._address).get("version")
        try:
            for rule in MATCHES:
                bus.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER_SECONDS)
            answer = bus.send_and_get_reply(asked, timeout=ANSWER_SECONDS)
        except TimeoutError as cause:
            raise NotOfferedError("the bus, or its portal, does not answer") from cause
        if answer.header.message_type is MessageType.error:
            raise NotOfferedError("this desktop has no portal for global shortcuts")

    def begin(self) -> str:
        """Return the handle of a new session."""
        options = {"session_handle_token": ("s", _token("session"))}
        results = self._request("CreateSession", "", (), options)
        if results is None:
            raise NotOfferedError("the portal refuses a session")
        return str(results["session_handle"][1])

    def bind(self, session: str, shortcuts: Sequence[Shortcut]) -> frozenset[str] | None:
        """Return the actions that have keys now; None if the person did not agree."""
        wanted = [
            (
                shortcut.action.value,
                {
                    "description": ("s", shortcut.action.description),
                    "preferred_trigger": ("s", trigger(shortcut.keys)),
                },
            )
            for shortcut in shortcuts
        ]
        results = self._request("BindShortcuts", "oa(sa{sv})s", (session, wanted, ""), {})
        if results is None:
            return None
        return frozenset(
            name
            for name, about in results.get("shortcuts", ("", []))[1]
            # An empty description is a shortcut without keys: they were another's
            if about.get("trigger_description", ("s", "?"))[1]
        )

    def activations(self, session: str) -> Iterator[str]:
        """Yield the actions that are asked for until the desktop ends the session."""
        for member, path, body in self._signals():
            if member == "Activated" and body[0] == session:
                yield str(body[1])
            elif (member, path) == ("Closed", session) or _has_left(member, body):
                return

    def _request(
        self, method: str, signature: str, arguments: tuple[Any, ...], options: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Call a method whose results come as a signal, later; None if it was declined."""
        from jeepney import new_method_call  # noqa: PLC0415  as above

        token = _token(method.lower())
        sender = self._bus.unique_name.removeprefix(":").replace(".", "_")
        request = f"{PORTAL_PATH}/request/{sender}/{token}"
        options = options | {"handle_token": ("s", token)}
        words = (*arguments, options)
        self._bus.send(new_method_call(self._address, method, f"{signature}a{{sv}}", words))
        for member, path, body in self._signals():
            if member == "Response" and path == request:
                return body[1] if body[0] == 0 else None
            if _has_left(member, body):
                break
        return None

    def _signals(self) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
        """Yield name, path and body of the signals that come, and end with an error's answer."""
        from jeepney import HeaderFields, MessageType  # noqa: PLC0415  as above

        while True:
            message: Message = self._bus.receive()
            fields = message.header.fields
            if message.header.message_type is MessageType.signal:
                yield fields[HeaderFields.member], fields[HeaderFields.path], message.body
            elif message.header.message_type is MessageType.error:
                return


def trigger(keys: KeyCombination) -> str:
    """Return the keys as the portal spells them: ``CTRL+ALT+F2``, ``CTRL+a``."""
    held = [name for modifier, name in MODIFIERS.items() if modifier in keys.modifiers]
    key = keys.key if keys.key in FUNCTION_KEYS else keys.key.lower()
    return "+".join((*held, key))


def _has_left(member: str, body: tuple[Any, ...]) -> bool:
    """Whether a signal says that nobody is the portal any more."""
    return member == "NameOwnerChanged" and not body[2]


def _token(purpose: str) -> str:
    return f"hotwash_{purpose}_{os.getpid()}"


def _lost() -> ShortcutError:
    return ShortcutError("The desktop has taken back the keys that work in all programs.")
