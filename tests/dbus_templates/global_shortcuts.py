"""The GlobalShortcuts portal of xdg-desktop-portal, for python-dbusmock.

A call is answered with the handle of a request, whose results come as its signal. Parameters:
``declines`` is what a person does who wants none of it, ``hesitates`` one who leaves the desktop's
question open; ``without_keys`` are ids that the desktop binds without a key.
"""

from typing import Any

import dbus
import dbus.service

BUS_NAME = "org.freedesktop.portal.Desktop"
MAIN_OBJ = "/org/freedesktop/portal/desktop"
MAIN_IFACE = "org.freedesktop.portal.GlobalShortcuts"


def load(mock: Any, parameters: dict[str, Any]) -> None:
    mock.behaviour = parameters
    mock.AddProperty(MAIN_IFACE, "version", dbus.UInt32(2))


@dbus.service.method(MAIN_IFACE, in_signature="a{sv}", out_signature="o", sender_keyword="sender")
def CreateSession(self: Any, options: Any, sender: str) -> str:  # noqa: N802  the portal's word
    self.session = handle("session", sender, options["session_handle_token"])
    return respond(self, sender, options, 0, {"session_handle": self.session})


@dbus.service.method(
    MAIN_IFACE, in_signature="oa(sa{sv})sa{sv}", out_signature="o", sender_keyword="sender"
)
def BindShortcuts(  # noqa: N802  the portal's word
    self: Any, session: str, shortcuts: Any, _window: str, options: Any, sender: str
) -> str:
    if session != self.session:
        raise dbus.exceptions.DBusException(f"{session} is no session")
    if self.behaviour.get("hesitates"):
        return handle("request", sender, options["handle_token"])
    if self.behaviour.get("declines"):
        return respond(self, sender, options, 1, {})
    keyless = self.behaviour.get("without_keys", ())
    bound = [
        (name, {"trigger_description": "" if name in keyless else about["preferred_trigger"]})
        for name, about in shortcuts
    ]
    return respond(self, sender, options, 0, {"shortcuts": dbus.Array(bound, "(sa{sv})")})


def respond(mock: Any, sender: str, options: Any, code: int, results: dict[str, Any]) -> str:
    """Send what becomes of a request, before the call is answered: a portal may be so quick."""
    request = handle("request", sender, options["handle_token"])
    interface = "org.freedesktop.portal.Request"
    response = [code, dbus.Dictionary(results, "sv")]
    mock.EmitSignalDetailed(interface, "Response", "ua{sv}", response, {"path": request})
    return request


def handle(kind: str, sender: str, token: str) -> str:
    return f"{MAIN_OBJ}/{kind}/{sender.removeprefix(':').replace('.', '_')}/{token}"
