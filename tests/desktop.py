"""A private session bus with a desktop that takes notices, and nobody else's."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.dbusmock import Mock, a_mock
from tests.message_bus import message_bus

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


@dataclass(frozen=True)
class Notice:
    """What a desktop was asked to show."""

    app: str
    title: str
    body: str
    urgency: int


@dataclass(frozen=True)
class Desktop:
    """Tells what it was asked to show so far."""

    mock: Mock

    def notices(self) -> list[Notice]:
        return [
            Notice(app, title, body, hints["urgency"][1])
            for app, _replaces, _icon, title, body, _, hints, _expires in self.mock.calls("Notify")
        ]


@contextlib.contextmanager
def a_desktop() -> Iterator[Desktop]:
    """Start a bus of its own and a desktop on it; ``DBUS_SESSION_BUS_ADDRESS`` leads there."""
    with (
        message_bus() as bus,
        a_mock(bus, "notification_daemon", NAME, PATH) as mock,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
        yield Desktop(mock)
