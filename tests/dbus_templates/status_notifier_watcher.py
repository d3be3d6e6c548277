"""The place of a desktop's panel that icons register with, for python-dbusmock."""

from typing import Any

import dbus

BUS_NAME = "org.kde.StatusNotifierWatcher"
MAIN_OBJ = "/StatusNotifierWatcher"
MAIN_IFACE = "org.kde.StatusNotifierWatcher"


def load(mock: Any, _parameters: dict[str, Any]) -> None:
    mock.AddMethod(MAIN_IFACE, "RegisterStatusNotifierItem", "s", "", "")
    about = {"IsStatusNotifierHostRegistered": True, "ProtocolVersion": dbus.Int32(0)}
    mock.AddProperties(MAIN_IFACE, about)
