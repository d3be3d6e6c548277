import time

import pytest

from app.domain.alarms import Alarm, AlarmKind
from capture.audience import Audience
from capture.desktop_notifications import DesktopNotifier
from capture.herald import Herald
from tests.desktop import Desktop, Notice, a_desktop
from tests.sound import wait_until

LOST = Alarm(AlarmKind.DEVICE_LOST, "“USB mic” is gone.", "Connect it again.")
LOUD = Alarm(AlarmKind.CLIPPING, "The room is too loud.", "Turn it down.")


def test_a_notice_reaches_the_desktop_with_its_urgency() -> None:
    with a_desktop() as desktop:
        notifier = DesktopNotifier()
        notifier.notify("“Über” & <b>laut</b>", "Leiser.", urgent=False)
        notifier.notify(LOST.sentence, LOST.remedy, urgent=True)
        wait_until(lambda: len(desktop.notices()) == 2, "both are shown")

        assert desktop.notices() == [
            Notice("Hotwash", "“Über” & <b>laut</b>", "Leiser.", 1),
            Notice("Hotwash", "“USB mic” is gone.", "Connect it again.", 2),
        ]


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/at/all"])
def test_without_a_desktop_nothing_happens_and_nothing_waits(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    if not address:
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    notifier = DesktopNotifier()
    began = time.monotonic()
    for _ in range(30):
        notifier.notify("title", "body", urgent=True)

    assert time.monotonic() - began < 1
    with a_desktop() as desktop:
        wait_until(lambda: _arrives(notifier, desktop), "one arrives once there is one")


def _arrives(notifier: DesktopNotifier, desktop: Desktop) -> bool:
    notifier.notify("title", "body", urgent=True)
    return bool(desktop.notices())


class Listener:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def notify(self, title: str, body: str, *, urgent: bool) -> None:
        assert body
        assert urgent is (title == LOST.sentence)
        self.heard.append(title)


def test_the_recorder_tells_only_while_nobody_follows_and_not_twice_a_minute() -> None:
    audience, listener = Audience(), Listener()
    herald = Herald(audience, listener)
    assert audience.leads(7)
    herald.tell(LOST)
    assert listener.heard == []
    audience.leave(7)
    herald.tell(LOST)
    herald.tell(LOST)
    herald.tell(LOUD)

    assert listener.heard == [LOST.sentence, LOUD.sentence]


def test_of_two_who_follow_the_first_leads_until_it_leaves() -> None:
    audience = Audience()
    assert audience.is_empty
    assert audience.leads(1)
    assert not audience.leads(2)
    assert not audience.is_empty
    audience.leave(1)
    assert audience.leads(2)
